"""Compares the ledger's fund accounts with the bank's and the finance office's statements."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.db.models import Sum

from dashebao.kernel.ledger import api as ledger
from dashebao.kernel.legal_time.api import last_day_of

from ..models import BankFile, ExternalEntry, ExternalStatement, FundAccount, FundBook

PAGE = 5_000
SOURCES = {"1003": "finance", "1004": "bank"}


@dataclass(frozen=True)
class OpenItem:
    """One item on which ledger and outside disagree, by name; `side` says where it is: ledger, bank, finance, both."""

    account: str
    reference: str
    side: str
    ledger_fen: int
    outside_fen: int
    text: str

    def as_json(self) -> dict[str, Any]:
        """Plain values for storing."""
        return asdict(self)


@dataclass(frozen=True)
class Comparison:
    """The three-way comparison of one set of books: balances and what is open."""

    fund: str
    region: str
    month: int
    through: date
    ledger_fen: int
    bank_fen: int
    finance_fen: int
    items: tuple[OpenItem, ...]


def statements_in(month: int) -> bool:
    """Whether bank and finance have both sent their statements of the month."""
    kinds = set(BankFile.objects.filter(month=month, kind__in=("camt.053", "F04")).values_list("kind", flat=True))
    return kinds == {"camt.053", "F04"}


def compare(book: FundBook, month: int, through: date) -> Comparison:
    """Ledger movements of accounts 1003 and 1004 in the month against the outside entries through a day.

    Movements are summed by reference on both sides, so a batch and its failed part meet the bank's one entry. Money
    that left the fiscal special account must have reached the expenditure account (bank against finance). A reference
    whose ledger movements cancel out needs no outside entry.
    """
    rows = {row.code: row for row in ledger_rows(book.book, month)}
    accounts = {a.code: a for a in FundAccount.objects.filter(fund=book.fund, region_code=book.region_code)}
    items: list[OpenItem] = []
    balances, outside_by_code = {}, {}
    for code, source in SOURCES.items():
        number = accounts[code].number if code in accounts else ""
        inside = ledger_movements(book.book, code, month)
        outside = outside_movements(source, number, month, through)
        outside_by_code[code] = outside
        items += _differences(code, source, inside, outside)
        balances[code] = closing_balance(source, number, month)
        own = rows[code].closing_fen if code in rows else 0
        if not items and balances[code] != own:
            items.append(OpenItem(code, "balance", "both", own, balances[code], "closing balances differ"))
    items += _between(outside_by_code["1003"], outside_by_code["1004"])
    total = sum(rows[code].closing_fen for code in SOURCES if code in rows)
    return Comparison(
        book.fund, book.region_code, month, through, total, balances["1004"], balances["1003"], tuple(items)
    )


def unreconciled(month: int) -> list[Comparison]:
    """The comparison, as of now, of every set of books that has open items in the month."""
    found = (compare(book, month, last_day_of(month)) for book in FundBook.objects.filter(first_month__lte=month))
    return [comparison for comparison in found if comparison.items]


def ledger_rows(book: int, month: int) -> list[ledger.TrialRow]:
    """The trial balance rows of the accounts without detail."""
    return [row for row in ledger.trial_balance(book, month) if not row.detail]


def ledger_movements(book: int, code: str, month: int) -> dict[str, int]:
    """Signed fen of an account's entries in a month by journal key."""
    account = next((row.account for row in ledger.trial_balance(book, month) if row.code == code), None)
    sums: dict[str, int] = {}
    page = 1
    while account is not None:
        entries = ledger.entries_of(account=account, month=month, page=page, size=PAGE)
        for entry in entries:
            if entry.kind != "fund.opening":
                sums[entry.key] = sums.get(entry.key, 0) + entry.amount_fen
        if len(entries) < PAGE:
            break
        page += 1
    return sums


def outside_movements(source: str, number: str, month: int, through: date) -> dict[str, int]:
    """Signed fen of the outside entries of an account in a month by the ledger key they should meet."""
    rows = ExternalEntry.objects.filter(source=source, account_number=number, month=month, booked_on__lte=through)
    return {key: int(fen) for key, fen in rows.values_list("matches").annotate(fen=Sum("amount_fen"))}


def closing_balance(source: str, number: str, month: int) -> int:
    """The last balance an outside party stated for an account up to the month's end; 0 before any statement."""
    rows = ExternalStatement.objects.filter(source=source, account_number=number, month__lte=month)
    return rows.order_by("-booked_on", "-id").values_list("closing_fen", flat=True).first() or 0


def _differences(code: str, source: str, inside: dict[str, int], outside: dict[str, int]) -> Iterable[OpenItem]:
    for key in sorted(inside.keys() | outside.keys()):
        own, other = inside.get(key, 0), outside.get(key, 0)
        if own != other:
            side = "both" if key in inside and key in outside else ("ledger" if key in inside else source)
            yield OpenItem(code, key, side, own, other, "amounts differ" if side == "both" else f"only {side}")


def _between(finance: dict[str, int], bank: dict[str, int]) -> Iterable[OpenItem]:
    """Fund requests the finance office paid out against what the bank received."""
    for key in sorted(k for k in finance.keys() | bank.keys() if k.startswith("YK-")):
        if -finance.get(key, 0) != bank.get(key, 0):
            yield OpenItem(
                "1003/1004", key, "finance", -finance.get(key, 0), bank.get(key, 0), "finance and bank differ"
            )
