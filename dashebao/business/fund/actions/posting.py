"""Posts vouchers by template and movements of personal accounts, many in one round trip."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from dashebao.kernel.ledger import api as ledger
from dashebao.kernel.legal_time.api import Month
from dashebao.kernel.records.api import SYSTEM, acting

from ..rules import JournalLines, fund_of, journals_of, pool_region, template
from ..rules_statements import month_end
from .books import account_in, books, books_of, open_personal_accounts, personal_pair


@dataclass(frozen=True)
class Entries:
    """Columns of amounts under one template; `region` is any region code, amounts are fen > 0."""

    template: str
    month: int
    scheme: Sequence[str]
    region: Sequence[str]
    key: Sequence[str]
    amount_fen: Sequence[int]
    detail: Sequence[str] = ()
    memo: str = ""


@dataclass(frozen=True)
class Entry:
    """One amount under one template."""

    template: str
    month: int
    scheme: str
    region: str
    key: str
    amount_fen: int
    detail: str = ""
    memo: str = ""


@dataclass(frozen=True)
class PersonalEntries:
    """Columns of movements of personal accounts in one set of books; + grows an account, − draws on it."""

    scheme: str
    region: str
    month: int
    kind: str
    key: str
    person_id: Sequence[int]
    part: Sequence[str]
    amount_fen: Sequence[int]
    memo: str = ""

    place: Sequence[str] = ()
    """Region of each person, by which a county's officers see accounts of a wider pool; default the entries' region."""


_Row = tuple[int, str, int, str]  # person, part, amount in fen, place


@dataclass
class _Accounts:
    """Ledger accounts looked up once per call."""

    known: dict[tuple[int, str, str], int] = field(default_factory=dict)

    def of(self, book: int, fund: str, code: str, detail: str) -> int:
        at = (book, code, detail)
        if at not in self.known:
            self.known[at] = account_in(book, fund, code, detail)
        return self.known[at]


def first_open_month(scheme: str, region: str, month: int) -> int:
    """`month` (yyyymm) while the books of the scheme in this region take postings for it, else the next open one."""
    with acting(SYSTEM, why="look for the open month"):  # the books belong to the pool, not to the asker's county
        last = ledger.closed_through(books(scheme, region))
    return month if month > last else (Month.from_int(last) + 1).yyyymm


def post_entry(entry: Entry) -> ledger.PostedCount:
    """Post one amount by template; idempotent by (books, template, key)."""
    return post_entries(
        Entries(
            entry.template, entry.month, [entry.scheme], [entry.region], [entry.key], [entry.amount_fen],
            [entry.detail], entry.memo,
        )
    )  # fmt: skip


def post_entries(entries: Entries) -> ledger.PostedCount:
    """Post many amounts by one template in one round trip; idempotent by (books, template, key).

    Rows of one set of books and one key become one journal. Raises the ledger's errors: KeyConflict for another content
    under a known key, PeriodClosed, Overdraft.
    """
    rule, day = template(entries.template), month_end(entries.month)
    details = entries.detail or [""] * len(entries.key)
    columns = (entries.scheme, entries.region, entries.key, entries.amount_fen, details)
    grouped: dict[tuple[str, str], tuple[list[str], list[str], list[int]]] = {}
    for scheme, region, key, amount, detail in zip(*columns, strict=True):
        at = (fund_of(scheme), pool_region(scheme, region, day))
        keys, at_details, amounts = grouped.setdefault(at, ([], [], []))
        keys.append(key)
        at_details.append(detail)
        amounts.append(amount)
    if not grouped:
        return ledger.PostedCount(0, 0)
    book_ids, accounts, drawn = books_of(grouped), _Accounts(), []
    for (fund, pool), group in grouped.items():
        book = book_ids[fund, pool]
        drawn += [(book, fund, journal) for journal in journals_of(rule, *group)]
    return ledger.post_many(_posting_set(entries, drawn, accounts))


def _posting_set(
    entries: Entries, drawn: Sequence[tuple[int, str, JournalLines]], accounts: _Accounts
) -> ledger.PostingSet:
    lines = [
        (number, accounts.of(book, fund, code, detail), amount)
        for number, (book, fund, journal) in enumerate(drawn)
        for (code, detail), amount in journal.lines.items()
        if amount
    ]
    count = len(drawn)
    journals = ledger.JournalColumns(
        book=[book for book, _fund, _journal in drawn],
        kind=[f"fund.{entries.template}"] * count,
        key=[journal.key for _book, _fund, journal in drawn],
        month=[entries.month] * count,
        memo=[entries.memo] * count,
    )
    columns = ledger.LineColumns([n for n, _a, _f in lines], [a for _n, a, _f in lines], [f for _n, _a, f in lines])
    return ledger.PostingSet(journals, columns)


def post_personal(entries: PersonalEntries) -> ledger.PostedCount:
    """Post movements of many personal accounts as one journal Dr9002 Cr9001 (and the reverse for draws).

    Sub-accounts that do not exist yet are opened. Rows of 0 fen are left out; an account below zero is refused by the
    ledger. At most 90,000 rows a call. Idempotent by (books, kind, key).
    """
    return post_personal_months([entries])


def post_personal_months(several: Sequence[PersonalEntries]) -> ledger.PostedCount:
    """As `post_personal` for several journals of one set of books (months of the same people) in one round trip.

    Each account's balance is written once however many of the journals touch it, so people with many months are best
    cut by person, not by month.
    """
    filled = [(entries, rows) for entries in several if (rows := _rows(entries))]
    if not filled:
        return ledger.PostedCount(0, 0)
    scheme, region = filled[0][0].scheme, filled[0][0].region
    if any((entries.scheme, entries.region) != (scheme, region) for entries, _rows_of in filled):
        raise ValueError("journals of one set of books only")
    posting = _personal_set([e for e, _r in filled], [r for _e, r in filled], personal_pair(scheme, region))
    try:
        return ledger.post_many(posting)
    except ledger.UnknownAccount:
        places = {person: place for _entries, rows in filled for person, _part, _amount, place in rows}
        people = sorted(places)
        open_personal_accounts(scheme, region, people, places=[places[person] for person in people])
    return ledger.post_many(posting)


def _rows(entries: PersonalEntries) -> list[_Row]:
    places = entries.place or [entries.region] * len(entries.person_id)
    columns = (entries.person_id, entries.part, entries.amount_fen, places)
    return [row for row in zip(*columns, strict=True) if row[2]]


def _personal_set(
    several: Sequence[PersonalEntries], rows: Sequence[list[_Row]], accounts: tuple[int, int, int]
) -> ledger.PostingSet:
    book, control, counterpart = accounts
    lines = []
    for number, of in enumerate(rows):
        grown = sum(amount for _person, _part, amount, _place in of if amount > 0)
        drawn = grown - sum(amount for _person, _part, amount, _place in of)
        moves = ((counterpart, grown), (control, -grown), (counterpart, -drawn), (control, drawn))
        lines += [(number, account, amount) for account, amount in moves if amount]
    flat = [(number, *row) for number, of in enumerate(rows) for row in of]
    return ledger.PostingSet(
        ledger.JournalColumns(
            [book] * len(several), [e.kind for e in several], [e.key for e in several], [e.month for e in several],
            [e.memo for e in several],
        ),
        ledger.LineColumns([n for n, _a, _f in lines], [a for _n, a, _f in lines], [f for _n, _a, f in lines]),
        ledger.SubLineColumns(
            [row[0] for row in flat], [control] * len(flat), [row[1] for row in flat], [row[2] for row in flat],
            [row[3] for row in flat],
        ),
    )  # fmt: skip
