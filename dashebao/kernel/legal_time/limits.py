"""Limits of the law: a number of days, months or years from a trigger, with suspensions, rolling and lights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from dashebao.kernel.legal_time.calendar import is_working_day, next_working_day, working_days_between
from dashebao.kernel.legal_time.errors import TimeError
from dashebao.kernel.legal_time.months import add_months


class TimeUnit(Enum):
    """What a limit is counted in."""

    WORKING_DAYS = "wd"
    DAYS = "d"
    MONTHS = "m"
    YEARS = "y"


class Light(Enum):
    """How a limit stands: green in time, amber close, red overdue, grey while the clock is stopped."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    GREY = "grey"


@dataclass(frozen=True)
class Suspension:
    """Days from `start` up to and including `end` on which the clock stands still; no end yet is open."""

    start: date
    end: date | None
    reason: str = ""

    def covers(self, day: date) -> bool:
        """Whether the clock stands still on a day."""
        return self.start <= day and (self.end is None or day <= self.end)


@dataclass(frozen=True)
class Limit:
    """A legal limit: number, unit, the event that starts it, its basis in law, and whether a rest day rolls on.

    Rolling: a last day that is a rest day moves to the next working day (Civil Code art. 203).
    """

    number: int
    unit: TimeUnit
    trigger: str = "accepted"
    basis: object = ""
    roll: bool = True

    def due(self, start: date, suspensions: Sequence[Suspension] = ()) -> date:
        """The last day of the limit; the starting day is not counted (Civil Code art. 201).

        TimeError while a suspension is open; MissingCalendar if a year's calendar is needed and not loaded.
        """
        if any(s.end is None for s in suspensions):
            raise TimeError("期限中止期间不能计算届满日", "the clock is stopped: there is no last day yet")
        if self.number < 0:
            raise TimeError("期限不能为负数", "a limit cannot be negative")
        last = self._last(start, suspensions)
        return next_working_day(last) if self.roll and self.unit is not TimeUnit.WORKING_DAYS else last

    def _last(self, start: date, suspensions: Sequence[Suspension]) -> date:
        if self.unit in (TimeUnit.WORKING_DAYS, TimeUnit.DAYS):
            return self._count(start, suspensions)
        months = self.number * (12 if self.unit is TimeUnit.YEARS else 1)
        last = add_months(start, months)
        lost = 0
        while (stopped := _stopped(start, last + timedelta(lost), suspensions)) > lost:
            lost = stopped
        return last + timedelta(lost)

    def _count(self, start: date, suspensions: Sequence[Suspension]) -> date:
        day, left = start, self.number
        while left:
            day += timedelta(1)
            if any(s.covers(day) for s in suspensions):
                continue
            if self.unit is TimeUnit.DAYS or is_working_day(day):
                left -= 1
        return day

    def light(self, start: date, today: date, suspensions: Sequence[Suspension] = (), amber_days: int = 3) -> Light:
        """Red past the last day, amber within `amber_days` working days of it, grey while stopped, else green."""
        if any(s.end is None and s.start <= today for s in suspensions):
            return Light.GREY
        return light(self.due(start, suspensions), today, amber_days)

    def __str__(self) -> str:
        return f"{self.number} {self.unit.value}"


def _stopped(start: date, end: date, suspensions: Sequence[Suspension]) -> int:
    days = (start + timedelta(n) for n in range(1, (end - start).days + 1))
    return sum(any(s.covers(day) for s in suspensions) for day in days)


def light(due: date, today: date, amber_days: int = 3) -> Light:
    """The light of a due date on a day."""
    if today > due:
        return Light.RED
    return Light.AMBER if working_days_between(today, due) <= amber_days else Light.GREEN


@dataclass(frozen=True)
class Terms:
    """How a limit is started and grounded; the defaults are those of most limits."""

    trigger: str = "accepted"
    basis: object = ""
    roll: bool = True


def WorkingDays(number: int, terms: Terms = Terms()) -> Limit:
    """A limit in working days."""
    return Limit(number, TimeUnit.WORKING_DAYS, terms.trigger, terms.basis, terms.roll)


def Days(number: int, terms: Terms = Terms()) -> Limit:
    """A limit in calendar days."""
    return Limit(number, TimeUnit.DAYS, terms.trigger, terms.basis, terms.roll)


def Months(number: int, terms: Terms = Terms()) -> Limit:
    """A limit in months."""
    return Limit(number, TimeUnit.MONTHS, terms.trigger, terms.basis, terms.roll)


def Years(number: int, terms: Terms = Terms()) -> Limit:
    """A limit in years."""
    return Limit(number, TimeUnit.YEARS, terms.trigger, terms.basis, terms.roll)
