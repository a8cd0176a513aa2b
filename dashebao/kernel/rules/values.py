"""Kinds of value a rule takes and gives, how they are read from text and how they are shown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any, TypeAlias

from dashebao.kernel.rules.exact import Exact


@dataclass(frozen=True)
class Unit:
    """The unit of a value: money is carried in fen, everything else as it is written."""

    code: str
    zh: str
    en: str

    @property
    def scale(self) -> int:
        """What one written unit is in the carried number."""
        return 100 if self.code == "currency-CNY" else 1


CNY = Unit("currency-CNY", "元", "yuan")
RATIO = Unit("/1", "", "")
MONTH = Unit("month", "个月", "months")
YEAR = Unit("year", "年", "years")
DAY = Unit("day", "天", "days")
COUNT = Unit("count", "", "")
YYYYMM = Unit("yyyymm", "", "")
UNITS = {unit.code: unit for unit in (CNY, RATIO, MONTH, YEAR, DAY, COUNT, YYYYMM)}

Yuan: TypeAlias = Annotated[Exact, CNY]
Ratio: TypeAlias = Annotated[Exact, RATIO]
Months: TypeAlias = Annotated[Exact, MONTH]
Years: TypeAlias = Annotated[Exact, YEAR]
Days: TypeAlias = Annotated[Exact, DAY]
Count: TypeAlias = Annotated[Exact, COUNT]

_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)$")
_QUOTIENT = re.compile(r"[+-]?\d+/\d+$")


class NotExact(ValueError):
    """A number was not written as an exact decimal or fraction."""


def number(value: Any) -> Fraction:
    """Read an exact number from an int, a Fraction or text ("0.013", "2/37"); binary floats are refused."""
    if isinstance(value, (bool, float)):
        raise NotExact(f"{value!r}: write the number as text or as a whole number, a binary float is not exact")
    if isinstance(value, (int, Fraction)):
        return Fraction(value)
    text = str(value).strip()
    if not (_DECIMAL.match(text) or _QUOTIENT.match(text)):
        raise NotExact(f"{value!r} is not a number written in decimals")
    return Fraction(text)


def carried(value: Any, unit: Unit) -> Exact:
    """A written number as the rules carry it: yuan become fen."""
    return Exact(*(number(value) * unit.scale).as_integer_ratio())


def decimal_text(value: Fraction, places: int | None = None) -> str:
    """A number in decimals: `places` if given (it must fit), else as many as needed, at most 8 and an ellipsis."""
    if places is not None:
        scaled = value * 10**places
        if scaled.denominator != 1:
            raise ValueError(f"{value} has more than {places} decimals")
        return _digits(scaled.numerator, places)
    n, d = value.numerator, value.denominator
    for fits in range(9):
        if 10**fits % d == 0:
            return _digits(n * 10**fits // d, fits)
    return ("-" if n < 0 else "") + _digits(abs(n) * 10**8 // d, 8) + "…"


def _digits(scaled: int, places: int) -> str:
    sign, text = ("-" if scaled < 0 else ""), str(abs(scaled)).rjust(places + 1, "0")
    return f"{sign}{text[:-places]}.{text[-places:]}" if places else sign + text


def shown(value: Exact, unit: Unit) -> str:
    """A single value as a person reads it: money in yuan with two decimals, the rest as short as it can be."""
    amount = value.fraction() / unit.scale
    if unit is CNY and (amount * 100).denominator == 1:
        return decimal_text(amount, 2)
    return decimal_text(amount)


def yuan_text(value: Exact) -> str:
    """Fen as a decimal string of yuan with two decimals, as the worked examples write it."""
    return decimal_text(value.fraction() / 100, 2)


def ratio_text(value: Exact, places: int | None = None) -> str:
    """A ratio or count as an exact decimal string."""
    return decimal_text(value.fraction(), places)
