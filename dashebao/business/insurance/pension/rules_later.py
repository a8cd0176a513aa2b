"""After the award: yearly increase, survivors, moving between provinces, overpayment (handbook 2.10-2.14)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dashebao.business.insurance.pension.rules_lines import (
    by_income,
    increase_by_percent,
    increase_by_years,
    offset_amount,
    overpaid_amount,
    survivor_months,
    survivor_months_left,
    transfer_pool,
    yearly_increase,
)
from dashebao.kernel.law.api import HANDLING_RULES, PENSION_INCREASE, PENSION_TRANSFER, SURVIVOR_RULES
from dashebao.kernel.legal_time.api import Month
from dashebao.kernel.rules.api import (
    ZERO,
    BadInput,
    Exact,
    Law,
    Months,
    Ratio,
    Results,
    Yuan,
    formula,
    high,
    ratio_text,
    yuan_text,
)

PART_YEAR_COUNTS = "part year counts as one"


@dataclass(frozen=True)
class AdjustmentInputs:
    """A pension, the months paid, and the terms of the year's notice."""

    pension: Yuan
    months: Months
    flat: Yuan
    per_year: Yuan
    percent: Ratio
    tilt: Yuan = ZERO
    years_rounding: str = PART_YEAR_COUNTS
    min_years_counted: Ratio | None = None
    tilt_reason: str | None = None


def counted_years(months: Exact, rounding: str = PART_YEAR_COUNTS, least: Exact | None = None) -> Exact:
    """Years that count: part years up, down or exact as the notice says, and at least a floor if it has one."""
    years, words = months / 12, rounding.lower()
    if any(word in words for word in ("exact", "not rounded", "unrounded", "by month", "months / 12")):
        counted = years
    elif any(
        word in words for word in ("full year", "whole year", "complete year", "drop", "down", "ignored", "not count")
    ):
        counted = years.floor()
    elif any(word in words for word in ("counts as one", "up", "part year")):
        counted = years.ceiling()
    else:
        raise BadInput(f"不认识的年限取整方法：{rounding}", f"unknown way of counting years: {rounding}")
    return counted if least is None else high(counted, least)


@formula(
    "pension.annual_adjustment",
    zh="基本养老金年度调整",
    en="Yearly increase of a pension",
    law=(PENSION_INCREASE["全文"],),
)
def annual_adjustment(given: AdjustmentInputs, law: Law) -> Results:
    """Flat + years x amount + percent of the pension + tilt."""
    years = counted_years(given.months, given.years_rounding, given.min_years_counted)
    by_years = increase_by_years(given.per_year, years)
    by_percent = increase_by_percent(given.pension, given.percent)
    increase = yearly_increase(given.flat, by_years, by_percent, given.tilt)
    return {
        "years": _count(years),
        "increase": yuan_text(increase),
        "new_pension": yuan_text(given.pension + increase),
    }


def _count(value: Exact) -> int | str:
    return value.whole() if value.fraction().denominator == 1 else ratio_text(value)


@dataclass(frozen=True)
class SurvivorInputs:
    """Monthly urban income of the province, months paid in, in service or pensioner, and months of pension paid."""

    monthly_income_base: Yuan
    contribution_months: Months
    status: str
    paid_months: Months = ZERO


def survivor_grant_months(given: SurvivorInputs, law: Law) -> Exact:
    """Months of the survivors' grant; part years count as one."""
    terms = "pension.survivor"
    years = (given.contribution_months / 12).ceiling()
    band = law.scale(f"{terms}.bands").at(years)
    months = survivor_months(band, years, law[f"{terms}.years_of_last_band"], law[f"{terms}.most_months"])
    if given.status == "in_service":
        return months
    if given.status != "pensioner":
        raise BadInput(f"未知的参保状态 {given.status}", f"unknown status {given.status}; known: in_service, pensioner")
    received = (given.paid_months / 12).ceiling()
    return survivor_months_left(months, received, law[f"{terms}.least_months_of_pensioner"])


