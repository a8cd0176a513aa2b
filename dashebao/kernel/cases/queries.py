"""Reads of the case machine: lists of cases and lights, each in a fixed number of queries."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery

from dashebao.kernel.cases.clock import today
from dashebao.kernel.cases.hands import By, hand_of
from dashebao.kernel.cases.models import Case, CaseParty, CaseStep
from dashebao.kernel.cases.states import State, StepState
from dashebao.kernel.cases.timing import worst
from dashebao.kernel.cases.values import CaseLine
from dashebao.kernel.catalogue.api import ServiceItem, UnknownItem, item
from dashebao.kernel.legal_time.api import Light
from dashebao.kernel.records.api import Actor, as_known

UNDER_WAY = (StepState.OPEN, StepState.RUNNING)


class Order(enum.StrEnum):
    """How a task list is sorted: by the nearest limit, or by arrival."""

    URGENT = "urgent"
    OLDEST = "oldest"
    NEWEST = "newest"


@dataclass(frozen=True)
class Filter:
    """What a list is narrowed to; empty fields do not narrow.

    `after` and `before` are the marks a page ended and began with; the list goes on there, so the thousandth page costs
    what the first one does. The mark of a list of cases is the number of its last or first case.
    """

    item_code: str = ""
    text: str = ""
    size: int = 50
    order: Order = Order.URGENT
    state: str = ""
    after: str = ""
    before: str = ""


def cases_of_person(person_id: int, size: int = 50) -> list[CaseLine]:
    """The newest cases a person takes part in (not those directed against the person)."""
    mine = CaseParty.objects.filter(case=OuterRef("pk"), person_id=person_id).exclude(role="respondent")
    return case_lines(Case.objects.filter(Exists(mine)).order_by("-id")[:size])


def cases_of_unit(unit_id: int, size: int = 50) -> list[CaseLine]:
    """The newest cases a unit has applied for."""
    return case_lines(Case.objects.filter(unit_id=unit_id).order_by("-id")[:size])


def cases_then(person_id: int, known_at: datetime, size: int = 20) -> list[CaseLine]:
    """The newest cases a person applied in, in the states they had at a moment."""
    return _then(("person_id", person_id), known_at, size)


def cases_of_unit_then(unit_id: int, known_at: datetime, size: int = 20) -> list[CaseLine]:
    """The newest cases of a unit, in the states they had at a moment."""
    return _then(("unit_id", unit_id), known_at, size)


def _then(of: tuple[str, int], known_at: datetime, size: int) -> list[CaseLine]:
    found = sorted(as_known(Case, known_at, of=of), key=lambda case: -case.pk)[:size]
    for case in found:
        case.step_key, case.step_due = "", None  # type: ignore[attr-defined]
    return [_line(case) for case in found]


def cases_of_program(actor: Actor, narrowed: Filter = Filter(), state: str = "", before: str = "") -> list[CaseLine]:
    """The cases a program may see, newest first: all of the unit it acts for, or those the partner itself handed in.

    ``before`` is the case number the page before ended with; ``text`` narrows to one case number.
    """
    cases = _of_program(actor)
    if state:
        cases = cases.filter(state=state)
    if narrowed.item_code:
        cases = cases.filter(item_code=narrowed.item_code)
    if narrowed.text:
        cases = cases.filter(case_no=narrowed.text)
    if before:
        cases = cases.filter(id__lt=_id_of(before))
    return case_lines(cases.order_by("-id")[: narrowed.size])


def _of_program(actor: Actor) -> QuerySet[Case]:
    if actor.kind == "unit":
        return Case.objects.filter(unit_id=actor.unit_id)
    return Case.objects.filter(submitted_kind=actor.kind, submitted_by=actor.id)


def find_cases(by: By, narrowed: Filter) -> list[CaseLine]:
    """Cases in an officer's scope by the beginning of a number or of the applicant's name, newest first."""
    hand = hand_of(by)
    cases = Case.objects.filter(region_code__begins=hand.actor.region) if hand.actor.region else Case.objects.none()
    if narrowed.item_code:
        cases = cases.filter(item_code=narrowed.item_code)
    if narrowed.state:
        cases = cases.filter(state=narrowed.state)
    if narrowed.text:
        cases = cases.filter(**named(narrowed.text))
    if narrowed.before:
        return case_lines(cases.filter(id__gt=_id_of(narrowed.before)).order_by("id")[: narrowed.size])[::-1]
    if narrowed.after:
        cases = cases.filter(id__lt=_id_of(narrowed.after))
    return case_lines(cases.order_by("-id")[: narrowed.size])


def _id_of(case_no: str) -> Subquery:
    return Subquery(Case.objects.filter(case_no=case_no).values("id")[:1])


def named(text: str, of: str = "") -> dict[str, str]:
    """The condition for a search text: a text of digits is the beginning of a case number, else of a name."""
    return {f"{of}case_no__begins" if text.isdecimal() else f"{of}applicant_name__begins": text}


def case_lines(cases: QuerySet[Case]) -> list[CaseLine]:
    """Lines of a list of cases, in two queries: the cases, and the open steps of those found."""
    rows: list[Any] = list(cases.defer("answers"))
    steps = CaseStep.objects.filter(case__in=[row.pk for row in rows], state__in=UNDER_WAY)
    current = {case: (key, due) for case, key, due in steps.values_list("case_id", "key", "due_on")}
    for row in rows:
        row.step_key, row.step_due = current.get(row.pk, ("", None))
    return [_line(row) for row in rows]


def lights(cases: Iterable[Case]) -> dict[str, Light]:
    """The light of each case by number, from its own due dates."""
    on = today()
    return {case.case_no: worst(case.state, (case.due_on, case.promised_on), on) for case in cases}


def known_item(code: str) -> ServiceItem | None:
    """The declaration of an item, or None if it was taken out of the catalogue while cases remain."""
    try:
        return item(code)
    except UnknownItem:
        return None


def step_title(found: ServiceItem | None, key: str) -> str:
    """The title of a step by its key; the key itself if the declaration no longer has it."""
    if found is None or not key:
        return key
    return next((str(step.title) for step in found.steps if step.name == key), key)


def _line(case: Any) -> CaseLine:
    found = known_item(case.item_code)
    dues = [one for one in (case.step_due, case.promised_on, case.due_on) if one is not None]
    return CaseLine(
        case_no=case.case_no,
        item_code=case.item_code,
        item_label=found.label if found is not None else case.item_code,
        applicant_name=case.applicant_name,
        state=case.state,
        state_label=str(State(case.state).label),
        step_title=step_title(found, case.step_key or ""),
        submitted_at=case.submitted_at,
        due_on=min(dues, default=None),
        light=worst(case.state, dues, today()),
    )
