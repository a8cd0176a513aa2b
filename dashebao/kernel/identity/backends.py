"""Password sign-in with a second factor and lockout."""

import datetime
import time
from typing import Any

import pyotp
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest
from django.utils import timezone

from dashebao.kernel.identity.models import User
from dashebao.kernel.records.api import SYSTEM, acting, audit

TRIES = 5
LOCKED_FOR = datetime.timedelta(minutes=15)
STEP_SECONDS = 30


class PasswordBackend:
    """Checks password (argon2) and, where the user has one, a TOTP code (RFC 6238); locks after five failures."""

    def authenticate(
        self, request: HttpRequest | None, username: str = "", password: str = "", code: str = "", **_: Any
    ) -> User | None:
        """The user, or None for any reason; which reason is told to nobody but the audit trail."""
        with acting(SYSTEM, "sign in"):
            user = User.objects.select_for_update().filter(username=username).first()
            if user is None:
                make_password(password)  # the same time as for a real account, so names cannot be guessed
                return None
            reason = self._refusal(user, password, code)
            if reason:
                user.failures += 1
                if user.failures >= TRIES:
                    user.locked_until, user.failures = timezone.now() + LOCKED_FOR, 0
                user.save(update_fields=["failures", "locked_until", "totp_last_step"])
                audit("identity.sign_in_refused", user, person=user.person_id, reason=reason)
                return None
            user.failures, user.locked_until, user.last_login = 0, None, timezone.now()
            user.save(update_fields=["failures", "locked_until", "totp_last_step", "last_login"])
            audit("identity.signed_in", user, person=user.person_id)
            return user

    def get_user(self, user_id: int) -> User | None:
        """The user of a session, None once deactivated."""
        return User.objects.select_related("office").filter(pk=user_id, is_active=True).first()

    def _refusal(self, user: User, password: str, code: str) -> str:
        if user.locked_until and user.locked_until > timezone.now():
            make_password(password)
            return "locked"
        if not user.check_password(password):
            return "password"
        if not user.is_active:
            return "inactive"
        if user.totp_secret and not self._code_fits(user, code):
            return "code"
        return ""

    def _code_fits(self, user: User, code: str) -> bool:
        totp, now = pyotp.TOTP(user.totp_secret), int(time.time())
        for step in (now // STEP_SECONDS - 1, now // STEP_SECONDS):
            if step > user.totp_last_step and pyotp.utils.strings_equal(totp.at(step * STEP_SECONDS), code.strip()):
                user.totp_last_step = step
                return True
        return False
