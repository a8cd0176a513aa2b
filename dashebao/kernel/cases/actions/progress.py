"""Taking a task and carrying its step out, one function for every step kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from dashebao.kernel.cases.actions.archive import close
from dashebao.kernel.cases.actions.common import (
    SYSTEM_HAND,
    Desk,
    applicant_of,
    at_desk,
    finish,
    open_next,
    plain,
    recompute,
    run,
)
from dashebao.kernel.cases.actions.decisions import grant, lawful_refusals, require_checks
from dashebao.kernel.cases.actions.reentry import require_typed, send_differences_back
from dashebao.kernel.cases.actions.signing import sign
from dashebao.kernel.cases.clock import today
from dashebao.kernel.cases.errors import (
    CaseError,
    MissingPapers,
    NotAllowed,
    StepFormInvalid,
    TooEarly,
    WrongState,
)
from dashebao.kernel.cases.hands import By, require_step
from dashebao.kernel.cases.letters import issue
from dashebao.kernel.cases.models import Case, CaseMaterial, CaseStep
from dashebao.kernel.cases.states import WORKED_ON, LetterKind, PaperState, State, StepState
from dashebao.kernel.catalogue.api import StepKind
from dashebao.kernel.records.api import SYSTEM, acting


def take(case_no: str, by: By, version: int | None = None) -> Case:
    """Take the open step as this officer's task; taking one's own task again changes nothing."""
    with at_desk(case_no, by, version) as desk:
        step = desk.step()
        require_step(desk.hand, desk.case, step)
        if step.taken_by is None:
            step.taken_by, step.taken_name = desk.hand.actor.id, desk.hand.actor.name
            step.save()
            desk.note("taken", step)
            desk.save()
        return desk.case


def release(case_no: str, by: By, version: int | None = None) -> Case:
    """Give a taken step back to the team."""
    with at_desk(case_no, by, version) as desk:
        step = desk.step()
        require_step(desk.hand, desk.case, step)
        step.taken_by, step.taken_name = None, ""
        step.save()
        desk.note("released", step)
        desk.save()
        return desk.case


def advance(
    case_no: str, by: By, opinion: str = "", data: Mapping[str, Any] | None = None, version: int | None = None
) -> Case:
    """Do the open step: accept, record, sign, publish, review or grant; returns the case.

    ``data`` are the raw answers of the step's form. A notice is published by the first call and closed by a second
    one after its last day. A step of several officers is done when the last has signed.
    """
    with at_desk(case_no, by, version) as desk:
        step = desk.step()
        if desk.case.state not in WORKED_ON or step.kind in (StepKind.WAIT, StepKind.DELIVER):
            raise WrongState
        require_step(desk.hand, desk.case, step)
        require_typed(step)
        _record(desk, step, data)
        _act(desk, step, opinion)
        run_automatic(desk)
        return desk.case


def return_to_step(case_no: str, by: By, key: str, reason: str, version: int | None = None) -> Case:
    """Send an undecided case back to an earlier officers' step; windows and notices that ended are not repeated."""
    with at_desk(case_no, by, version) as desk:
        step = desk.step()
        require_step(desk.hand, desk.case, step)
        target = CaseStep.objects.filter(case=desk.case, key=key, position__lt=step.position).first()
        if target is None or target.kind in (StepKind.WAIT, StepKind.NOTICE) or desk.case.state != State.ACCEPTED:
            raise WrongState
        send_differences_back(step, reason)
        again = CaseStep.objects.filter(case=desk.case, position__gte=target.position, position__lte=step.position)
        for one in again.exclude(kind__in=(StepKind.WAIT, StepKind.NOTICE)):
            one.state = StepState.AHEAD
            one.round += 1
            one.taken_by, one.taken_name = one.done_by, one.done_name
            one.save()
        desk.note("returned", step, to=key, reason=reason)
        opened = open_next(desk)
        recompute(desk, opened)
        desk.save()
        return desk.case


def run_automatic(desk: Desk) -> None:
    """Let the system do the automatic steps that are open now.

    A decision the rules do not simply grant is left to an officer if the step names a role; else the refusal reaches
    the applicant at once and nothing is filed.
    """
    hand = desk.hand
    while (step := _automatic_step(desk)) is not None:
        if step.kind == StepKind.DECIDE and step.role and not _grantable(desk):
            return
        desk.hand = SYSTEM_HAND
        try:
            with acting(SYSTEM, f"automatic {step.key}"):
                _act(desk, step, "")
        finally:
            desk.hand = hand


