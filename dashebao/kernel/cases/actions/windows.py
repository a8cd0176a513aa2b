"""Statutory windows and withdrawals: what the parties do, and what time does by itself."""

from __future__ import annotations

from django.db.models import Q

from dashebao.kernel.cases.actions.archive import seal_case
from dashebao.kernel.cases.actions.common import SYSTEM_HAND, Desk, at_desk, finish, open_next, recompute, run
from dashebao.kernel.cases.actions.progress import run_automatic
from dashebao.kernel.cases.clock import now, today
from dashebao.kernel.cases.errors import NotAllowed, WrongState
from dashebao.kernel.cases.hands import By, require_party_or_officer
from dashebao.kernel.cases.letters import issue
from dashebao.kernel.cases.models import Case, CaseParty, CaseStep, PartyAct
from dashebao.kernel.cases.states import OPEN, LetterKind, PartyState, State, StepState
from dashebao.kernel.catalogue.api import ApplicantKind, PartyRole, StepKind, WindowAct, law_text
from dashebao.kernel.records.api import SYSTEM, acting


def confirm(case_no: str, by: By, person_id: int, version: int | None = None) -> Case:
    """Record that a party confirmed in the running window; when all have, the case goes on.

    The party acts itself, or an officer with the window's role records it in the party's presence.
    """
    settle(case_no)
    with at_desk(case_no, by, version) as desk:
        step = desk.step()
        if step.kind != StepKind.WAIT or desk.item.step(step.key).act is not WindowAct.CONFIRM:
            raise WrongState
        party = _applicant(desk, person_id)
        require_party_or_officer(desk.hand, desk.case, party, step.role)
        _act(desk, step, party, "confirm")
        desk.note("confirmed", step, party=party.pk)
        waiting = CaseParty.objects.filter(case=desk.case, role=PartyRole.APPLICANT, state=PartyState.ACTIVE)
        if not waiting.exclude(acts__step=step, acts__act="confirm").exists():
            finish(desk, step)
            open_next(desk)
            run_automatic(desk)
        desk.save()
        return desk.case


def withdraw(case_no: str, by: By, person_id: int = 0, reason: str = "", version: int | None = None) -> Case:
    """Withdraw an undecided application.

    Applicants who act as one (``joint``) withdraw all by any one of them; otherwise only the one leaves, and the
    case ends with the last. ``person_id`` is the party who withdraws (0: the unit, or the single applicant).
    """
    settle(case_no)
    with at_desk(case_no, by, version, why=reason) as desk:
        if desk.case.state not in OPEN:
            raise WrongState
        party = _applicant(desk, person_id)
        step = desk.step()
        require_party_or_officer(desk.hand, desk.case, party, step.role or desk.item.steps[0].role)
        _act(desk, step, party, "withdraw")
        party.state = PartyState.WITHDRAWN
        party.save()
        left = CaseParty.objects.filter(case=desk.case, role=PartyRole.APPLICANT, state=PartyState.ACTIVE)
        if not desk.item.joint and left.exists():
            desk.note("party_withdrew", step, party=party.pk, reason=reason)
            desk.save()
            return desk.case
        issue(desk.case, desk.item, LetterKind.WITHDRAWAL, desk.hand, {"who": party.name})
        desk.note("withdrawn", step, party=party.pk, reason=reason)
        _end(desk)
        return desk.case


def object_to_notice(case_no: str, by: By, text: str, version: int | None = None) -> Case:
    """Record an objection received during a public notice; the officer who closes the notice must answer it."""
    with at_desk(case_no, by, version) as desk:
        step = desk.step()
        running = step.kind == StepKind.NOTICE and step.state == StepState.RUNNING
        if not running or not desk.hand.is_officer or not desk.hand.covers(desk.case.region_code):
            raise WrongState
        objections = [*step.data.get("objections", []), {"on": today().isoformat(), "text": text}]
        step.data = {**step.data, "objections": objections}
        step.save()
        desk.note("objected", step)
        desk.save()
        return desk.case


