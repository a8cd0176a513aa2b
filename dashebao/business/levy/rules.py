"""Rules of contributions: base, shares, late fee, 110 % rule, limits and the monthly bill (handbook section 1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from dashebao.business.levy.rules_columns import (
    ContributionColumns,
    FlexibleColumns,
    FlexibleTerms,
    SchemeTerms,
    contribution_columns,
    flexible_columns,
    flexible_terms,
    late_fee_columns,
    premium_columns,
    scheme_terms,
    undeclared_columns,
)
from dashebao.business.levy.rules_lines import (
    LATE_DAYS,
    base_limit,
    bounded_base,
    late_fee_amount,
    share,
    total,
    undeclared_amount,
)
from dashebao.kernel.law.api import (
    GUANGDONG_FLEXIBLE,
    GUANGDONG_LIMITS_2025,
    LEVY_RULES,
    PENSION_2005,
    RATE_CUT_2019,
    SOCIAL_INSURANCE_LAW,
)
from dashebao.kernel.rules.api import BadInput, Exact, Law, Ratio, Results, Yuan, formula, mount, yuan_text

__all__ = [
    "ContributionColumns",
    "FlexibleColumns",
    "FlexibleTerms",
    "SchemeTerms",
    "base_limits",
    "contribution",
    "contribution_columns",
    "flexible_columns",
    "flexible_contribution",
    "flexible_terms",
    "late_fee",
    "late_fee_columns",
    "late_fee_days",
    "monthly_bill",
    "premium_columns",
    "scheme_terms",
    "undeclared_assessment",
    "undeclared_columns",
]

mount("levy", Path(__file__).parent / "parameters")


@dataclass(frozen=True)
class Contribution:
    """A wage, the limits of the base (None: no limit) and the two rates."""

    wage: Yuan
    employer_rate: Ratio
    individual_rate: Ratio
    floor: Yuan | None = None
    cap: Yuan | None = None


def _contribution(wage: Exact, terms: BillTerms) -> dict[str, Exact]:
    base = bounded_base(wage, *checked_limits(terms.floor, terms.cap))
    return {
        "base": base,
        "employer": share(base, terms.employer_rate),
        "individual": share(base, terms.individual_rate),
    }


def checked_limits(floor: Exact | None, cap: Exact | None) -> tuple[Exact | None, Exact | None]:
    """Refuse limits that leave no base between them."""
    if floor is not None and cap is not None and floor > cap:
        raise BadInput("缴费基数下限高于上限", "the floor of the base is above its cap")
    return floor, cap


@formula(
    "levy.contribution",
    zh="单个险种应缴额",
    en="Contribution to one scheme",
    law=(SOCIAL_INSURANCE_LAW[12], RATE_CUT_2019["第一条"], GUANGDONG_LIMITS_2025["第一条"]),
)
def contribution(given: Contribution, law: Law) -> Results:
    """Base = the wage held between floor and cap; each payer's share rounded once (RR1)."""
    terms = BillTerms(given.employer_rate, given.individual_rate, given.floor, given.cap)
    return {name: yuan_text(value) for name, value in _contribution(given.wage, terms).items()}


@dataclass(frozen=True)
class FlexibleContribution:
    """A flexible worker's chosen base, the limits, and the whole rate with its two parts."""

    declared_base: Yuan
    rate_total: Ratio
    rate_pool: Ratio
    rate_account: Ratio
    floor: Yuan | None = None
    cap: Yuan | None = None


@formula(
    "levy.flexible_contribution",
    zh="灵活就业人员养老保险应缴额",
    en="Pension contribution of a flexible worker",
    law=(GUANGDONG_FLEXIBLE["第六条"], GUANGDONG_FLEXIBLE["第七条"], PENSION_2005["第三条"]),
)
def flexible_contribution(given: FlexibleContribution, law: Law) -> Results:
    """Pool and account parts rounded once each; the whole is their sum (RR1)."""
    if given.rate_pool + given.rate_account != given.rate_total:
        raise BadInput(
            "统筹与个人账户费率之和不等于总费率", "the pool and account rates do not add up to the whole rate"
        )
    base = bounded_base(given.declared_base, *checked_limits(given.floor, given.cap))
    pool, account = share(base, given.rate_pool), share(base, given.rate_account)
    return {
        "base": yuan_text(base),
        "total": yuan_text(total(pool, account)),
        "pool": yuan_text(pool),
        "account": yuan_text(account),
    }


