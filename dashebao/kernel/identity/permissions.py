"""Who may do what: roles held or delegated, and the actor behind a user."""

from collections.abc import Iterable

from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from dashebao.kernel.identity.models import Delegation, Grant, User
from dashebao.kernel.identity.roles import roles
from dashebao.kernel.records.api import Actor


class NotPermitted(Exception):
    """The user does not hold the role; the message is for the user."""


def prefix(region_code: str) -> str:
    """The scope prefix of a region code: 440000 -> "44", 440100 -> "4401", 440106 -> "440106"."""
    code = region_code
    while code.endswith("00"):
        code = code[:-2]
    return code


def actor_of(user: User) -> Actor:
    """The actor a signed-in user acts as; an officer's scope is the office's region."""
    if user.kind == "officer":
        assert user.office is not None  # the table's check constraint
        return Actor("officer", user.pk, region=prefix(user.office.region_code), name=user.name)
    if user.kind == "operator":
        return Actor("unit", user.pk, unit_id=user.unit_id or 0, name=user.name)
    return Actor("person", user.person_id or 0, name=user.name)


def roles_of(user: User) -> frozenset[str]:
    """Role codes the user holds today, own or delegated (only what the giver still holds); one query, kept on `user`."""
    kept: frozenset[str] | None = getattr(user, "_roles_today", None)
    if kept is None:
        today = timezone.localdate()
        own = Grant.objects.filter(user=user, valid_during__contains=today).values_list("role")
        taken = Delegation.objects.filter(
            taker=user,
            valid_during__contains=today,
            giver__is_active=True,
            giver__grants__valid_during__contains=today,
            giver__grants__role=F("role"),
        ).values_list("role")
        kept = frozenset(row[0] for row in own.union(taken))
        user._roles_today = kept  # type: ignore[attr-defined]
    return kept


def has_role(user: User, code: str) -> bool:
    """Whether the user holds role `code` today; an unknown code is a programming error (KeyError)."""
    return roles()[code].code in roles_of(user)


def require_role(user: User, *codes: str) -> None:
    """Raise NotPermitted unless the user holds one of `codes` today."""
    if not roles_of(user) & set(codes):
        names = " / ".join(str(roles()[code].name) for code in codes)
        if user.kind == "operator":
            raise NotPermitted(_("This needs the right “%(role)s”. Ask your unit's main operator.") % {"role": names})
        raise NotPermitted(_("This needs the role “%(role)s”. Ask your user administrator.") % {"role": names})


def officers_with(role: str, region_code: str) -> "QuerySet[User]":
    """Active officers who hold `role` today and whose office's region covers `region_code`."""
    covering = _covering(region_code)
    today = timezone.localdate()
    return User.objects.filter(
        Q(kind="officer", is_active=True, office__region_code__in=covering),
        Q(grants__role=role, grants__valid_during__contains=today),
    ).distinct()


def _covering(region_code: str) -> Iterable[str]:
    return {region_code, region_code[:4] + "00", region_code[:2] + "0000"}
