"""What a journal looks like on its way into the books (pure)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

MOST_LINES = 200_000
Column = Sequence[Any]  # a list, a tuple or a numpy array


@dataclass(frozen=True)
class Line:
    """One line: debit positive, credit negative, in fen."""

    account: int
    amount_fen: int


@dataclass(frozen=True)
class SubLine:
    """One movement under a control account; a positive amount increases what the holder has."""

    account: int
    holder: int
    part: str
    amount_fen: int


@dataclass(frozen=True)
class Journal:
    """A whole, balanced journal of one set of books in one month (yyyymm), named for ever by (book, kind, key)."""

    book: int
    kind: str
    key: str
    month: int
    lines: tuple[Line, ...] = ()
    sub_lines: tuple[SubLine, ...] = ()
    memo: str = ""
    reverses: UUID | None = None
    approved_by: int | None = None


@dataclass(frozen=True)
class JournalColumns:
    """Heads of many journals, one column per field; `memo`, `reverses`, `approved_by` may be left empty."""

    book: Column
    kind: Column
    key: Column
    month: Column
    memo: Column = ()
    reverses: Column = ()
    approved_by: Column = ()


@dataclass(frozen=True)
class LineColumns:
    """Lines of many journals; `journal` is the row number of the head, from 0."""

    journal: Column = ()
    account: Column = ()
    amount_fen: Column = ()


@dataclass(frozen=True)
class SubLineColumns:
    """Sub-lines of many journals; `journal` is the row number of the head, from 0."""

    journal: Column = ()
    account: Column = ()
    holder: Column = ()
    part: Column = ()
    amount_fen: Column = ()


@dataclass(frozen=True)
class PostingSet:
    """Many journals as columns, posted in one round trip, all or none."""

    journals: JournalColumns
    lines: LineColumns
    sub_lines: SubLineColumns = field(default_factory=SubLineColumns)


@dataclass(frozen=True)
class Posting:
    """A journal's id and whether this call `posted` it or it `exists` from an earlier one."""

    id: UUID
    outcome: str


@dataclass(frozen=True)
class PostedCount:
    """How many journals of a set were posted now and how many existed."""

    posted: int
    existed: int


def as_columns(journals: Iterable[Journal]) -> PostingSet:
    """The same journals as one set of columns."""
    heads = list(journals)
    lines = [(i, line) for i, journal in enumerate(heads) for line in journal.lines]
    subs = [(i, line) for i, journal in enumerate(heads) for line in journal.sub_lines]
    return PostingSet(
        JournalColumns(
            [j.book for j in heads],
            [j.kind for j in heads],
            [j.key for j in heads],
            [j.month for j in heads],
            [j.memo for j in heads],
            [j.reverses for j in heads],
            [j.approved_by for j in heads],
        ),
        LineColumns([i for i, _ in lines], [line.account for _, line in lines], [line.amount_fen for _, line in lines]),
        SubLineColumns(
            [i for i, _ in subs],
            [line.account for _, line in subs],
            [line.holder for _, line in subs],
            [line.part for _, line in subs],
            [line.amount_fen for _, line in subs],
        ),
    )


def mirrored(lines: Iterable[Line], sub_lines: Iterable[SubLine]) -> tuple[tuple[Line, ...], tuple[SubLine, ...]]:
    """The lines and sub-lines that undo these."""
    return (
        tuple(Line(line.account, -line.amount_fen) for line in lines),
        tuple(SubLine(line.account, line.holder, line.part, -line.amount_fen) for line in sub_lines),
    )
