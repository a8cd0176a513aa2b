"""A unit's operators: the main operator invites others, gives them rights and takes them back."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext as _

from dashebao.kernel.identity.models import Grant, SignedIn, User
from dashebao.kernel.identity.permissions import NotPermitted, require_role, roles_of
from dashebao.kernel.identity.roles import MAIN_OPERATOR
from dashebao.kernel.records.api import audit

OPERATOR_RIGHTS = ("unit.staff", "unit.declaration", "unit.payment", "unit.certificates", "unit.view")
START_SIGNS = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"


@dataclass(frozen=True)
class OperatorEntry:
    """Who is invited, under which user name, with which rights."""

    username: str
    name: str
    rights: tuple[str, ...]


def appoint_operator(user: User) -> None:
    """Make an operator the main one of the unit; called where the unit's authority was checked by an officer."""
    _grant(user, (MAIN_OPERATOR,), None)


def invite_operator(entry: OperatorEntry, by: User) -> tuple[User, str]:
    """Open an account for a colleague; returns it with its start password, which is shown once and kept nowhere.

    Raises NotPermitted unless `by` is the unit's main operator, or if a right is unknown or the user name is taken.
    """
    _require_main(by)
    _known(entry.rights)
    if User.objects.filter(username=entry.username).exists():
        raise NotPermitted(_("This user name is taken. Choose another one."))
    start = "".join(secrets.choice(START_SIGNS) for _place in range(14))
    with transaction.atomic():
        user = User.objects.create_user(
            entry.username, start, kind="operator", name=entry.name, unit_id=by.unit_id, office=None
        )
        _grant(user, entry.rights, by.pk)
        audit("identity.operator_invited", user, unit=by.unit_id, rights=list(entry.rights))
    return user, start


def give_rights(user: User, rights: Iterable[str], by: User) -> None:
    """Let an operator of the same unit hold exactly these rights from now on."""
    wanted = tuple(rights)
    _require_other(user, by)
    _known(wanted)
    with transaction.atomic():
        _end(user, keep=wanted)
        held = set(Grant.objects.filter(user=user, valid_during__contains=timezone.localdate()).values_list("role"))
        _grant(user, tuple(code for code in wanted if (code,) not in held), by.pk)
        audit("identity.operator_rights_given", user, unit=by.unit_id, rights=list(wanted))


def revoke_operator(user: User, by: User) -> None:
    """Close an operator's account: no rights, no sessions, no sign-in."""
    _require_other(user, by)
    with transaction.atomic():
        _end(user, keep=())
        User.objects.filter(pk=user.pk).update(is_active=False)
        SignedIn.objects.filter(user=user).delete()
        audit("identity.operator_revoked", user, unit=by.unit_id)


def operators_of(unit_id: int) -> list[tuple[User, frozenset[str]]]:
    """A unit's operators with the rights they hold today, the main operator first; two queries."""
    users = list(User.objects.filter(kind="operator", unit_id=unit_id).order_by("-is_active", "id"))
    held: dict[int, set[str]] = {}
    today = timezone.localdate()
    for user_id, role in Grant.objects.filter(user__in=users, valid_during__contains=today).values_list("user", "role"):
        held.setdefault(user_id, set()).add(role)
    found = [(user, frozenset(held.get(user.pk, ()))) for user in users]
    return sorted(found, key=lambda row: MAIN_OPERATOR not in row[1])


def rights_of(user: User) -> frozenset[str]:
    """The rights an operator holds today; the main operator holds all of them."""
    held = roles_of(user)
    return held | set(OPERATOR_RIGHTS) if MAIN_OPERATOR in held else held


def _require_main(by: User) -> None:
    if by.kind != "operator":
        raise NotPermitted(_("Only a unit's main operator can do this."))
    require_role(by, MAIN_OPERATOR)


def _require_other(user: User, by: User) -> None:
    _require_main(by)
    if user.kind != "operator" or user.unit_id != by.unit_id:
        raise NotPermitted(_("This is not an operator of your unit."))
    if user.pk == by.pk or MAIN_OPERATOR in roles_of(user):
        raise NotPermitted(_("The main operator's own rights are changed at the service hall only."))


def _known(rights: Iterable[str]) -> None:
    given = set(rights)
    if not given or given - set(OPERATOR_RIGHTS):
        raise NotPermitted(_("Choose at least one of the rights on the list."))


def _grant(user: User, rights: Iterable[str], by: int | None) -> None:
    today = timezone.localdate()
    Grant.objects.bulk_create(
        Grant(user=user, role=role, family="unit", valid_during=DateRange(today, None), granted_by=by)
        for role in rights
    )


def _end(user: User, keep: Iterable[str]) -> None:
    """End rights today; one given today is taken away as a whole (the row history keeps it)."""
    today = timezone.localdate()
    for grant in Grant.objects.filter(user=user, valid_during__contains=today).exclude(role__in=list(keep)):
        if grant.valid_during.lower == today:
            grant.delete()
        else:
            grant.valid_during = DateRange(grant.valid_during.lower, today)
            grant.save(update_fields=["valid_during"])
