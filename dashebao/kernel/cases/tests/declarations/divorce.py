"""SW-02 divorce registration: two persons, two windows of 30 days."""

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
    WindowAct,
)
from dashebao.kernel.law.api import CIVIL_CODE, MARRIAGE_RULES
from dashebao.kernel.legal_time.api import Days, WorkingDays

EFFECTS: list[CaseFacts] = []


class InquiryRecord(forms.Form):
    """What the registrar asks both parties at the desk."""

    willing = forms.BooleanField(label=_("Both parties declare in person that they want to divorce"))
    talk = forms.CharField(label=_("Record of the talk"), widget=forms.Textarea)


class RegisterDivorce(ServiceItem):
    """离婚登记

    民法典 §1076-1078: apply together, 30 days in which either may withdraw, then 30 days to collect together.
    """

    code = "SW-02"
    title = _("Divorce registration")
    category = "marriage"
    law = (CIVIL_CODE[1076], CIVIL_CODE[1077], CIVIL_CODE[1078])
    channels = Channel.COUNTER
    applicant = ApplicantKind.PERSONS
    materials = (
        Material("居民身份证", "Resident identity cards of both", identity=True, original=True),
        Material("结婚证", "Marriage certificates", law=MARRIAGE_RULES[14], original=True),
        Material("离婚协议书", "Divorce agreement", law=CIVIL_CODE[1076], copies=3),
    )
    steps = (
        Step(
            kind=StepKind.INTAKE,
            title=_("Receive the application"),
            role="civil.clerk",
            form=InquiryRecord,
            limit=WorkingDays(0),
            law=MARRIAGE_RULES[14],
        ),
        Step(
            kind=StepKind.WAIT,
            key="cooling",
            title=_("Cooling-off period"),
            role="civil.clerk",
            limit=Days(30),
            law=CIVIL_CODE[1077, 1],
            act=WindowAct.REFLECT,
        ),
        Step(
            kind=StepKind.WAIT,
            key="collect",
            title=_("Both come to collect the certificate"),
            role="civil.clerk",
            limit=Days(30),
            law=CIVIL_CODE[1077, 2],
            act=WindowAct.CONFIRM,
            lapse_withdraws=True,
        ),
        Step(
            kind=StepKind.DECIDE,
            title=_("Register and issue"),
            role="civil.approver",
            limit=WorkingDays(0),
            law=CIVIL_CODE[1078],
        ),
        Step(kind=StepKind.DELIVER, title=_("Hand over the certificates"), role="civil.clerk"),
    )
    result = _("Divorce certificates")
    examples = (
        Example("agreed", {"children": "none", "property": "settled", "debts": "none"}),
        Example("no agreement on property", {"children": "none", "property": "open", "debts": "none"}, "refused"),
    )

    class Form(forms.Form):
        """What the agreement settles."""

        children = forms.ChoiceField(
            label=_("Custody of children"), choices=[("none", _("No minor children")), ("agreed", _("Agreed"))]
        )
        property = forms.ChoiceField(
            label=_("Property"), choices=[("settled", _("Settled")), ("open", _("Not yet settled"))]
        )
        debts = forms.ChoiceField(label=_("Debts"), choices=[("none", _("None")), ("settled", _("Settled"))])

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """No registration without full agreement (民法典 §1078)."""
        if len(applicant.applicants) != 2:
            yield Refusal(_("Both spouses must apply together."), CIVIL_CODE[1076, 1])
        if answers["property"] == "open":
            yield Refusal(_("The parties have not agreed on their property."), CIVIL_CODE[1078])

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """Note the registration; the marriage register itself is another system's."""
        EFFECTS.append(case)
        return {"persons": list(case.applicant.person_ids), "on": case.decided_on.isoformat()}
