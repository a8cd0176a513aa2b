"""The monthly statements and the budget report of a set of books, read from the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext as _

from dashebao.kernel.ledger import api as ledger

from ..errors import NotSetUp
from ..models import Budget, FundBook, StoredStatement, YearEnd
from ..rules_statements import (
    Balance,
    BudgetExecution,
    Statement,
    balances_by_code,
    budget_execution,
    tie_together,
)
from ..rules_statements import balance_sheet as sheet_of
from ..rules_statements import income_statement as income_of


def book_row(book: int) -> FundBook:
    """The fund and region of ledger books; NotSetUp if no fund has them."""
    found: FundBook | None = FundBook.objects.filter(book=book).first()
    if found is None:
        raise NotSetUp(_("No fund keeps the books number %(book)s.") % {"book": book})
    return found


def fund_books(region: str = "") -> list[FundBook]:
    """All books, or those of regions that start with a scope prefix, by fund and region."""
    rows = FundBook.objects.filter(region_code__startswith=region) if region else FundBook.objects.all()
    return list(rows.order_by("fund", "region_code"))


def find_book(fund: str, pool: str) -> int | None:
    """Ledger number of a fund's books in a pool, None before they are open."""
    found = FundBook.objects.filter(fund=fund, region_code=pool).values_list("book", flat=True).first()
    return None if found is None else int(found)


def running_books() -> list[FundBook]:
    """The books in business (set up with a first month), by fund and region."""
    return list(FundBook.objects.filter(first_month__isnull=False).order_by("fund", "region_code"))


def balances(book: int, month: int) -> dict[str, Balance]:
    """Balances by account code: year opening, month opening and movement, in signed fen."""
    january = month // 100 * 100 + 1
    year = {row.account: row.opening_fen for row in ledger.trial_balance(book, january)}
    rows = ledger.trial_balance(book, month)
    return balances_by_code(
        (row.code, year.get(row.account, 0), row.opening_fen, row.debit_fen - row.credit_fen) for row in rows
    )


def year_end_lines_of(fund: str, region: str, month: int) -> Mapping[str, int]:
    """The year-end closing lines posted in this month, by code; empty before the year is closed."""
    if month % 100 != 12:
        return {}
    found = YearEnd.objects.filter(fund=fund, region_code=region, year=month // 100).values_list("lines", flat=True)
    lines = found.first()
    return {code: int(fen) for code, fen in lines.items()} if lines else {}


def balance_sheet(book: int, month: int) -> Statement:
    """资产负债表 (会社保01表) of a month; DoesNotTie if assets ≠ liabilities + net assets."""
    row = book_row(book)
    return sheet_of(row.fund, row.region_code, month, balances(book, month))


def income_statement(book: int, month: int) -> Statement:
    """收支表 (会社保02表) of a month; DoesNotTie if closing ≠ opening + income − expense."""
    row = book_row(book)
    closed = year_end_lines_of(row.fund, row.region_code, month)
    return income_of(row.fund, row.region_code, month, balances(book, month), closed)


def both_statements(book: int, month: int) -> tuple[Statement, Statement]:
    """Both statements of a month, proven to agree with each other."""
    sheet, income = balance_sheet(book, month), income_statement(book, month)
    tie_together(sheet, income)
    return sheet, income


def stored_statements(month: int) -> list[StoredStatement]:
    """The published statements of a month by fund, region and form."""
    return list(StoredStatement.objects.filter(month=month).order_by("fund", "region_code", "form"))


def budget_report(book: int, month: int) -> BudgetExecution:
    """Budget against actual of the year so far, rolling balance and payable months."""
    row = book_row(book)
    rows = Budget.objects.filter(fund=row.fund, region_code=row.region_code, year=month // 100)
    return budget_execution(income_statement(book, month), dict(rows.values_list("code", "amount_fen")))


@dataclass(frozen=True)
class AccountPlace:
    """A ledger account and the books it is in."""

    account: int
    book: int
    fund: str
    code: str
    detail: str


def account_place(account: int) -> AccountPlace | None:
    """Where a ledger account stands, or None if the reader may not see it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select a.id, b.id, b.fund, a.code, a.detail from ledger_account a join ledger_book b on b.id = a.book_id"
            " where a.id = %s",
            [account],
        )
        row = cursor.fetchone()
    return AccountPlace(*row) if row else None
