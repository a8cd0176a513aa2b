"""Money in fen: reading, writing, rounding, capitals."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashebao.kernel.money.api import MoneyError, capital_yuan, format_yuan, half_up, parse_yuan


@pytest.mark.parametrize(
    ("text", "fen"),
    [("12", 1200), ("12.5", 1250), ("0.01", 1), ("-3.40", -340), ("1,234.56", 123456), ("¥ 8", 800), (7, 700)],
)
def test_amounts_are_read_exactly(text: str | int, fen: int):
    assert parse_yuan(text) == fen


@pytest.mark.parametrize("text", ["", "1.234", "ten", "1,23", "1e3", 1.5, True, None, "--1", "１"])
def test_anything_else_is_refused_with_what_to_do(text: object):
    if text == "１":
        assert parse_yuan("１") == 100  # full-width digits are digits
        return
    with pytest.raises(MoneyError) as caught:
        parse_yuan(text)  # type: ignore[arg-type]
    assert "两位小数" in caught.value.text("zh")


@given(st.integers(-(10**15), 10**15))
def test_writing_and_reading_return_the_same_fen(fen: int):
    assert parse_yuan(format_yuan(fen)) == fen
    assert parse_yuan(format_yuan(fen, grouped=True)) == fen


@pytest.mark.parametrize(
    ("value", "rounded"), [("1/2", 1), ("-1/2", -1), ("3/2", 2), ("-3/2", -2), ("1/3", 0), ("33635/10", 3364)]
)
def test_halves_go_away_from_zero(value: str, rounded: int):
    assert half_up(Fraction(value)) == rounded


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (0, "零元整"),
        (1, "壹分"),
        (10, "壹角整"),
        (123450, "壹仟贰佰叁拾肆元伍角整"),
        (100000500, "壹佰万零伍元整"),
        (1001, "壹拾元零壹分"),
        (-200, "负贰元整"),
        (100000000107, "壹拾亿零壹元零柒分"),
    ],
)
def test_capital_amounts_for_papers(fen: int, words: str):
    assert capital_yuan(fen) == words
