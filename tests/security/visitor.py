"""Somebody at the running product over HTTP: one connection, one session, no browser."""

from __future__ import annotations

import http.client
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

TOKEN = "a" * 32  # the form's key is compared with the cookie, so any pair does


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    body: str
    leads_to: str


class Visitor:
    """Asks with a session's cookie, or with none."""

    def __init__(self, url: str, session: str = "") -> None:
        self.line = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
        self.cookies = f"csrftoken={TOKEN}" + (f"; sessionid={session}" if session else "")

    def ask(self, path: str, entries: dict[str, str] | None = None) -> Answer:
        """GET, or POST where entries are given; asked again where the server had closed the idle line."""
        try:
            return self._ask(path, entries)
        except (http.client.RemoteDisconnected, ConnectionResetError):
            self.line.close()
            return self._ask(path, entries)

    def _ask(self, path: str, entries: dict[str, str] | None) -> Answer:
        headers = {"Cookie": self.cookies, "Accept-Language": "en"}
        if entries is None:
            self.line.request("GET", path, headers=headers)
        else:
            headers |= {"X-CSRFToken": TOKEN, "Content-Type": "application/x-www-form-urlencoded"}
            self.line.request("POST", path, urlencode(entries), headers)
        found = self.line.getresponse()
        return Answer(found.status, found.read().decode(errors="replace"), found.headers.get("Location", ""))
