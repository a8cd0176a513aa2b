"""JC-01 wage complaint: several workers against a unit, limits of the law on each step, an extension."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dashebao.kernel.cases.clock import today
from dashebao.kernel.catalogue.api import (
    Answers,
    Applicant,
    ApplicantKind,
    CaseFacts,
    Channel,
    Example,
    Extension,
    Material,
    Refusal,
    ServiceItem,
    Step,
    StepKind,
)
from dashebao.kernel.law.api import LABOUR_INSPECTION_PROVISIONS, LABOUR_INSPECTION_RULES
from dashebao.kernel.legal_time.api import WorkingDays

EFFECTS: list[CaseFacts] = []


class InspectionRecord(forms.Form):
    """What the inspectors found (监察条例 §16)."""

    findings = forms.CharField(label=_("Findings"), widget=forms.Textarea)
    owed_fen = forms.IntegerField(label=_("Wages found unpaid (fen)"), min_value=0)


class ClaimRow(forms.Form):
    """One worker's claim."""

    name = forms.CharField(label=_("Worker"))
    months = forms.IntegerField(label=_("Months unpaid"), min_value=1)
    claim_fen = forms.IntegerField(label=_("Wages claimed (fen)"), min_value=1)


class ComplainOfWages(ServiceItem):
    """拖欠工资投诉受理"""

    code = "JC-01"
    title = _("Complaint of unpaid wages")
    category = "inspection"
    law = (LABOUR_INSPECTION_RULES[17], LABOUR_INSPECTION_PROVISIONS[18])
    channels = Channel.COUNTER | Channel.PORTAL | Channel.HOTLINE
    applicant = ApplicantKind.PERSONS
    joint = False
    materials = (
        Material("投诉书", "Written complaint", law=LABOUR_INSPECTION_PROVISIONS[13]),
        Material("居民身份证", "Resident identity card", fetched_from=_("the public security register")),
    )
    steps = (
        Step(
            kind=StepKind.INTAKE,
            title=_("Accept the complaint"),
            role="labour.clerk",
            limit=WorkingDays(5),
            law=LABOUR_INSPECTION_PROVISIONS[18],
        ),
        Step(
            kind=StepKind.VISIT,
            key="inspect",
            title=_("Inspect the unit"),
            role="labour.inspector",
            officers=2,
            form=InspectionRecord,
            limit=WorkingDays(60),
            law=LABOUR_INSPECTION_RULES[17],
            extension=Extension(WorkingDays(30), "labour.approver", LABOUR_INSPECTION_RULES[17]),
        ),
        Step(
            kind=StepKind.DECIDE,
            title=_("Decide"),
            role="labour.approver",
            limit=WorkingDays(15),
            law=LABOUR_INSPECTION_PROVISIONS[37],
        ),
        Step(kind=StepKind.DELIVER, title=_("Serve the decision"), role="labour.clerk", limit=WorkingDays(7)),
    )
    result = _("Order to pay wages")
    Row = ClaimRow
    row_title = _("Workers and their claims")
    min_rows = 1
    examples = (
        Example(
            "two months unpaid",
            {"since": "2026-05-01", "rows": [{"name": "甲", "months": 2, "claim_fen": 1_200_000}]},
        ),
        Example(
            "more than two years ago",
            {"since": "2023-05-01", "rows": [{"name": "甲", "months": 2, "claim_fen": 1_200_000}]},
            "refused",
        ),
    )

    class Form(forms.Form):
        """Since when."""

        since = forms.DateField(label=_("Unpaid since"))

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """Two years from the act (监察条例 §20)."""
        if answers["since"] < today() - timedelta(days=731):
            yield Refusal(_("The act ended more than two years ago."), LABOUR_INSPECTION_RULES[20])

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """Note the order; the labour system carries it on."""
        EFFECTS.append(case)
        return {"owed_fen": case.step_data["inspect"]["owed_fen"]}
