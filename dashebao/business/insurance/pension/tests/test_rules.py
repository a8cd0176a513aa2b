"""The pension's rules: handbook examples, award sheets, and columns equal to single cases and to fractions."""

import json
from datetime import date
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashebao.business.insurance.pension.rules import (
    CATEGORIES,
    AdjustmentTerms,
    AwardColumns,
    GuangdongColumns,
    InterestColumns,
    PersonYears,
    adjustment_columns,
    adjustment_terms,
    annual_interest_columns,
    average_index_columns,
    award_columns,
    award_guangdong_columns,
    flexible_window,
    interest_columns,
    minimum_year,
    payout_tenths_columns,
    retirement_columns,
    statutory_month,
)
from dashebao.kernel.legal_time.api import Age, Month
from dashebao.kernel.rules.api import BadInput, check_examples, evaluate, explain, parameters, read_examples, replay

CASES = Path(__file__).parent / "cases"
DAY = date(2026, 11, 1)
LAW = parameters("440100", DAY)
money = st.integers(0, 10**8)


def half_up(value: Fraction) -> int:
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


def column(*values: int) -> np.ndarray:
    return np.array(values, np.int64)


@pytest.mark.parametrize("path", sorted(CASES.rglob("*.yaml")), ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_worked_examples_and_award_sheets_hold(path: Path):
    examples, day = read_examples(path.read_text(encoding="utf-8"))
    failed = [o.as_json() for o in check_examples(examples, on=day or DAY) if not o.passed]
    assert failed == []


@pytest.mark.parametrize(("category", "first", "old"), [("M60", 1965, 60), ("F55", 1970, 55), ("F50", 1975, 50)])
def test_retirement_columns_equal_single_months_and_never_go_back(category: str, first: int, old: int):
    births = np.arange((first - 3) * 12, (first + 30) * 12)
    found = retirement_columns(category, births, LAW)
    single = [statutory_month(category, Month.from_index(int(b)), LAW).index for b in births]
    assert found.tolist() == single
    assert (np.diff(found) >= 1).all()
    assert (found - births - old * 12).max() == (60 if category == "F50" else 36)


@pytest.mark.parametrize("category", CATEGORIES)
def test_early_retirement_is_never_before_the_old_age(category: str):
    for index in range(1960 * 12, 1995 * 12):
        birth = Month.from_index(index)
        window = flexible_window(category, birth, LAW)
        assert window.earliest >= birth + {"M60": 720, "F55": 660, "F50": 600}[category]
        assert 0 <= window.statutory.since(window.earliest) <= 36
        assert window.latest.since(window.statutory) == 36
        assert minimum_year(window.latest, window.statutory) == window.statutory.year


def test_an_unknown_category_is_refused():
    with pytest.raises(BadInput, match="known: M60, F55, F50"):
        evaluate("pension.flexible_window", {"category": "F45", "birth": "1980-01"}, on=DAY)


def test_payout_months_of_columns_equal_single_ages():
    months = np.arange(38 * 12, 73 * 12)
    found = payout_tenths_columns(months, LAW)
    ages = [str(Age.from_months(int(m))) for m in months]
    single = evaluate("pension.payout_months", {"ages": ages}, on=DAY)["months"]
    assert [Fraction(int(v), 10) for v in found] == [Fraction(single[age]) for age in ages]


def test_before_2025_a_part_year_age_took_the_whole_year():
    assert evaluate("pension.payout_months", {"ages": ["60y11m"]}, on=date(2024, 12, 31))["months"] == {"60y11m": "139"}


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            money, st.integers(0, 40_000), st.integers(0, 600), money, st.integers(560, 2330), st.integers(0, 300)
        ),
        min_size=1,
        max_size=12,
    )
)
def test_award_columns_equal_single_cases(rows: list[tuple[int, ...]]):
    base, index, months, balance, payout, deemed = (np.array(part, np.int64) for part in zip(*rows, strict=True))
    found = award_columns(AwardColumns(base, index, months, balance, payout, deemed, index), LAW)
    for at, (c, z, m, b, d, dm) in enumerate(rows):
        ratio = Fraction(z, 10_000)
        basic = half_up((c + c * ratio) / 2 * m / 12 / 100)
        transitional = half_up(c * ratio * dm / 12 * Fraction(12, 1000))
        assert found.basic_fen[at] == basic
        assert found.account_fen[at] == half_up(Fraction(b * 10, d))
        assert found.transitional_fen[at] == transitional
        assert found.total_fen[at] == basic + half_up(Fraction(b * 10, d)) + transitional


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(10**5, 2 * 10**6),
            st.integers(1000, 30_000),
            st.integers(180, 600),
            money,
            st.integers(560, 2330),
            money,
            st.integers(0, 200_000),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_guangdong_columns_equal_single_cases(rows: list[tuple[int, ...]]):
    parts = [np.array(part, np.int64) for part in zip(*rows, strict=True)]
    for law in (LAW, parameters("440100", date(2024, 6, 1))):
        found = award_guangdong_columns(GuangdongColumns(*parts), law)
        for at, (base, index, months, balance, payout, deemed, years) in enumerate(rows):
            given = {
                "calc_base": yuan(base),
                "average_index": Fraction(index, 10_000),
                "months": months,
                "account_balance": yuan(balance),
                "payout_months": Fraction(payout, 10),
                "deemed_account": yuan(deemed),
                "weighted_index_years": Fraction(years, 10_000) if years else None,
            }
            one = evaluate("pension.award_guangdong", given, on=law.day, region="440100")
            for name in ("basic", "account", "transitional", "adjustment", "total"):
                assert yuan(int(getattr(found, f"{name}_fen")[at])) == one[name]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(money, st.lists(money, min_size=12, max_size=12)), min_size=1, max_size=8), st.integers(0, 2000)
)
def test_interest_columns_equal_single_cases(rows: list[tuple[int, list[int]]], rate: int):
    share = Fraction(rate, 10_000)
    product = [sum(credit * (12 - month) for month, credit in enumerate(credits)) for _, credits in rows]
    given = InterestColumns(column(*(b for b, _ in rows)), column(*product), column(*(sum(c) for _, c in rows)))
    found = interest_columns(given, share)
    for at, (opening, credits) in enumerate(rows):
        inputs = {"opening": yuan(opening), "rate": share, "credits": {n + 1: yuan(c) for n, c in enumerate(credits)}}
        one = evaluate("pension.account_interest_monthly", inputs, on=DAY)
        assert yuan(int(found.on_opening_fen[at])) == one["interest_on_opening"]
        assert yuan(int(found.on_credits_fen[at])) == one["interest_on_credits"]
        assert yuan(int(found.closing_fen[at])) == one["closing"]


