"""Reads of the ledger; row-level security narrows them to what the reader may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from dashebao.kernel.ledger.rules import Column, Line, SubLine


@dataclass(frozen=True)
class SubBalances:
    """Balances of sub-accounts as columns of equal length."""

    holder: tuple[int, ...]
    part: tuple[str, ...]
    balance_fen: tuple[int, ...]


@dataclass(frozen=True)
class SubMovements:
    """What came to and went from each sub-account in each month, as columns of equal length."""

    holder: tuple[int, ...]
    part: tuple[str, ...]
    month: tuple[int, ...]
    increase_fen: tuple[int, ...]
    decrease_fen: tuple[int, ...]


@dataclass(frozen=True)
class SubYears:
    """A year of sub-accounts as columns of equal length, one row for each holder and group of parts.

    A group is what stands before the first "_" of a part. `moved_fen` is what came less what went within the year,
    `product_fen` the same, each amount times the months from its own to December.
    """

    holder: tuple[int, ...]
    group: tuple[str, ...]
    opening_fen: tuple[int, ...]
    product_fen: tuple[int, ...]
    moved_fen: tuple[int, ...]


@dataclass(frozen=True)
class SubEntryView:
    """One movement of a holder's sub-account with the balance of that part after it."""

    part: str
    month: int
    journal_id: UUID
    kind: str
    posted_at: datetime
    amount_fen: int
    balance_fen: int


@dataclass(frozen=True)
class EntryView:
    """One line of a posted journal with its head."""

    journal_id: UUID
    month: int
    posted_at: datetime
    kind: str
    key: str
    memo: str
    line: int
    account: int
    code: str
    detail: str
    amount_fen: int
    made_by: int


@dataclass(frozen=True)
class AccountMovement:
    """What one journal moved on one account (debit positive), in fen."""

    journal_id: UUID
    kind: str
    key: str
    memo: str
    amount_fen: int


@dataclass(frozen=True)
class TrialRow:
    """An account's month: opening, debit and credit turnover (both positive), closing (debit positive)."""

    account: int
    code: str
    detail: str
    opening_fen: int
    debit_fen: int
    credit_fen: int
    closing_fen: int


@dataclass(frozen=True)
class JournalView:
    """A posted journal as it stands in the books."""

    id: UUID
    book: int
    kind: str
    key: str
    month: int
    memo: str
    reverses: UUID | None
    made_kind: str
    made_by: int
    approved_by: int | None
    posted_at: datetime
    lines: tuple[Line, ...]
    sub_lines: tuple[SubLine, ...]


def find_books(fund: str, region: str) -> int | None:
    """Id of the books of a fund in its pooling region, None where there are none the reader may see."""
    rows = _rows("select id from ledger_book where fund = %s and region = %s", [fund, region])
    return int(rows[0][0]) if rows else None


def find_account(book: int, code: str, detail: str = "") -> int | None:
    """Id of an account of `book`, None where there is none the reader may see."""
    statement = "select id from ledger_account where book_id = %s and code = %s and detail = %s"
    rows = _rows(statement, [book, code, detail])
    return int(rows[0][0]) if rows else None


def sub_balances(account: int, holders: Column) -> SubBalances:
    """Balances of the given holders under a control account, ordered by holder and part."""
    values: Sequence[Any] = holders.tolist() if hasattr(holders, "tolist") else list(holders)
    statement = """
        select holder, part, balance_fen from ledger_subaccount
         where account_id = %s and holder = any (%s::bigint[]) order by holder, part"""
    return SubBalances(*_columns(3, statement, [account, values]))


def sub_balances_between(account: int, low: int, high: int) -> SubBalances:
    """Balances of the holders from `low` to `high`, both included."""
    statement = """
        select holder, part, balance_fen from ledger_subaccount
         where account_id = %s and holder between %s and %s order by holder, part"""
    return SubBalances(*_columns(3, statement, [account, low, high]))


def sub_movements(account: int, months: tuple[int, int], holders: tuple[int, int]) -> SubMovements:
    """Increases and decreases by holder, part and month; both ranges include their ends."""
    return SubMovements(*_columns(5, "select * from lg.movements(%s, %s, %s, %s, %s)", [account, *months, *holders]))


