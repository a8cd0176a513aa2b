"""Signing a step: the row by which the database enforces four eyes."""

from __future__ import annotations

from dashebao.kernel.cases.actions.common import Desk
from dashebao.kernel.cases.clock import now
from dashebao.kernel.cases.models import CaseStep, Signature
from dashebao.kernel.catalogue.api import StepKind


def sign(desk: Desk, step: CaseStep, opinion: str) -> int:
    """Put this officer's signature under the step and return how many it has in this round.

    The system does not sign: an automatic step counts as complete. The trigger fills in the natural person behind the
    officer and refuses a second pair of the same eyes.
    """
    if desk.hand.is_system:
        return step.officers
    Signature.objects.create(
        case=desk.case,
        step=step,
        step_key=step.key,
        four_eyes=StepKind(step.kind).four_eyes,
        round=step.round,
        officer_id=desk.hand.actor.id,
        officer_name=desk.hand.actor.name,
        opinion=opinion,
        signed_at=now(),
    )
    return Signature.objects.filter(step=step, round=step.round).count()
