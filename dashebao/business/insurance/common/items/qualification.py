"""Proof that a pensioner is still entitled, done at once."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashebao.business.insurance.common.actions import Proof, prove_qualification
from dashebao.business.insurance.common.models import Qualification
from dashebao.business.insurance.common.queries import live_benefit, qualifications_of
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
from dashebao.kernel.law.api import HANDLING_RULES
from dashebao.kernel.legal_time.api import Terms, WorkingDays, add_months
from dashebao.kernel.records.api import SYSTEM, current_actor
from dashebao.kernel.registry.api import person

VALID_MONTHS = 12


@register
class ProveQualification(ServiceItem):
    """社会保险待遇领取资格认证"""

    code = "SI-405"
    title = gettext_lazy("Proof of entitlement to a pension")
    summary = gettext_lazy("Once a year; by face on your own device, at the counter, or by a visit at home.")
    category = "pension"
    law = (HANDLING_RULES[26],)
    channels = Channel.COUNTER | Channel.PORTAL | Channel.API
    legal_limit = WorkingDays(1, Terms(basis=HANDLING_RULES[26]))
    promised_limit = WorkingDays(1, Terms(basis=HANDLING_RULES[26]))
    materials = (
        Material(
            "居民身份证",
            "Resident identity card",
            identity=True,
            fetched_from=gettext_lazy("the public security register"),
        ),
    )
    steps = (
        Step(kind=StepKind.INTAKE, title=gettext_lazy("Proof"), role="pension.clerk", automatic=True),
        Step(kind=StepKind.DECIDE, title=gettext_lazy("Confirmation"), role="pension.assessor", automatic=True),
    )
    result = gettext_lazy("Notice of proof of entitlement")
    examples = (
        Example("pensioner proves by face", {"method": "face"}, facts={"pension": True}),
        Example("nobody who receives nothing", {"method": "face"}, expect="refused", facts={"pension": False}),
    )

    class Form(forms.Form):
        """How the proof is given."""

        method = forms.ChoiceField(label=gettext_lazy("Kind of proof"), choices=Qualification.Method.choices)

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """Only a living person with a running benefit can prove."""
        if person(applicant.id).died_on is not None:
            yield Refusal(gettext_lazy("The registry records the death of this person."), HANDLING_RULES[25])
        elif live_benefit(applicant.id) is None:
            yield Refusal(gettext_lazy("No benefit is paid to this person, so no proof is needed."), HANDLING_RULES[26])

    def checks(self, applicant: Applicant, answers: Answers) -> Sequence[Check]:
        """The last proof and the benefit's state."""
        benefit, proofs = live_benefit(applicant.id), qualifications_of(applicant.id)
        last = _("valid until %(on)s") % {"on": proofs[0].valid_until_on} if proofs else _("None")
        return [
            Check(_("Running benefit"), str(benefit.state.label) if benefit else _("None"), benefit is not None),
            Check(_("Last proof"), last, True),
        ]

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """Store the proof; payments withheld for want of it come with the next run."""
        human, proved = person(case.applicant.id), case.decided_on or timezone.localdate()
        proof = Proof(
            person_id=human.id,
            region_code=human.region_code,
            method=Qualification.Method(str(case.answers["method"])),
            proved_on=proved,
            valid_until_on=add_months(proved, VALID_MONTHS),
            case_no=case.case_no,
        )
        return {"qualification": prove_qualification(proof, by=current_actor() or SYSTEM)}
