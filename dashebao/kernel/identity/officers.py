"""An officer's coming, moving, locking and leaving, by a user administrator of the area."""

import datetime
import secrets
from dataclasses import dataclass
from importlib import import_module

from django.conf import settings
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext as _

from dashebao.kernel.identity.models import Delegation, Grant, Office, SignedIn, User
from dashebao.kernel.identity.permissions import NotPermitted, prefix, require_role
from dashebao.kernel.records.api import audit

ADMINISTRATOR = "admin.users"
ALPHABET = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKMNPQRSTUVWXYZ23456789"  # nothing that is read for something else


@dataclass(frozen=True)
class Joiner:
    """A new officer: the name to sign in with, the person's name, the office and the window."""

    username: str
    name: str
    office: Office
    window: str = ""


def require_reach(by: User, office: Office | None) -> None:
    """Raise NotPermitted unless `by` administers users and the office lies in his area."""
    require_role(by, ADMINISTRATOR)
    own = prefix(by.office.region_code) if by.office else "-"
    if office is None or not office.region_code.startswith(own):
        raise NotPermitted(_("This office lies outside your area. Ask the administrator of the level above."))


def _require_other(by: User, user: User) -> None:
    require_reach(by, user.office)
    if by.pk == user.pk:
        raise NotPermitted(_("Nobody administers his own account. Ask another administrator."))
    if user.kind != "officer":
        raise NotPermitted(_("This is not an officer's account."))


def _place(user: User) -> str:
    return user.office.region_code if user.office else ""


def keep_office(office: Office, *, by: User) -> Office:
    """Open a new office or change one, in the area of `by`."""
    require_reach(by, office)
    fresh = office.pk is None
    if not fresh:
        require_reach(by, Office.objects.get(pk=office.pk))
    office.save()
    audit("identity.office_opened" if fresh else "identity.office_changed", office, region=office.region_code)
    return office


def first_password() -> str:
    """A password to be told once and changed at the first sign-in."""
    return "-".join("".join(secrets.choice(ALPHABET) for _i in range(4)) for _j in range(4))


def hire(joiner: Joiner, *, by: User) -> tuple[User, str]:
    """Open an officer's account without duties; returns it and its first password, which is shown once and kept nowhere."""
    require_reach(by, joiner.office)
    if User.objects.filter(username=joiner.username).exists():
        raise NotPermitted(_("The user name “%(name)s” is taken. Choose another.") % {"name": joiner.username})
    password = first_password()
    user = User(username=joiner.username, kind="officer", name=joiner.name, office=joiner.office, window=joiner.window)
    user.set_password(password)
    user.must_change_password = True
    user.save()
    audit("identity.officer_joined", user, region=joiner.office.region_code, office=joiner.office.code)
    return user, password


def move(user: User, office: Office, *, by: User, window: str = "") -> None:
    """Put an officer into another office: duties and delegations of the old post end today, sessions end at once."""
    _require_other(by, user)
    require_reach(by, office)
    ended = _end_duties(user)
    before = user.office
    user.office, user.window = office, window
    user.save(update_fields=["office", "window"])
    end_sessions_of(user)
    audit(
        "identity.officer_moved",
        user,
        region=office.region_code,
        from_office=before.code if before else "",
        to_office=office.code,
        ended_roles=ended,
    )


def leave(user: User, *, by: User, reason: str) -> None:
    """Close the account of an officer who leaves: duties, delegations and sessions end; the account stays as evidence."""
    _require_other(by, user)
    ended = _end_duties(user)
    user.is_active, user.left_on, user.totp_secret = False, timezone.localdate(), ""
    user.save(update_fields=["is_active", "left_on", "totp_secret"])
    end_sessions_of(user)
    audit("identity.officer_left", user, region=_place(user), reason=reason, ended_roles=ended)


def lock_account(user: User, *, by: User, reason: str) -> None:
    """Keep an officer out until the account is unlocked; duties stay as they are."""
    _require_other(by, user)
    user.is_active = False
    user.save(update_fields=["is_active"])
    end_sessions_of(user)
    audit("identity.officer_locked", user, region=_place(user), reason=reason)


def unlock_account(user: User, *, by: User) -> None:
    """Let an officer sign in again, also after five wrong passwords; who has left is hired anew instead."""
    _require_other(by, user)
    if user.left_on is not None:
        raise NotPermitted(_("This officer has left. Open a new account for a return."))
    user.is_active, user.failures, user.locked_until = True, 0, None
    user.save(update_fields=["is_active", "failures", "locked_until"])
    audit("identity.officer_unlocked", user, region=_place(user))


def reset_password(user: User, *, by: User) -> str:
    """Give an officer a first password again; it is returned once and must be changed at the next sign-in."""
    _require_other(by, user)
    password = first_password()
    user.set_password(password)
    user.must_change_password = True
    user.failures, user.locked_until = 0, None
    user.save(update_fields=["password", "must_change_password", "failures", "locked_until"])
    end_sessions_of(user)
    audit("identity.password_reset", user, region=_place(user))
    return password


def reset_second_factor(user: User, *, by: User) -> None:
    """Take away a lost second factor; the officer sets up another one."""
    _require_other(by, user)
    user.totp_secret, user.totp_last_step = "", 0
    user.save(update_fields=["totp_secret", "totp_last_step"])
    end_sessions_of(user)
    audit("identity.second_factor_reset", user, region=_place(user))


def end_sessions(user: User, *, by: User) -> int:
    """End every open session of an officer; returns how many there were."""
    _require_other(by, user)
    ended = end_sessions_of(user)
    audit("identity.sessions_ended", user, region=_place(user), sessions=ended)
    return ended


def end_sessions_of(user: User) -> int:
    """Delete the sessions of a user and their list."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    found = list(SignedIn.objects.filter(user=user))
    for row in found:
        store(row.session_key).delete()
    SignedIn.objects.filter(user=user).delete()
    return len(found)


def end_delegation(delegation: Delegation, *, by: User) -> None:
    """Take a delegation back from today: by its giver, or by an administrator of the area."""
    if by.pk != delegation.giver_id:
        require_reach(by, delegation.giver.office)
    _shorten(delegation, timezone.localdate())
    audit("identity.delegation_ended", delegation.taker, region=_place(delegation.giver), role=delegation.role)


def _end_duties(user: User) -> list[str]:
    today = timezone.localdate()
    grants = [g for g in Grant.objects.filter(user=user) if not g.valid_during.upper or g.valid_during.upper > today]
    for grant in grants:
        _shorten(grant, today)
    for delegation in Delegation.objects.filter(giver=user) | Delegation.objects.filter(taker=user):
        if not delegation.valid_during.upper or delegation.valid_during.upper > today:
            _shorten(delegation, today)
    return sorted(grant.role for grant in grants)


def _shorten(row: Grant | Delegation, today: datetime.date) -> None:
    """End a dated row today; one that has not begun yet becomes empty."""
    lower = row.valid_during.lower
    row.valid_during = DateRange(lower, max(lower, today))
    row.save(update_fields=["valid_during"])
