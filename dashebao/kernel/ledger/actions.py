"""Writes of the ledger: each calls one function of the database and names its refusals."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypedDict, Unpack
from uuid import UUID

import psycopg
from django.db import DatabaseError, connection, transaction

from dashebao.kernel.ledger.errors import BY_CONSTRAINT, BY_STATE, LedgerError, ReversalRefused
from dashebao.kernel.ledger.queries import journal_of
from dashebao.kernel.ledger.rules import (
    Column,
    Journal,
    PostedCount,
    Posting,
    PostingSet,
    as_columns,
    mirrored,
)

OPEN = """select lg.open_account(%s, code, detail, control, kind, low, high, hot)
from unnest(%s::text[], %s::text[], %s::boolean[], %s::text[], %s::bigint[], %s::bigint[], %s::boolean[])
  with ordinality as a(code, detail, control, kind, low, high, hot, place)
order by place"""
POST = """select journal_id, outcome from lg.post_set(%s::bigint[], %s::text[], %s::text[], %s::int[], %s::text[],
    %s::uuid[], %s::bigint[], %s::int[], %s::bigint[], %s::bigint[],
    %s::int[], %s::bigint[], %s::bigint[], %s::text[], %s::bigint[])"""


class AccountOptions(TypedDict, total=False):
    """How an account is opened; see `open_account`."""

    detail: str
    control: bool
    holder_kind: str
    min_balance_fen: int | None
    max_balance_fen: int | None
    hot: bool


class ReversalOptions(TypedDict, total=False):
    """What a reversal may say besides its key; see `reverse`."""

    memo: str
    approved_by: int | None


def open_books(fund: str, region: str) -> int:
    """Id of the books of `fund` in the pooling region (6-digit code), opened on first use."""
    with _named_refusals():
        return int(_value("select lg.open_book(%s, %s)", [fund, region]))


def open_account(book: int, code: str, **options: Unpack[AccountOptions]) -> int:
    """Id of an account of `book`, opened on first use; opening it again with other settings is a KeyConflict.

    An account with a least or greatest balance keeps its balance and is never hot: postings to it wait for each other.
    A control account is always hot; its money is in the sub-accounts of its holders (`holder_kind` person or unit).
    """
    return open_accounts(book, [(code, options)])[0]


def open_accounts(book: int, wanted: Sequence[tuple[str, AccountOptions]]) -> list[int]:
    """Ids of several accounts of `book`, each opened as `open_account` does, in one round trip."""
    rows = [(code, *_settings(options)) for code, options in wanted]
    with _named_refusals(), connection.cursor() as cursor:
        cursor.execute(OPEN, [book, *(list(column) for column in zip(*rows, strict=True))])
        return [int(number) for (number,) in cursor.fetchall()]


def _settings(options: AccountOptions) -> tuple[str, bool, str, int | None, int | None, bool]:
    low, high = options.get("min_balance_fen"), options.get("max_balance_fen")
    hot = options.get("hot", True) and low is None and high is None
    return (
        options.get("detail", ""), options.get("control", False), options.get("holder_kind", "person"), low, high, hot,
    )  # fmt: skip


def open_sub_accounts(account: int, holders: Column, part: str, places: Column | None = None) -> int:
    """Open the sub-account `part` of every holder where it is missing; returns how many were opened.

    `places` are the 6-digit regions of the holders: an officer of a county sees sub-accounts of a provincial book only
    by them.
    """
    where = list(places) if places is not None else None
    with _named_refusals():
        return int(
            _value(
                "select lg.open_sub_accounts(%s, %s, %s::bigint[], %s::text[])",
                [account, part, array_literal(holders), where or []],
            )
        )


def place_holders(account: int, holders: Column, places: Column) -> int:
    """Note where the holders live now (6-digit regions); returns how many sub-accounts moved."""
    with _named_refusals():
        return int(
            _value(
                "select lg.place_holders(%s, %s::bigint[], %s::text[])", [account, array_literal(holders), list(places)]
            )
        )


def post(journal: Journal) -> Posting:
    """Post one journal; a replay of the same content under the same key answers `exists`."""
    return post_all(as_columns([journal]))[0]


def post_many(postings: PostingSet) -> PostedCount:
    """Post many journals in one round trip, all or none; returns how many were new."""
    answers = _post(postings)
    posted = sum(outcome == "posted" for _, outcome in answers)
    return PostedCount(posted, len(answers) - posted)


def post_all(postings: PostingSet) -> list[Posting]:
    """As `post_many`, with the answer for each journal in order."""
    return [Posting(*answer) for answer in _post(postings)]


def reverse(journal_id: UUID, *, kind: str, key: str, month: int, **options: Unpack[ReversalOptions]) -> Posting:
    """Post the mirror of a journal's lines and sub-lines; a journal is reversed at most once."""
    found = journal_of(journal_id)
    if found is None:
        raise ReversalRefused(str(journal_id))
    lines, sub_lines = mirrored(found.lines, found.sub_lines)
    return post(
        Journal(
            found.book, kind, key, month, lines, sub_lines,
            options.get("memo", ""), journal_id, options.get("approved_by"),
        )
    )  # fmt: skip


