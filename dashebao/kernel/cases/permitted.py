"""Which acts on a case are open to a reader now; faces show exactly these, and the acts themselves check again."""

from __future__ import annotations

from dashebao.kernel.cases.errors import CaseError
from dashebao.kernel.cases.hands import By, Hand, hand_of, require_party_or_officer, require_standing_in, require_step
from dashebao.kernel.cases.marked import states_now
from dashebao.kernel.cases.models import Case, CaseParty, CaseStep
from dashebao.kernel.cases.rows import active_parties, confirmed_in, open_pauses
from dashebao.kernel.cases.states import OPEN, UNDECIDED, PauseKind, ReentryState, State, StepState
from dashebao.kernel.catalogue.api import PartyRole, StepKind, WindowAct, item


def acts_open(case: Case, step: CaseStep | None, by: By) -> frozenset[str]:
    """The names of the acts this reader may do now."""
    hand = hand_of(by)
    if step is None:
        return frozenset()
    acts: set[str] = set()
    if case.state in OPEN and _may_withdraw(hand, case, step):
        acts.add("withdraw")
    if step.kind == StepKind.WAIT:
        if item(case.item_code).step(step.key).act is WindowAct.CONFIRM and _may_confirm(hand, case, step):
            acts.add("confirm")
        return frozenset(acts)
    if hand.actor.kind in ("person", "unit", "partner") and _stands(hand, case, step):
        acts |= _applicant_acts(case)
    acts |= _extension(hand, case, step) | _passing(hand, case, step)
    if not _may(hand, case, step):
        return frozenset(acts)
    return frozenset(acts | _officer_acts(case, step))


def _passing(hand: Hand, case: Case, step: CaseStep) -> set[str]:
    """Handing a task to a colleague, or taking a colleague's: open to everybody who could do the step."""
    if not _may(hand, case, step, held=False):
        return set()
    return {"reassign", "take_over"} if step.taken_by not in (None, hand.actor.id) else {"reassign"}


def _applicant_acts(case: Case) -> set[str]:
    """What an applicant or agent may hand in later: the answer to a correction notice, papers."""
    if case.state == State.SUSPENDED:
        return {"answer_correction"} if _asked_to_correct(case) else set()
    return {"add_papers"} if case.state in UNDECIDED else set()


def _asked_to_correct(case: Case) -> bool:
    return any(pause.kind == PauseKind.CORRECTION for pause in open_pauses(case))


def _stands(hand: Hand, case: Case, step: CaseStep) -> bool:
    try:
        require_standing_in(hand, case, step)
    except CaseError:
        return False
    return True


def _officer_acts(case: Case, step: CaseStep) -> set[str]:
    acts = {"take"} if step.taken_by is None else {"release"}
    if case.state == State.SUSPENDED:
        return {*acts, "answer_correction" if _asked_to_correct(case) else "resume"}
    if step.kind == StepKind.DELIVER:
        return {*acts, "deliver"}
    second = states_now(case, step)
    if ReentryState.WANTED in second:
        acts.add("reenter")
    elif ReentryState.DIFFERENT in second:
        acts.add("settle_difference")
    else:
        acts.add("advance")
    if case.state in UNDECIDED:
        acts.add("add_papers")
        if step.state == StepState.OPEN:
            acts |= {"ask_correction", "suspend"}
        if step.kind in (StepKind.INTAKE, StepKind.DECIDE):
            acts.add("refuse")
        if case.state == State.ACCEPTED and step.position > 1:
            acts.add("return_to_step")
        if step.kind == StepKind.NOTICE and step.state == StepState.RUNNING:
            acts.add("object_to_notice")
    return acts


def _extension(hand: Hand, case: Case, step: CaseStep) -> set[str]:
    found = item(case.item_code)
    own = found.step(step.key).extension
    extension, used = (own, step.extended) if own is not None else (found.extension, case.extended)
    if extension is None or used or case.state not in UNDECIDED:
        return set()
    return {"extend"} if extension.role in hand.roles and hand.covers(case.region_code) else set()


def _may(hand: Hand, case: Case, step: CaseStep, held: bool = True) -> bool:
    try:
        require_step(hand, case, step, held=held)
    except CaseError:
        return False
    return True


def _may_withdraw(hand: Hand, case: Case, step: CaseStep) -> bool:
    role = step.role or item(case.item_code).steps[0].role
    return any(_acts_for(hand, case, party, role) for party in _applying(case))


def _may_confirm(hand: Hand, case: Case, step: CaseStep) -> bool:
    confirmed = confirmed_in(step)
    return any(_acts_for(hand, case, party, step.role) for party in _applying(case) if party.pk not in confirmed)


def _applying(case: Case) -> list[CaseParty]:
    return [party for party in active_parties(case) if party.role == PartyRole.APPLICANT]


def _acts_for(hand: Hand, case: Case, party: CaseParty, role: str) -> bool:
    try:
        require_party_or_officer(hand, case, party, role)
    except CaseError:
        return False
    return True
