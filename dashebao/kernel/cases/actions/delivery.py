"""Handing the result over."""

from __future__ import annotations

from dashebao.kernel.cases.actions.archive import finish_delivery
from dashebao.kernel.cases.actions.common import at_desk
from dashebao.kernel.cases.actions.signing import sign
from dashebao.kernel.cases.errors import WrongState
from dashebao.kernel.cases.hands import By, require_step
from dashebao.kernel.cases.models import Case
from dashebao.kernel.cases.states import Means, State
from dashebao.kernel.catalogue.api import StepKind


def deliver(case_no: str, by: By, means: str = Means.DIRECT, receiver: str = "", version: int | None = None) -> Case:
    """Record that the decision (granted or refused) reached the applicant; closes and archives the case."""
    with at_desk(case_no, by, version) as desk:
        step = desk.step()
        if step.kind != StepKind.DELIVER or desk.case.state not in (State.GRANTED, State.REFUSED):
            raise WrongState
        require_step(desk.hand, desk.case, step)
        sign(desk, step, "")
        desk.note("delivered", step, means=means)
        finish_delivery(desk, step, Means(means).value, receiver)
        return desk.case
