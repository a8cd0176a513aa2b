"""Calendar months and ages in years and months, as benefits count them."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from dashebao.kernel.legal_time.errors import TimeError

_MONTH = re.compile(r"(\d{4})-?(\d{2})(?:-\d{2})?$")
_AGE = re.compile(r"(\d+)\s*y(?:\s*(\d+)\s*m)?$|(\d+)$")


@dataclass(frozen=True, order=True)
class Month:
    """One calendar month; adding a number moves by months, subtracting two gives a number of months."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (1 <= self.month <= 12 and 1 <= self.year <= 9999):
            raise TimeError(f"{self.year}-{self.month} 不是有效月份", f"{self.year}-{self.month} is not a month")

    @classmethod
    def of(cls, day: date) -> Month:
        """The month a day lies in."""
        return cls(day.year, day.month)

    @classmethod
    def from_int(cls, yyyymm: int) -> Month:
        """202611 as a month, the way columns store it."""
        return cls(*divmod(yyyymm, 100))

    @classmethod
    def from_index(cls, index: int) -> Month:
        """The month with this count of months since year 0."""
        return cls(index // 12, index % 12 + 1)

    @classmethod
    def parse(cls, text: str) -> Month:
        """Read 2026-11, 202611 or a full date."""
        found = _MONTH.match(text.strip())
        if not found:
            raise TimeError(f"“{text}”不是月份，请写成2026-11", f"{text!r} is not a month; write 2026-11")
        return cls(int(found[1]), int(found[2]))

    @property
    def index(self) -> int:
        """Months since year 0, for arithmetic on columns."""
        return self.year * 12 + self.month - 1

    @property
    def yyyymm(self) -> int:
        """202611, the way columns store it."""
        return self.year * 100 + self.month

    @property
    def first_day(self) -> date:
        """The first day of the month."""
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        """The last day of the month."""
        return date(self.year, self.month, monthrange(self.year, self.month)[1])

    def __add__(self, months: int) -> Month:
        return Month.from_index(self.index + months)

    def __sub__(self, months: int) -> Month:
        return Month.from_index(self.index - months)

    def since(self, earlier: Month) -> int:
        """Months from an earlier month to this one (negative if it is later)."""
        return self.index - earlier.index

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


@dataclass(frozen=True, order=True)
class Age:
    """A full age in years and months, written 61y4m."""

    years: int
    months: int = 0

    def __post_init__(self) -> None:
        if self.years < 0 or not 0 <= self.months <= 11:
            raise TimeError(f"{self.years}年{self.months}月不是年龄", f"{self.years}y{self.months}m is not an age")

    @classmethod
    def parse(cls, text: str) -> Age:
        """Read 61y4m, 61y or 61."""
        found = _AGE.match(text.strip())
        if not found:
            raise TimeError(f"“{text}”不是年龄，请写成61y4m", f"{text!r} is not an age; write 61y4m")
        return cls(int(found[1] or found[3]), int(found[2] or 0))

    @classmethod
    def from_months(cls, months: int) -> Age:
        """An age from its total of months."""
        return cls(*divmod(months, 12))

    @property
    def total_months(self) -> int:
        """The age in months."""
        return self.years * 12 + self.months

    def __str__(self) -> str:
        return f"{self.years}y{self.months}m"


def birthday(birth_on: date, years: int) -> date:
    """The day someone reaches an age: the birthday, or 28 February for a leap-day birth in a common year."""
    year = birth_on.year + years
    return date(year, birth_on.month, min(birth_on.day, monthrange(year, birth_on.month)[1]))


def full_years(birth_on: date, on: date) -> int:
    """Full years of age on a day (reached on the birthday); TimeError before birth."""
    if on < birth_on:
        raise TimeError(f"{on} 早于出生日期 {birth_on}", f"{on} is before the birth on {birth_on}")
    years = on.year - birth_on.year
    return years if birthday(birth_on, years) <= on else years - 1


def add_months(day: date, months: int) -> date:
    """The corresponding day some months on, or the month's last day if there is none (Civil Code art. 202)."""
    target = Month.of(day) + months
    return date(target.year, target.month, min(day.day, target.last_day.day))


def age_months(birth_on: date, on: date) -> int:
    """Full months of age on a day."""
    months = Month.of(on).since(Month.of(birth_on))
    return months if add_months(birth_on, months) <= on else months - 1


def days_of(month: Month) -> list[date]:
    """Every day of a month."""
    return [month.first_day + timedelta(offset) for offset in range(month.last_day.day)]
