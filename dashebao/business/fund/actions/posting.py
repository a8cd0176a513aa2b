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

    Sub-accounts that do not exist yet are opened, with `entries.region` as the holder's place. Rows of 0 fen are left
    out; an account below zero is refused by the ledger. At most 90,000 rows a call. Idempotent by (books, kind, key).
    """
    columns = (entries.person_id, entries.part, entries.amount_fen)
    rows = [(person, part, amount) for person, part, amount in zip(*columns, strict=True) if amount]
    if not rows:
        return ledger.PostedCount(0, 0)
    book, control, counterpart = personal_pair(entries.scheme, entries.region)
    grown = sum(amount for *_row, amount in rows if amount > 0)
    drawn = -sum(amount for *_row, amount in rows if amount < 0)
    moves = ((counterpart, grown), (control, -grown), (counterpart, -drawn), (control, drawn))
    lines = [(account, amount) for account, amount in moves if amount]
    posting = ledger.PostingSet(
        ledger.JournalColumns([book], [entries.kind], [entries.key], [entries.month], [entries.memo]),
        ledger.LineColumns([0] * len(lines), [a for a, _f in lines], [f for _a, f in lines]),
        ledger.SubLineColumns(
            [0] * len(rows), [control] * len(rows), [p for p, _t, _f in rows], [t for _p, t, _f in rows],
            [f for _p, _t, f in rows],
        ),
    )  # fmt: skip
    try:
        return ledger.post_many(posting)
    except ledger.UnknownAccount:
        people = sorted({person for person, _part, _amount in rows})
        open_personal_accounts(entries.scheme, entries.region, people, places=[entries.region] * len(people))
    return ledger.post_many(posting)