def sub_years(account: int, year: int, low: int, high: int) -> SubYears:
    """What the holders low..high had when a year began and what moved within it; added up by the database.

    Groups that had nothing and moved nothing are left out; rows are ordered by holder.
    """
    # Sub-accounts of neighbours have near ids, so their entries are read by a few ranges of each month's index, whatever
    # the size of the month; ids with a gap between them begin a new run.
    statement = """
        with of as materialized (
          select id, holder, split_part(part, '_', 1) as payer, balance_fen from ledger_subaccount
           where account_id = %(account)s and holder between %(low)s and %(high)s),
        runs as materialized (
          select min(id) as low, max(id) as high from (
            select id, count(*) filter (where apart) over (order by id) as run from (
              select id, id - lag(id) over (order by id) > 100 as apart from of) a) b group by run),
        months as materialized (
          select month from (
            select substring(c.relname from '[0-9]{6}$')::int as month from pg_inherits i join pg_class c on c.oid = i.inhrelid
             where i.inhparent = 'public.ledger_subentry'::regclass) p
           where month > %(year)s * 100),
        moved as (
          select e.subaccount_id as id, sum(e.amount_fen) as since,
                 sum(e.amount_fen * (13 - e.month %% 100)) filter (where e.month <= %(year)s * 100 + 12) as product,
                 sum(e.amount_fen) filter (where e.month <= %(year)s * 100 + 12) as within
            from months cross join runs cross join lateral (
              select n.subaccount_id, n.month, n.amount_fen from ledger_subentry n
               where n.month = months.month and n.subaccount_id between runs.low and runs.high offset 0) e
           group by e.subaccount_id)
        select holder, payer, sum(balance_fen - coalesce(since, 0))::bigint, coalesce(sum(product), 0)::bigint,
               coalesce(sum(within), 0)::bigint
          from of left join moved using (id)
         where balance_fen <> 0 or since is not null group by holder, payer order by holder, payer"""
    values = {"account": account, "year": year, "low": low, "high": high}
    return SubYears(*_columns(5, statement, values))


def sub_entries_of(account: int, holder: int) -> list[SubEntryView]:
    """The statement of one holder, oldest month first, with the running balance of each part."""
    balances: dict[str, int] = {}
    out = []
    for part, month, journal_id, kind, posted_at, amount in _rows(
        "select part, month, journal_id, kind, posted_at, amount_fen from lg.statement(%s, %s)", [account, holder]
    ):
        balances[part] = balances.get(part, 0) + amount
        out.append(SubEntryView(part, month, journal_id, kind, posted_at, amount, balances[part]))
    return out


def closed_through(book: int) -> int:
    """The last closed month of the books (yyyymm), 0 if none."""
    return int(_rows("select coalesce(max(month), 0) from ledger_period where book_id = %s", [book])[0][0])


def is_closed(book: int, month: int) -> bool:
    """Whether the books take no more postings for `month`."""
    return month <= closed_through(book)


def trial_balance(book: int, month: int) -> list[TrialRow]:
    """Opening, turnover and closing of every account of the books in `month`; the sum of the closings is 0."""
    statement = """
        with kept as (
          select coalesce(max(month), 0) as month from ledger_closing where book_id = %(book)s and month < %(month)s),
        sums as (
          select account_id, balance_fen as opening, 0::bigint as debit, 0::bigint as credit
            from ledger_closing where book_id = %(book)s and month = (select month from kept)
          union all
          select account_id, case when month < %(month)s then amount_fen else 0 end,
                 case when month = %(month)s and amount_fen > 0 then amount_fen else 0 end,
                 case when month = %(month)s and amount_fen < 0 then -amount_fen else 0 end
            from ledger_entry where book_id = %(book)s and month > (select month from kept) and month <= %(month)s)
        select a.id, a.code, a.detail, coalesce(sum(opening), 0)::bigint, coalesce(sum(debit), 0)::bigint,
               coalesce(sum(credit), 0)::bigint, coalesce(sum(opening + debit - credit), 0)::bigint
          from ledger_account a left join sums on sums.account_id = a.id
         where a.book_id = %(book)s group by a.id order by a.code, a.detail"""
    return [TrialRow(*row) for row in _rows(statement, {"book": book, "month": month})]


