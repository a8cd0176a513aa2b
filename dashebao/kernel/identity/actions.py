"""Changes to users, roles and delegations."""

import datetime

import pyotp
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext as _

from dashebao.kernel.identity.models import Delegation, Grant, User
from dashebao.kernel.identity.officers import require_reach
from dashebao.kernel.identity.permissions import NotPermitted
from dashebao.kernel.identity.roles import FAMILY_NAMES, Role, roles
from dashebao.kernel.records.api import audit


def grant_role(
    user: User,
    role: str,
    *,
    by: User | None = None,
    since: datetime.date | None = None,
    until: datetime.date | None = None,
) -> Grant:
    """Give `role` to an officer from `since` (today) up to, not including, `until`; `by` needs admin.users.

    Raises NotPermitted with the sentence for the administrator; the database refuses a second family at the same time
    too (IntegrityError): business, finance, information and audit posts exclude each other. `by` is None only at set-up.
    """
    known = roles()[role]
    begins = since or timezone.localdate()
    if by is not None:
        require_reach(by, user.office)
        if by.pk == user.pk:
            raise NotPermitted(_("Nobody grants a role to himself."))
        _require_grantable(user, known, DateRange(begins, until))
    grant = Grant.objects.create(
        user=user,
        role=known.code,
        family=known.family,
        valid_during=DateRange(begins, until),
        granted_by=by.pk if by else None,
    )
    audit(
        "identity.role_granted",
        user,
        region=user.office.region_code if user.office else "",
        role=role,
        since=begins.isoformat(),
        until=until.isoformat() if until else "",
    )
    return grant


def _require_grantable(user: User, role: Role, during: DateRange) -> None:
    if user.kind != "officer" or user.left_on is not None:
        raise NotPermitted(_("Duties are for officers who are in office."))
    if during.upper is not None and during.upper <= during.lower:
        raise NotPermitted(_("The duty would end before it begins. Check the two days."))
    same = user.grants.filter(role=role.code, valid_during__overlap=during).first()
    if same is not None:
        raise NotPermitted(
            _("%(name)s holds “%(role)s” in that time already, since %(since)s.")
            % {"name": user.name, "role": role.name, "since": same.valid_during.lower}
        )
    _require_one_family(user, role.family, during)


def _require_one_family(user: User, family: str, during: DateRange) -> None:
    """Raise NotPermitted where the officer holds, or stands in for, a duty of another family in that time."""
    known = roles()
    held = [g.role for g in user.grants.filter(valid_during__overlap=during)]
    held += [d.role for d in Delegation.objects.filter(taker=user, valid_during__overlap=during)]
    for code in held:
        if known[code].family != family:
            raise NotPermitted(
                _(
                    "%(name)s holds “%(role)s” (%(held)s) in that time. %(held)s and %(wanted)s exclude each other: "
                    "one person works in one family of duties only (劳社部发〔2007〕2号). End that duty first."
                )
                % {
                    "name": user.name,
                    "role": known[code].name,
                    "held": FAMILY_NAMES[known[code].family],
                    "wanted": FAMILY_NAMES[family],
                }
            )


def end_role(grant: Grant, *, by: User) -> None:
    """Take a role back from today; the user loses it at the next request."""
    require_reach(by, grant.user.office)
    if by.pk == grant.user_id:
        raise NotPermitted(_("Nobody ends his own duty. Ask another administrator."))
    lower = grant.valid_during.lower
    grant.valid_during = DateRange(lower, max(lower, timezone.localdate()))
    grant.save(update_fields=["valid_during"])
    place = grant.user.office.region_code if grant.user.office else ""
    audit("identity.role_ended", grant.user, region=place, role=grant.role)


def delegate(giver: User, taker: User, role: str, until: datetime.date, reason: str) -> Delegation:
    """Hand an own role to another officer of the same family until a day; the taker's own families are not mixed."""
    today = timezone.localdate()
    if not giver.grants.filter(role=role, valid_during__contains=today).exists():
        raise NotPermitted(_("You can only delegate a role that you hold."))
    if until <= today:
        raise NotPermitted(_("The delegation would end before it begins. Choose a later day."))
    if taker.pk == giver.pk or taker.kind != "officer" or not taker.is_active:
        raise NotPermitted(_("Choose another officer who can sign in."))
    during = DateRange(today, until)
    if Delegation.objects.filter(giver=giver, role=role, valid_during__overlap=during).exists():
        raise NotPermitted(_("This role is delegated in that time already. End that delegation first."))
    _require_one_family(taker, roles()[role].family, during)
    made = Delegation.objects.create(giver=giver, taker=taker, role=role, valid_during=during, reason=reason)
    audit(
        "identity.role_delegated",
        taker,
        region=giver.office.region_code if giver.office else "",
        role=role,
        giver=giver.pk,
        until=until.isoformat(),
    )
    return made


def start_second_factor(user: User) -> str:
    """Give the user a new TOTP secret and return its provisioning address for an authenticator program."""
    user.totp_secret = pyotp.random_base32()
    user.totp_last_step = 0
    user.save(update_fields=["totp_secret", "totp_last_step"])
    audit("identity.second_factor_started", user, person=user.person_id)
    return pyotp.TOTP(user.totp_secret).provisioning_uri(name=user.username, issuer_name="DaShebao")
