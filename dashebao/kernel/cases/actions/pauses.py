"""The clock stands still: correction notice, suspension, resumption; and the longer limit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from dashebao.kernel.cases.actions.common import Desk, at_desk, recompute
from dashebao.kernel.cases.actions.submission import Paper, fill
from dashebao.kernel.cases.clock import today
from dashebao.kernel.cases.errors import NotAllowed, OnceOnly, WrongState
from dashebao.kernel.cases.hands import By, require_standing_in, require_step
from dashebao.kernel.cases.letters import issue
from dashebao.kernel.cases.models import Case, CaseMaterial, CaseStep, ClockSuspension
from dashebao.kernel.cases.states import UNDECIDED, LetterKind, PauseKind, State, StepState
from dashebao.kernel.catalogue.api import Extension, StepKind, law_text, limit_text


@dataclass(frozen=True)
class Correction:
    """What the applicant must complete, all at once, and by when (None: no day is set)."""

    lines: Sequence[str]
    answer_by: date | None = None


@dataclass(frozen=True)
class Answer:
    """What the applicant sends in reply: changed answers and papers."""

    answers: Mapping[str, Any] = field(default_factory=dict)
    papers: Mapping[str, Paper] = field(default_factory=dict)


def ask_correction(case_no: str, by: By, correction: Correction, version: int | None = None) -> Case:
    """Tell the applicant once everything that must be completed; the clock stops (行政许可法 §32). Raises OnceOnly."""
    with at_desk(case_no, by, version) as desk:
        step = _undecided_step(desk)
        if ClockSuspension.objects.filter(case=desk.case, kind=PauseKind.CORRECTION).exists():
            raise OnceOnly
        lines = [line.strip() for line in correction.lines if line.strip()]
        if not lines:
            raise WrongState
        pause = _pause(desk, PauseKind.CORRECTION, "\n".join(lines))
        pause.answer_by = correction.answer_by
        pause.save()
        issue(
            desk.case, desk.item, LetterKind.CORRECTION, desk.hand, {"lines": lines, "answer_by": correction.answer_by}
        )
        desk.note("correction_asked", step, lines=lines)
        desk.save()
        return desk.case


def answer_correction(case_no: str, by: By, answer: Answer, version: int | None = None) -> Case:
    """Take in what the applicant completed; the clock runs again. Raises AnswersInvalid if the answers do not fit."""
    with at_desk(case_no, by, version) as desk:
        pause = _open_pause(desk, PauseKind.CORRECTION)
        require_standing_in(desk.hand, desk.case, desk.step())
        merged = {**desk.case.answers, **answer.answers}
        desk.item.clean(merged)
        desk.case.answers = merged
        add_rows(desk, answer.papers)
        _resume(desk, pause)
        desk.note("correction_answered", papers=sorted(answer.papers))
        desk.save()
        return desk.case


def add_papers(case_no: str, by: By, papers: Mapping[str, Paper], version: int | None = None) -> Case:
    """Record papers handed in later, by the applicant or by the officer of the open step."""
    with at_desk(case_no, by, version) as desk:
        if desk.case.state not in UNDECIDED:
            raise WrongState
        require_standing_in(desk.hand, desk.case, desk.step())
        add_rows(desk, papers)
        desk.note("papers_added", papers=sorted(papers))
        desk.save()
        return desk.case


def add_rows(desk: Desk, papers: Mapping[str, Paper]) -> None:
    """Put papers into their rows; a name the item does not ask for is refused."""
    rows = {row.name: row for row in CaseMaterial.objects.filter(case=desk.case, name__in=list(papers))}
    if set(papers) - set(rows):
        raise NotAllowed
    for name, paper in papers.items():
        fill(rows[name], paper)
        rows[name].save()


def suspend(case_no: str, by: By, reason: str, basis: str = "", version: int | None = None) -> Case:
    """Suspend a case for a reason outside the office, with a letter; the clock stops."""
    with at_desk(case_no, by, version) as desk:
        step = _undecided_step(desk)
        pause = _pause(desk, PauseKind.SUSPENSION, reason)
        pause.basis = basis
        pause.save()
        issue(desk.case, desk.item, LetterKind.SUSPENSION, desk.hand, {"reason": reason, "basis": basis})
        desk.note("suspended", step, reason=reason)
        desk.save()
        return desk.case


def resume(case_no: str, by: By, opinion: str = "", version: int | None = None) -> Case:
    """Go on with a suspended case; the clock runs again."""
    with at_desk(case_no, by, version) as desk:
        step = desk.step()
        pause = _open_pause(desk, PauseKind.SUSPENSION)
        require_step(desk.hand, desk.case, step)
        _resume(desk, pause)
        desk.note("resumed", step, opinion=opinion)
        desk.save()
        return desk.case


def extend(case_no: str, by: By, reason: str, version: int | None = None) -> Case:
    """Allow the longer limit the law knows, once, by the role it names: of the open step, or of the whole case."""
    with at_desk(case_no, by, version) as desk:
        case, step = desk.case, desk.step()
        own = desk.item.step(step.key).extension
        extension = own or desk.item.extension
        if case.state not in UNDECIDED or extension is None:
            raise WrongState
        if step.extended if own is not None else case.extended:
            raise OnceOnly(_("The time limit was extended once already; the law allows no more."))
        require_step(desk.hand, case, step, role=extension.role)
        if own is not None:
            step.extended = True
        else:
            case.extended = True
        recompute(desk, step)
        step.save()
        _tell_extension(desk, extension, reason, step.due_on if own is not None else case.due_on)
        desk.note("extended", step, reason=reason)
        desk.save()
        return case


def _tell_extension(desk: Desk, extension: Extension, reason: str, until: date | None) -> None:
    facts = {
        "longer": lambda: limit_text(extension.limit),
        "until": until,
        "reason": reason,
        "basis": lambda: law_text(extension.law),
    }
    issue(desk.case, desk.item, LetterKind.EXTENSION, desk.hand, facts)


def _undecided_step(desk: Desk) -> CaseStep:
    step = desk.step()
    if desk.case.state not in UNDECIDED or step.kind == StepKind.WAIT or step.state == StepState.RUNNING:
        raise WrongState
    require_step(desk.hand, desk.case, step)
    return step


def _pause(desk: Desk, kind: PauseKind, reason: str) -> ClockSuspension:
    case = desk.case
    case.resume_state = case.state
    case.state = State.SUSPENDED
    row = ClockSuspension(case=case, kind=kind, reason=reason, from_on=today())
    row.save()
    case.due_on = case.promised_on = None
    case.save()
    return row


def _open_pause(desk: Desk, kind: PauseKind) -> ClockSuspension:
    found: ClockSuspension | None = ClockSuspension.objects.filter(
        case=desk.case, kind=kind, until_on__isnull=True
    ).first()
    if found is None or desk.case.state != State.SUSPENDED:
        raise WrongState
    return found


def _resume(desk: Desk, pause: ClockSuspension) -> None:
    pause.until_on = max(today(), pause.from_on)
    pause.save()
    desk.case.state, desk.case.resume_state = desk.case.resume_state, ""
    step = CaseStep.objects.filter(case=desk.case, state__in=(StepState.OPEN, StepState.RUNNING)).first()
    recompute(desk, step)
