"""Months as the numbers columns keep them (202611): for set-based work where a Month object a row would cost too much."""

from __future__ import annotations

from datetime import date

from dashebao.kernel.legal_time.errors import TimeError
from dashebao.kernel.legal_time.months import Month


def month_of(day: date) -> int:
    """The month a day is in."""
    return day.year * 100 + day.month


def month_plus(month: int, count: int) -> int:
    """The month `count` months later, earlier if negative."""
    years, index = divmod(month // 100 * 12 + month % 100 - 1 + count, 12)
    return years * 100 + index + 1


def months_apart(first: int, last: int) -> int:
    """How many months lie from first to last: 0 if equal, negative if last is earlier."""
    return (last // 100 - first // 100) * 12 + last % 100 - first % 100


def months_through(first: int, last: int) -> list[int]:
    """All months from first to last, both included; none if last is earlier."""
    return [month_plus(first, count) for count in range(months_apart(first, last) + 1)]


def first_day_of(month: int) -> date:
    """The first day of a month; ValueError if there is no such month."""
    return date(month // 100, month % 100, 1)


def last_day_of(month: int) -> date:
    """The last day of a month; TimeError if there is no such month."""
    return Month.from_int(month).last_day


def month_text(month: int) -> str:
    """2026-11, as people and messages write it."""
    return f"{month // 100}-{month % 100:02d}"


def month_number(text: str) -> int:
    """The number of a month written 2026-11; TimeError if it is none."""
    if len(text) != len("2026-11"):
        raise TimeError(f"“{text}”不是月份，请写成2026-11", f"{text!r} is not a month; write 2026-11")
    return Month.parse(text).yyyymm
