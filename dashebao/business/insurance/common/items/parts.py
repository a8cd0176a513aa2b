"""Parts that the service items of running benefits share."""

from django.utils.translation import gettext_lazy

from dashebao.kernel.catalogue.api import CaseFacts, Material, Step, StepKind
from dashebao.kernel.records.api import SYSTEM, Actor, current_actor

IDENTITY_CARD = Material(
    "居民身份证", "Resident identity card", identity=True, fetched_from=gettext_lazy("the public security register")
)
FOUR_EYES = (
    Step(kind=StepKind.INTAKE, title=gettext_lazy("Acceptance"), role="pension.clerk"),
    Step(kind=StepKind.REVIEW, title=gettext_lazy("Review"), role="pension.assessor"),
    Step(kind=StepKind.DECIDE, title=gettext_lazy("Approval"), role="pension.approver"),
)
TWO_OFFICERS = (
    Step(kind=StepKind.INTAKE, title=gettext_lazy("Acceptance"), role="pension.clerk"),
    Step(kind=StepKind.DECIDE, title=gettext_lazy("Approval"), role="pension.approver"),
)


def deciding(case: CaseFacts) -> Actor:
    """Who carries the decision out: the deciding officer's context, the system if time decided."""
    return current_actor() or SYSTEM
