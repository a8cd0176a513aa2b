"""Every address the product answers at, from the URL resolver."""

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import quote

from django.urls import URLPattern, URLResolver, get_resolver

from dashebao.platform.screens.api import Face, Page, pages
from tests.security.objects import ASKED

API = "api/v1/"
REGISTERED = {page.name: page for face in Face for page in pages(face)}


class Address(NamedTuple):
    """A pattern of the URL table; `page` is what was registered for it (None: sign-in, account, interface)."""

    name: str
    path: str
    page: Page | None

    def filled(self, values: list[str]) -> str:
        """The path with its values in place."""
        left = iter(values)
        return "/" + re.sub(r"<[^>]+>", lambda _found: quote(next(left)), self.path) + ASKED.get(self.name, "")


def walk(resolver: URLResolver, before: str = "") -> Iterator[Address]:
    """All patterns below a resolver."""
    for entry in resolver.url_patterns:
        path = before + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield Address(entry.name or "", path, REGISTERED.get(entry.name or ""))
        else:
            yield from walk(entry, path)


ALL = sorted(walk(get_resolver()))
OF_THE_INTERFACE = [one for one in ALL if one.path.startswith(API)]
OF_FACES = [one for one in ALL if not one.path.startswith(API)]
