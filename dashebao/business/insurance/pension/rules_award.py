"""The award: average index, national formula, and the Guangdong variant (handbook 2.7)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from dashebao.business.insurance.pension.rules_lines import (
    INDEX,
    account_pension,
    average_index,
    basic_pension,
    coefficient_a,
    guangdong_basic,
    guangdong_transitional,
    method_difference,
    new_method,
    old_method,
    pension_total,
    transitional_pension,
    year_index,
    years_supplement,
)
from dashebao.business.insurance.pension.rules_retirement import payout_of_age
from dashebao.kernel.law.api import GUANGDONG_PENSION, GUANGDONG_TRANSITION, PENSION_2005
from dashebao.kernel.legal_time.api import Age
from dashebao.kernel.rules.api import (
    ZERO,
    BadInput,
    Exact,
    Law,
    Months,
    Ratio,
    Results,
    Rounding,
    Years,
    Yuan,
    formula,
    ratio_text,
    yuan_text,
)


@dataclass(frozen=True)
class IndexYear:
    """A year's months, monthly base, and the average wage it is compared with."""

    year: int
    months: int
    monthly_base: Yuan
    average_wage: Yuan


@dataclass(frozen=True)
class IndexYears:
    """Years of contribution and how their indexes are rounded."""

    years: tuple[IndexYear, ...]
    rounding: str = "year index 4dp, mean weighted by months, 4dp"


@dataclass(frozen=True)
class IndexRounding:
    """Decimals of the year index (None: exact) and of the mean (None: exact), and whether months weigh."""

    year: Rounding | None
    mean: Rounding | None
    weighted: bool


@lru_cache(256)
def index_rounding(text: str) -> IndexRounding:
    """Read a rounding sentence such as "year index 4dp, mean weighted by months, 4dp"."""
    parts = [part.strip() for part in re.split(r"[,;，；]", text.lower()) if part.strip()]
    year = [part for part in parts if "year" in part and "mean" not in part]
    rest = [part for part in parts if part not in year]
    unweighted = any(word in text.lower() for word in ("unweighted", "simple mean", "arithmetic mean"))
    return IndexRounding(_places(year), _places(rest), not unweighted)


def _places(parts: list[str]) -> Rounding | None:
    for part in parts:
        found = re.search(r"(\d+)\s*(?:dp|decimal)", part)
        if found:
            places = int(found[1])
            return INDEX if places == INDEX.places else Rounding(places, f"{places} dp as asked", money=False)
    return None if any(re.search(r"unrounded|not rounded|exact|no rounding", part) for part in parts) else INDEX


@formula(
    "pension.average_index",
    zh="平均缴费工资指数",
    en="Average contribution-wage index",
    law=(PENSION_2005["第六条"], GUANGDONG_PENSION["第三条"]),
)
def average_of_years(given: IndexYears, law: Law) -> Results:
    """Year indexes, and their mean weighted by the months paid."""
    how = index_rounding(given.rounding)
    indexes = []
    for row in given.years:
        index = year_index(row.monthly_base, row.average_wage)
        if how.year is not INDEX:
            exact_index = row.monthly_base / row.average_wage
            index = exact_index if how.year is None else exact_index.rounded(how.year)
        indexes.append(index)
    weights = [row.months if how.weighted else 1 for row in given.years]
    if not sum(weights):
        raise BadInput("没有缴费月数，无法计算平均指数", "there are no contribution months to average over")
    product = sum((index * weight for index, weight in zip(indexes, weights, strict=True)), Exact(0))
    mean = average_index(product, Exact(sum(weights)))
    if how.mean is not INDEX:
        exact_mean = product / sum(weights)
        mean = exact_mean if how.mean is None else exact_mean.rounded(how.mean)
    return {
        "year_indices": [_index_text(index, how.year) for index in indexes],
        "average_index": _index_text(mean, how.mean),
    }


def _index_text(index: Exact, rounding: Rounding | None) -> str:
    return ratio_text(index, rounding.places if rounding else None)


def calculation_base(given: Exact | None, law: Law) -> Exact:
    """The calculation base given, else the one in force."""
    return law["pension.calc_base"] if given is None else given


