"""Frozen values a panel or page hands to the shared templates, so that a business draws without writing HTML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias

from django.utils.functional import Promise

Text: TypeAlias = str | Promise

KINDS = ("text", "money", "number", "month", "date", "moment", "tag", "link", "masked", "percent", "note")
TONES = ("", "ok", "warn", "err", "info", "teal", "violet")


@dataclass(frozen=True)
class Tag:
    """A status word with a tone; the word carries the meaning, the colour only repeats it."""

    text: Text
    tone: str = ""

    def __post_init__(self) -> None:
        if self.tone not in TONES:
            raise ValueError(f"unknown tone {self.tone!r}")


@dataclass(frozen=True)
class Link:
    """A text that leads to an address of this site."""

    text: Text
    href: str


@dataclass(frozen=True)
class Column:
    """One column of a table; `kind` (one of KINDS) says how its raw values are written. Money is int fen."""

    label: Text
    kind: str = "text"
    total: bool = False

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"unknown kind {self.kind!r}")

    @property
    def right(self) -> bool:
        """Whether values are numbers and stand at the right."""
        return self.kind in ("money", "number", "percent")


@dataclass(frozen=True)
class Table:
    """Rows of raw values under columns; `more` leads to the full list; columns with `total` are summed in the foot."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]
    empty: Text = ""
    more: Link | None = None
    caption: Text = ""

    @property
    def totals(self) -> list[Any] | None:
        """The foot: sums of the columns that ask for one, None elsewhere; None without such a column."""
        if not self.rows or not any(column.total for column in self.columns):
            return None
        return [
            sum(row[index] or 0 for row in self.rows) if column.total else None
            for index, column in enumerate(self.columns)
        ]


@dataclass(frozen=True)
class Fact:
    """One labelled value."""

    label: Text
    value: Any
    kind: str = "text"
    note: Text = ""


@dataclass(frozen=True)
class Facts:
    """Labelled values side by side, `columns` of them in a row on wide screens (2 to 5)."""

    items: Sequence[Fact]
    columns: int = 3


@dataclass(frozen=True)
class Figure:
    """One large number with its unit and a note below."""

    label: Text
    value: Any
    kind: str = "number"
    unit: Text = ""
    note: Text = ""
    tone: str = ""
    href: str = ""


@dataclass(frozen=True)
class Figures:
    """Large numbers side by side."""

    items: Sequence[Figure]


@dataclass(frozen=True)
class Series:
    """One line or set of bars; a missing value is None."""

    name: Text
    values: Sequence[int | float | None]


@dataclass(frozen=True)
class Chart:
    """A chart with its table twin. `kind` is lines or bars; `unit` "fen" draws money in yuan; source and date are shown."""

    title: Text
    labels: Sequence[Text]
    series: Sequence[Series]
    kind: str = "lines"
    unit: Text = ""
    source: Text = ""
    as_of: date | None = None


@dataclass(frozen=True)
class TraceSheet:
    """The explanation of a calculation: the JSON of a trace, and the large result below it (fen, None to leave out)."""

    trace: Mapping[str, Any]
    total_fen: int | None = None
    total_label: Text = ""
    note: Text = ""


@dataclass(frozen=True)
class Drawn:
    """Any other content: a template of the business and its context."""

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)


Content: TypeAlias = Table | Facts | Figures | Chart | TraceSheet | Drawn