def reserve(account: int, amount_fen: int, *, hold_id: UUID, minutes: int = 15) -> str:
    """Promise money of an account that keeps a balance: `held`, or `exists` for the same hold again."""
    with _named_refusals():
        return str(_value("select lg.reserve(%s, %s, %s, %s)", [hold_id, account, amount_fen, minutes]))


def release(hold_id: UUID, how: str, journal_id: UUID | None = None) -> str:
    """End a hold as `posted` (with the journal that moved the money), `voided` or `expired`; `already` if it ended."""
    with _named_refusals():
        return str(_value("select lg.release(%s, %s, %s)", [hold_id, how, journal_id]))


def close_period(book: int, month: int) -> str:
    """Close every month of the books up to `month` for ever and keep the balances: `closed` or `already`."""
    with _named_refusals():
        return str(_value("select lg.close_period(%s, %s)", [book, month]))


def seal() -> int:
    """Seal every journal no running transaction can come before; returns how many (0 when there is nothing new)."""
    with _named_refusals():
        sequence = _value("select lg.seal()", [])
        return int(_value("select count from ledger_seal where seq = %s", [sequence])) if sequence else 0


def _post(postings: PostingSet) -> list[tuple[UUID, str]]:
    if not len(postings.journals.key):
        return []
    with _named_refusals(), connection.cursor() as cursor:
        cursor.execute(POST, parameters(postings))
        return list(cursor.fetchall())


def parameters(postings: PostingSet) -> list[Any]:
    """The columns of a set as the arguments of POST."""
    heads, lines, subs = postings.journals, postings.lines, postings.sub_lines
    empty = [None] * len(heads.key)
    return [
        array_literal(heads.book),
        list(heads.kind),
        list(heads.key),
        array_literal(heads.month),
        list(heads.memo) or [""] * len(heads.key),
        list(heads.reverses) or empty,
        list(heads.approved_by) or empty,
        array_literal(lines.journal, 1),
        array_literal(lines.account),
        array_literal(lines.amount_fen),
        array_literal(subs.journal, 1),
        array_literal(subs.account),
        array_literal(subs.holder),
        list(subs.part),
        array_literal(subs.amount_fen),
    ]


def array_literal(column: Column, plus: int = 0) -> str:
    """Whole numbers as PostgreSQL writes an array: faster than adapting a list of a hundred thousand one by one."""
    values: Sequence[Any] = column.tolist() if hasattr(column, "tolist") else column
    return "{" + ",".join([str(value + plus) for value in values] if plus else map(str, values)) + "}"


def _value(statement: str, parameters: Sequence[Any]) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        row = cursor.fetchone()
    return row[0] if row else None


@contextmanager
def _named_refusals() -> Iterator[None]:
    """A savepoint, so that the caller may go on after a refusal, and the refusal under its name."""
    try:
        with transaction.atomic():
            yield
    except DatabaseError as error:
        named = _refusal(error.__cause__)
        if named is None:
            raise
        raise named from error


def _refusal(cause: BaseException | None) -> LedgerError | None:
    if not isinstance(cause, psycopg.Error):
        return None
    kind = BY_CONSTRAINT.get(cause.diag.constraint_name or "") or BY_STATE.get(cause.sqlstate or "")
    return kind(cause.diag.message_detail or cause.diag.message_primary or "") if kind else None
