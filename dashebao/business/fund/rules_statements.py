"""The two monthly statements (会社保01表, 会社保02表) and the budget report, as pure functions over trial balances."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from .rules import ChartAccount, chart


class DoesNotTie(ArithmeticError):
    """A statement whose totals disagree: the ledger or the statement is wrong and nothing may be published."""


@dataclass(frozen=True)
class Balance:
    """One account of a trial balance in fen, debit +, credit −: year opening, month opening, month movement."""

    code: str
    year_opening: int
    opening: int
    movement: int

    @property
    def closing(self) -> int:
        """The balance at the end of the month."""
        return self.opening + self.movement


@dataclass(frozen=True)
class StatementRow:
    """One printed row: code ("" for a total), names, two figures in fen, and its place (section)."""

    section: str
    code: str
    name: str
    name_en: str
    first_fen: int
    second_fen: int


@dataclass(frozen=True)
class Statement:
    """One statement of one set of books: form number, month and rows."""

    form: str
    fund: str
    region: str
    month: int
    rows: tuple[StatementRow, ...]

    def row(self, section: str, code: str = "") -> StatementRow:
        """The row of a section and code; LookupError if absent."""
        for row in self.rows:
            if (row.section, row.code) == (section, code):
                return row
        raise LookupError((section, code))

    def as_json(self) -> dict[str, Any]:
        """Plain values for storing and printing."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Statement:
        """The statement stored by `as_json`."""
        rows = tuple(StatementRow(**row) for row in data["rows"])
        return cls(data["form"], data["fund"], data["region"], data["month"], rows)


