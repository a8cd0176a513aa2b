"""The page of a person or unit laid out: key figures on top, wide parts beside narrow ones, an index of them all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dashebao.platform.screens.api import Figure, Figures, Table
from dashebao.platform.screens.panels import Shown

NARROW_COLUMNS = 3


@dataclass(frozen=True)
class Part:
    """One entry of the index: where it leads, its name, and how many rows stand there (None: it has none to count)."""

    anchor: str
    title: Any
    count: int | None = None


@dataclass(frozen=True)
class Round:
    """What a page of a subject shows, sorted by where it stands."""

    figures: Sequence[Figure]
    wide: Sequence[Shown]
    narrow: Sequence[Shown]
    index: Sequence[Part]


def laid_out(panels: Iterable[Shown], cases: Sequence[Any], then: Any) -> Round:
    """The panels of the businesses, the cases and the register's own parts of one person or unit."""
    found = list(panels)
    figures = [figure for one in found if isinstance(one.content, Figures) for figure in one.content.items]
    cards = [one for one in found if not isinstance(one.content, Figures)]
    narrow = [one for one in cards if _is_narrow(one)]
    wide = [one for one in cards if one not in narrow]
    index = [_of_panel(one) for one in wide]
    index.append(Part("cases", _("Cases"), len(cases)))
    index += [_of_panel(one) for one in narrow]
    index += _of_the_register(then)
    return Round(figures, wide, narrow, index)


def _is_narrow(one: Shown) -> bool:
    small = isinstance(one.content, Table) and len(one.content.columns) <= NARROW_COLUMNS
    return small or not one.panel.wide


def _of_panel(one: Shown) -> Part:
    count = len(one.content.rows) if isinstance(one.content, Table) else None
    return Part(one.anchor, one.panel.title, count)


def _of_the_register(then: Any) -> Iterable[Part]:
    """The register's parts that hold something, and the history."""
    found = [
        Part("numbers", _("Numbers and cards"), len(then.identifiers)),
        Part("accounts", _("Bank accounts"), len(then.accounts)),
    ]
    if hasattr(then, "family"):
        found.append(Part("family", _("Family"), len(then.family)))
        found.append(Part("facts", pgettext("of a person", "Facts"), len(then.facts)))
    yield from (part for part in found if part.count)
    yield Part("history", _("History of the record"))
