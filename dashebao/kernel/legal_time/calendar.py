"""Working days by the yearly holiday notice of the State Council, held as data."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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


_loaded: dict[int, YearCalendar] = {}
STATUTORY = ("元旦", "春节", "清明", "劳动", "端午", "中秋", "国庆")
"""The seven holidays every yearly notice arranges (全国年节及纪念日放假办法, 国务院令第795号)."""
FIXED = ((1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3))
"""Days off on a fixed date by the same measures."""


def year_calendar(year: int) -> YearCalendar:
    """The calendar of a year; MissingCalendar if none was published or loaded."""
    return _loaded.get(year) or _written(year)


def load_calendars(found: Iterable[YearCalendar]) -> None:
    """Use these approved calendars beside the files', instead of those loaded before."""
    years = {calendar.year: calendar for calendar in found}
    for year in set(_loaded) - set(years):
        del _loaded[year]
    _loaded.update(years)


@cache
def _written(year: int) -> YearCalendar:
    path = FOLDER / f"{year}.yaml"
    if not path.exists():
        raise MissingCalendar(year)
    return read_calendar(yaml.safe_load(path.read_text(encoding="utf-8")))


def read_calendar(document: Any) -> YearCalendar:
    """A year's calendar from the layout of the files; TimeError names the first thing that is wrong with it."""
    try:
        year = document["year"]
        notice = document["notice"]
        names: dict[date, str] = {}
        for holiday in document["holidays"]:
            for day in _span(holiday["from"], holiday["to"]):
                if day in names:
                    raise TimeError(f"{day} 属于两个假期", f"{day} belongs to two holidays")
                names[day] = str(holiday["name"])
        worked = frozenset(document["worked"])
        title, number = str(notice["title"]), str(notice["number"])
    except (KeyError, TypeError, AttributeError) as error:
        raise TimeError(
            f"文件格式不对，缺少或写错：{error}；需要 year、notice（title、number）、holidays（name、from、to）、worked",
            f"the file is not in the layout: {error}; it needs year, notice (title, number), holidays (name, from, to), worked",
        ) from error
    if not isinstance(year, int) or not all(type(day) is date for day in (*names, *worked)):
        raise TimeError("年份写成2027，日期写成2027-01-01", "write the year as 2027 and days as 2027-01-01")
    _checked(year, names, worked)
    return YearCalendar(year, title, number, frozenset(names), worked, names)


def _span(first: date, last: date) -> Iterator[date]:
    if last < first:
        raise TimeError(f"假期 {first} 至 {last} 首尾颠倒", f"the holiday from {first} to {last} ends before it begins")
    for offset in range((last - first).days + 1):
        yield first + timedelta(offset)


def _checked(year: int, off: dict[date, str], worked: frozenset[Any]) -> None:
    wrong = [d for d in worked if d.weekday() < 5 or d in off or d.year != year] + [d for d in off if d.year != year]
    if wrong:
        raise TimeError(f"{year}年工作日历有误：{min(wrong)}", f"the calendar of {year} is wrong about {min(wrong)}")
    absent = [word for word in STATUTORY if not any(word in name for name in off.values())]
    if absent:
        raise TimeError(
            f"{year}年工作日历缺少：{'、'.join(absent)}", f"the calendar of {year} lacks {', '.join(absent)}"
        )
    open_days = [date(year, *day) for day in FIXED if date(year, *day) not in off]
    if open_days:
        raise TimeError(
            f"{open_days[0]} 依法放假，文件中没有", f"{open_days[0]} is a day off by law and not in the file"
        )


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
    return sorted({int(path.stem) for path in FOLDER.glob("*.yaml")} | set(_loaded))
