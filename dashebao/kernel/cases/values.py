"""Frozen values the case machine hands to the faces: tasks, case pages, what may be done now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django import forms

from dashebao.kernel.catalogue.api import Check, Guide, Refusal
from dashebao.kernel.legal_time.api import Light


@dataclass(frozen=True)
class Task:
    """One line of a task list: a case at its open step."""

    case_no: str
    item_code: str
    item_label: str
    applicant_name: str
    region_code: str
    channel: str
    state: str
    step_key: str
    step_title: str
    step_kind: str
    role: str
    taken_by: int | None
    taken_name: str
    submitted_at: datetime
    due_on: date | None
    light: Light
    version: int


@dataclass(frozen=True)
class StepView:
    """One step of a case page."""

    key: str
    title: str
    kind: str
    kind_label: str
    role: str
    state: str
    taken_by: int | None
    taken_name: str
    done_at: datetime | None
    done_name: str
    opinion: str
    due_on: date | None
    starts_on: date | None
    ends_on: date | None
    extended: bool
    officers: int
    signed: tuple[str, ...]
    act: str
    data: Mapping[str, Any]
    recorded: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class PartyView:
    """One party of a case page."""

    id: int
    role: str
    role_label: str
    name: str
    person_id: int
    unit_id: int
    state: str
    confirmed: bool


@dataclass(frozen=True)
class MaterialView:
    """One paper of a case page."""

    name: str
    label: str
    required: bool
    state: str
    state_label: str
    file_name: str
    note: str
    has_file: bool


@dataclass(frozen=True)
class LetterView:
    """One letter of a case, with its text in both languages."""

    id: int
    kind: str
    label: str
    number: str
    body: str
    body_zh: str
    body_en: str
    issued_at: datetime


@dataclass(frozen=True)
class EventView:
    """One line of the processing track."""

    at: datetime
    verb: str
    label: str
    step_title: str
    actor_name: str
    detail: Mapping[str, Any]


@dataclass(frozen=True)
class AnswerView:
    """One answer as label and readable value; a `blind` one is hidden until a second officer has typed it."""

    name: str
    label: str
    value: str
    blind: bool = False


@dataclass(frozen=True)
class ReentryView:
    """One field typed a second time: both entries once it was typed, and the field itself while it is still wanted."""

    field: str
    label: str
    state: str
    state_label: str
    step_title: str
    first: str
    second: str
    entered_name: str
    reason: str
    bound: Any = None
    step_key: str = ""
    current: bool = False
    position: int = 0


@dataclass(frozen=True)
class NoteView:
    """A note of an officer to colleagues."""

    author_name: str
    written_at: datetime
    text: str


@dataclass(frozen=True)
class DecisionView:
    """The decision of a case."""

    outcome: str
    outcome_label: str
    grounds: tuple[tuple[str, str], ...]
    opinion: str
    trace: Any
    result: Any
    decided_at: datetime
    decided_name: str


@dataclass(frozen=True)
class CaseView:
    """Everything a case page shows, for one reader; ``can`` names the acts open to that reader now."""

    case_no: str
    version: int
    item_code: str
    item_label: str
    state: str
    state_label: str
    channel: str
    region_code: str
    applicant_kind: str
    applicant_id: int
    applicant_name: str
    person_id: int
    unit_id: int
    household_id: int
    submitted_at: datetime
    accepted_on: date | None
    due_on: date | None
    promised_on: date | None
    closed_at: datetime | None
    light: Light
    raw_answers: Mapping[str, Any]
    answers: tuple[AnswerView, ...]
    rows: tuple[tuple[AnswerView, ...], ...]
    parties: tuple[PartyView, ...]
    steps: tuple[StepView, ...]
    materials: tuple[MaterialView, ...]
    letters: tuple[LetterView, ...]
    events: tuple[EventView, ...]
    decision: DecisionView | None
    guide: Guide
    can: frozenset[str] = frozenset()
    pause: str = ""
    step_form: forms.Form | None = field(default=None, compare=False)
    reentries: tuple[ReentryView, ...] = ()
    corrections: tuple[ReentryView, ...] = ()
    notes: tuple[NoteView, ...] = ()

    @property
    def current(self) -> StepView | None:
        """The open or running step, if any."""
        return next((step for step in self.steps if step.state in ("open", "running")), None)


@dataclass(frozen=True)
class Assessment:
    """What the rules say of an undecided case: checks, refusals and the trace of the amount."""

    checks: tuple[Check, ...]
    refusals: tuple[Refusal, ...]
    trace: Any


@dataclass(frozen=True)
class CaseLine:
    """One line of a list of cases of a person, a unit or an area."""

    case_no: str
    item_code: str
    item_label: str
    applicant_name: str
    state: str
    state_label: str
    step_title: str
    submitted_at: datetime
    due_on: date | None
    light: Light
