"""Reads of the case machine: task lists, lists of cases and lights, each in a fixed number of queries."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from dashebao.kernel.cases.clock import today
from dashebao.kernel.cases.hands import By, Hand, hand_of
from dashebao.kernel.cases.models import Case, CaseParty, CaseStep, Signature
from dashebao.kernel.cases.states import State, StepState
from dashebao.kernel.cases.timing import worst
from dashebao.kernel.cases.values import CaseLine, Task
from dashebao.kernel.catalogue.api import ServiceItem, StepKind, UnknownItem, item
from dashebao.kernel.identity.api import User
from dashebao.kernel.legal_time.api import Light
from dashebao.kernel.records.api import Actor, as_known

FOUR_EYES = [kind.value for kind in StepKind if kind.four_eyes]
UNDER_WAY = (StepState.OPEN, StepState.RUNNING)
MOST_COUNTED = 100


class Order(enum.StrEnum):
    """How a task list is sorted: by the nearest limit, or by arrival."""

    URGENT = "urgent"
    OLDEST = "oldest"
    NEWEST = "newest"


@dataclass(frozen=True)
class Filter:
    """What a task list is narrowed to; empty fields do not narrow. ``page`` counts from 1."""

    item_code: str = ""
    text: str = ""
    page: int = 1
    size: int = 50
    order: Order = Order.URGENT
    state: str = ""


ORDERS: dict[Order, tuple[Any, ...]] = {
    Order.URGENT: (F("urgent_on").asc(nulls_last=True), "case_id"),
    Order.OLDEST: ("case_id",),
    Order.NEWEST: ("-case_id",),
}


def tasks_for(by: User, narrowed: Filter = Filter()) -> list[Task]:
    """The tasks this officer has taken, most urgent first."""
    hand = hand_of(by)
    return _tasks(_steps(hand).filter(taken_by=hand.actor.id), narrowed)


def team_tasks(by: User, narrowed: Filter = Filter()) -> list[Task]:
    """The tasks nobody has taken that this officer may do: role, scope, level, four eyes, not an own case."""
    hand = hand_of(by)
    return _tasks(_free(hand), narrowed)


def overdue(by: User, narrowed: Filter = Filter()) -> list[Task]:
    """All cases at this officer's roles and places whose time limit has passed, whoever has them."""
    return _tasks(_late(hand_of(by)), narrowed)


def task_counts(by: User) -> dict[str, int]:
    """How many tasks are mine, the team's and overdue, in three queries; nothing is counted beyond MOST_COUNTED."""
    hand = hand_of(by)
    lists = {"mine": _steps(hand).filter(taken_by=hand.actor.id), "team": _free(hand), "overdue": _late(hand)}
    return {name: rows[:MOST_COUNTED].count() for name, rows in lists.items()}


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
        cases = cases.filter(id__lt=Subquery(Case.objects.filter(case_no=before).values("id")[:1]))
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
    start = (narrowed.page - 1) * narrowed.size
    return case_lines(cases.order_by("-id")[start : start + narrowed.size])


def named(text: str, of: str = "") -> dict[str, str]:
    """The condition for a search text: a text of digits is the beginning of a case number, else of a name."""
    return {f"{of}case_no__begins" if text.isdigit() else f"{of}applicant_name__begins": text}


def case_lines(cases: QuerySet[Case]) -> list[CaseLine]:
    """Lines of a list of cases, in one query."""
    current = CaseStep.objects.filter(case=OuterRef("pk"), state__in=UNDER_WAY)
    rows = cases.annotate(step_key=Subquery(current.values("key")[:1]), step_due=Subquery(current.values("due_on")[:1]))
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


def _steps(hand: Hand) -> QuerySet[CaseStep]:
    """Open steps at the officer's roles, places and level, own cases left out."""
    if not hand.is_officer or not hand.actor.region:
        return CaseStep.objects.none()
    steps = CaseStep.objects.filter(
        Q(level="") | Q(level=hand.level),
        role__in=hand.roles,
        state__in=UNDER_WAY,
        region_code__begins=hand.actor.region,
    )
    if hand.person_id:
        own = CaseParty.objects.filter(case=OuterRef("case_id"), person_id=hand.person_id)
        steps = steps.exclude(Exists(own))
    return steps


def _free(hand: Hand) -> QuerySet[CaseStep]:
    mine = Signature.objects.filter(case=OuterRef("case_id"), officer_id=hand.actor.id)
    eyes = mine.filter(four_eyes=True).exclude(step_key=OuterRef("key"))
    signed = mine.filter(step=OuterRef("pk"), round=OuterRef("round"))
    return (
        _steps(hand)
        .filter(taken_by__isnull=True)
        .exclude(Q(kind__in=FOUR_EYES) & Exists(eyes))
        .exclude(Exists(signed))
        .exclude(kind=StepKind.WAIT)
    )


def _late(hand: Hand) -> QuerySet[CaseStep]:
    return _steps(hand).filter(urgent_on__lt=today())


def _tasks(steps: QuerySet[CaseStep], narrowed: Filter) -> list[Task]:
    if narrowed.item_code:
        steps = steps.filter(item_code=narrowed.item_code)
    if narrowed.text:
        steps = steps.filter(**named(narrowed.text, "case__"))
    start = (narrowed.page - 1) * narrowed.size
    ordered = steps.order_by(*ORDERS[narrowed.order]).select_related("case").defer("data", "case__answers")
    return [_task(step) for step in ordered[start : start + narrowed.size]]


def _task(step: CaseStep) -> Task:
    case = step.case
    found = known_item(case.item_code)
    dues = [one for one in (step.due_on, case.promised_on, case.due_on) if one is not None]
    return Task(
        case_no=case.case_no,
        item_code=case.item_code,
        item_label=found.label if found is not None else case.item_code,
        applicant_name=case.applicant_name,
        region_code=case.region_code,
        channel=case.channel,
        state=case.state,
        step_key=step.key,
        step_title=step_title(found, step.key),
        step_kind=step.kind,
        role=step.role,
        taken_by=step.taken_by,
        taken_name=step.taken_name,
        submitted_at=case.submitted_at,
        due_on=min(dues, default=None),
        light=worst(case.state, dues, today()),
        version=case.version,
    )


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
