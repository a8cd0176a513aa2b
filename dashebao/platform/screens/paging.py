"""Pages of a long list without counting it: one row more than shown tells whether there is a next page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest

SIZE = 50


@dataclass(frozen=True)
class Paged:
    """One page of a list; `query` is the address's other parameters, kept when turning pages.

    A list by marks also has the marks it began and ended with: its pages are turned by them, and the number is only told.
    """

    rows: Sequence[Any]
    number: int
    more: bool
    query: str = ""
    before: str = ""
    after: str = ""

    @property
    def several(self) -> bool:
        """Whether there is anything to turn."""
        return self.more or self.number > 1

    @property
    def earlier(self) -> str:
        """The parameters of the page before this one."""
        return self._turned(self.number - 1, before=self.before)

    @property
    def later(self) -> str:
        """The parameters of the page after this one."""
        return self._turned(self.number + 1, after=self.after)

    def _turned(self, number: int, **mark: str) -> str:
        turned = urlencode({name: value for name, value in mark.items() if value} | {"page": number})
        return f"{self.query}&{turned}" if self.query else turned


def page_number(request: HttpRequest) -> int:
    """The page asked for, from 1; nonsense counts as 1."""
    text = request.GET.get("page", "1")
    return max(1, int(text)) if text.isdecimal() and len(text) < 7 else 1


def paged(request: HttpRequest, rows: Any, size: int = SIZE) -> Paged:
    """One page of a queryset or sequence (sliced, never counted)."""
    number = page_number(request)
    start = (number - 1) * size
    found = list(rows[start : start + size + 1])
    return Paged(found[:size], number, len(found) > size, kept_query(request))


def kept_query(request: HttpRequest, **more: str) -> str:
    """The address's parameters without those that turn pages, and with `more` in their place."""
    kept = request.GET.copy()
    for name in ("page", "after", "before"):
        kept.pop(name, None)
    for name, value in more.items():
        kept[name] = value
    return kept.urlencode()
