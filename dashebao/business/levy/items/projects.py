"""Injury insurance of a construction project on its cost (SI-1034)."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashebao.business.levy.actions.insuring_projects import ProjectEntry, insure_project, premium_explained
from dashebao.business.levy.items.parts import YuanField, by_two_officers, current_month, not_registered
from dashebao.business.levy.models import ProjectInsurance
from dashebao.kernel.cases.api import today
from dashebao.kernel.catalogue.api import (
    Answers,
    Applicant,
    ApplicantKind,
    CaseFacts,
    Channel,
    DayInput,
    Example,
    Material,
    Refusal,
    ServiceItem,
    register,
)
from dashebao.kernel.law.api import HANDLING_RULES, INJURY_RULES, SOCIAL_INSURANCE_LAW
from dashebao.kernel.legal_time.api import Terms, WorkingDays


@register
class InsureProject(ServiceItem):
    """建筑项目工伤保险参保登记"""

    code = "SI-1034"
    title = gettext_lazy("Injury insurance of a construction project")
    summary = gettext_lazy("One premium on the cost of the project covers everybody who works on the site.")
    category = "levy"
    law = (SOCIAL_INSURANCE_LAW[33], INJURY_RULES[10], HANDLING_RULES[6])
    channels = Channel.COUNTER | Channel.EMPLOYER
    applicant = ApplicantKind.UNIT
    operator_right = "unit.declaration"
    legal_limit = WorkingDays(10, Terms(basis=HANDLING_RULES[6]))
    promised_limit = WorkingDays(3, Terms(basis=HANDLING_RULES[6]))
    materials = (Material("施工合同", "Construction contract", law=INJURY_RULES[10]),)
    steps = by_two_officers()
    result = gettext_lazy("Notice of the project's injury insurance")
    examples = (
        Example(
            "a school building",
            {
                "name": "第三小学教学楼（示例）",
                "contract_no": "SG-2026-018",
                "cost_fen": "23500000",
                "starts_on": "2026-12-10",
                "ends_on": "2028-03-31",
            },
            facts={"registered": True},
        ),
        Example(
            "the project would end before it begins",
            {
                "name": "第三小学教学楼（示例）",
                "contract_no": "SG-2026-018",
                "cost_fen": "23500000",
                "starts_on": "2026-12-10",
                "ends_on": "2026-12-01",
            },
            expect="refused",
            facts={"registered": True},
        ),
    )

    class Form(forms.Form):
        """The project, its contract, cost and time."""

        name = forms.CharField(label=gettext_lazy("Name of the project"), max_length=120)
        contract_no = forms.CharField(label=gettext_lazy("Number of the contract"), max_length=60)
        site = forms.CharField(label=gettext_lazy("Address of the site"), max_length=200, required=False)
        cost_fen = YuanField(label=gettext_lazy("Cost of the project (yuan)"), most_fen=100_000_000_000_000)
        starts_on = forms.DateField(label=gettext_lazy("Building begins"), widget=DayInput())
        ends_on = forms.DateField(label=gettext_lazy("Building ends"), widget=DayInput())

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """A registered unit, a project that is not over, a contract not insured yet."""
        yield from not_registered(applicant)
        if answers["ends_on"] < max(answers["starts_on"], today()):
            yield Refusal(_("The building time is over or ends before it begins."), INJURY_RULES[10])
        if answers["cost_fen"] <= 0:
            yield Refusal(_("The cost of the project must be above zero."), INJURY_RULES[10])
        if ProjectInsurance.objects.filter(contract_no=answers["contract_no"]).exists():
            yield Refusal(_("The project with this contract is insured already."), INJURY_RULES[10])

    def calculation(self, applicant: Applicant, answers: Answers) -> Mapping[str, Any] | None:
        """Cost x rate."""
        return premium_explained(applicant.region_code, answers["cost_fen"], today())

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """Keep the insurance and bill its premium."""
        answers = case.answers
        made = insure_project(
            ProjectEntry(
                unit_id=case.applicant.id,
                name=answers["name"],
                contract_no=answers["contract_no"],
                cost_fen=answers["cost_fen"],
                starts_on=answers["starts_on"],
                ends_on=answers["ends_on"],
                billed_month=current_month(),
                site=answers["site"],
                case_no=case.case_no,
            )
        )
        return {"project": made.pk, "bill": made.bill_id, "premium_fen": made.premium_fen}
