"""Correction of the own contribution record: SI-206, checked by one officer and decided by another."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashebao.business.levy.items.parts import YuanField, current_month
from dashebao.business.levy.queries.histories import contributions_of
from dashebao.business.levy.schemes import PENSION
from dashebao.kernel.catalogue.api import (
    Answers,
    Applicant,
    ApplicantKind,
    CaseFacts,
    Channel,
    Check,
    Example,
    Material,
    MonthField,
    Refusal,
    ServiceItem,
    Step,
    StepKind,
    register,
)
from dashebao.kernel.law.api import SOCIAL_INSURANCE_LAW
from dashebao.kernel.legal_time.api import Terms, WorkingDays, month_text
from dashebao.kernel.money.api import format_yuan
from dashebao.kernel.records.api import audit

PROBLEMS = (
    ("missing", gettext_lazy("A month is missing")),
    ("too_low", gettext_lazy("The base is too low")),
    ("wrong_unit", gettext_lazy("The employer is wrong")),
    ("twice", gettext_lazy("A month is there twice")),
)


class Checked(forms.Form):
    """What the papers show and how the record is put right."""

    findings = forms.CharField(
        label=gettext_lazy("What was found"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
    follow_up = forms.ChoiceField(
        label=gettext_lazy("How it is put right"),
        choices=[
            ("back_payment", gettext_lazy("The employer pays back (SI-202)")),
            ("base", gettext_lazy("The employer's base is adjusted (SI-2026)")),
            ("refund", gettext_lazy("What was paid twice is returned (SI-2022)")),
            ("none", gettext_lazy("The record is right as it is")),
        ],
    )


@register
class CorrectOwnRecord(ServiceItem):
    """个人缴费记录核对更正"""

    code = "SI-206"
    title = gettext_lazy("Correct my contribution record")
    summary = gettext_lazy("A month is missing, doubled, or on too low a base: we check it with your employer.")
    category = "levy"
    law = (SOCIAL_INSURANCE_LAW[74], SOCIAL_INSURANCE_LAW[63])
    channels = Channel.COUNTER | Channel.PORTAL
    applicant = ApplicantKind.PERSON
    legal_limit = WorkingDays(20, Terms(basis=SOCIAL_INSURANCE_LAW[74]))
    promised_limit = WorkingDays(10, Terms(basis=SOCIAL_INSURANCE_LAW[74]))
    materials = (
        Material("工资或劳动关系证明", "Pay slip or proof of employment", law=SOCIAL_INSURANCE_LAW[63], required=False),
    )
    steps = (
        Step(kind=StepKind.INTAKE, title=gettext_lazy("Accept and check"), role="levy.clerk", form=Checked),
        Step(kind=StepKind.DECIDE, title=gettext_lazy("Decide"), role="levy.reviewer"),
    )
    result = gettext_lazy("Answer on the contribution record")
    examples = (
        Example(
            "a missing month",
            {"problem": "missing", "month": "2026-05", "wage_fen": "6500", "text": "五月未记录"},
            recorded={"intake": {"findings": "工资单所载五月工资未申报", "follow_up": "back_payment"}},
        ),
        Example(
            "a month to come",
            {"problem": "missing", "month": "2030-01", "wage_fen": "", "text": "以后的月份"},
            expect="refused",
            recorded={"intake": {"findings": "该月尚未核定", "follow_up": "none"}},
        ),
    )

    class Form(forms.Form):
        """Which month, what is wrong with it, what it should be."""

        problem = forms.ChoiceField(label=gettext_lazy("What is wrong"), choices=PROBLEMS, widget=forms.RadioSelect)
        month = MonthField(label=gettext_lazy("Month"))
        wage_fen = YuanField(label=gettext_lazy("Right monthly wage (yuan)"), required=False)
        text = forms.CharField(
            label=gettext_lazy("What happened"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4})
        )

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """Only months that have been billed can be wrong."""
        if answers["month"] >= current_month():
            sentence = _("The month %(month)s is not billed yet; look again when it is.")
            yield Refusal(sentence % {"month": month_text(answers["month"])}, SOCIAL_INSURANCE_LAW[74])

    def checks(self, applicant: Applicant, answers: Answers) -> Sequence[Check]:
        """What the record says of the month today."""
        lines = contributions_of(applicant.id, answers["month"], answers["month"])
        bases = [format_yuan(line.base_fen[PENSION]) for line in lines]
        return (Check(_("On record for the month"), " · ".join(bases) or _("Nothing"), bool(lines)),)

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """Order the correction: the levy bills or returns by the service named, the person sees the order at once."""
        found = case.step_data.get("intake", {})
        follow_up = str(found.get("follow_up", "none"))
        audit(
            "levy.record_correction_ordered",
            ("cases.case", case.case_id),
            region=case.region_code,
            person=case.applicant.id,
            case_no=case.case_no,
            follow_up=follow_up,
        )
        return {"month": case.answers["month"], "follow_up": follow_up}
