"""Kinds of value a rule takes and gives, how they are read from text and how they are shown."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import gcd
from typing import Annotated, Any, TypeAlias

from dashebao.kernel.rules.exact import Exact, one


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

_DECIMAL = re.compile(r"([+-]?)(\d*)(?:\.(\d*))?$")
_QUOTIENT = re.compile(r"([+-]?\d+)/(\d+)$")
_TENS = tuple(10**places for places in range(9))


class NotExact(ValueError):
    """A number was not written as an exact decimal or fraction."""


def number(value: Any) -> Fraction:
    """Read an exact number from an int, a Fraction or text ("0.013", "2/37"); binary floats are refused."""
    return Fraction(*_ratio(value))


def reader_of(unit: Unit) -> Callable[[Any], Exact]:
    """How a written number is read as the rules carry it: yuan become fen."""
    scale = unit.scale

    def carried(value: Any) -> Exact:
        over, under = _ratio(value)
        return one(over * scale, under)

    return carried


def _ratio(value: Any) -> tuple[int, int]:
    if type(value) is int:
        return value, 1
    if type(value) is str:
        whole, _point, part = value.partition(".")
        digits = whole + part
        if digits.isdecimal():
            return int(digits), 10 ** len(part)
    if isinstance(value, (bool, float)):
        raise NotExact(f"{value!r}: write the number as text or as a whole number, a binary float is not exact")
    if isinstance(value, (int, Fraction)):
        return value.as_integer_ratio()
    text = str(value).strip()
    if found := _DECIMAL.match(text):
        sign, whole, part = found[1], found[2], found[3] or ""
        if whole or part:
            return int(sign + whole + part), 10 ** len(part)
    elif (found := _QUOTIENT.match(text)) and int(found[2]):
        return int(found[1]), int(found[2])
    raise NotExact(f"{value!r} is not a number written in decimals")


def decimal_text(value: Fraction, places: int | None = None) -> str:
    """A number in decimals: `places` if given (it must fit), else as many as needed, at most 8 and an ellipsis."""
    return _written(value.numerator, value.denominator, places)


def _written(n: int, d: int, places: int | None = None) -> str:
    """The quotient of whole numbers in lowest terms (d > 0), in decimals as `decimal_text` says."""
    if places is not None:
        scaled, rest = divmod(n * 10**places, d)
        if rest:
            raise ValueError(f"{n}/{d} has more than {places} decimals")
        return _digits(scaled, places)
    fits = _places(d)
    if fits is not None:
        return _digits(n * (_TENS[fits] // d), fits)
    return ("-" if n < 0 else "") + _digits(abs(n) * _TENS[8] // d, 8) + "…"


@lru_cache(4096)
def _places(d: int) -> int | None:
    """How many decimals a quotient by `d` needs; None if more than 8."""
    return next((fits for fits, tens in enumerate(_TENS) if tens % d == 0), None)


def _digits(scaled: int, places: int) -> str:
    text = str(scaled)
    if not places:
        return text
    sign = ""
    if scaled < 0 or len(text) <= places:
        sign, text = ("-" if scaled < 0 else ""), str(abs(scaled)).rjust(places + 1, "0")
    return f"{sign}{text[:-places]}.{text[-places:]}"


def shown(value: Exact, unit: Unit) -> str:
    """A single value as a person reads it: money in yuan with two decimals, the rest as short as it can be."""
    n, d = value.single()
    return _in_unit(n, d, unit) if d != 1 else _digits(n, 2) if unit is CNY else str(n)


def unrounded(value: Exact, unit: Unit) -> str:
    """A single value in its unit with all its decimals, at most 8 and an ellipsis."""
    n, d = value.single()
    return str(n) if d == 1 and unit is not CNY else _in_unit(n, d, unit)


def _in_unit(n: int, d: int, unit: Unit) -> str:
    common = gcd(n, unit.scale)
    return _written(n // common, d * (unit.scale // common))


def yuan_text(value: Exact) -> str:
    """Fen as a decimal string of yuan with two decimals, as the worked examples write it."""
    n, d = value.single()
    if d == 1:
        return _digits(n, 2)
    common = gcd(n, 100)
    return _written(n // common, d * (100 // common), 2)


def ratio_text(value: Exact, places: int | None = None) -> str:
    """A ratio or count as an exact decimal string."""
    return _written(*value.single(), places)