@formula(
    "pension.survivor_grant",
    zh="丧葬补助金和抚恤金",
    en="Funeral and survivors' grant",
    law=(SURVIVOR_RULES["第四条"], SURVIVOR_RULES["第五条"]),
)
def survivor_grant(given: SurvivorInputs, law: Law) -> Results:
    """Two months' income for the funeral, and months by years paid for the family."""
    months = survivor_grant_months(given, law)
    funeral = by_income(given.monthly_income_base, law["pension.survivor.funeral_months"])
    grant = by_income(given.monthly_income_base, months)
    return {
        "funeral": yuan_text(funeral),
        "pension_months": months.whole(),
        "pension": yuan_text(grant),
        "total": yuan_text(funeral + grant),
    }


@dataclass(frozen=True)
class WageYear:
    """A year's months and monthly base."""

    year: int
    months: int
    monthly_base: Yuan


@dataclass(frozen=True)
class TransferInputs:
    """Contribution wages by year, the pool rate, and the account balance."""

    wages: tuple[WageYear, ...]
    account_balance: Yuan
    pool_rate: Ratio | None = None


@formula(
    "pension.transfer_amount",
    zh="基本养老保险关系转移金额",
    en="Money that moves between provinces",
    law=(PENSION_TRANSFER[4],),
)
def transfer_amount(given: TransferInputs, law: Law) -> Results:
    """12 % of the wages paid on since 1998-01, part years by months, and the whole account."""
    first = law["pension.transfer.first_year"].whole()
    counted = (row for row in given.wages if row.year >= first)
    wages = sum((row.monthly_base * row.months for row in counted), Exact(0))
    pool = transfer_pool(wages, law["pension.transfer.pool_rate"] if given.pool_rate is None else given.pool_rate)
    return {
        "pool_transfer": yuan_text(pool),
        "account_transfer": yuan_text(given.account_balance),
        "total": yuan_text(pool + given.account_balance),
    }


@dataclass(frozen=True)
class PlaceCase:
    """Home and current province, months by province, and the last province with ten years ("": derive it)."""

    home: str
    current: str
    months_by_province: dict[str, int]
    last_province_with_120_months: str | None = ""


@dataclass(frozen=True)
class PlaceCases:
    """Several people."""

    cases: tuple[PlaceCase, ...]


def place_of(case: PlaceCase, needed: int) -> str:
    """Where the pension is drawn: at home, else ten years here, else the last place with ten years, else home."""
    if case.current == case.home:
        return case.home
    if case.months_by_province.get(case.current, 0) >= needed:
        return case.current
    last = case.last_province_with_120_months
    if last == "":
        long = [place for place, months in case.months_by_province.items() if months >= needed]
        if len(long) > 1:
            raise BadInput(
                "有多个缴费满十年的地方，请指明最后一个", "several places have ten years: say which was the last"
            )
        last = long[0] if long else None
    return last or case.home


@formula("pension.place_of_benefit", zh="待遇领取地", en="Place of benefit", law=(PENSION_TRANSFER[6],))
def place_of_benefit(given: PlaceCases, law: Law) -> Results:
    """The province that pays each person."""
    needed = law["pension.transfer.months_at_place"].whole()
    return {"places": [place_of(case, needed) for case in given.cases]}


@dataclass(frozen=True)
class OverpaymentInputs:
    """Day of death, monthly pension, last month paid, and survivors' money that may be kept back."""

    death_date: date
    monthly_pension: Yuan
    last_paid_month: Month
    offset_available: Yuan = ZERO


@formula(
    "pension.overpayment",
    zh="死亡后多发养老金",
    en="Pension paid after death",
    law=(HANDLING_RULES[25], HANDLING_RULES[26], HANDLING_RULES[46]),
)
def overpayment(given: OverpaymentInputs, law: Law) -> Results:
    """The pension ends with the month of death; later months are recovered, first from survivors' money."""
    died = Month.of(given.death_date)
    months = max(0, given.last_paid_month.since(died))
    overpaid = overpaid_amount(given.monthly_pension, Exact(months))
    offset = offset_amount(overpaid, given.offset_available)
    return {
        "first_overpaid_month": str(died + 1),
        "months": months,
        "overpaid": yuan_text(overpaid),
        "offset": yuan_text(offset),
        "still_owed": yuan_text(overpaid - offset),
    }
