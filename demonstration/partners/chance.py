"""Chance that always falls the same way: a number between 0 and 999,999 from a seed and the thing it is about."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta

MILLION = 1_000_000
SATURDAY = 5


def draw(*about: object) -> int:
    """A whole number in [0, 1,000,000), the same for the same things."""
    text = "|".join(str(part) for part in about).encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big") % MILLION


def weekday_before(day: date) -> date:
    """`day`, or the Friday before if it is a Saturday or Sunday."""
    return day - timedelta(days=max(0, day.weekday() - SATURDAY + 1))


def weekdays_after(day: date, count: int) -> date:
    """The `count`-th Monday-to-Friday day after `day`."""
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < SATURDAY
    return day
