"""The levy's rules: handbook examples, dated terms of the cities, and columns equal to single cases."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashebao.business.levy.rules import (
    FlexibleTerms,
    SchemeTerms,
    contribution_columns,
    flexible_columns,
    flexible_terms,
    late_fee_columns,
    late_fee_days,
    premium_columns,
    scheme_terms,
    undeclared_columns,
)
from dashebao.kernel.rules.api import BadInput, check_examples, evaluate, parameters, read_examples

CASES = Path(__file__).parent / "cases"
DAY = date(2026, 11, 1)
money = st.integers(0, 10**9)
rates = st.fractions(0, Fraction(1, 4), max_denominator=2000)


def half_up(value: Fraction) -> int:
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)


def yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


@pytest.mark.parametrize("path", sorted(CASES.rglob("*.yaml")), ids=lambda p: p.stem)
def test_worked_examples_hold(path: Path):
    examples, day = read_examples(path.read_text(encoding="utf-8"))
    failed = [o.as_json() for o in check_examples(examples, on=day or DAY) if not o.passed]
    assert failed == []


@settings(max_examples=60, deadline=None)
@given(st.lists(money, min_size=1, max_size=30), st.tuples(rates, rates, rates), st.tuples(money, money))
def test_contribution_columns_equal_single_cases_and_fractions(
    wages: list[int], of: tuple[Fraction, Fraction, Fraction], limits: tuple[int, int]
):
    floor, cap = sorted(limits)
    terms = SchemeTerms(floor, cap, *of)
    found = contribution_columns(np.array(wages, np.int64), terms)
    for at, wage in enumerate(wages):
        base = min(max(wage, floor), cap)
        given = {"wage": yuan(wage), "floor": yuan(floor), "cap": yuan(cap)}
        one = evaluate("levy.contribution", given | {"employer_rate": of[0], "individual_rate": of[1]}, on=DAY)
        assert found.base_fen[at] == base
        assert found.employer_fen[at] == half_up(base * of[0])
        assert found.worker_fen[at] == half_up(base * of[1])
        assert found.account_fen[at] == half_up(base * of[2])
        assert one == {
            "base": yuan(base),
            "employer": yuan(half_up(base * of[0])),
            "individual": yuan(half_up(base * of[1])),
        }


@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=30))
def test_every_half_fen_of_a_contribution_goes_up(units: list[int]):
    bases = np.array([200 * unit + 100 for unit in units], np.int64)  # x 0.005 always ends in half a fen
    found = contribution_columns(bases, SchemeTerms(None, None, Fraction(5, 1000), Fraction(0)))
    assert found.employer_fen.tolist() == [unit + 1 for unit in units]
    assert not found.worker_fen.any()


def test_limits_may_differ_from_row_to_row():
    terms = SchemeTerms(np.array([5, 50]), np.array([10, 60]), Fraction(1), Fraction(0))
    assert contribution_columns(np.array([1, 100]), terms).base_fen.tolist() == [5, 60]


def test_flexible_parts_add_up_to_the_whole():
    terms = FlexibleTerms(None, None, Fraction(12, 100), Fraction(8, 100))
    found = flexible_columns(np.arange(0, 10_000, 7), terms)
    assert (found.total_fen == found.pool_fen + found.account_fen).all()
    assert flexible_terms("440100", DAY).pool_rate == Fraction(12, 100)


def test_rates_that_do_not_add_up_are_refused():
    given = {"declared_base": "6000", "rate_total": "0.2", "rate_pool": "0.11", "rate_account": "0.08"}
    with pytest.raises(BadInput, match="do not add up"):
        evaluate("levy.flexible_contribution", given, on=DAY)


def test_a_floor_above_the_cap_is_refused():
    given = {"wage": "1", "floor": "3", "cap": "2", "employer_rate": "0.1", "individual_rate": "0.1"}
    with pytest.raises(BadInput, match="above its cap"):
        evaluate("levy.contribution", given, on=DAY)


@pytest.mark.parametrize(
    ("due", "paid", "days"),
    [
        ("2026-03-31", "2026-03-31", 0),
        ("2026-03-31", "2026-04-01", 1),
        ("2024-02-28", "2024-03-01", 2),
        ("2026-03-31", "2026-01-01", 0),
    ],
)
def test_days_of_default(due: str, paid: str, days: int):
    assert late_fee_days(date.fromisoformat(due), date.fromisoformat(paid)) == days


@given(st.lists(st.tuples(money, st.integers(0, 4000)), min_size=1, max_size=20))
def test_late_fee_columns_equal_fractions(rows: list[tuple[int, int]]):
    principal, days = (np.array(part, np.int64) for part in zip(*rows, strict=True))
    found = late_fee_columns(principal, days, Fraction(5, 10_000))
    assert found.tolist() == [half_up(Fraction(p * d * 5, 10_000)) for p, d in rows]


def test_premiums_and_assessments_in_columns():
    assert premium_columns(np.array([25000000, 10050]), np.array([13200, 2000])).tolist() == [330000, 20]
    assert undeclared_columns(np.array([8640000, 5]), Fraction(11, 10)).tolist() == [9504000, 6]


def test_terms_of_guangzhou_and_shenzhen_differ_by_scheme():
    guangzhou, shenzhen = scheme_terms("440106", DAY), scheme_terms("440300", DAY)
    assert (guangzhou["110"].floor_fen, shenzhen["110"].floor_fen) == (551000, 477500)
    assert guangzhou["110"].cap_fen == shenzhen["110"].cap_fen == 2754900
    assert (shenzhen["310"].floor_fen, shenzhen["310"].cap_fen) == (672700, 3363300)
    assert (guangzhou["510"].employer_rate, shenzhen["510"].employer_rate) == (Fraction(85, 10_000), Fraction(5, 1000))
    assert (shenzhen["410"].floor_fen, shenzhen["410"].cap_fen) == (252000, None)
    assert guangzhou["210"].employer_rate == Fraction(8, 1000)
    assert guangzhou["110"].account_rate == Fraction(8, 100)


@pytest.mark.parametrize(("year", "rate"), [(2023, "0.14"), (2024, "0.15"), (2025, "0.16")])
def test_the_employer_rate_rose_by_steps(year: int, rate: str):
    assert scheme_terms("440100", date(year, 12, 1))["110"].employer_rate == Fraction(rate)


def test_the_injury_rate_floats_with_class_and_step():
    terms = scheme_terms("440100", DAY, injury_class=6, injury_float=Fraction(3, 2))
    assert terms["410"].employer_rate == Fraction(15, 1000)
    assert parameters("", DAY).numbers("levy.injury.float_steps.class_1") == (1, Fraction(6, 5), Fraction(3, 2))


def test_every_city_of_guangdong_has_terms_for_the_last_three_years():
    cities = [f"44{number:02d}00" for number in (*range(1, 10), *range(12, 21), 51, 52, 53)]
    for city in cities:
        for day in (date(2023, 11, 1), date(2025, 1, 1), DAY):
            terms = scheme_terms(city, day)
            assert all(t.floor_fen and t.employer_rate for t in terms.values()), (city, day)
