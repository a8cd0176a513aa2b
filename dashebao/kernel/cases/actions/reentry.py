"""Second entry (双录): an officer types marked fields again without seeing the first entry, and differences are settled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from dashebao.kernel.cases.actions.common import Desk, at_desk
from dashebao.kernel.cases.clock import now
from dashebao.kernel.cases.errors import NotAllowed, ReasonMissing, ReentryOpen, StepFormInvalid, WrongState
from dashebao.kernel.cases.hands import By, require_step
from dashebao.kernel.cases.marked import cleaned, same
from dashebao.kernel.cases.models import Case, CaseStep, Reentry
from dashebao.kernel.cases.states import UNDECIDED, ReentryState

OPEN_STATES = (ReentryState.WANTED, ReentryState.DIFFERENT)


def require_typed(step: CaseStep) -> None:
    """Raise ReentryOpen while fields of a step are still to be typed again or differ."""
    if Reentry.objects.filter(step=step, round=step.round, state__in=OPEN_STATES).exists():
        raise ReentryOpen


def reenter(case_no: str, by: By, typed: Mapping[str, Any], version: int | None = None) -> dict[str, str]:
    """Compare what this officer typed with the first entry, field by field; returns the states by field.

    Each field is typed once. Raises StepFormInvalid where a value does not fit its field.
    """
    with at_desk(case_no, by, version) as desk:
        step = _step_with_duty(desk)
        rows = list(Reentry.objects.filter(step=step, round=step.round, state=ReentryState.WANTED).order_by("id"))
        if not rows:
            raise WrongState
        form, errors = desk.item.Form(), dict[str, list[str]]()
        for row in rows:
            _compare(desk, form, row, typed.get(row.field), errors)
        if errors:
            raise StepFormInvalid(errors)
        for row in rows:
            row.save()
        states = {row.field: str(row.state) for row in rows}
        desk.note("reentered", step, states=states)
        desk.save()
        return states


def _compare(desk: Desk, form: forms.Form, row: Reentry, raw: Any, errors: dict[str, list[str]]) -> None:
    first = desk.case.answers.get(row.field)
    try:
        second = form.fields[row.field].clean(raw)
    except forms.ValidationError as error:
        errors[row.field] = [str(message) for message in error.messages]
        return
    row.first, row.second = _text(first), _text(raw)
    agreed = same(cleaned(form, row.field, first), second)
    row.state = ReentryState.SAME if agreed else ReentryState.DIFFERENT
    row.entered_by, row.entered_name = desk.hand.actor.id, desk.hand.actor.name
    row.entered_at = now()


def settle_difference(case_no: str, by: By, field: str, reason: str, version: int | None = None) -> Case:
    """The officer who typed the second entry finds the first one right, with the reason (a slip of the own hand)."""
    with at_desk(case_no, by, version, why=reason) as desk:
        step = _step_with_duty(desk)
        row = Reentry.objects.filter(
            step=step, round=step.round, field=field, state=ReentryState.DIFFERENT, entered_by=desk.hand.actor.id
        ).first()
        if row is None:
            raise NotAllowed
        if not reason.strip():
            raise ReasonMissing
        row.state, row.reason, row.settled_at = ReentryState.SETTLED, reason.strip(), now()
        row.save()
        desk.note("difference_settled", step, field=field, reason=row.reason)
        desk.save()
        return desk.case


def send_differences_back(step: CaseStep, reason: str) -> None:
    """Mark the differences of a step that is sent back: the first officer must look at the papers again."""
    for row in Reentry.objects.filter(step=step, round=step.round, state=ReentryState.DIFFERENT):
        row.state, row.reason, row.settled_at = ReentryState.RETURNED, reason.strip() or "—", now()
        row.save()


def correct_entry(case_no: str, by: By, field: str, value: Any, version: int | None = None) -> Case:
    """The officer to whom a difference was sent back corrects the first entry; it will be typed again after that.

    Where a form asks the same value twice, both change.
    """
    with at_desk(case_no, by, version) as desk:
        step = _step_with_duty(desk)
        sent_back = Reentry.objects.filter(
            case=desk.case, field=field, state=ReentryState.RETURNED, step__position__gt=step.position
        )
        if not sent_back.exists():
            raise NotAllowed
        old = desk.case.answers.get(field)
        twins = {name: value for name, given in desk.case.answers.items() if given == old and isinstance(old, str)}
        changed = {**desk.case.answers, **twins, field: value}
        desk.item.clean(changed)
        desk.case.answers = changed
        desk.note("entry_corrected", step, field=field)
        desk.save()
        return desk.case


def _step_with_duty(desk: Desk) -> CaseStep:
    step = desk.step()
    if desk.case.state not in UNDECIDED:
        raise WrongState
    require_step(desk.hand, desk.case, step)
    return step


def _text(value: Any) -> str:
    return "" if value is None else str(value)
