"""Due dates and lights of cases and steps, on top of the limits of legal time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from dashebao.kernel.cases.models import Case, CaseStep, ClockSuspension
from dashebao.kernel.cases.states import CLOSED, State
from dashebao.kernel.catalogue.api import ServiceItem
from dashebao.kernel.legal_time.api import Light, Limit, MissingCalendar, Suspension, light


def pauses_of(case: Case) -> tuple[Suspension, ...]:
    """The days on which the case's clock stood still; the day it starts again counts, an open pause has no end."""
    rows = ClockSuspension.objects.filter(case=case).order_by("from_on")
    return tuple(_pauses(rows))


def _pauses(rows: Iterable[ClockSuspension]) -> Iterable[Suspension]:
    for row in rows:
        if row.until_on is None:
            yield Suspension(row.from_on, None, row.kind)
        elif row.until_on > row.from_on:
            yield Suspension(row.from_on, row.until_on - timedelta(1), row.kind)


def due(limit: Limit | None, start: date, pauses: tuple[Suspension, ...] = ()) -> date | None:
    """The last day of a limit, or None without limit, while the clock stands still, or beyond the known calendars.

    The State Council publishes a year's calendar in the November before; until then a due date in that year is left
    open and filled in by ``pass_time`` once the calendar is loaded, never guessed.
    """
    if limit is None or any(pause.end is None for pause in pauses):
        return None
    try:
        return limit.due(start, pauses)
    except MissingCalendar:
        return None


def longer(limit: Limit, extension: Limit) -> Limit | None:
    """Limit and extension as one limit from the same start, or None if they count in different units."""
    return replace(limit, number=limit.number + extension.number) if limit.unit is extension.unit else None


def set_case_due(case: Case, item: ServiceItem) -> None:
    """Compute ``due_on`` and ``promised_on`` of an accepted case (not saved)."""
    if case.accepted_on is None:
        return
    pauses = pauses_of(case)
    legal = item.legal_limit
    if legal is not None and case.extended and item.extension is not None:
        legal = longer(legal, item.extension.limit)
    case.due_on = due(legal, case.accepted_on, pauses)
    case.promised_on = due(item.promised_limit, case.accepted_on, pauses)


def set_step_due(step: CaseStep, case: Case, item: ServiceItem) -> None:
    """Compute ``due_on`` of an open step with a limit of its own (not saved); pauses before it opened do not matter."""
    declared = item.step(step.key)
    if step.starts_on is None or declared.limit is None:
        return
    limit: Limit | None = declared.limit
    if step.extended and declared.extension is not None:
        limit = longer(declared.limit, declared.extension.limit)
    step.due_on = due(limit, step.starts_on, pauses_of(case))


def worst(state: str, dues: Iterable[date | None], on: date) -> Light:
    """The worst light of several due dates on a day."""
    if state == State.SUSPENDED or state in CLOSED:
        return Light.GREY
    lights = [one_light(one, on) for one in dues if one is not None]
    return next((wanted for wanted in (Light.RED, Light.AMBER) if wanted in lights), Light.GREEN)


def one_light(last: date, on: date) -> Light:
    """The light of one due date; green while the year's calendar is not published and the day is still ahead."""
    try:
        return light(last, on)
    except MissingCalendar:
        return Light.GREEN if on <= last else Light.RED
