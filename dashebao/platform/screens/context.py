"""What every page's shell needs: the menu of the face and the duties of the user, read only if drawn."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from dashebao.kernel.identity.api import roles, roles_of
from dashebao.platform.screens.register import Face, Section, menu


class Shell:
    """The shell of one request."""

    def __init__(self, request: HttpRequest) -> None:
        self.user = getattr(request, "user", None)
        self.face: Face = getattr(request, "face", Face.PORTAL)

    @cached_property
    def menu(self) -> list[Section]:
        """The menu the user may use at this face."""
        if self.user is None or not self.user.is_authenticated or self.user.kind != self.face.user_kind:
            return []
        held = roles_of(self.user) if self.face is Face.COUNTER else ()
        return menu(self.face, held)

    @cached_property
    def duties(self) -> str:
        """The names of the user's roles, the first two of several."""
        if self.user is None or not self.user.is_authenticated or self.user.kind != "officer":
            return ""
        known = roles()
        names = [str(known[code].name) for code in sorted(roles_of(self.user)) if code in known]
        return _(", ").join(names[:2]) + ("…" if len(names) > 2 else "")


def shell(request: HttpRequest) -> dict[str, Any]:
    """Template context: `shell` and the page being shown."""
    return {"shell": Shell(request), "page": getattr(request, "page", None)}
