"""Disability allowance and early retirement for hard trades (handbook 2.5, 2.11)."""

from __future__ import annotations

from dataclasses import dataclass

from dashebao.business.insurance.pension.rules_lines import PER_ITEM
from dashebao.kernel.law.api import DISABILITY_ALLOWANCE, RETIREMENT_1978, RETIREMENT_DELAY
from dashebao.kernel.legal_time.api import Month
from dashebao.kernel.rules.api import (
    BadInput,
    Count,
    Exact,
    Law,
    Months,
    Ratio,
    Results,
    Yuan,
    formula,
    high,
    line,
    yuan_text,
)


@dataclass(frozen=True)
class DisabilityInputs:
    """Months to the statutory age, months paid and needed, and the pension's amounts as they would be now.

    `pension`: a normal pension; `basic`: its basic part; `minimum_basic`: the basic part for the minimum years.
    """

    months_to_age: Months
    months: Months
    minimum_months: Months
    pension: Yuan
    basic: Yuan
    minimum_basic: Yuan


@line(
    "pension.disability.share",
    "病残津贴（不满最低缴费年限）",
    "allowance for too few years",
    DISABILITY_ALLOWANCE["全文"],
)
def share_of_basic(minimum_basic: Yuan, share: Ratio) -> Yuan:
    """A share of the basic pension of the minimum years."""
    return (minimum_basic * share).rounded(PER_ITEM)


@line("pension.disability.term", "病残津贴月数", "months of the allowance", DISABILITY_ALLOWANCE["全文"])
def term_months(first_months: Count, more_months: Count, further_years: Count) -> Count:
    """Twelve months, and three for every full year paid beyond five."""
    return first_months + more_months * further_years


@formula("pension.disability_allowance", zh="病残津贴", en="Disability allowance", law=(DISABILITY_ALLOWANCE["全文"],))
def disability_allowance(given: DisabilityInputs, law: Law) -> Results:
    """As a pension within five years of the age, its basic part before, a share for a time with too few years."""
    terms = "pension.disability"
    if given.months_to_age <= 0:
        raise BadInput("已达法定退休年龄，应申领养老金", "the statutory age is reached: claim the pension")
    if given.months >= given.minimum_months:
        near = given.months_to_age <= law[f"{terms}.near_months"]
        return {
            "band": "near" if near else "far",
            "monthly": yuan_text(given.pension if near else given.basic),
            "term": 0,
        }
    monthly = share_of_basic(given.minimum_basic, law[f"{terms}.share"])
    further = high(Exact(0), (given.months / 12).floor() - law[f"{terms}.years_of_first_term"])
    term = term_months(law[f"{terms}.first_term"], law[f"{terms}.more_a_year"], further)
    return {"band": "short", "monthly": yuan_text(monthly), "term": term.whole()}


TRADES = ("underground", "heights", "harmful")


@dataclass(frozen=True)
class TradeInputs:
    """Sex ("1" man, "2" woman), month of birth, the hard trade and the years worked in it."""

    sex: str
    birth: Month
    trade: str
    years: Count


@formula(
    "pension.special_trade",
    zh="特殊工种提前退休",
    en="Early retirement for hard trades",
    law=(RETIREMENT_1978["第一条"], RETIREMENT_DELAY[8]),
)
def special_trade(given: TradeInputs, law: Law) -> Results:
    """The first month of retirement for hard trades, and whether the years in the trade are enough."""
    terms = "pension.special_trade"
    if given.trade not in TRADES:
        raise BadInput(f"没有特殊工种类别 {given.trade}", f"unknown trade {given.trade}; known: {', '.join(TRADES)}")
    age = law[f"{terms}.age_men" if given.sex == "1" else f"{terms}.age_women"].whole()
    needed = law[f"{terms}.years_{given.trade}"]
    return {"earliest": str(given.birth + age), "years_needed": needed.whole(), "enough": given.years >= needed}
