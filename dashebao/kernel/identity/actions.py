"""Changes to users, roles and delegations."""

import datetime

import pyotp
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext as _

from dashebao.kernel.identity.models import Delegation, Grant, User
from dashebao.kernel.identity.permissions import NotPermitted, has_role, require_role
from dashebao.kernel.identity.roles import roles
from dashebao.kernel.records.api import audit


def grant_role(user: User, role: str, *, by: User | None = None, until: datetime.date | None = None) -> Grant:
    """Give `role` to an officer from today; `by` needs admin.users (None only at set-up).

    The database refuses a second family at the same time (IntegrityError): business, finance, information and audit
    posts exclude each other.
    """
    if by is not None:
        require_role(by, "admin.users")
        if by.pk == user.pk:
            raise NotPermitted(_("Nobody grants a role to himself."))
    known = roles()[role]
    grant = Grant.objects.create(
        user=user,
        role=known.code,
        family=known.family,
        valid_during=DateRange(timezone.localdate(), until),
        granted_by=by.pk if by else None,
    )
    audit("identity.role_granted", user, region=user.office.region_code if user.office else "", role=role)
    return grant


def end_role(grant: Grant, *, by: User) -> None:
    """Take a role back from today; the user loses it at the next request."""
    require_role(by, "admin.users")
    grant.valid_during = DateRange(grant.valid_during.lower, timezone.localdate())
    grant.save(update_fields=["valid_during"])
    audit("identity.role_ended", grant.user, role=grant.role)


def delegate(giver: User, taker: User, role: str, until: datetime.date, reason: str) -> Delegation:
    """Hand an own role to another officer of the same family until a day; the taker's own families are not mixed."""
    if not has_role(giver, role):
        raise NotPermitted(_("You can only delegate a role that you hold."))
    family = roles()[role].family
    today = timezone.localdate()
    if taker.grants.filter(valid_during__contains=today).exclude(family=family).exists():
        raise NotPermitted(_("The other officer holds duties that exclude this role."))
    made = Delegation.objects.create(
        giver=giver, taker=taker, role=role, valid_during=DateRange(today, until), reason=reason
    )
    audit("identity.role_delegated", taker, role=role, giver=giver.pk, until=until.isoformat())
    return made


def start_second_factor(user: User) -> str:
    """Give the user a new TOTP secret and return its provisioning address for an authenticator program."""
    user.totp_secret = pyotp.random_base32()
    user.totp_last_step = 0
    user.save(update_fields=["totp_secret", "totp_last_step"])
    audit("identity.second_factor_started", user, person=user.person_id)
    return pyotp.TOTP(user.totp_secret).provisioning_uri(name=user.username, issuer_name="DaShebao")
