"""When a person may retire: statutory and flexible age, minimum years, payout months (handbook 2.4-2.6, 2.8)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dashebao.business.insurance.pension.rules_lines import delay_months, payout_between
from dashebao.kernel.law.api import FLEXIBLE_RETIREMENT, PENSION_2005, RETIREMENT_DECISION, RETIREMENT_DELAY
from dashebao.kernel.legal_time.api import Age, Month
from dashebao.kernel.rules.api import BadInput, Exact, Law, Number, Results, clip, exact, formula, ratio_text

CATEGORIES = ("M60", "F55", "F50")


@dataclass(frozen=True)
class Births:
    """A category of retirement age and months of birth, as written."""

    category: str
    births: tuple[str, ...]


@dataclass(frozen=True)
class Birth:
    """A category of retirement age and one month of birth."""

    category: str
    birth: Month


@dataclass(frozen=True)
class Window:
    """The months in which a person may retire."""

    statutory: Month
    earliest: Month
    latest: Month


def checked_category(category: str) -> str:
    """M60, F55 or F50; BadInput for anything else."""
    if category not in CATEGORIES:
        raise BadInput(f"没有退休年龄类别 {category}", f"unknown category {category}; known: {', '.join(CATEGORIES)}")
    return category


def old_age_months(category: str, law: Law) -> int:
    """The retirement age before the reform, in months."""
    return law[f"pension.retirement.{checked_category(category)}.old_age"].whole()


def delay(category: str, birth_index: Number, law: Law) -> Exact:
    """Months of delay for one birth month (Month.index) or a column of them."""
    terms = f"pension.retirement.{checked_category(category)}"
    start = Month.from_int(law[f"{terms}.start"].whole()).index
    return delay_months(exact(birth_index) - start, law[f"{terms}.step"], law[f"{terms}.maximum"])


def statutory_month(category: str, birth: Month, law: Law) -> Month:
    """The month in which the statutory retirement age is reached."""
    return birth + old_age_months(category, law) + delay(category, birth.index, law).whole()


def flexible_window(category: str, birth: Month, law: Law) -> Window:
    """Early by up to three years but never before the old age; late by up to three years."""
    statutory = statutory_month(category, birth, law)
    early, late = law["pension.retirement.early"].whole(), law["pension.retirement.late"].whole()
    earliest = max(birth + old_age_months(category, law), statutory - early)
    return Window(statutory, earliest, statutory + late)


def minimum_months(year: int, law: Law) -> int:
    """Months of contribution a monthly pension needs, by the year that counts."""
    return law.on(date(year, 12, 31))["pension.minimum_months"].whole()


def minimum_year(chosen: Month, statutory: Month) -> int:
    """The year that counts: the chosen month's if early, the statutory age's if late."""
    return min(chosen, statutory).year


def payout_of_age(age_months: Number, law: Law) -> Exact:
    """Payout months (1 decimal) for an age in months or a column of them; whole ages only before 2025."""
    scale = law.scale("pension.payout_months")
    age = clip(age_months, scale.first * 12, scale.last * 12)
    years = (age / 12).floor()
    over = age - years * 12 if law.flag("pension.payout_by_month") else exact(0)
    return payout_between(scale.at(years), scale.at(years + 1), over)


@formula(
    "pension.statutory_retirement",
    zh="法定退休年龄",
    en="Statutory retirement age",
    law=(RETIREMENT_DELAY[1], RETIREMENT_DECISION["第一条"]),
)
def statutory_retirement(given: Births, law: Law) -> Results:
    """Delay, age and month for every birth."""
    rows = []
    for written in given.births:
        birth = Month.parse(written)
        months = delay(given.category, birth.index, law).whole()
        age = old_age_months(given.category, law) + months
        rows.append(
            {
                "birth": written,
                "delay_months": months,
                "age": str(Age.from_months(age)),
                "retire_month": str(birth + age),
            }
        )
    return {"rows": rows}


@formula(
    "pension.flexible_window",
    zh="弹性退休区间",
    en="Flexible retirement window",
    law=(RETIREMENT_DELAY[2], RETIREMENT_DELAY[3], FLEXIBLE_RETIREMENT["全文"]),
)
def window(given: Birth, law: Law) -> Results:
    """The three months and the minimum contribution months each of them needs."""
    found = flexible_window(given.category, given.birth, law)
    results: Results = {name: str(getattr(found, name)) for name in ("statutory", "earliest", "latest")}
    for name in ("statutory", "earliest", "latest"):
        year = minimum_year(getattr(found, name), found.statutory)
        results[f"min_months_if_{name}"] = minimum_months(year, law)
    return results


@dataclass(frozen=True)
class RetirementYears:
    """Years of retirement."""

    years: tuple[int, ...]


@formula("pension.minimum_months", zh="最低缴费年限", en="Minimum contribution months", law=(RETIREMENT_DELAY[2],))
def minimum_by_year(given: RetirementYears, law: Law) -> Results:
    """180 months to 2029, then 6 more each year up to 240."""
    return {"months": {year: minimum_months(year, law) for year in given.years}}


@dataclass(frozen=True)
class Ages:
    """Ages in years and months, as written."""

    ages: tuple[str, ...]


@formula("pension.payout_months", zh="计发月数", en="Payout months", law=(PENSION_2005["附件"],))
def payout(given: Ages, law: Law) -> Results:
    """Payout months by age; part years lie between whole ages."""
    return {"months": {age: ratio_text(payout_of_age(Age.parse(age).total_months, law)) for age in given.ages}}
