"""Flexible workers who pay alone: SI-104 and its end."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashebao.business.levy.actions.enrolling import Leaving, Paper, Starting, enrol_flexible, stop
from dashebao.business.levy.items.parts import (
    YuanField,
    at_once,
    current_month,
    wrong_month,
)
from dashebao.business.levy.models import Identity
from dashebao.business.levy.queries.enrolments import conflicts, relations_of
from dashebao.business.levy.schemes import FLEXIBLE_SCHEMES
from dashebao.kernel.catalogue.api import (
    Answers,
    Applicant,
    ApplicantKind,
    CaseFacts,
    Channel,
    Example,
    Material,
    MonthField,
    Refusal,
    ServiceItem,
    register,
)
from dashebao.kernel.law.api import GUANGDONG_FLEXIBLE, HANDLING_RULES, SOCIAL_INSURANCE_LAW
from dashebao.kernel.legal_time.api import Terms, WorkingDays, month_plus

IDENTITY_CARD = Material(
    "居民身份证", "Resident identity card", identity=True, fetched_from=gettext_lazy("the public security register")
)


@register
class EnrolFlexible(ServiceItem):
    """灵活就业人员参保登记"""

    code = "SI-104"
    title = gettext_lazy("Enrol as a flexible worker")
    summary = gettext_lazy("Pension and medical insurance on a base you choose between the limits.")
    category = "levy"
    law = (SOCIAL_INSURANCE_LAW[58], SOCIAL_INSURANCE_LAW[10], GUANGDONG_FLEXIBLE["第六条"], HANDLING_RULES[6])
    channels = Channel.COUNTER | Channel.PORTAL | Channel.API
    applicant = ApplicantKind.PERSON
    legal_limit = WorkingDays(10, Terms(basis=HANDLING_RULES[6]))
    promised_limit = WorkingDays(0, Terms(basis=HANDLING_RULES[6]))
    materials = (IDENTITY_CARD,)
    steps = at_once()
    result = gettext_lazy("Notice of enrolment")
    examples = (
        Example("pension and medical", {"month": "2026-12", "schemes": ["110", "310"], "base_fen": "6000.00"}),
        Example(
            "still employed",
            {"month": "2026-12", "schemes": ["110"], "base_fen": "6000.00"},
            expect="refused",
            facts={"employed": True},
        ),
    )

    class Form(forms.Form):
        """Which insurances, from when, on what base."""

        month = MonthField(label=gettext_lazy("Insured from month"))
        schemes = forms.MultipleChoiceField(
            label=gettext_lazy("Insurances"),
            choices=(
                ("110", gettext_lazy("Employees' pension")),
                ("310", gettext_lazy("Employees' medical insurance")),
            ),
            widget=forms.CheckboxSelectMultiple,
        )
        base_fen = YuanField(label=gettext_lazy("Chosen monthly base (yuan)"))
        medical_base_fen = YuanField(label=gettext_lazy("Another base for medical insurance (yuan)"), required=False)

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """The month is open and nobody else pays for the same insurance."""
        yield from wrong_month(answers["month"])
        if conflicts([applicant.id], 0, answers["schemes"], answers["month"]):
            sentence = _("You are still insured with an employer or as a flexible worker for one of these insurances.")
            yield Refusal(sentence, SOCIAL_INSURANCE_LAW[58])

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """Enrol from the month on."""
        answers = case.answers
        person = Starting(
            case.applicant.id,
            answers["base_fen"],
            tuple(answers["schemes"]),
            Identity.FLEXIBLE,
            answers["medical_base_fen"],
        )
        paper = Paper(case_no=case.case_no)
        return {"people": enrol_flexible(person, case.applicant.region_code, answers["month"], paper)}


@register
class StopFlexible(ServiceItem):
    """灵活就业人员停保登记"""

    code = "SI-1043"
    title = gettext_lazy("End insurance as a flexible worker")
    summary = gettext_lazy("Ends your own payments after the last month you name.")
    category = "levy"
    law = (SOCIAL_INSURANCE_LAW[58], HANDLING_RULES[10])
    channels = Channel.COUNTER | Channel.PORTAL | Channel.API
    applicant = ApplicantKind.PERSON
    legal_limit = WorkingDays(10, Terms(basis=HANDLING_RULES[10]))
    promised_limit = WorkingDays(0, Terms(basis=HANDLING_RULES[10]))
    materials = (IDENTITY_CARD,)
    steps = at_once()
    result = gettext_lazy("Notice of the end of enrolment")
    examples = (
        Example("ends after November", {"last_month": "2026-11"}, facts={"flexible": True}),
        Example("was never enrolled", {"last_month": "2026-11"}, expect="refused"),
    )

    class Form(forms.Form):
        """Until when."""

        last_month = MonthField(label=gettext_lazy("Last month due"))

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """There must be something to end."""
        yield from wrong_month(month_plus(answers["last_month"], 1))
        if not _own(applicant.id):
            yield Refusal(_("You are not enrolled as a flexible worker."), HANDLING_RULES[10])

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """End both insurances."""
        leaving = Leaving(case.applicant.id, month_plus(case.answers["last_month"], 1))
        return {"relations": stop(0, [leaving], case_no=case.case_no)}


def _own(person_id: int) -> bool:
    active = (row for row in relations_of(person_id) if row.until_month is None or row.until_month >= current_month())
    return any(row.unit_id == 0 and set(row.schemes) & set(FLEXIBLE_SCHEMES) for row in active)
