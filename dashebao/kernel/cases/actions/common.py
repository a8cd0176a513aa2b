"""What every act does: lock the case, look at its step, let due time pass, note the event, open what comes next."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from dashebao.kernel.cases.clock import now, today
from dashebao.kernel.cases.errors import NotFound, StaleCase, WrongState, translated
from dashebao.kernel.cases.hands import By, Hand, hand_of
from dashebao.kernel.cases.marked import ask_again
from dashebao.kernel.cases.models import Case, CaseEvent, CaseParty, CaseStep, ClockSuspension
from dashebao.kernel.cases.states import PauseKind, StepState
from dashebao.kernel.cases.timing import due, pauses_of, set_case_due, set_step_due
from dashebao.kernel.catalogue.api import (
    Applicant,
    ApplicantKind,
    Party,
    PartyRole,
    ServiceItem,
    StepKind,
    item,
)
from dashebao.kernel.records.api import SYSTEM, acting, audit

SYSTEM_HAND = Hand(SYSTEM)


@dataclass
class Desk:
    """An open case on the desk: the locked row, its declaration and the hand that acts."""

    case: Case
    item: ServiceItem
    hand: Hand

    def step(self) -> CaseStep:
        """The step that is open or running; raises WrongState if there is none."""
        found: CaseStep | None = CaseStep.objects.filter(
            case=self.case, state__in=(StepState.OPEN, StepState.RUNNING)
        ).first()
        if found is None:
            raise WrongState
        return found

    def save(self) -> None:
        """Write the case with its version raised by one."""
        self.case.version += 1
        self.case.save()

    def note(self, verb: str, step: CaseStep | None = None, **detail: Any) -> None:
        """Add the act to the processing track and to the audit trail."""
        actor = self.hand.actor
        CaseEvent.objects.create(
            case=self.case,
            verb=verb,
            step_key=step.key if step is not None else "",
            actor_kind=actor.kind,
            actor_id=actor.id,
            actor_name=actor.name,
            at=now(),
            detail=plain(detail),
        )
        audit(
            f"cases.{verb}",
            self.case,
            region=self.case.region_code,
            person=self.case.person_id,
            case_no=self.case.case_no,
            step=step.key if step is not None else "",
        )


@contextmanager
def at_desk(case_no: str, by: By, version: int | None = None, why: str = "") -> Iterator[Desk]:
    """Lock a case for one act in the name of ``by``, in one transaction; the guards' refusals come out translated.

    Raises NotFound outside the actor's scope and StaleCase if ``version`` is not the one on file.
    """
    hand = hand_of(by)
    with translated(), acting(hand.actor, why or f"case {case_no}"):
        case = Case.objects.select_for_update().filter(case_no=case_no).first()
        if case is None:
            raise NotFound
        if version is not None and version != case.version:
            raise StaleCase
        yield Desk(case, item(case.item_code), hand)


def plain(value: Any) -> Any:
    """JSON values only: dates as ISO text, lazy texts as text, models as keys."""
    return json.loads(json.dumps(value, cls=_Plain, ensure_ascii=False))


class _Plain(DjangoJSONEncoder):
    """Django's encoder, with model rows as their keys."""

    def default(self, o: Any) -> Any:
        """Encode what JSON lacks."""
        return o.pk if hasattr(o, "pk") else super().default(o)


def applicant_of(case: Case) -> Applicant:
    """The applicant and the parties still taking part, as the service items see them."""
    rows = CaseParty.objects.filter(case=case, state="active").order_by("id")
    parties = tuple(Party(row.name, row.person_id or 0, row.unit_id or 0, PartyRole(row.role)) for row in rows)
    return Applicant(
        ApplicantKind(case.applicant_kind), case.applicant_id, case.applicant_name, case.region_code, parties
    )


def finish(desk: Desk, step: CaseStep, *, opinion: str = "", data: Any = None) -> None:
    """Close a step as done by this hand."""
    step.state = StepState.DONE
    step.done_at = now()
    step.done_by = desk.hand.actor.id
    step.done_name = desk.hand.actor.name
    step.opinion = opinion
    if data is not None:
        step.data = {**step.data, **plain(data)}
    step.save()


def open_next(desk: Desk, begins_on: date | None = None) -> CaseStep | None:
    """Open the next step ahead; a window or a notice without role starts to run at once.

    ``begins_on`` is the day the step's time counts from (default today): a window that follows a window counts from
    the last day of the first (民法典 §1077). Returns the opened step, or None after the last.
    """
    step: CaseStep | None = CaseStep.objects.filter(case=desk.case, state=StepState.AHEAD).order_by("position").first()
    if step is None:
        return None
    start = begins_on or today()
    step.state = StepState.OPEN
    step.opened_at = now()
    step.starts_on = start
    if step.kind == StepKind.WAIT or (step.kind == StepKind.NOTICE and not step.role):
        run(desk, step, start)
    else:
        set_step_due(step, desk.case, desk.item)
        step.save()
    ask_again(desk.case, desk.item, step)
    return step


def run(desk: Desk, step: CaseStep, start: date) -> None:
    """Let a window or a notice run from ``start``; a notice outside the limit stops the case's clock by law."""
    declared = desk.item.step(step.key)
    step.state = StepState.RUNNING
    step.starts_on = start
    step.ends_on = due(declared.limit, start, ())
    step.due_on = step.ends_on
    step.save()
    if declared.stops_clock and step.ends_on is not None:
        ClockSuspension.objects.create(
            case=desk.case,
            kind=PauseKind.STATUTORY,
            reason=str(declared.title),
            basis=str(declared.law),
            from_on=start + timedelta(1),
            until_on=step.ends_on + timedelta(1),
        )
        set_case_due(desk.case, desk.item)


def recompute(desk: Desk, step: CaseStep | None) -> None:
    """Compute the case's and the open step's due dates anew (the case is not saved)."""
    set_case_due(desk.case, desk.item)
    if step is not None and step.state == StepState.OPEN and not pauses_open(desk.case):
        set_step_due(step, desk.case, desk.item)
        step.save()


def pauses_open(case: Case) -> bool:
    """Whether the case's clock stands still."""
    return any(pause.end is None for pause in pauses_of(case))
