"""Interest on personal accounts by both methods, and what heirs receive (handbook 2.1-2.3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dashebao.business.insurance.pension.rules_lines import (
    annual_credits,
    annual_opening,
    closing_balance,
    credit_interest,
    inherited,
    opening_interest,
    paid_out,
)
from dashebao.kernel.law.api import ACCOUNT_RATE, ACCOUNT_RULES, SOCIAL_INSURANCE_LAW
from dashebao.kernel.rules.api import ZERO, BadInput, Exact, Law, Ratio, Results, Yuan, formula, yuan_text


@dataclass(frozen=True)
class MonthlyInterest:
    """Balance at the end of last year, the year's rate, credits by month, and how many months count (12: all)."""

    opening: Yuan
    rate: Ratio
    credits: dict[int, Yuan]
    months: int = 12


@dataclass(frozen=True)
class YearOfInterest:
    """Interest of one year by the month-product method."""

    on_opening: Exact
    month_product: Exact
    on_credits: Exact
    credited: Exact
    closing: Exact


def month_product(credits: Mapping[int, Exact], months: int = 12) -> Exact:
    """Sum of credit x months it stood, a January credit counting for `months`; later months count nothing."""
    return sum((amount * max(0, months - month + 1) for month, amount in credits.items()), Exact(0))


def interest_of_year(opening: Exact, rate: Exact, credits: Mapping[int, Exact], months: int = 12) -> YearOfInterest:
    """Month-product method: a whole year, or the part up to the month before the benefit starts."""
    if not 0 <= months <= 12 or any(not 1 <= month <= 12 for month in credits):
        raise BadInput("月份应在1至12之间", "months must lie between 1 and 12")
    product = month_product(credits, months)
    on_opening, on_credits = opening_interest(opening, rate, Exact(months)), credit_interest(product, rate)
    credited = sum(credits.values(), Exact(0))
    closing = closing_balance(opening, credited, on_opening, on_credits)
    return YearOfInterest(on_opening, product, on_credits, credited, closing)


@formula(
    "pension.account_interest_monthly",
    zh="个人账户利息（月积数法）",
    en="Account interest, month-product method",
    law=(ACCOUNT_RULES["第十四条"], ACCOUNT_RATE["全文"]),
)
def account_interest_monthly(given: MonthlyInterest, law: Law) -> Results:
    """Interest on the opening balance and on the month product, each rounded once (RR6)."""
    year = interest_of_year(given.opening, given.rate, given.credits, given.months)
    return {
        "interest_on_opening": yuan_text(year.on_opening),
        "month_product": yuan_text(year.month_product),
        "interest_on_credits": yuan_text(year.on_credits),
        "credited": yuan_text(year.credited),
        "closing": yuan_text(year.closing),
    }


@dataclass(frozen=True)
class AnnualInterest:
    """Balance, rate, the year's credits, and the factor 13/12 as printed (1.083)."""

    opening: Yuan
    rate: Ratio
    year_credits: Yuan
    factor: Ratio | None = None


@formula(
    "pension.account_interest_annual",
    zh="个人账户利息（年度计算法）",
    en="Account interest, annual method",
    law=(ACCOUNT_RULES["第十四条"],),
)
def account_interest_annual(given: AnnualInterest, law: Law) -> Results:
    """Balance with a year's interest plus credits with half a year's, corrected by the factor."""
    factor = law["pension.annual_method_factor"] if given.factor is None else given.factor
    opening = annual_opening(given.opening, given.rate)
    part = annual_credits(given.year_credits, given.rate, factor)
    return {
        "opening_part": yuan_text(opening),
        "credits_part": yuan_text(part),
        "closing": yuan_text(opening + part),
    }


@dataclass(frozen=True)
class AccountYear:
    """One year of a chain: its rate and the credit of each of its first `months` months."""

    year: int
    rate: Ratio
    monthly: Yuan
    months: int = 12


@dataclass(frozen=True)
class Chain:
    """An opening balance and years in a row."""

    opening: Yuan
    years: tuple[AccountYear, ...]


@formula(
    "pension.account_chain",
    zh="个人账户逐年结转",
    en="Account carried over years",
    law=(ACCOUNT_RULES["第十四条"], ACCOUNT_RATE["全文"]),
)
def account_chain(given: Chain, law: Law) -> Results:
    """Each year's closing balance opens the next."""
    balance, chain = given.opening, []
    for row in given.years:
        credits = dict.fromkeys(range(1, row.months + 1), row.monthly)
        balance = interest_of_year(balance, row.rate, credits).closing
        chain.append({"year": row.year, "closing": yuan_text(balance)})
    return {"chain": chain}


@dataclass(frozen=True)
class Inheritance:
    """Balance at award, account pension a month, months paid, and interest since."""

    award_balance: Yuan
    monthly_account_pension: Yuan
    months_paid: int
    interest: Yuan = ZERO


@formula(
    "pension.inheritable_balance",
    zh="个人账户可继承余额",
    en="Account balance left to heirs",
    law=(SOCIAL_INSURANCE_LAW[14],),
)
def inheritable_balance(given: Inheritance, law: Law) -> Results:
    """Award balance with interest less the account pension paid, not below nothing."""
    paid = paid_out(given.monthly_account_pension, Exact(given.months_paid))
    return {"paid": yuan_text(paid), "inheritable": yuan_text(inherited(given.award_balance, given.interest, paid))}
