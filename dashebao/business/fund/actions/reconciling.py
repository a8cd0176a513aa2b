"""Takes in outside statements and compares ledger, bank and finance, item by item."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from dashebao.kernel.exchange import api as exchange
from dashebao.kernel.legal_time.api import last_day_of, month_of
from dashebao.kernel.records.api import audit, ensure_partition

from ..bank_files import camt_053
from ..bank_files.stream import BadBankFile
from ..models import BankFile, ExternalEntry, ExternalStatement, FundAccount, FundBook, Reconciliation
from ..queries.reconciliation import Comparison, compare
from ..rules import fund_of
from ..rules_statements import month_end
from .posting import Entry, post_entry


@dataclass(frozen=True)
class OutsideStatement:
    """A statement of bank or finance in one shape: entries are (reference, matches, kind, signed fen, day)."""

    source: str
    account: str
    statement_id: str
    booked_on: date
    opening_fen: int
    closing_fen: int
    entries: Sequence[tuple[str, str, str, int, date]]


def take_bank_statements(content: bytes, name: str, through: date) -> int:
    """Take in a camt.053; returns the number of new entries. Repeated statements and entries change nothing.

    Returned payments are booked Dr1004 Cr2001 and marked, interest Dr1004 Cr4201, each exactly once. A file that is
    not of the schema, does not add up, or names an account of nobody is Refused as a whole.
    """
    try:
        _message, statements = camt_053.read(content)
    except BadBankFile as bad:
        raise exchange.Refused("FF01", str(bad)) from bad
    own = _own_accounts([s.account for s in statements], "1004")
    new = 0
    for statement in statements:
        outside = OutsideStatement(
            "bank", statement.account, statement.statement_id, statement.booked_on, statement.opening_fen,
            statement.closing_fen,
            [(e.reference, _matches(e), e.kind, e.amount_fen, e.booked_on) for e in statement.entries],
        )  # fmt: skip
        fresh = _store(outside)
        for entry in statement.entries:
            if entry.reference in fresh:
                _book_return(entry, own[statement.account])
        new += len(fresh)
    BankFile.objects.create(
        kind="camt.053", name=name[:120], sha256=hashlib.sha256(content).hexdigest(), month=month_of(through),
        rows=sum(len(s.entries) for s in statements), repeated=new == 0,
    )  # fmt: skip
    return new


def take_finance_statement(data: Mapping[str, Any], name: str) -> int:
    """Take in the finance office's statement of the fiscal special accounts (F04); returns the new entries."""
    rows = _by_fund(data["accounts"])
    _own_accounts([row["account"] for row in rows], "1003")
    month, new = int(data["month"]), 0
    for row in rows:
        entries = [
            (str(e["number"]), str(e.get("reference") or e["number"]), str(e["kind"]), int(e["amount_fen"]),
             date.fromisoformat(e["on"]))
            for e in row["entries"] if e["kind"] != "opening"
        ]  # fmt: skip
        opening = int(row["opening_fen"]) + sum(int(e["amount_fen"]) for e in row["entries"] if e["kind"] == "opening")
        if opening + sum(fen for *_e, fen, _day in entries) != int(row["closing_fen"]):
            raise exchange.Refused("E31", f"account {row['account']}: entries do not give the closing balance")
        statement = OutsideStatement(
            "finance",
            row["account"],
            f"{month}-{name}"[:60],
            month_end(month),
            opening,
            int(row["closing_fen"]),
            entries,
        )
        new += len(_store(statement))
    BankFile.objects.create(
        kind="F04", name=name[:120], sha256=hashlib.sha256(repr(data).encode()).hexdigest(), month=month,
        rows=sum(len(row["entries"]) for row in rows), repeated=new == 0,
    )  # fmt: skip
    return new


