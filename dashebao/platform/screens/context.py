"""What every page's shell needs: the menu of the face and the duties of the user, read only if drawn."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from dashebao.kernel.identity.api import rights_of, roles, roles_of
from dashebao.platform.screens.register import Face, Section, bars, count_unread, menu

MODE_COOKIE = "mode"


class Shell:
    """The shell of one request."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.user = getattr(request, "user", None)
        self.face: Face = getattr(request, "face", Face.PORTAL)
        self.mode = "elder" if request.COOKIES.get(MODE_COOKIE) == "elder" else ""

    @property
    def elder(self) -> bool:
        """Whether the reader wants large text and few things."""
        return bool(self.mode == "elder")

    @cached_property
    def unread(self) -> int:
        """How much waits to be read by the user at this face, as its system counts it."""
        if self.user is None or not self.user.is_authenticated or self.user.kind != self.face.user_kind:
            return 0
        return count_unread(self.face, self.user)

    @cached_property
    def menu(self) -> list[Section]:
        """The menu the user may use at this face."""
        if self.user is None or not self.user.is_authenticated or self.user.kind != self.face.user_kind:
            return []
        held = {Face.COUNTER: roles_of, Face.EMPLOYER: rights_of}.get(self.face, lambda user: ())(self.user)
        return menu(self.face, held)

    @cached_property
    def bars(self) -> list[SafeString]:
        """The parts other systems put into the top bar, drawn."""
        if self.user is None or not self.user.is_authenticated or self.user.kind != self.face.user_kind:
            return []
        found = ((bar, bar.provide(self.request)) for bar in bars(self.face))
        return [render_to_string(bar.template, values, self.request) for bar, values in found if values is not None]

    @cached_property
    def duties(self) -> str:
        """The names of the user's roles, the first two of several."""
        if self.user is None or not self.user.is_authenticated or self.user.kind != "officer":
            return ""
        known = roles()
        names = [str(known[code].name) for code in sorted(roles_of(self.user)) if code in known]
        return _(", ").join(names[:2]) + ("…" if len(names) > 2 else "")


def shell(request: HttpRequest) -> dict[str, Any]:
    """Template context: `frame`, and `shell` where no view names its template so; and the page being shown."""
    frame = Shell(request)
    return {"frame": frame, "shell": frame, "page": getattr(request, "page", None)}
