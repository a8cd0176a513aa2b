"""The pension's rules over columns: the same lines, for accounts, awards and increases of millions of people."""

from __future__ import annotations

from dataclasses import dataclass, fields
from fractions import Fraction
from typing import Any

import numpy as np

from dashebao.business.insurance.pension.rules_award import GuangdongInputs, guangdong_transition
from dashebao.business.insurance.pension.rules_later import PART_YEAR_COUNTS, counted_years
from dashebao.business.insurance.pension.rules_lines import (
    account_pension,
    annual_credits,
    annual_opening,
    average_index,
    basic_pension,
    closing_balance,
    coefficient_a,
    credit_interest,
    guangdong_basic,
    increase_by_percent,
    increase_by_years,
    opening_interest,
    pension_total,
    transitional_pension,
    year_index,
    yearly_increase,
)
from dashebao.business.insurance.pension.rules_retirement import delay, old_age_months, payout_of_age
from dashebao.kernel.rules.api import Column, Exact, Law, exact, run_columns

TEN_THOUSAND = 10_000


def retirement_columns(category: str, birth_index: Column, law: Law) -> Column:
    """Statutory retirement month (Month.index) of every birth month of one category."""
    old_age = old_age_months(category, law)

    def rule(birth: Exact) -> tuple[Exact, ...]:
        return (birth + old_age + delay(category, birth, law),)

    return run_columns(rule, {"birth": birth_index}, 1)[0]


def payout_tenths_columns(age_months: Column, law: Law) -> Column:
    """Payout months of every age (months), in tenths: 1297 is 129.7."""

    def rule(age: Exact) -> tuple[Exact, ...]:
        return (payout_of_age(age, law) * 10,)

    return run_columns(rule, {"age": age_months}, 1)[0]


@dataclass(frozen=True)
class PersonYears:
    """One row for a person's year: person 0..n-1, months paid, total of bases, average monthly wage (fen)."""

    person: Column
    months: Column
    base_total_fen: Column
    average_wage_fen: Column


def average_index_columns(rows: PersonYears, persons: int) -> Column:
    """Average index of every person in 1/10000 (0 without months): year indexes and mean to 4 decimals."""
    paid = rows.months > 0
    months = rows.months[paid]

    def of_year(base: Exact, months: Exact, wage: Exact) -> tuple[Exact, ...]:
        return (year_index(base / months, wage) * TEN_THOUSAND,)

    given = {"base": rows.base_total_fen[paid], "months": months, "wage": rows.average_wage_fen[paid]}
    index = run_columns(of_year, given, 1)[0]
    weighted, total = np.zeros(persons, np.int64), np.zeros(persons, np.int64)
    np.add.at(weighted, rows.person[paid], index * months)
    np.add.at(total, rows.person[paid], months)

    def mean(weighted: Exact, months: Exact) -> tuple[Exact, ...]:
        return (average_index(weighted / TEN_THOUSAND, months) * TEN_THOUSAND,)

    return run_columns(mean, {"weighted": weighted, "months": np.maximum(total, 1)}, 1)[0]


@dataclass(frozen=True)
class AwardColumns:
    """One row for an award of the national formula; indexes in 1/10000, payout months in tenths, money in fen."""

    calc_base_fen: Column
    index_1e4: Column
    months: Column
    balance_fen: Column
    payout_tenths: Column
    deemed_months: Column
    deemed_index_1e4: Column


@dataclass(frozen=True)
class AwardResult:
    """Parts and total in fen."""

    basic_fen: Column
    account_fen: Column
    transitional_fen: Column
    total_fen: Column


def _given(rows: Any) -> dict[str, Column]:
    return {entry.name: getattr(rows, entry.name) for entry in fields(rows)}


def award_columns(rows: AwardColumns, law: Law) -> AwardResult:
    """The national award of every row; rows without deemed months get a transitional part of 0."""
    basic_rate, coefficient = law["pension.basic_rate"], law["pension.transitional_rate"]

    def rule(**row: Exact) -> tuple[Exact, ...]:
        base, index = row["calc_base_fen"], row["index_1e4"] / TEN_THOUSAND
        deemed_index = row["deemed_index_1e4"] / TEN_THOUSAND
        basic = basic_pension(base, index, row["months"], basic_rate)
        account = account_pension(row["balance_fen"], row["payout_tenths"] / 10)
        transitional = transitional_pension(base, deemed_index, row["deemed_months"], coefficient)
        return basic, account, transitional, pension_total(basic, account, transitional, Exact(0))

    return AwardResult(*run_columns(rule, _given(rows), 4))


@dataclass(frozen=True)
class GuangdongColumns:
    """One row for a Guangdong award; weighted years (index x years) in 1/10000, 0 without deemed service."""

    calc_base_fen: Column
    index_1e4: Column
    months: Column
    balance_fen: Column
    payout_tenths: Column
    deemed_account_fen: Column
    weighted_years_1e4: Column


