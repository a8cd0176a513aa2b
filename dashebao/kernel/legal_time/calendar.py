"""Working days by the yearly holiday notice of the State Council, held as data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from dashebao.kernel.legal_time.errors import MissingCalendar, TimeError

FOLDER = Path(__file__).parent / "calendars"


@dataclass(frozen=True)
class YearCalendar:
    """One year: days off beyond plain weekends, weekend days worked instead, and the notice that says so."""

    year: int
    notice: str
    number: str
    off: frozenset[date]
    worked: frozenset[date]
    names: dict[date, str]

    def is_working(self, day: date) -> bool:
        """A weekday that is not off, or a weekend day that is worked."""
        return day in self.worked or (day.weekday() < 5 and day not in self.off)

    def working_days(self) -> int:
        """Working days of the whole year."""
        first = date(self.year, 1, 1)
        return sum(self.is_working(first + timedelta(n)) for n in range((date(self.year + 1, 1, 1) - first).days))


@cache
def year_calendar(year: int) -> YearCalendar:
    """The calendar of a year; MissingCalendar if none was published or loaded."""
    path = FOLDER / f"{year}.yaml"
    if not path.exists():
        raise MissingCalendar(year)
    document = yaml.safe_load(path.read_text(encoding="utf-8"))
    names: dict[date, str] = {}
    for holiday in document["holidays"]:
        for day in _span(holiday["from"], holiday["to"]):
            names[day] = holiday["name"]
    worked = frozenset(document["worked"])
    _checked(year, names, worked)
    notice = document["notice"]
    return YearCalendar(year, notice["title"], notice["number"], frozenset(names), worked, names)


def _span(first: date, last: date) -> Iterator[date]:
    for offset in range((last - first).days + 1):
        yield first + timedelta(offset)


def _checked(year: int, off: dict[date, str], worked: frozenset[Any]) -> None:
    wrong = [d for d in worked if d.weekday() < 5 or d in off or d.year != year] + [d for d in off if d.year != year]
    if wrong:
        raise TimeError(f"{year}年工作日历有误：{wrong[0]}", f"the calendar of {year} is wrong about {wrong[0]}")


def is_working_day(day: date) -> bool:
    """Whether offices work on a day; MissingCalendar for a year without calendar."""
    return year_calendar(day.year).is_working(day)


def holiday_name(day: date) -> str:
    """The name of the holiday a day belongs to, or an empty string."""
    return year_calendar(day.year).names.get(day, "")


def next_working_day(day: date) -> date:
    """This day if offices work, else the next one that they do (Civil Code art. 203)."""
    while not is_working_day(day):
        day += timedelta(1)
    return day


def working_days_between(start: date, end: date) -> int:
    """Working days after `start` up to and including `end`; negative if `end` is earlier."""
    if end < start:
        return -working_days_between(end, start)
    return sum(is_working_day(start + timedelta(n)) for n in range(1, (end - start).days + 1))


def calendars() -> list[int]:
    """The years with a calendar."""
    return sorted(int(path.stem) for path in FOLDER.glob("*.yaml"))
