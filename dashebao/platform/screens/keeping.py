"""Entries sent after the session had ended: kept on the sign-in page and sent again only when the user says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.http import HttpRequest

SALT = "entries kept over a sign-in"
LIFETIME_SECONDS = 3600
NOT_KEPT = ("csrfmiddlewaretoken",)


@dataclass(frozen=True)
class Kept:
    """A form that came too late: where it was going, its entries, and the names of files that must be chosen again."""

    path: str
    entries: tuple[tuple[str, str], ...]
    files: tuple[str, ...]

    @property
    def shown(self) -> int:
        """How many entries somebody typed."""
        return sum(1 for name, value in self.entries if value and name not in ("act", "version", "key"))


def pack(request: HttpRequest) -> str:
    """The entries of a form as one signed text for a hidden field; nothing of it stays on the server."""
    entries = [[name, value] for name in request.POST if name not in NOT_KEPT for value in request.POST.getlist(name)]
    files = [str(file.name) for name in request.FILES for file in request.FILES.getlist(name)]
    content = {"path": request.get_full_path(), "entries": entries, "files": files}
    return signing.dumps(content, salt=SALT, compress=True)


def unpack(text: str) -> Kept | None:
    """The form behind a signed text; None if it is missing, changed or older than an hour."""
    try:
        content: dict[str, Any] = signing.loads(text, salt=SALT, max_age=LIFETIME_SECONDS)
    except signing.BadSignature:
        return None
    entries = tuple((str(name), str(value)) for name, value in content["entries"])
    return Kept(str(content["path"]), entries, tuple(content["files"]))