def _by_fund(accounts: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One row for each fund and pool: what is stated by scheme (maternity, 510) is added to the fund that keeps it."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in accounts:
        if not (row.get("account") or row["entries"]):
            continue
        blank = {"account": "", "opening_fen": 0, "closing_fen": 0, "entries": []}
        kept = found.setdefault((fund_of(row["scheme"]), row["pool"]), blank)
        kept["account"] = kept["account"] or row.get("account", "")
        kept["opening_fen"] += int(row["opening_fen"])
        kept["closing_fen"] += int(row["closing_fen"])
        kept["entries"] += row["entries"]
    return list(found.values())


def _own_accounts(numbers: Sequence[str], code: str) -> dict[str, FundAccount]:
    found = {a.number: a for a in FundAccount.objects.filter(number__in=numbers, code=code)}
    for number in numbers:
        if number not in found:
            raise exchange.Refused("AC02", f"account {number} is not an account of a fund")
    return found


def _matches(entry: camt_053.Entry) -> str:
    """The ledger key an entry of the bank should meet: our own reference if it names one, else its own."""
    return entry.refers_to if entry.kind in ("BATCH", "FUND") and entry.refers_to else entry.reference


def _store(given: OutsideStatement) -> set[str]:
    """Store a statement; returns the references of the entries that were not known before."""
    row, _created = ExternalStatement.objects.get_or_create(
        source=given.source,
        account_number=given.account,
        statement_id=given.statement_id,
        defaults={
            "month": month_of(given.booked_on), "booked_on": given.booked_on, "opening_fen": given.opening_fen,
            "closing_fen": given.closing_fen,
        },
    )  # fmt: skip
    if (row.opening_fen, row.closing_fen) != (given.opening_fen, given.closing_fen):
        raise exchange.Refused("AM05", f"statement {given.statement_id} came before with other balances")
    at = {"source": given.source, "account_number": given.account}
    references = [reference for reference, *_rest in given.entries]
    known = dict(ExternalEntry.objects.filter(**at, reference__in=references).values_list("reference", "amount_fen"))
    changed = [r for r, _m, _k, fen, _day in given.entries if known.get(r, fen) != fen]
    if changed:
        raise exchange.Refused("AM05", f"entry {changed[0]} came before with another amount")
    new = [entry for entry in given.entries if entry[0] not in known]
    ExternalEntry.objects.bulk_create(
        [
            ExternalEntry(
                statement=row, month=month_of(day), reference=reference[:60], matches=matches[:60], kind=kind[:20],
                amount_fen=fen, booked_on=day, **at,
            )
            for reference, matches, kind, fen, day in new
        ],
        batch_size=2_000,
    )  # fmt: skip
    return {reference for reference, *_rest in new}


_RETURN = """
with given as (select * from unnest(%s::text[], %s::bigint[], %s::text[]) g(end_to_end_id, amount_fen, reason)),
split as (
  select g.*, substr(split_part(g.end_to_end_id, '-', 1), 2)::int as month,
    split_part(g.end_to_end_id, '-', 2)::bigint as line_id
  from given g where g.end_to_end_id ~ '^P[0-9]{6}-[0-9]{1,18}$'
)
insert into fund_paymentresult (month, batch_id, line_id, person_id, attempt, status, reason, message, on_date)
select distinct on (r.month, r.line_id) r.month, r.batch_id, r.line_id, r.person_id, r.attempt, 'returned', s.reason, %s, %s
from split s
join fund_paymentline l on l.month = s.month and l.id = s.line_id and l.end_to_end_id = s.end_to_end_id
  and l.amount_fen = s.amount_fen and l.fund = %s and l.pool_region = %s
join fund_paymentresult r on r.month = s.month and r.line_id = s.line_id and r.status = 'paid'
where not exists (select 1 from fund_paymentresult x where x.month = r.month and x.line_id = r.line_id
                  and x.attempt = r.attempt and x.status = 'returned')
order by r.month, r.line_id, r.attempt desc"""


def _book_return(entry: camt_053.Entry, own: FundAccount) -> None:
    """Book a returned payment or interest; an entry that fits no payment of ours stays open for the reconciliation."""
    place = (month_of(entry.booked_on), own.fund, own.region_code, entry.reference)
    if entry.kind == "INTEREST" and entry.amount_fen > 0:
        post_entry(Entry("interest", *place, entry.amount_fen))
    if entry.kind != "RETURN" or entry.amount_fen <= 0:
        return
    ids = [d.end_to_end_id for d in entry.details]
    amounts, reasons = [d.amount_fen for d in entry.details], [d.reason for d in entry.details]
    with connection.cursor() as cursor:
        for month in {
            int(i[1:7]) for i in ids if i[:1] == "P" and i[1:7].isdecimal() and 190001 <= int(i[1:7]) <= 299912
        }:
            if 1 <= month % 100 <= 12:
                ensure_partition("fund_paymentresult", month)
        cursor.execute("savepoint fund_return")
        values: list[Any] = [ids, amounts, reasons, entry.reference[:35], entry.booked_on, own.fund, own.region_code]
        cursor.execute(_RETURN, values)
        if cursor.rowcount != len(ids) or not ids:
            cursor.execute("rollback to savepoint fund_return")
            return
        cursor.execute("release savepoint fund_return")
    post_entry(Entry("returned", *place, entry.amount_fen))


def ask_statements(run_month: int, *, again: bool = False) -> int:
    """Ask bank (B01) and finance (F05) for their statements of the month; returns the number of the asking.

    The first asking is sent once however often it is called; `again` asks anew, e.g. after a refused statement.
    """
    number = 1
    while again and exchange.sent("finance", f"F05:{run_month}:{number}") is not None:
        number += 1
    body = {"through": last_day_of(run_month).isoformat(), "accounts": []}
    exchange.send("bank", "B01", body, key=f"B01:{run_month}:{number}")
    exchange.send("finance", "F05", {"month": run_month}, key=f"F05:{run_month}:{number}")
    return number


def reconcile(month: int, fund: str, pool: str, day: date | None = None) -> Comparison:
    """Compare ledger, bank and finance of a set of books through a day (default: month's end) and keep the result."""
    book = FundBook.objects.get(fund=fund, region_code=pool)
    found = compare(book, month, day or last_day_of(month))
    row = Reconciliation.objects.create(
        month=month, through=found.through, fund=fund, region_code=pool, ledger_fen=found.ledger_fen,
        bank_fen=found.bank_fen, finance_fen=found.finance_fen, agreed=not found.items,
        open_items=[item.as_json() for item in found.items],
    )  # fmt: skip
    audit("fund.reconciled", row, region=pool, items=len(found.items))
    return found