def test_annual_interest_columns_equal_the_formula():
    rows = InterestColumns(column(2000000, 0), column(0, 0), column(576000, 100))
    found = annual_interest_columns(rows, Fraction("0.0831"), Fraction("1.083"))
    for at, (opening, credits) in enumerate(((2000000, 576000), (0, 100))):
        given = {"opening": yuan(opening), "rate": "0.0831", "year_credits": yuan(credits)}
        one = evaluate("pension.account_interest_annual", given, on=DAY)
        assert yuan(int(found.closing_fen[at])) == one["closing"]
        assert yuan(int(found.on_credits_fen[at]) + credits) == one["credits_part"]


def test_inputs_that_cannot_be_computed_are_refused():
    given = {"average_index": "1", "months": 180, "account_balance": "1", "payout_months": "0"}
    with pytest.raises(BadInput, match="cannot be computed"):
        evaluate("pension.award_guangdong", given, on=DAY)
    with pytest.raises(BadInput, match="is not a month"):
        evaluate("pension.statutory_retirement", {"category": "M60", "births": ["1970"]}, on=DAY)


def test_months_outside_a_year_are_refused():
    with pytest.raises(BadInput):
        evaluate("pension.account_interest_monthly", {"opening": "1", "rate": "0.1", "credits": {"13": "1"}}, on=DAY)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 4), st.integers(0, 12), money, st.integers(50_000, 10**6)), min_size=1, max_size=30
    )
)
def test_average_index_columns_equal_fractions(rows: list[tuple[int, int, int, int]]):
    parts = (np.array(part, np.int64) for part in zip(*rows, strict=True))
    found = average_index_columns(PersonYears(*parts), 5)
    for person in range(5):
        own = [(m, half_up(Fraction(base * 10_000, m * wage))) for who, m, base, wage in rows if who == person and m]
        months = sum(m for m, _ in own)
        wanted = half_up(Fraction(sum(m * z for m, z in own), months)) if months else 0
        assert found[person] == wanted


