"""Two small items: one with three officers, one done at once."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dashebao.kernel.catalogue.api import (
    Answers,
    Applicant,
    ApplicantKind,
    CaseFacts,
    Channel,
    Example,
    Material,
    Refusal,
    ServiceItem,
    Step,
    StepKind,
)
from dashebao.kernel.law.api import HANDLING_RULES
from dashebao.kernel.legal_time.api import Days, WorkingDays

EFFECTS: list[CaseFacts] = []


class Paper(ServiceItem, abstract=True):
    """What both items share."""

    title = _("Ask for a paper")
    law = (HANDLING_RULES[32],)
    channels = Channel.PORTAL | Channel.COUNTER
    applicant = ApplicantKind.PERSON
    result = _("A paper")
    examples = (Example("ordinary", {"purpose": "loan"}),)

    class Form(forms.Form):
        """What for."""

        purpose = forms.CharField(label=_("Purpose"))

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """One purpose is forbidden."""
        if answers["purpose"] == "forbidden":
            yield Refusal(_("This purpose is not allowed."), HANDLING_RULES[32])

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """Note it, or break."""
        if case.answers["purpose"] == "break":
            raise RuntimeError("broken effect")
        EFFECTS.append(case)
        return {"paper": case.item_code}


class AskForPaper(Paper):
    """要一份证明"""

    code = "TT-001"
    legal_limit = WorkingDays(20)
    materials = (Material("申请表", "Application form", law=HANDLING_RULES[32]),)
    steps = (
        Step(kind=StepKind.INTAKE, title=_("Accept"), role="pension.clerk"),
        Step(kind=StepKind.REVIEW, title=_("Review"), role="pension.assessor"),
        Step(kind=StepKind.DECIDE, title=_("Decide"), role="pension.approver"),
    )


class AskAtOnce(Paper):
    """当场打印证明"""

    code = "TT-002"
    legal_limit = WorkingDays(0)
    steps = (
        Step(kind=StepKind.INTAKE, title=_("Accept"), automatic=True),
        Step(kind=StepKind.DECIDE, title=_("Print"), automatic=True),
    )


class AskForUnit(Paper):
    """单位参保证明"""

    code = "TT-003"
    channels = Channel.EMPLOYER
    applicant = ApplicantKind.UNIT
    legal_limit = WorkingDays(0)
    steps = AskAtOnce.steps


class AskByPanel(Paper):
    """集体评议事项"""

    code = "TT-004"
    legal_limit = WorkingDays(20)
    materials = (Material("申请表", "Application form", law=HANDLING_RULES[32]),)
    steps = (
        Step(kind=StepKind.INTAKE, title=_("Accept"), role="pension.clerk"),
        Step(
            kind=StepKind.NOTICE,
            title=_("Public notice"),
            limit=Days(7),
            law=HANDLING_RULES[32],
            stops_clock=True,
        ),
        Step(kind=StepKind.PANEL, title=_("Panel"), role="pension.assessor", officers=3),
        Step(kind=StepKind.DECIDE, title=_("Decide"), role="pension.approver"),
        Step(kind=StepKind.PAY, title=_("Pay"), role="pension.clerk"),
    )
