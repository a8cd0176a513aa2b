"""Exact numbers: one person, columns and Fraction agree to the fen, ties and overflow included."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashebao.kernel.rules.api import Exact, Rounding, choose, clip, exact, high, low, run_columns

FEN = Rounding(2, "test")
YUAN = Rounding(0, "test")
FOUR = Rounding(4, "test", money=False)

fractions = st.fractions(min_value=-(10**6), max_value=10**6, max_denominator=10**4)
wholes = st.integers(min_value=-(10**9), max_value=10**9)
divisors = st.integers(min_value=1, max_value=5000)


def half_away(value: Fraction) -> int:
    size = (2 * abs(value.numerator) + value.denominator) // (2 * value.denominator)
    return size if value >= 0 else -size


@settings(deadline=None)
@given(fractions, fractions)
def test_single_arithmetic_equals_fraction(x: Fraction, y: Fraction):
    assert (exact(x) + y).fraction() == x + y
    assert (exact(x) - y).fraction() == x - y
    assert (exact(x) * y).fraction() == x * y
    if y:
        assert (exact(x) / y).fraction() == x / y
    assert (exact(x) < y) == (x < y)
    assert low(x, y).fraction() == min(x, y)
    assert high(x, y).fraction() == max(x, y)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(wholes, divisors, st.integers(0, 2000)), min_size=1, max_size=40), fractions)
def test_columns_equal_single_and_fraction(rows: list[tuple[int, int, int]], rate: Fraction):
    amount, under, more = (np.array(part, np.int64) for part in zip(*rows, strict=True))

    def rule(amount: Exact, under: Exact, more: Exact) -> tuple[Exact, ...]:
        return ((amount * rate + more / 3).rounded(FEN), (amount / under + more).rounded(FOUR) * 10_000)

    first, second = run_columns(rule, {"amount": amount, "under": under, "more": more}, 2)
    for at, (a, u, m) in enumerate(rows):
        one, two = rule(Exact(a), Exact(u), Exact(m))
        assert one.whole() == first[at] == half_away(a * rate + Fraction(m, 3))
        assert two.whole() == second[at] == half_away((Fraction(a, u) + m) * 10_000)


@given(st.lists(st.integers(-(10**7), 10**7), min_size=1, max_size=50))
def test_half_fen_ties_go_away_from_zero(numbers: list[int]):
    odd = np.array([2 * n + 1 for n in numbers], np.int64)
    rounded = (exact(odd) / 2).rounded(FEN).column()
    assert [int(v) for v in rounded] == [n + 1 if n >= 0 else n for n in numbers]


@given(st.integers(10**16, 10**17), st.integers(1, 10**6))
def test_a_column_too_large_for_int64_is_redone_in_python_ints(amount: int, rate: int):
    columns = {"amount": np.array([amount, 100], np.int64)}

    def rule(amount: Exact) -> tuple[Exact, ...]:
        return ((amount * Fraction(rate, 10**9) * Fraction(7, 13)).rounded(FEN),)

    wanted = [half_away(Fraction(value * rate * 7, 13 * 10**9)) for value in (amount, 100)]
    assert run_columns(rule, columns, 1)[0].tolist() == wanted


def test_a_column_that_would_wrap_raises():
    with pytest.raises(OverflowError, match="int64"):
        exact(np.array([10**17, 3], np.int64)) * exact(np.array([10**17, 5], np.int64))


def test_a_loose_bound_is_measured_again_before_giving_up():
    column = Exact(np.array([5, 7], np.int64), top=1 << 60)
    assert (column * 1000).column().tolist() == [5000, 7000]


def test_clip_with_open_ends():
    column = exact(np.array([1, 50, 99], np.int64))
    assert clip(column, 10, 60).column().tolist() == [10, 50, 60]
    assert clip(column, None, 60).column().tolist() == [1, 50, 60]
    assert clip(column, 10, None).column().tolist() == [10, 50, 99]
    assert clip(5, None, None).whole() == 5


def test_choose_brings_unlike_denominators_together():
    chosen = choose(np.array([True, False]), exact(np.array([1, 1])) / 3, exact(np.array([1, 1])) / 7)
    assert (chosen * 21).column().tolist() == [7, 3]


def test_whole_yuan_rounding_is_a_hundred_fen():
    assert exact(550980).rounded(YUAN).whole() == 551000
    assert exact(np.array([550949, 550950, -550950])).rounded(YUAN).column().tolist() == [550900, 551000, -551000]


def test_floor_and_ceiling_of_negatives():
    assert (exact(-7) / 2).floor().whole() == -4
    assert (exact(-7) / 2).ceiling().whole() == -3


@pytest.mark.parametrize("value", [0.1, "1", None, np.array([0.5])])
def test_floats_and_text_are_refused(value: object):
    with pytest.raises(TypeError):
        exact(value)  # type: ignore[arg-type]


def test_division_by_nothing_is_refused_in_columns_too():
    with pytest.raises(ZeroDivisionError):
        exact(1) / 0
    with pytest.raises(ZeroDivisionError):
        exact(np.array([1, 2])) / exact(np.array([1, 0]))


def test_an_unrounded_column_cannot_be_taken_as_money():
    with pytest.raises(ValueError, match="not rounded"):
        (exact(np.array([1, 2])) / 3).column()


def test_empty_columns_stay_empty():
    assert run_columns(lambda x: ((x / 3).rounded(FEN),), {"x": np.array([], np.int64)}, 1)[0].tolist() == []
