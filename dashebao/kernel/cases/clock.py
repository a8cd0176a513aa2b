"""The clock the case machine reads; tests and the demonstration set it, nothing else reads the wall clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time

from django.utils import timezone

OFFICE_OPENS = time(9, 0)
_set: ContextVar[datetime | None] = ContextVar("case_clock", default=None)


def now() -> datetime:
    """The present moment, aware."""
    return _set.get() or timezone.now()


def today() -> date:
    """The present day in the office's time zone."""
    return timezone.localdate(now())


@contextmanager
def at(moment: date | datetime) -> Iterator[None]:
    """Set the clock for a block; a date means nine o'clock in the morning of that day."""
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, OFFICE_OPENS)
    if timezone.is_naive(moment):
        moment = timezone.make_aware(moment)
    token = _set.set(moment)
    try:
        yield
    finally:
        _set.reset(token)