def test_indexes_may_be_kept_exact_or_unweighted():
    years = [
        {"year": 2021, "months": 12, "monthly_base": "5000", "average_wage": "9000"},
        {"year": 2022, "months": 1, "monthly_base": "1", "average_wage": "1"},
    ]
    exact = evaluate(
        "pension.average_index",
        {"years": years, "rounding": "year index unrounded, mean weighted by months, 6dp"},
        on=DAY,
    )
    assert exact == {"year_indices": ["0.55555555…", "1"], "average_index": "0.589744"}
    simple = evaluate("pension.average_index", {"years": years, "rounding": "year index 2dp, simple mean, 4dp"}, on=DAY)
    assert simple == {"year_indices": ["0.56", "1.00"], "average_index": "0.7800"}
    with pytest.raises(BadInput, match="no contribution months"):
        evaluate("pension.average_index", {"years": []}, on=DAY)


def test_adjustment_columns_equal_the_formula():
    terms = AdjustmentTerms(2000, 150, Fraction(6, 1000), least_years=15)
    found = adjustment_columns(column(240000, 300000), column(170, 364), column(3000, 0), terms)
    assert found.tolist() == [2000 + 15 * 150 + 1440 + 3000, 2000 + 31 * 150 + 1800]
    assert adjustment_terms(LAW).flat_fen == 2000


@pytest.mark.parametrize(
    ("rounding", "years"),
    [
        ("part year counts as one", 31),
        ("full years only", 30),
        ("part year dropped", 30),
        ("rounded up", 31),
        ("exact months", "30.33333333…"),
    ],
)
def test_years_count_as_the_notice_says(rounding: str, years: int | str):
    given = {"pension": "3000", "months": 364, "flat": "0", "per_year": "1", "percent": "0", "years_rounding": rounding}
    assert evaluate("pension.annual_adjustment", given, on=DAY)["years"] == years


def test_an_unknown_way_of_counting_years_is_refused():
    given = {"pension": "1", "months": 1, "flat": "0", "per_year": "1", "percent": "0", "years_rounding": "somehow"}
    with pytest.raises(BadInput, match="unknown way"):
        evaluate("pension.annual_adjustment", given, on=DAY)


@pytest.mark.parametrize(
    ("months", "grant"),
    [(1, 3), (60, 3), (61, 6), (120, 6), (121, 9), (180, 9), (181, 10), (348, 23), (349, 24), (600, 24)],
)
def test_survivors_months_by_years_paid(months: int, grant: int):
    given = {"monthly_income_base": "1", "contribution_months": months, "status": "in_service"}
    assert evaluate("pension.survivor_grant", given, on=DAY)["pension_months"] == grant


def test_place_of_benefit_is_derived_when_only_one_place_fits():
    case = {"home": "43", "current": "44", "months_by_province": {"31": 130, "44": 5}}
    assert evaluate("pension.place_of_benefit", {"cases": [case]}, on=DAY) == {"places": ["31"]}
    case["months_by_province"]["33"] = 125
    with pytest.raises(BadInput, match="several places"):
        evaluate("pension.place_of_benefit", {"cases": [case]}, on=DAY)


def test_an_award_takes_the_calculation_base_of_the_law_and_cites_it():
    given = {"average_index": "0.4665", "months": 327, "account_balance": "83319.35", "payout_months": "195"}
    trace = explain("pension.award_guangdong", given, on=date(2026, 6, 1), region="442000")
    assert trace.results["total"] == "2244.30"
    cited = {origin["name"]: origin for entry in trace.as_json()["lines"] for origin in entry["parameters"]}
    assert cited["pension.calc_base"]["reference"] == ["粤人社发〔2025〕32号 第二条"]
    assert replay(json.loads(trace.as_bytes())).as_bytes() == trace.as_bytes()


def test_shenzhen_has_its_own_calculation_base():
    assert parameters("440300", DAY).fen("pension.calc_base") == 1129300
    assert not parameters("440300", DAY).flag("pension.uses_guangdong_award")
    assert parameters("440100", DAY).flag("pension.uses_guangdong_award")