@dataclass(frozen=True)
class AwardInputs:
    """What the national award needs; deemed months only for those who began before accounts were opened."""

    average_index: Ratio
    months: Months
    account_balance: Yuan
    age: Age
    calc_base: Yuan | None = None
    deemed_months: Months | None = None
    deemed_index: Ratio | None = None
    coefficient: Ratio | None = None


@formula("pension.award", zh="基本养老金计发", en="Pension award", law=(PENSION_2005["第六条"], PENSION_2005["附件"]))
def award(given: AwardInputs, law: Law) -> Results:
    """Basic + account, and for deemed months the transitional part; each part rounded once."""
    payout = payout_of_age(given.age.total_months, law)
    calc_base = calculation_base(given.calc_base, law)
    basic = basic_pension(calc_base, given.average_index, given.months, law["pension.basic_rate"])
    account = account_pension(given.account_balance, payout)
    results = {"basic": yuan_text(basic), "payout_months": ratio_text(payout), "account": yuan_text(account)}
    transitional = Exact(0)
    if given.deemed_months is not None:
        index = given.average_index if given.deemed_index is None else given.deemed_index
        coefficient = law["pension.transitional_rate"] if given.coefficient is None else given.coefficient
        transitional = transitional_pension(calc_base, index, given.deemed_months, coefficient)
        results["transitional"] = yuan_text(transitional)
    return results | {"total": yuan_text(pension_total(basic, account, transitional, Exact(0)))}


@dataclass(frozen=True)
class GuangdongInputs:
    """What the Guangdong award sheet needs; the deemed account and weighted years only for deemed service."""

    average_index: Ratio
    months: Months
    account_balance: Yuan
    payout_months: Months
    calc_base: Yuan | None = None
    deemed_account: Yuan = ZERO
    weighted_index_years: Years | None = None
    phase_in_rate: Ratio | None = None


@dataclass(frozen=True)
class GuangdongTransition:
    """The transitional line and the difference line of the sheet."""

    transitional: Exact
    adjustment: Exact


def guangdong_transition(given: GuangdongInputs, law: Law) -> GuangdongTransition:
    """Old method with its supplements, and the phased difference to the new method.

    From 2026 the new method alone with the supplements, unless a phase-in rate is given.
    """
    supplement = years_supplement(law["pension.guangdong.per_year"], (given.months / 12).floor())
    flat = law["pension.guangdong.flat"]
    old = old_method(given.deemed_account, law["pension.guangdong.deemed_divisor"])
    if given.weighted_index_years is None:
        return GuangdongTransition(guangdong_transitional(old, flat, supplement), Exact(0))
    new = new_method(
        calculation_base(given.calc_base, law), given.weighted_index_years, law["pension.transitional_rate"]
    )
    if given.phase_in_rate is None and law.flag("pension.guangdong.new_method_alone"):
        return GuangdongTransition(guangdong_transitional(new, flat, supplement), Exact(0))
    phase = law["pension.guangdong.phase_in_rate"] if given.phase_in_rate is None else given.phase_in_rate
    difference = method_difference(new, old, supplement, phase)
    return GuangdongTransition(guangdong_transitional(old, flat, supplement), difference)


@formula(
    "pension.award_guangdong",
    zh="广东省基本养老金计发",
    en="Guangdong pension award",
    law=(PENSION_2005["第六条"], GUANGDONG_PENSION["第三条"], GUANGDONG_TRANSITION["全文"]),
    region="44",
)
def award_guangdong(given: GuangdongInputs, law: Law) -> Results:
    """The lines of Guangdong's award sheet."""
    a = coefficient_a(given.average_index, law["pension.guangdong.index_threshold"])
    calc_base = calculation_base(given.calc_base, law)
    basic = guangdong_basic(a, calc_base, given.average_index, given.months, law["pension.basic_rate"])
    account = account_pension(given.account_balance, given.payout_months)
    part = guangdong_transition(given, law)
    return {
        "a": ratio_text(a, 4),
        "basic": yuan_text(basic),
        "account": yuan_text(account),
        "transitional": yuan_text(part.transitional),
        "adjustment": yuan_text(part.adjustment),
        "total": yuan_text(pension_total(basic, account, part.transitional, part.adjustment)),
    }