def content_digest(content: Mapping[str, Any]) -> str:
    """The SHA-256 under which the plain values of a statement are published."""
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def month_end(month: int) -> date:
    """A day inside the month by which the chart is chosen (the 28th exists in every month)."""
    return date(month // 100, month % 100, 28)


def balances_by_code(rows: Iterable[tuple[str, int, int, int]]) -> dict[str, Balance]:
    """Trial balance rows (code, year opening, opening, movement) of all details summed to one balance per code."""
    summed: dict[str, tuple[int, int, int]] = {}
    for code, year_opening, opening, movement in rows:
        a, b, c = summed.get(code, (0, 0, 0))
        summed[code] = (a + year_opening, b + opening, c + movement)
    return {code: Balance(code, *values) for code, values in summed.items()}


def _rows(section: str, accounts: Iterable[ChartAccount], figures: Mapping[str, tuple[int, int]]) -> list[StatementRow]:
    return [StatementRow(section, a.code, a.name, a.name_en, *figures.get(a.code, (0, 0))) for a in accounts]


def _total(section: str, name: str, name_en: str, rows: Iterable[StatementRow]) -> StatementRow:
    listed = list(rows)
    return StatementRow(section, "", name, name_en, sum(r.first_fen for r in listed), sum(r.second_fen for r in listed))


def balance_sheet(fund: str, region: str, month: int, balances: Mapping[str, Balance]) -> Statement:
    """资产负债表 (会社保01表): year opening and closing; raises DoesNotTie unless assets = liabilities + net assets.

    Income and expense not yet closed to 3001 are shown as one row of net assets (section `surplus`).
    """
    accounts = chart(fund, month_end(month))
    kinds = {a.code: a.kind for a in accounts}
    unknown = [b.code for b in balances.values() if b.code not in kinds and (b.closing or b.year_opening)]
    if unknown:
        raise DoesNotTie(f"accounts outside the chart: {', '.join(sorted(unknown))}")
    debit = {b.code: (b.year_opening, b.closing) for b in balances.values()}
    credit = {code: (-first, -second) for code, (first, second) in debit.items()}
    assets = _rows("asset", (a for a in accounts if a.kind == "asset"), debit)
    liabilities = _rows("liability", (a for a in accounts if a.kind == "liability"), credit)
    net = _rows("net", (a for a in accounts if a.kind == "net"), credit)
    open_results = [credit[c] for c, kind in kinds.items() if kind in ("income", "expense") and c in credit]
    surplus = StatementRow(
        "surplus", "", "本期收支差额", "Surplus not yet closed",
        sum(first for first, _ in open_results), sum(second for _, second in open_results),
    )  # fmt: skip
    total_assets = _total("assets_total", "资产总计", "Total assets", assets)
    total_liabilities = _total("liabilities_total", "负债合计", "Total liabilities", liabilities)
    total_net = _total("net_total", "净资产合计", "Total net assets", [*net, surplus])
    both = _total("both_total", "负债与净资产总计", "Total liabilities and net assets", [total_liabilities, total_net])
    if (total_assets.first_fen, total_assets.second_fen) != (both.first_fen, both.second_fen):
        raise DoesNotTie(f"{fund} {region} {month}: assets {total_assets.second_fen} ≠ {both.second_fen}")
    rows = (*assets, total_assets, *liabilities, total_liabilities, *net, surplus, total_net, both)
    return Statement("会社保01表", fund, region, month, rows)


def income_statement(
    fund: str, region: str, month: int, balances: Mapping[str, Balance], closed: Mapping[str, int]
) -> Statement:
    """收支表 (会社保02表) of month and year so far; DoesNotTie unless closing = opening + income − expense.

    `closed`: signed lines of the year-end journal of this month (by code), taken out again so that December shows the
    year's income and expense. A balance brought in directly on a net asset account has its own row (`brought_in`).
    """
    accounts = chart(fund, month_end(month))
    kinds = {a.code: a.kind for a in accounts}
    figures: dict[str, tuple[int, int]] = {}
    for b in balances.values():
        in_month = b.movement - closed.get(b.code, 0)
        in_year = b.closing - closed.get(b.code, 0) - b.year_opening
        sign = 1 if kinds.get(b.code) == "expense" else -1
        figures[b.code] = (sign * in_month, sign * in_year)
    income = _rows("income", (a for a in accounts if a.kind == "income"), figures)
    expense = _rows("expense", (a for a in accounts if a.kind == "expense"), figures)
    total_income = _total("income_total", "收入合计", "Total income", income)
    total_expense = _total("expense_total", "支出合计", "Total expense", expense)
    surplus = StatementRow(
        "surplus", "", "本期结余", "Surplus of the period",
        total_income.first_fen - total_expense.first_fen, total_income.second_fen - total_expense.second_fen,
    )  # fmt: skip
    result = {"net", "income", "expense"}
    held = [b for b in balances.values() if kinds.get(b.code) in result]
    opening = StatementRow(
        "opening", "", "期初滚存结余", "Balance brought forward",
        -sum(b.opening for b in held), -sum(b.year_opening for b in held),
    )  # fmt: skip
    net = [figures[b.code] for b in held if kinds[b.code] == "net"]
    brought = StatementRow(
        "brought_in",
        "",
        "转入结余",
        "Balances brought in",
        sum(first for first, _ in net),
        sum(second for _, second in net),
    )
    closing = _total("closing", "期末滚存结余", "Balance carried forward", [opening, brought, surplus])
    ledger = -sum(b.closing for b in held)
    if (closing.first_fen, closing.second_fen) != (ledger, ledger):
        raise DoesNotTie(f"{fund} {region} {month}: closing {closing.first_fen}/{closing.second_fen} ≠ ledger {ledger}")
    rows = (*income, total_income, *expense, total_expense, surplus, opening, brought, closing)
    return Statement("会社保02表", fund, region, month, rows)


def tie_together(sheet: Statement, income: Statement) -> None:
    """The two statements of one month agree on net assets; raises DoesNotTie."""
    net, closing = sheet.row("net_total").second_fen, income.row("closing").second_fen
    if net != closing:
        raise DoesNotTie(f"{sheet.fund} {sheet.region} {sheet.month}: net assets {net} ≠ closing balance {closing}")


@dataclass(frozen=True)
class BudgetLine:
    """Budget against actual of one account: fen, and the share carried out in hundredths of a percent."""

    code: str
    name: str
    name_en: str
    kind: str
    budget_fen: int
    actual_fen: int
    executed_bp: int | None


@dataclass(frozen=True)
class BudgetExecution:
    """The execution report of a budget: rows, rolling balance, payable months in tenths (None: no expense)."""

    fund: str
    region: str
    month: int
    rows: tuple[BudgetLine, ...]
    balance_fen: int
    payable_tenths: int | None


def half_up(numerator: int, denominator: int) -> int:
    """numerator / denominator rounded half up to a whole number, for a positive denominator."""
    return (2 * numerator + denominator) // (2 * denominator)


def budget_execution(income: Statement, budget: Mapping[str, int]) -> BudgetExecution:
    """Budget against actual of the year so far; payable months = balance / average monthly expense.

    Law: 财社〔2017〕144号.
    """
    rows = []
    for row in income.rows:
        planned = budget.get(row.code, 0)
        if not row.code or not (planned or row.second_fen):
            continue
        share = half_up(row.second_fen * 10000, planned) if planned > 0 else None
        rows.append(BudgetLine(row.code, row.name, row.name_en, row.section, planned, row.second_fen, share))
    expense, balance = income.row("expense_total").second_fen, income.row("closing").second_fen
    payable = half_up(balance * (income.month % 100) * 10, expense) if expense > 0 and balance > 0 else None
    return BudgetExecution(income.fund, income.region, income.month, tuple(rows), balance, payable)
