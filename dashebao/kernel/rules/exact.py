"""Exact numbers n / (d x a) for one person (Python ints) and for columns of millions (int64 with an overflow guard)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import gcd, lcm
from typing import Any, TypeAlias

import numpy as np

Column: TypeAlias = "np.ndarray[Any, np.dtype[Any]]"
Whole: TypeAlias = "int | Column"
LIMIT = 1 << 61  # one bit of room below the end of int64, so that 2n + d in rounding cannot wrap


@dataclass(frozen=True)
class Rounding:
    """Where a rule may round: decimals kept (of a yuan for money), half away from zero, and the text that says so."""

    places: int
    basis: str
    money: bool = True

    @cached_property
    def step(self) -> tuple[int, int]:
        """The unit rounded to in lowest terms, in the number's own scale: two decimals of a yuan are 1 fen, so (1, 1)."""
        return Fraction(100 if self.money else 1, 10**self.places).as_integer_ratio()


class Exact:
    """A number n / (d x a): n an int or a column, d a positive int, a 1 or a column of positive whole numbers.

    Nothing is divided before `rounded`; bounds of |n| and a travel along, so an int64 column raises OverflowError
    instead of wrapping. Columns of dtype object hold Python ints and have no bounds. A single number is kept in
    lowest terms with a = 1, and is computed on a short way of its own (`one`).
    """

    __slots__ = ("a", "before", "d", "is_column", "n", "origin", "rounding", "top", "wide")

    def __init__(self, n: Whole, d: int = 1, a: Whole = 1, *, top: int | None = None, wide: int | None = None):
        if isinstance(n, int) and isinstance(a, int):
            common = gcd(n, d * a) or 1
            n, d, a = n // common, d * a // common, 1
        elif isinstance(a, int):
            d, a = d * a, 1
        self.n, self.d, self.a = n, d, a
        self.is_column = not (isinstance(n, int) and isinstance(a, int))
        self.top = _size(n) if top is None else top
        self.wide = _size(a) if wide is None else wide
        self.origin: Any = None
        self.before: Exact | None = None
        self.rounding: Rounding | None = None

    def tight(self) -> Exact:
        """The same number with bounds measured from the data and common factors removed."""
        n, d = self.n, self.d
        common = gcd(d, n if isinstance(n, int) else int(np.gcd.reduce(n))) if _counted(n) and _length(n) else 1
        if common > 1:
            n, d = n // common, d // common
        return Exact(n, d, self.a)

    def __add__(self, other: Number) -> Exact:
        y = other if type(other) is Exact else exact(other)
        if self.is_column or y.is_column:
            return _with_room(_add, self, y)
        return one(self.n * y.d + y.n * self.d, self.d * y.d)

    def __mul__(self, other: Number) -> Exact:
        if type(other) is int and not self.is_column:
            return one(self.n * other, self.d)
        y = other if type(other) is Exact else exact(other)
        if self.is_column or y.is_column:
            return _with_room(_multiply, self, y)
        return one(self.n * y.n, self.d * y.d)

    def __truediv__(self, other: Number) -> Exact:
        if type(other) is int and other > 0 and not self.is_column:
            return one(self.n, self.d * other)
        y = other if type(other) is Exact else exact(other)
        if self.is_column or y.is_column:
            return _with_room(_divide, self, y)
        if y.n == 0:
            raise ZeroDivisionError("division by zero")
        return one(self.n * y.d, self.d * y.n) if y.n > 0 else one(-self.n * y.d, -self.d * y.n)

    def __rtruediv__(self, other: Number) -> Exact:
        return exact(other) / self

    def __neg__(self) -> Exact:
        if not self.is_column:
            return one(-self.n, self.d)
        return Exact(-self.n, self.d, self.a, top=self.top, wide=self.wide)

    def __sub__(self, other: Number) -> Exact:
        return self + -exact(other)

    def __rsub__(self, other: Number) -> Exact:
        return exact(other) + -self

    __radd__ = __add__
    __rmul__ = __mul__

    def __lt__(self, other: Number) -> Any:
        return _difference(self, other if type(other) is Exact else exact(other)) < 0

    def __le__(self, other: Number) -> Any:
        return _difference(self, other if type(other) is Exact else exact(other)) <= 0

    def __gt__(self, other: Number) -> Any:
        return _difference(self, other if type(other) is Exact else exact(other)) > 0

    def __ge__(self, other: Number) -> Any:
        return _difference(self, other if type(other) is Exact else exact(other)) >= 0

    def __eq__(self, other: object) -> Any:
        return (
            _difference(self, other if type(other) is Exact else exact(other)) == 0
            if isinstance(other, (Exact, int, Fraction))
            else NotImplemented
        )

    def __hash__(self) -> int:
        return hash(self.fraction())

    def rounded(self, rounding: Rounding) -> Exact:
        """Round half away from zero as `rounding` says; the unrounded number stays at hand for the trace."""
        up, down = rounding.step[1], rounding.step[0]
        if self.is_column:
            return _with_room(lambda x, _: _round(x, up, down), self, self)
        value = one(_half_away(self.n * up, self.d * down) * down, up)
        value.before, value.rounding = self, rounding
        return value

    def floor(self) -> Exact:
        """The largest whole number not above this one."""
        return Exact(self.n // (self.a * self.d))

    def ceiling(self) -> Exact:
        """The smallest whole number not below this one."""
        return Exact(-(-self.n // (self.a * self.d)))

    def single(self) -> tuple[int, int]:
        """This one number as numerator and denominator in lowest terms; TypeError for a column."""
        if not isinstance(self.n, int):
            raise TypeError("a column is not one number")
        return self.n, self.d

    def fraction(self) -> Fraction:
        """This one number as a Fraction; TypeError for a column."""
        return Fraction(*self.single())

    def whole(self) -> int:
        """This one number as an int; ValueError if it is not whole."""
        value = self.fraction()
        if value.denominator != 1:
            raise ValueError(f"{value} is not a whole number")
        return value.numerator

    def column(self, length: int | None = None) -> Column:
        """Whole numbers as a column, a single number repeated to `length`; ValueError if any is not whole."""
        if not self.is_column:
            return np.full(length or 1, self.whole(), np.int64)
        under = self.a * self.d
        if isinstance(under, int) and under == 1:
            return np.asarray(self.n)
        whole = np.asarray(self.n // under)
        if (whole * under != self.n).any():
            raise ValueError("this column was not rounded")
        return whole

    def __repr__(self) -> str:
        return f"Exact({self.n!r}, {self.d}, {self.a!r})"


Number: TypeAlias = "Exact | int | Fraction"


def exact(value: Exact | int | Fraction | Column) -> Exact:
    """Take an int, a Fraction or a column of whole numbers as an Exact; floats are refused."""
    if isinstance(value, Exact):
        return value
    if type(value) is int:
        return one(value)
    if isinstance(value, np.ndarray):
        if value.dtype.kind not in "iuO":
            raise TypeError(f"a column of {value.dtype} is not exact")
        return Exact(value if value.dtype == object else value.astype(np.int64, copy=False))
    if not isinstance(value, (int, Fraction, np.integer)):
        raise TypeError(f"{value!r} is not an exact number")
    return Exact(int(value.numerator), int(value.denominator))


def one(n: Any, d: Any = 1) -> Exact:
    """One number n / d of ints (d > 0), brought to lowest terms."""
    value = Exact.__new__(Exact)
    common = gcd(n, d)
    if common > 1:
        n, d = n // common, d // common
    value.n, value.d, value.a, value.is_column = n, d, 1, False
    value.top, value.wide = abs(n), 1
    value.origin = value.before = value.rounding = None
    return value


def _difference(x: Exact, y: Exact) -> Any:
    """What has the sign of x - y, one number or a column."""
    return (x - y).n if x.is_column or y.is_column else x.n * y.d - y.n * x.d


def _half_away(n: Any, d: int) -> int:
    """n / d to a whole number, halves away from zero (d > 0)."""
    size: int = (2 * abs(n) + d) // (2 * d)
    return size if n >= 0 else -size


def _counted(x: Whole) -> bool:
    return isinstance(x, int) or x.dtype != object


def _length(x: Whole) -> int:
    return 1 if isinstance(x, int) else len(x)


def _size(x: Whole) -> int:
    if isinstance(x, int):
        return abs(x)
    if x.dtype == object or not len(x):
        return 0
    return max(abs(int(x.max())), abs(int(x.min())))


def _room(x: Exact, y: Exact, *bounds: int) -> None:
    if (x.is_column or y.is_column) and max(bounds) > LIMIT and not _free(x) and not _free(y):
        raise OverflowError("this column does not fit int64")


def _free(x: Exact) -> bool:
    return not (_counted(x.n) and _counted(x.a))


def _with_room(operation: Callable[[Exact, Exact], Exact], x: Exact, y: Exact) -> Exact:
    try:
        return operation(x, y)
    except OverflowError:
        return operation(x.tight(), y.tight())


def _common(x: Exact, y: Exact) -> tuple[Whole, Whole, int, Whole, tuple[int, int, int]]:
    """Numerators over one denominator, that denominator, and the bounds (|n1|, |n2|, a)."""
    d = lcm(x.d, y.d)
    i, j = d // x.d, d // y.d
    if x.a is y.a:
        _room(x, y, x.top * i, y.top * j, d * x.wide)
        return x.n * i, y.n * j, d, x.a, (x.top * i, y.top * j, x.wide)
    _room(x, y, x.top * i * y.wide, y.top * j * x.wide, d * x.wide * y.wide)
    bounds = (x.top * i * y.wide, y.top * j * x.wide, x.wide * y.wide)
    return x.n * (y.a * i), y.n * (x.a * j), d, x.a * y.a, bounds


def _add(x: Exact, y: Exact) -> Exact:
    left, right, d, a, (one, two, wide) = _common(x, y)
    _room(x, y, one + two)
    return Exact(left + right, d, a, top=one + two, wide=wide)


def _multiply(x: Exact, y: Exact) -> Exact:
    _room(x, y, x.top * y.top, x.d * y.d * x.wide * y.wide)
    return Exact(x.n * y.n, x.d * y.d, x.a * y.a, top=x.top * y.top, wide=x.wide * y.wide)


def _divide(x: Exact, y: Exact) -> Exact:
    if isinstance(y.n, int):
        if y.n == 0:
            raise ZeroDivisionError("division by zero")
        sign = -1 if y.n < 0 else 1
        inverse = Exact(y.a * (y.d * sign), abs(y.n), top=None if isinstance(y.a, int) else y.wide * y.d)
    else:
        if (y.n <= 0).any():
            raise ZeroDivisionError("a column of divisors must be above zero")
        inverse = Exact(y.a * y.d, 1, y.n, top=y.wide * y.d, wide=y.top)
    return _multiply(x, inverse)


def _round(x: Exact, up: int, down: int) -> Exact:
    _room(x, x, 2 * x.top * up + x.d * x.wide * down, 2 * x.d * x.wide * down)
    n: Whole = x.n * up
    under: Whole = x.a * (x.d * down)
    rows: Column = np.asarray(n)
    positive = not rows.size or bool(rows.min() >= 0)
    sizes: Column = np.asarray((2 * (rows if positive else abs(rows)) + under) // (2 * under))
    return Exact((sizes if positive else np.where(rows >= 0, sizes, -sizes)) * down, up)


def choose(condition: Any, yes: Number, no: Number) -> Exact:
    """`yes` where the condition holds, else `no`; one condition or a column of them."""
    x, y = exact(yes), exact(no)
    if isinstance(condition, (bool, np.bool_)):
        return x if condition else y

    def pick(x: Exact, y: Exact) -> Exact:
        left, right, d, a, (one, two, wide) = _common(x, y)
        n = np.where(condition, left, right)
        return Exact(n, d, a, top=max(one, two), wide=wide)

    return _with_room(pick, x, y)


def low(x: Number, y: Number) -> Exact:
    """The smaller of two numbers, row by row."""
    x, y = exact(x), exact(y)
    return choose(x <= y, x, y)


def high(x: Number, y: Number) -> Exact:
    """The larger of two numbers, row by row."""
    x, y = exact(x), exact(y)
    return choose(x >= y, x, y)


def clip(x: Number, floor: Number | None, cap: Number | None) -> Exact:
    """`x` held between a floor and a cap; either may be None (no limit)."""
    value = exact(x)
    if floor is not None:
        value = high(value, floor)
    return value if cap is None else low(value, cap)


ZERO = Exact(0)