def account_balances(book: int) -> dict[int, int]:
    """Balance of every account of the books now (debit positive), in fen."""
    statement = """
        with kept as (select coalesce(max(month), 0) as month from ledger_closing where book_id = %(book)s),
        sums as (
          select account_id, balance_fen as amount_fen from ledger_closing
           where book_id = %(book)s and month = (select month from kept)
          union all
          select account_id, amount_fen from ledger_entry where book_id = %(book)s and month > (select month from kept))
        select a.id, coalesce(sum(amount_fen), 0)::bigint from ledger_account a left join sums on sums.account_id = a.id
         where a.book_id = %(book)s group by a.id"""
    return dict(_rows(statement, {"book": book}))


def entries_of(
    *, book: int | None = None, account: int | None = None, month: int | None = None, page: int = 1, size: int = 50
) -> list[EntryView]:
    """One page of the lines of a set of books or of one account, newest first; `month` narrows."""
    wanted = [("e.book_id", book), ("e.account_id", account), ("e.month", month)]
    given = [(column, value) for column, value in wanted if value is not None]
    if book is None and account is None:
        raise ValueError("entries of which books or which account?")
    condition = " and ".join(f"{column} = %s" for column, _ in given)
    rows = _rows(f"""
        select e.journal_id, e.month, j.posted_at, j.kind, j.key, j.memo, e.line, e.account_id, a.code, a.detail,
               e.amount_fen, j.made_by
          from ledger_entry e join ledger_journal j on j.month = e.month and j.id = e.journal_id
          join ledger_account a on a.id = e.account_id
         where {condition} order by e.month desc, j.posted_at desc, e.journal_id, e.line limit %s offset %s""",  # noqa: S608
        [*(value for _, value in given), size, (max(page, 1) - 1) * size])  # fmt: skip
    return [EntryView(*row) for row in rows]


def account_movements(account: int, month: int) -> list[AccountMovement]:
    """Every journal of the month that moved the account, summed by journal, in one query."""
    statement = """
        select j.id, j.kind, j.key, j.memo, e.total
          from (select journal_id, sum(amount_fen)::bigint as total from ledger_entry
                 where month = %(month)s and account_id = %(account)s group by journal_id) e
          join ledger_journal j on j.month = %(month)s and j.id = e.journal_id order by j.posted_at, j.id"""
    return [AccountMovement(*row) for row in _rows(statement, {"month": month, "account": account})]


def holder_ranges(account: int, size: int) -> list[tuple[int, int]]:
    """The holders of a control account cut into ranges (low, high) of about `size` holders, for batches."""
    statement = """
        select min(holder), max(holder) from (
          select holder, (row_number() over (order by holder) - 1) / %s as piece
            from (select distinct holder from ledger_subaccount where account_id = %s) h) p group by piece order by 1"""
    return [(int(low), int(high)) for low, high in _rows(statement, [size, account])]


def journal_of(journal_id: UUID) -> JournalView | None:
    """A posted journal with its lines and sub-lines, or None where there is none the reader may see."""
    head = """
        select j.id, j.book_id, j.kind, j.key, j.month, j.memo, j.reverses, j.made_kind, j.made_by, j.approved_by,
               j.posted_at
          from ledger_key k join ledger_journal j on j.month = k.month and j.id = k.journal_id
         where k.journal_id = %s"""
    heads = _rows(head, [journal_id])
    if not heads:
        return None
    where = [heads[0][4], journal_id]
    lines = _rows(
        "select account_id, amount_fen from ledger_entry where month = %s and journal_id = %s order by line", where
    )
    sub_lines = """
        select s.account_id, s.holder, s.part, e.amount_fen
          from ledger_subentry e join ledger_subaccount s on s.id = e.subaccount_id
         where e.month = %s and e.journal_id = %s order by s.id"""
    subs = _rows(sub_lines, where)
    own_lines, own_subs = tuple(Line(*row) for row in lines), tuple(SubLine(*row) for row in subs)
    return JournalView(*(*heads[0], own_lines, own_subs))


def _rows(statement: str, parameters: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())


def _columns(count: int, statement: str, parameters: Any) -> list[tuple[Any, ...]]:
    rows = _rows(statement, parameters)
    return list(zip(*rows, strict=True)) if rows else [() for _ in range(count)]