@dataclass(frozen=True)
class BaseLimits:
    """The reference wage and the ratios of cap and floors."""

    reference_monthly_wage: Yuan
    cap_ratio: Ratio
    floor_ratio_tier1: Ratio
    floor_ratio_tier2: Ratio


@formula(
    "levy.base_limits",
    zh="缴费基数上下限",
    en="Limits of the contribution base",
    law=(RATE_CUT_2019["第二条"], GUANGDONG_LIMITS_2025["第一条"]),
)
def base_limits(given: BaseLimits, law: Law) -> Results:
    """Limits in whole yuan, half up (RR2)."""
    wage = given.reference_monthly_wage
    ratios = {"cap": given.cap_ratio, "floor_tier1": given.floor_ratio_tier1, "floor_tier2": given.floor_ratio_tier2}
    return {name: str((base_limit(wage, ratio) / 100).whole()) for name, ratio in ratios.items()}


@dataclass(frozen=True)
class LateFee:
    """Unpaid principal, the day it was due, the day it was paid, and how days are counted."""

    principal: Yuan
    due_date: date
    paid_date: date
    daily_rate: Ratio | None = None
    day_count: str = LATE_DAYS


def late_fee_days(due_on: date, paid_on: date, day_count: str = LATE_DAYS) -> int:
    """Days of default: the day after the due date through the paid date; none if paid in time."""
    if paid_on <= due_on:
        return 0
    words = day_count.lower()
    days = (paid_on - due_on).days
    if not words.startswith("day after") and words.startswith(("due date", "from due", "from the due")):
        days += 1
    if "exclusive" in words or "excluding paid" in words or "day before paid" in words:
        days -= 1
    return days


@formula(
    "levy.late_fee",
    zh="滞纳金",
    en="Late fee",
    law=(SOCIAL_INSURANCE_LAW[86],),
)
def late_fee(given: LateFee, law: Law) -> Results:
    """Principal x daily rate x days, no compounding, rounded once."""
    days = late_fee_days(given.due_date, given.paid_date, given.day_count)
    rate = law["levy.late_fee_rate"] if given.daily_rate is None else given.daily_rate
    return {"days": days, "late_fee": yuan_text(late_fee_amount(given.principal, rate, Exact(days)))}


@dataclass(frozen=True)
class Undeclared:
    """What was payable last month and the factor put on it."""

    last_month_payable: Yuan
    factor: Ratio | None = None


@formula(
    "levy.undeclared_assessment",
    zh="未申报核定",
    en="Assessment without declaration",
    law=(SOCIAL_INSURANCE_LAW[62], LEVY_RULES[10]),
)
def undeclared_assessment(given: Undeclared, law: Law) -> Results:
    """110 % of last month until the unit declares."""
    factor = law["levy.undeclared_factor"] if given.factor is None else given.factor
    return {"assessed": yuan_text(undeclared_amount(given.last_month_payable, factor))}


@dataclass(frozen=True)
class BillTerms:
    """Rates and limits of one scheme on a bill."""

    employer_rate: Ratio
    individual_rate: Ratio
    floor: Yuan | None = None
    cap: Yuan | None = None


@dataclass(frozen=True)
class MonthlyBill:
    """Wages by person and terms by scheme."""

    wages: dict[str, Yuan]
    params: dict[str, BillTerms]


@formula(
    "levy.monthly_bill",
    zh="单位月度缴费单",
    en="Monthly bill of a unit",
    law=(SOCIAL_INSURANCE_LAW[60], LEVY_RULES[10]),
)
def monthly_bill(given: MonthlyBill, law: Law) -> Results:
    """Every person x scheme x payer rounded once, with its own base; totals are sums of rounded items (RR1)."""
    lines = {
        person: {scheme: _contribution(wage, terms) for scheme, terms in given.params.items()}
        for person, wage in given.wages.items()
    }
    employer = sum((part["employer"] for row in lines.values() for part in row.values()), Exact(0))
    individual = sum((part["individual"] for row in lines.values() for part in row.values()), Exact(0))
    return {
        "lines": {
            person: {scheme: {k: yuan_text(v) for k, v in parts.items()} for scheme, parts in row.items()}
            for person, row in lines.items()
        },
        "employer_total": yuan_text(employer),
        "individual_total": yuan_text(individual),
        "grand_total": yuan_text(total(employer, individual)),
    }
