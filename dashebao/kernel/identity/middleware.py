"""Runs every request in the signed-in user's name and limits sessions."""

import datetime
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from dashebao.kernel.identity.models import SignedIn, User
from dashebao.kernel.identity.permissions import actor_of
from dashebao.kernel.records.api import acting

Handler = Callable[[HttpRequest], HttpResponse]
IDLE = datetime.timedelta(minutes=30)
SESSIONS_AT_ONCE = 3
OPEN_BEFORE_THE_OWN_PASSWORD = ("change_password", "sign_out", "set_language")
SEEN_EVERY = datetime.timedelta(minutes=1)


class SessionLimitMiddleware:
    """Ends a session after half an hour without use, and the oldest one when a user opens too many."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if isinstance(request.user, User) and request.session.session_key:
            self._check(request, request.user, request.session.session_key)
        return self.get_response(request)

    def _check(self, request: HttpRequest, user: User, key: str) -> None:
        now = timezone.now()
        row = SignedIn.objects.filter(session_key=key).first()
        if row is None:
            kept = SignedIn.objects.filter(user=user).order_by("-signed_in_at")[: SESSIONS_AT_ONCE - 1]
            keys = {signed.session_key for signed in kept}
            gone = SignedIn.objects.filter(user=user).exclude(session_key__in=keys)
            for old in gone:
                request.session.__class__(old.session_key).delete()
            gone.delete()
            SignedIn.objects.create(user=user, session_key=key, seen_at=now)
        elif now - row.seen_at > getattr(settings, "SESSION_IDLE", IDLE):
            row.delete()
            logout(request)
        elif now - row.seen_at > SEEN_EVERY:
            SignedIn.objects.filter(pk=row.pk).update(seen_at=now)


class ActingMiddleware:
    """Wraps the view in one transaction acting as the user; an error response of the server undoes it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        args: tuple[object, ...],
        kwargs: dict[str, object],
    ) -> HttpResponse | None:
        """Call the view inside `acting`; template responses are rendered inside too, because they read rows."""
        if not isinstance(request.user, User):
            return None
        name = request.resolver_match.url_name if request.resolver_match else ""
        if request.user.must_change_password and name not in OPEN_BEFORE_THE_OWN_PASSWORD:
            return redirect("change_password")
        with acting(actor_of(request.user), f"{request.method} {request.path}"):
            response = view(request, *args, **kwargs)
            if hasattr(response, "render") and callable(response.render):
                response = response.render()
        return response
