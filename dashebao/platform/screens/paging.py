"""Pages of a long list without counting it: one row more than shown tells whether there is a next page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

SIZE = 50


@dataclass(frozen=True)
class Paged:
    """One page of a list; `query` is the address's other parameters, kept when turning pages."""

    rows: Sequence[Any]
    number: int
    more: bool
    query: str = ""

    @property
    def several(self) -> bool:
        """Whether there is anything to turn."""
        return self.more or self.number > 1


def page_number(request: HttpRequest) -> int:
    """The page asked for, from 1; nonsense counts as 1."""
    text = request.GET.get("page", "1")
    return max(1, int(text)) if text.isdigit() and len(text) < 7 else 1


def paged(request: HttpRequest, rows: Any, size: int = SIZE) -> Paged:
    """One page of a queryset or sequence (sliced, never counted)."""
    number = page_number(request)
    start = (number - 1) * size
    found = list(rows[start : start + size + 1])
    other = request.GET.copy()
    other.pop("page", None)
    return Paged(found[:size], number, len(found) > size, other.urlencode())
