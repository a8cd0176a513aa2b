"""Passing tasks between colleagues, and the notes they leave each other."""

from __future__ import annotations

from dashebao.kernel.cases.actions.common import Desk, at_desk
from dashebao.kernel.cases.clock import now
from dashebao.kernel.cases.errors import NotAllowed, ReasonMissing, WrongState
from dashebao.kernel.cases.hands import By, hand_of, require_step
from dashebao.kernel.cases.models import Case, CaseNote, CaseStep
from dashebao.kernel.identity.api import User


def reassign(case_no: str, by: By, to: User, reason: str, version: int | None = None) -> Case:
    """Hand the open step to a colleague who may do it, with the reason; raises what keeps the colleague from it."""
    with at_desk(case_no, by, version, why=reason) as desk:
        step = desk.step()
        require_step(desk.hand, desk.case, step, held=False)
        if to.pk == desk.hand.actor.id:
            raise WrongState
        require_step(hand_of(to), desk.case, step, held=False)
        _pass_on(desk, step, to, reason, "reassigned")
        return desk.case


def take_over(case_no: str, by: User, reason: str, version: int | None = None) -> Case:
    """Take a colleague's task, with the reason; the colleague reads it in the processing track."""
    with at_desk(case_no, by, version, why=reason) as desk:
        step = desk.step()
        require_step(desk.hand, desk.case, step, held=False)
        if step.taken_by in (None, desk.hand.actor.id):
            raise WrongState
        _pass_on(desk, step, by, reason, "taken_over")
        return desk.case


def _pass_on(desk: Desk, step: CaseStep, to: User, reason: str, verb: str) -> None:
    if not reason.strip():
        raise ReasonMissing
    before = step.taken_name
    step.taken_by, step.taken_name = to.pk, to.name
    step.save()
    desk.note(verb, step, reason=reason.strip(), **{"from": before, "to": to.name})
    desk.save()


def add_note(case_no: str, by: By, text: str) -> CaseNote:
    """Leave a note for colleagues; every officer with a duty in the case's service and place may write one."""
    with at_desk(case_no, by) as desk:
        if not text.strip():
            raise ReasonMissing
        duties = {step.role for step in desk.item.steps if step.role}
        if not desk.hand.is_officer or not desk.hand.roles & duties or not desk.hand.covers(desk.case.region_code):
            raise NotAllowed
        actor = desk.hand.actor
        note: CaseNote = CaseNote.objects.create(
            case=desk.case,
            region_code=desk.case.region_code,
            author_id=actor.id,
            author_name=actor.name,
            text=text.strip(),
            written_at=now(),
        )
        return note