@dataclass(frozen=True)
class GuangdongResult:
    """The lines of the sheet in fen."""

    basic_fen: Column
    account_fen: Column
    transitional_fen: Column
    adjustment_fen: Column
    total_fen: Column


def award_guangdong_columns(rows: GuangdongColumns, law: Law) -> GuangdongResult:
    """Guangdong's award of every row; people with and without deemed service are computed apart."""
    out = tuple(np.zeros(len(rows.months), np.int64) for _ in range(5))
    for deemed in (False, True):
        chosen = np.flatnonzero((rows.weighted_years_1e4 > 0) == deemed)
        given = {name: column[chosen] for name, column in _given(rows).items()}
        for target, part in zip(out, _guangdong(given, law, deemed), strict=True):
            target[chosen] = part
    return GuangdongResult(*out)


def _guangdong(given: dict[str, Column], law: Law, deemed: bool) -> tuple[Column, ...]:
    def rule(**row: Exact) -> tuple[Exact, ...]:
        index = row["index_1e4"] / TEN_THOUSAND
        inputs = GuangdongInputs(
            calc_base=row["calc_base_fen"],
            average_index=index,
            months=row["months"],
            account_balance=row["balance_fen"],
            payout_months=row["payout_tenths"] / 10,
            deemed_account=row["deemed_account_fen"],
            weighted_index_years=row["weighted_years_1e4"] / TEN_THOUSAND if deemed else None,
        )
        a = coefficient_a(index, law["pension.guangdong.index_threshold"])
        basic = guangdong_basic(a, row["calc_base_fen"], index, inputs.months, law["pension.basic_rate"])
        account = account_pension(inputs.account_balance, inputs.payout_months)
        part = guangdong_transition(inputs, law)
        whole = pension_total(basic, account, part.transitional, part.adjustment)
        return basic, account, part.transitional, part.adjustment, whole

    return run_columns(rule, given, 5)


@dataclass(frozen=True)
class InterestColumns:
    """One row for an account's year: opening balance, month product (credit x months it stood), credits, in fen."""

    opening_fen: Column
    month_product_fen: Column
    credits_fen: Column


@dataclass(frozen=True)
class InterestResult:
    """Interest on the opening balance, on the credits, and the closing balance, in fen."""

    on_opening_fen: Column
    on_credits_fen: Column
    closing_fen: Column


def interest_columns(rows: InterestColumns, rate: Fraction, months: int = 12) -> InterestResult:
    """Month-product method for every account; `months` below 12 for the year a benefit starts."""
    yearly, stood = exact(rate), exact(months)

    def rule(opening_fen: Exact, month_product_fen: Exact, credits_fen: Exact) -> tuple[Exact, ...]:
        on_opening = opening_interest(opening_fen, yearly, stood)
        on_credits = credit_interest(month_product_fen, yearly)
        return on_opening, on_credits, closing_balance(opening_fen, credits_fen, on_opening, on_credits)

    return InterestResult(*run_columns(rule, _given(rows), 3))


def annual_interest_columns(rows: InterestColumns, rate: Fraction, factor: Fraction) -> InterestResult:
    """Annual method (balance for a year, credits for half a year x factor); the month product is not used."""
    yearly, times = exact(rate), exact(factor)

    def rule(opening_fen: Exact, month_product_fen: Exact, credits_fen: Exact) -> tuple[Exact, ...]:
        opening = annual_opening(opening_fen, yearly)
        credits = annual_credits(credits_fen, yearly, times)
        return opening - opening_fen, credits - credits_fen, opening + credits

    return InterestResult(*run_columns(rule, _given(rows), 3))


@dataclass(frozen=True)
class AdjustmentTerms:
    """The terms of a year's increase: amounts in fen, percent exact, how years count and how few at least."""

    flat_fen: int
    per_year_fen: int
    percent: Fraction
    years_rounding: str = PART_YEAR_COUNTS
    least_years: int = 0


def adjustment_terms(law: Law) -> AdjustmentTerms:
    """The terms in force in a region on a day."""
    return AdjustmentTerms(
        flat_fen=law.fen("pension.adjustment.flat"),
        per_year_fen=law.fen("pension.adjustment.per_year"),
        percent=law.rate("pension.adjustment.percent"),
        least_years=law["pension.adjustment.least_years"].whole(),
    )


def adjustment_columns(pension_fen: Column, months: Column, tilt_fen: Column, terms: AdjustmentTerms) -> Column:
    """The increase of every pension in fen; the tilt (age, hardship) is a column of its own."""
    flat, per_year, percent = exact(terms.flat_fen), exact(terms.per_year_fen), exact(terms.percent)

    def rule(pension: Exact, months: Exact, tilt: Exact) -> tuple[Exact, ...]:
        years = counted_years(months, terms.years_rounding, exact(terms.least_years))
        by_years, by_percent = increase_by_years(per_year, years), increase_by_percent(pension, percent)
        return (yearly_increase(flat, by_years, by_percent, tilt),)

    return run_columns(rule, {"pension": pension_fen, "months": months, "tilt": tilt_fen}, 1)[0]
