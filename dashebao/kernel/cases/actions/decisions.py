"""Granting and refusing: the decision, its effect, its letter, and what is left to do after it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from dashebao.kernel.cases.actions.archive import close
from dashebao.kernel.cases.actions.common import Desk, applicant_of, at_desk, finish, open_next, plain
from dashebao.kernel.cases.actions.signing import sign
from dashebao.kernel.cases.clock import now, today
from dashebao.kernel.cases.errors import Blocked, ForbiddenByLaw, NoGrounds, WrongState
from dashebao.kernel.cases.hands import By, require_step
from dashebao.kernel.cases.letters import issue
from dashebao.kernel.cases.models import Case, CaseStep, Decision
from dashebao.kernel.cases.states import UNDECIDED, LetterKind, Outcome, State, StepState
from dashebao.kernel.catalogue.api import CaseFacts, Refusal, StepKind, law_text


def refuse(
    case_no: str, by: By, opinion: str = "", refusals: Iterable[Refusal] | None = None, version: int | None = None
) -> Case:
    """Refuse at the intake (not accepted) or at the decision, with grounds and a letter; returns the case.

    Without ``refusals`` the item's own refusals of today are the grounds; none at all raises NoGrounds.
    """
    with at_desk(case_no, by, version) as desk:
        step = desk.step()
        if desk.case.state not in UNDECIDED or step.kind not in (StepKind.INTAKE, StepKind.DECIDE):
            raise WrongState
        require_step(desk.hand, desk.case, step)
        grounds = list(refusals if refusals is not None else lawful_refusals(desk))
        if not grounds:
            raise NoGrounds
        sign(desk, step, opinion)
        intake = step.kind == StepKind.INTAKE
        _decide(desk, step, Outcome.NOT_ACCEPTED if intake else Outcome.REFUSED, opinion, grounds)
        return desk.case


def grant(desk: Desk, step: CaseStep, opinion: str, data: Mapping[str, Any] | None) -> None:
    """Grant at the decision step: law and checks must allow it; the effect runs here, once, in this transaction.

    Raises ForbiddenByLaw with the item's refusals, or Blocked with the failed checks.
    """
    if desk.case.state not in UNDECIDED:
        raise WrongState
    refusals = lawful_refusals(desk)
    if refusals:
        sentences = " ".join(f"{refusal.sentence} ({law_text(refusal.article)})" for refusal in refusals)
        raise ForbiddenByLaw(_("The law does not allow this to be granted: %(why)s") % {"why": sentences})
    require_checks(desk)
    if data is not None:
        step.data = {**step.data, **plain(data)}
    _decide(desk, step, Outcome.GRANTED, opinion, [])


def lawful_refusals(desk: Desk) -> list[Refusal]:
    """What the item's rules say against the application today."""
    applicant = applicant_of(desk.case)
    return list(desk.item.refusals(applicant, desk.item.clean(desk.case.answers)))


def require_checks(desk: Desk) -> None:
    """Raise Blocked if a blocking check fails."""
    applicant = applicant_of(desk.case)
    failed = [
        check
        for check in desk.item.checks(applicant, desk.item.clean(desk.case.answers))
        if check.blocking and not check.ok
    ]
    if failed:
        sentences = " ".join(f"{check.title}: {check.detail}" for check in failed)
        raise Blocked(_("A check stands against granting. Settle it first: %(why)s") % {"why": sentences})


def facts_of(desk: Desk) -> CaseFacts:
    """The case as the item's effect sees it."""
    case = desk.case
    data = {step.key: step.data for step in CaseStep.objects.filter(case=case)}
    return CaseFacts(
        case_id=case.pk,
        case_no=case.case_no,
        item_code=case.item_code,
        applicant=applicant_of(case),
        answers=desk.item.clean(case.answers),
        region_code=case.region_code,
        submitted_on=timezone.localdate(case.submitted_at),
        decided_on=today(),
        decided_by=desk.hand.actor.id,
        step_data=data,
    )


def _decide(desk: Desk, step: CaseStep, outcome: Outcome, opinion: str, refusals: list[Refusal]) -> None:
    case, item = desk.case, desk.item
    granted = outcome is Outcome.GRANTED
    trace = result = None
    if granted:
        trace = item.calculation(applicant_of(case), item.clean(case.answers))
        result = item.effect(facts_of(desk))
    Decision.objects.create(
        case=case,
        step=step,
        outcome=outcome,
        grounds=[_ground(refusal) for refusal in refusals],
        opinion=opinion,
        trace=plain(trace),
        result=plain(result),
        decided_at=now(),
        decided_by=desk.hand.actor.id,
        decided_name=desk.hand.actor.name,
    )
    finish(desk, step, opinion=opinion)
    case.state = State.GRANTED if granted else State.REFUSED
    _after(desk, step, outcome)
    kind = {
        Outcome.GRANTED: LetterKind.GRANT,
        Outcome.REFUSED: LetterKind.REFUSAL,
        Outcome.NOT_ACCEPTED: LetterKind.NOT_ACCEPTED,
    }[outcome]
    facts = {"opinion": opinion, "grounds": lambda: [_shown(refusal) for refusal in refusals]}
    issue(case, item, kind, desk.hand, facts)
    desk.note(outcome.value, step, opinion=opinion)
    desk.save()
    if not CaseStep.objects.filter(case=case, state__in=(StepState.OPEN, StepState.RUNNING)).exists():
        close(desk)


def _after(desk: Desk, step: CaseStep, outcome: Outcome) -> None:
    """Open what carries the decision out; after a refusal only the delivery of the letter is left."""
    ahead = CaseStep.objects.filter(case=desk.case, position__gt=step.position)
    if outcome is not Outcome.GRANTED:
        for dropped in ahead.exclude(kind=StepKind.DELIVER):
            dropped.state = StepState.DROPPED
            dropped.save()
    desk.case.save()
    open_next(desk)


def _shown(refusal: Refusal) -> dict[str, str]:
    return {"sentence": str(refusal.sentence), "article": law_text(refusal.article)}


def _ground(refusal: Refusal) -> dict[str, str]:
    with translation.override("zh-hans"):
        chinese = _shown(refusal)
    with translation.override("en"):
        english = _shown(refusal)
    return {
        "sentence_zh": chinese["sentence"],
        "sentence_en": english["sentence"],
        "article_zh": chinese["article"],
        "article_en": english["article"],
    }
