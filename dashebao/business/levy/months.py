"""Months as yyyymm numbers, the way the tables keep them."""

from datetime import date


def first_day(month: int) -> date:
    """The first day of yyyymm; ValueError if there is no such month."""
    return date(month // 100, month % 100, 1)


def of_day(day: date) -> int:
    """The month a day is in."""
    return day.year * 100 + day.month


def shifted(month: int, count: int) -> int:
    """The month `count` months later (earlier if negative)."""
    years, index = divmod((month // 100) * 12 + month % 100 - 1 + count, 12)
    return years * 100 + index + 1


def between(first: int, last: int) -> list[int]:
    """All months from first to last, both included."""
    out = []
    while first <= last:
        out.append(first)
        first = shifted(first, 1)
    return out


def distance(first: int, last: int) -> int:
    """How many months lie from first to last (0 if equal)."""
    return (last // 100 - first // 100) * 12 + last % 100 - first % 100
