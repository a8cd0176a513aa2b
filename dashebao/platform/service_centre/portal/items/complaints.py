"""Complaints and reports: SI-901, looked into by one officer and answered by another."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dashebao.kernel.catalogue.api import (
    ApplicantKind,
    CaseFacts,
    Channel,
    Example,
    Extension,
    Material,
    ServiceItem,
    Step,
    StepKind,
    register,
    register_category,
)
from dashebao.kernel.law.api import LABOUR_INSPECTION_RULES, SOCIAL_INSURANCE_LAW
from dashebao.kernel.legal_time.api import Terms, WorkingDays

register_category("service", _("Complaints and ratings"), order=90)
ABOUT = (
    ("not_insured", _("An employer does not insure its staff")),
    ("too_low", _("An employer pays on too low a wage")),
    ("fraud", _("Somebody receives money without being entitled")),
    ("service", _("How an office or officer treated me")),
    ("data", _("My data was looked at or used wrongly")),
    ("other", _("Something else")),
)


class LookedInto(forms.Form):
    """What the officer found."""

    findings = forms.CharField(
        label=_("What was found"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000, strip=True
    )
    founded = forms.ChoiceField(
        label=_("Is the complaint founded?"),
        choices=[("yes", _("Founded")), ("partly", _("Partly founded")), ("no", _("Not founded"))],
    )


class Answered(forms.Form):
    """What the complainant is told."""

    reply = forms.CharField(
        label=_("Answer to the complainant"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000, strip=True
    )


@register
class Complain(ServiceItem):
    """社会保险投诉举报"""

    code = "SI-901"
    title = _("Complain or report")
    summary = _(
        "Report an employer, a wrongful payment or how you were treated; you get an answer within a fixed time."
    )
    category = "service"
    law = (SOCIAL_INSURANCE_LAW[82], LABOUR_INSPECTION_RULES[17])
    channels = Channel.COUNTER | Channel.PORTAL
    applicant = ApplicantKind.PERSON
    legal_limit = WorkingDays(60, Terms(basis=LABOUR_INSPECTION_RULES[17]))
    promised_limit = WorkingDays(15, Terms(basis=LABOUR_INSPECTION_RULES[17]))
    extension = Extension(WorkingDays(30), "service.handler", LABOUR_INSPECTION_RULES[17])
    materials = (Material("证据材料", "Evidence", law=SOCIAL_INSURANCE_LAW[82], required=False),)
    steps = (
        Step(kind=StepKind.INTAKE, title=_("Receive"), role="service.clerk"),
        Step(kind=StepKind.REVIEW, title=_("Look into it"), role="service.inspector", form=LookedInto),
        Step(kind=StepKind.DECIDE, title=_("Answer"), role="service.handler", form=Answered),
    )
    result = _("Answer to a complaint")
    examples = (
        Example(
            "an employer who does not insure",
            {"about": "not_insured", "against": "示例餐饮店", "text": "入职半年未参加社会保险。", "wish": "补缴"},
        ),
        Example("bad treatment", {"about": "service", "against": "", "text": "窗口要求重复提交材料。", "wish": ""}),
    )

    class Form(forms.Form):
        """About what, against whom, what happened, what should be done."""

        about = forms.ChoiceField(label=_("What is it about?"), choices=ABOUT, widget=forms.RadioSelect)
        against = forms.CharField(
            label=_("Employer, office or person it is about"),
            max_length=120,
            required=False,
            help_text=_("Leave it empty if you do not know the name"),
        )
        text = forms.CharField(
            label=_("What happened"),
            max_length=2000,
            widget=forms.Textarea(attrs={"rows": 5}),
            help_text=_("When, where, who; one event after the other"),
        )
        wish = forms.CharField(label=_("What should be done"), max_length=500, required=False)

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """The answer is the result; nothing else changes."""
        return {"reply": case.step_data.get("decide", {}).get("reply", "")}
