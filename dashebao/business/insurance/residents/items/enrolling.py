"""Enrolment of a resident in scheme 170, decided by the system at once."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashebao.business.insurance.common.api import live_benefit
from dashebao.business.insurance.residents.actions import Enrolling, enrol_resident
from dashebao.business.insurance.residents.queries import active_enrolment, tiers
from dashebao.kernel.catalogue.api import (
    Answers,
    Applicant,
    CaseFacts,
    Channel,
    Check,
    Example,
    Material,
    Refusal,
    ServiceItem,
    Step,
    StepKind,
    register,
)
from dashebao.kernel.law.api import HANDLING_RULES, RESIDENT_PENSION
from dashebao.kernel.legal_time.api import Terms, WorkingDays, full_years
from dashebao.kernel.money.api import format_yuan, parse_yuan
from dashebao.kernel.records.api import SYSTEM, current_actor
from dashebao.kernel.registry.api import person


@register
class EnrolResident(ServiceItem):
    """城乡居民基本养老保险参保登记"""

    code = "SI-1045"
    title = gettext_lazy("Enrolment in the residents' pension")
    summary = gettext_lazy("For residents aged 16 and over without an employees' pension; choose a yearly tier.")
    category = "pension"
    law = (RESIDENT_PENSION["第三条"], RESIDENT_PENSION["第四条"], HANDLING_RULES[6])
    channels = Channel.COUNTER | Channel.PORTAL | Channel.API
    legal_limit = WorkingDays(10, Terms(basis=HANDLING_RULES[6]))
    promised_limit = WorkingDays(1, Terms(basis=HANDLING_RULES[6]))
    materials = (
        Material(
            "居民户口簿", "Household register", identity=True, fetched_from=gettext_lazy("the public security register")
        ),
    )
    steps = (
        Step(kind=StepKind.INTAKE, title=gettext_lazy("Acceptance"), role="pension.clerk", automatic=True),
        Step(kind=StepKind.DECIDE, title=gettext_lazy("Registration"), role="pension.assessor", automatic=True),
    )
    result = gettext_lazy("Residents' pension enrolment form")
    examples = (
        Example("a resident of 30", {"tier": "500"}, facts={"birth_on": "1996-03-02"}),
        Example("a child", {"tier": "500"}, expect="refused", facts={"birth_on": "2015-03-02"}),
    )

    class Form(forms.Form):
        """The yearly tier."""

        tier = forms.DecimalField(
            label=gettext_lazy("Yearly tier (yuan)"),
            min_value=1,
            decimal_places=2,
            help_text=gettext_lazy("One of the tiers of the place, for example 500."),
        )

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """Under 16, enrolled, on a pension, or no such tier."""
        human, today = person(applicant.id), timezone.localdate()
        if full_years(human.birth_on, today) < 16:
            yield Refusal(gettext_lazy("Enrolment is possible from the age of 16."), RESIDENT_PENSION["第三条"])
        if active_enrolment(human.id) is not None:
            yield Refusal(gettext_lazy("This person is enrolled already."), RESIDENT_PENSION["第三条"])
        if live_benefit(human.id) is not None:
            yield Refusal(gettext_lazy("A pension is already being paid to this person."), RESIDENT_PENSION["第三条"])
        open_tiers = tiers(human.region_code, today)
        if parse_yuan(str(answers["tier"])) not in open_tiers:
            sentence = _("The yearly tiers are: %(tiers)s yuan.")
            listed = ", ".join(format_yuan(tier) for tier in open_tiers)
            yield Refusal(sentence % {"tiers": listed}, RESIDENT_PENSION["第四条"])

    def checks(self, applicant: Applicant, answers: Answers) -> Sequence[Check]:
        """Age and other pensions."""
        human = person(applicant.id)
        age = full_years(human.birth_on, timezone.localdate())
        return [
            Check(_("Age"), _("%(years)d years") % {"years": age}, age >= 16),
            Check(_("Other pension"), _("None"), live_benefit(human.id) is None),
        ]

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """Enrol the person."""
        tier = parse_yuan(str(case.answers["tier"]))
        enrolling = Enrolling(case.applicant.id, case.decided_on, tier, case.case_no)
        return {"enrolment": enrol_resident(enrolling, by=current_actor() or SYSTEM)}