def settle(case_no: str) -> None:
    """Let time that has passed take effect on one case: windows and notices that ended, as of today."""
    with at_desk(case_no, SYSTEM) as desk:
        _settle(desk)


def pass_time() -> int:
    """Let today's date take effect on all cases: windows ended, notices ended, due dates a new calendar allows.

    Each case is its own transaction, so one that fails stops none before it; returns how many changed.
    """
    over = Q(ends_on__lt=today()) | Q(ends_on__isnull=True)
    with acting(SYSTEM, "time passes"):
        ended = CaseStep.objects.filter(over, state=StepState.RUNNING, case__state__in=OPEN)
        undated = Case.objects.filter(state=State.ACCEPTED, due_on__isnull=True)
        numbers = [
            *ended.order_by("case_id").values_list("case__case_no", flat=True),
            *undated.order_by("id").values_list("case_no", flat=True),
        ]
    changed = 0
    for case_no in dict.fromkeys(numbers):
        with at_desk(case_no, SYSTEM) as desk:
            changed += _settle(desk)
    return changed


def _settle(desk: Desk) -> bool:
    changed = _date(desk)
    while desk.case.state in OPEN and (step := _ended(desk)) is not None:
        changed = True
        _end_window(desk, step)
    return changed


def _date(desk: Desk) -> bool:
    """Fill in the last days that had to wait for a year's calendar."""
    changed = False
    for step in CaseStep.objects.filter(case=desk.case, state=StepState.RUNNING, ends_on__isnull=True):
        if step.starts_on is not None:
            run(desk, step, step.starts_on)
            changed = changed or step.ends_on is not None
    case = desk.case
    if case.state == State.ACCEPTED and case.due_on is None and desk.item.legal_limit is not None:
        recompute(desk, None)
        changed = changed or case.due_on is not None
    if changed:
        desk.save()
    return changed


def _ended(desk: Desk) -> CaseStep | None:
    """The window, or the notice nobody must close, whose last day is over."""
    running: CaseStep | None = CaseStep.objects.filter(
        case=desk.case, state=StepState.RUNNING, ends_on__lt=today()
    ).first()
    if running is None or (running.kind == StepKind.NOTICE and running.role):
        return None
    return running


def _end_window(desk: Desk, step: CaseStep) -> None:
    declared = desk.item.step(step.key)
    desk.hand = SYSTEM_HAND
    if declared.act is WindowAct.CONFIRM and declared.lapse_withdraws:
        facts = {
            "until": step.ends_on,
            "step": lambda: str(declared.title),
            "basis": lambda: law_text(declared.law) if declared.law is not None else "",
        }
        issue(desk.case, desk.item, LetterKind.LAPSE, desk.hand, facts)
        desk.note("lapsed", step)
        _end(desk)
        return
    finish(desk, step)
    desk.note("window_ended", step)
    open_next(desk, begins_on=step.ends_on if _next_is_window(step) else None)
    run_automatic(desk)
    desk.save()


def _next_is_window(step: CaseStep) -> bool:
    following = CaseStep.objects.filter(case=step.case, state=StepState.AHEAD).order_by("position").first()
    return following is not None and following.kind == StepKind.WAIT


def _end(desk: Desk) -> None:
    desk.case.state = State.WITHDRAWN
    seal_case(desk)


def _act(desk: Desk, step: CaseStep, party: CaseParty, act: str) -> None:
    PartyAct.objects.get_or_create(
        step=step,
        party=party,
        act=act,
        defaults={
            "case": desk.case,
            "acted_at": now(),
            "recorded_kind": desk.hand.actor.kind,
            "recorded_by": desk.hand.actor.id,
        },
    )


def _applicant(desk: Desk, person_id: int) -> CaseParty:
    parties = CaseParty.objects.filter(case=desk.case, role=PartyRole.APPLICANT, state=PartyState.ACTIVE)
    several = desk.case.applicant_kind == ApplicantKind.PERSONS
    found: CaseParty | None = parties.filter(person_id=person_id).first() if several or person_id else parties.first()
    if found is None:
        raise NotAllowed
    return found
