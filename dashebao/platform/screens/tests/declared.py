"""A declared item with everything a case page can show: checks, papers, a calculation, three officers."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dashebao.kernel.catalogue.api import (
    Answers,
    Applicant,
    ApplicantKind,
    CaseFacts,
    Channel,
    Check,
    DayInput,
    Example,
    Material,
    Refusal,
    ServiceItem,
    Step,
    StepKind,
)
from dashebao.kernel.law.api import HANDLING_RULES, SOCIAL_INSURANCE_LAW
from dashebao.kernel.legal_time.api import WorkingDays

TRACE = {
    "trace": "1",
    "title": {"zh": "基本养老金", "en": "Basic pension"},
    "law": [],
    "region": "440100",
    "on": "2026-11-01",
    "parameter_digest": "9f2c1e7ab0d4c3318a55",
    "inputs": {},
    "results": {"basic": "3405.27", "account": "1572.69", "total": "4977.96"},
    "lines": [
        {
            "name": "basic",
            "label": {"zh": "基础养老金", "en": "Basic pension"},
            "law": [{"zh": "《社会保险法》第十五条", "en": "Social Insurance Law, article 15"}],
            "formula": "(base + base × index) ÷ 2 × years × rate",
            "numbers": "(8920 + 8920 × 1.2846) ÷ 2 × 33.42 × 0.01",
            "parameters": [
                {
                    "name": "pension.calc_base",
                    "value": "8920",
                    "since": "2026-01-01",
                    "reference": ["粤人社发〔2026〕1号"],
                }
            ],
            "exact": "3405.269772",
            "rounding": {"places": 2, "mode": "half away from zero", "basis": "四舍五入到分 / rounded to fen"},
            "value": "3405.27",
            "unit": "currency-CNY",
        },
        {
            "name": "account",
            "label": {"zh": "个人账户养老金", "en": "Account pension"},
            "law": ["《国务院关于完善企业职工基本养老保险制度的决定》第六条"],
            "formula": "balance ÷ months",
            "numbers": "218604.37 ÷ 139",
            "parameters": [],
            "exact": "1572.693310",
            "rounding": None,
            "value": "1572.69",
            "unit": "currency-CNY",
        },
    ],
}


class ClaimExample(ServiceItem):
    """示例待遇申领"""

    code = "TT-101"
    title = _("Example claim")
    summary = _("A claim used by tests of the faces.")
    category = "pension"
    law = (SOCIAL_INSURANCE_LAW[16], HANDLING_RULES[18])
    channels = Channel.COUNTER | Channel.PORTAL
    applicant = ApplicantKind.PERSON
    legal_limit, promised_limit = WorkingDays(20), WorkingDays(10)
    materials = (
        Material("居民身份证", "Resident identity card", fetched_from=_("the public security register")),
        Material("人事档案", "Personnel file", law=HANDLING_RULES[18], original=True, required=False),
    )
    steps = (
        Step(kind=StepKind.INTAKE, title=_("Accept"), role="pension.clerk"),
        Step(kind=StepKind.REVIEW, title=_("Assess"), role="pension.assessor"),
        Step(kind=StepKind.DECIDE, title=_("Decide"), role="pension.approver"),
    )
    result = _("Example sheet")
    examples = (Example("ordinary", {"retire_on": "2026-11-06", "manner": "card"}),)

    class Form(forms.Form):
        """When and how."""

        retire_on = forms.DateField(label=_("Day of retirement"), widget=DayInput())
        manner = forms.ChoiceField(
            label=_("Paid to"),
            choices=[("card", _("Social security card")), ("bank", _("Bank account"))],
            widget=forms.RadioSelect,
        )
        note = forms.CharField(label=_("Note"), required=False, help_text=_("Anything we should know"))

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """A note can forbid it."""
        if answers.get("note") == "forbidden":
            yield Refusal(_("This is not allowed."), SOCIAL_INSURANCE_LAW[16])

    def checks(self, applicant: Applicant, answers: Answers) -> Sequence[Check]:
        """Two good, one to look at."""
        return (
            Check(_("Identity"), "公安人口库", True),
            Check(_("Years"), "29 + 4", True),
            Check(_("Overlap"), "2009-03 – 2009-05", False),
        )

    def calculation(self, applicant: Applicant, answers: Answers) -> Mapping[str, Any]:
        """A fixed trace."""
        return TRACE

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """Nothing outside."""
        return {"sheet": case.case_no}