def _automatic_step(desk: Desk) -> CaseStep | None:
    return CaseStep.objects.filter(case=desk.case, state=StepState.OPEN, automatic=True).first()


def _grantable(desk: Desk) -> bool:
    if lawful_refusals(desk):
        return False
    try:
        require_checks(desk)
    except CaseError:
        return False
    return True


def _record(desk: Desk, step: CaseStep, data: Mapping[str, Any] | None) -> None:
    """Check what the step's form asks for and keep it with the step; raises StepFormInvalid."""
    form_class = desk.item.step(step.key).form
    if form_class is None:
        if data:
            step.data = {**step.data, **plain(dict(data))}
        return
    if step.kind == StepKind.NOTICE and step.state == StepState.RUNNING and not data:
        return
    if not data and step.data and step.officers > 1:
        return
    form = form_class(dict(data or {}))
    if not form.is_valid():
        raise StepFormInvalid({name: [str(one) for one in errors] for name, errors in form.errors.items()})
    step.data = {**step.data, **plain(form.cleaned_data)}


def _act(desk: Desk, step: CaseStep, opinion: str) -> None:
    if step.kind == StepKind.NOTICE:
        _notice(desk, step, opinion)
        return
    if sign(desk, step, opinion) < step.officers:
        step.taken_by, step.taken_name = None, ""
        step.save()
        desk.note("signed", step, opinion=opinion)
        desk.save()
        return
    if step.kind == StepKind.DECIDE:
        grant(desk, step, opinion, None)
        return
    if step.kind == StepKind.INTAKE:
        _accept(desk, step, opinion)
        return
    if step.kind == StepKind.MATCH:
        step.data = {**step.data, "checks": _checks(desk)}
    finish(desk, step, opinion=opinion)
    desk.note("step_done", step, opinion=opinion)
    _move_on(desk)


def _move_on(desk: Desk) -> None:
    opened = open_next(desk)
    desk.save()
    if opened is None and desk.case.state == State.GRANTED:
        close(desk)


def _accept(desk: Desk, step: CaseStep, opinion: str) -> None:
    """Accept: required papers are there; the clock starts on this day (国务院令第765号 §18)."""
    missing = CaseMaterial.objects.filter(case=desk.case, required=True, state=PaperState.EXPECTED)
    names = {row.name for row in missing}
    if names:
        labels = ", ".join(paper.label for paper in desk.item.materials if paper.name in names)
        raise MissingPapers(
            _("These papers are still missing: %(papers)s. Record them, or send a correction notice.")
            % {"papers": labels}
        )
    finish(desk, step, opinion=opinion)
    case = desk.case
    if case.accepted_on is None:
        case.state = State.ACCEPTED
        case.accepted_on = today()
        recompute(desk, None)
        issue(case, desk.item, LetterKind.ACCEPTANCE, desk.hand)
        desk.note("accepted", step, opinion=opinion)
    else:
        desk.note("step_done", step, opinion=opinion)
    case.save()
    _move_on(desk)


def _checks(desk: Desk) -> Any:
    checks = desk.item.checks(applicant_of(desk.case), desk.item.clean(desk.case.answers))
    return [
        {"title": str(one.title), "detail": str(one.detail), "ok": one.ok, "blocking": one.blocking} for one in checks
    ]


def _notice(desk: Desk, step: CaseStep, opinion: str) -> None:
    """Publish the notice, or close it after its last day with the officer's word on the objections."""
    if step.state == StepState.OPEN:
        run(desk, step, today())
        desk.note("published", step, ends_on=step.ends_on)
        desk.save()
        return
    if step.ends_on is None or today() <= step.ends_on:
        raise TooEarly(
            _("The public notice runs until %(day)s. Close it after that day.") % {"day": step.ends_on or "?"}
        )
    if step.data.get("objections") and not opinion.strip():
        raise NotAllowed(_("There are objections to the notice. Write how they were settled."))
    finish(desk, step, opinion=opinion)
    desk.note("step_done", step, opinion=opinion)
    _move_on(desk)
