"""Changes of a person's data: SI-105."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashebao.business.levy.items.parts import ChangesForm, ResidentIdField, by_two_officers, person_of
from dashebao.kernel.catalogue.api import (
    Answers,
    Applicant,
    ApplicantKind,
    CaseFacts,
    Channel,
    Check,
    Example,
    Material,
    Refusal,
    ServiceItem,
    register,
)
from dashebao.kernel.law.api import HANDLING_RULES, SOCIAL_INSURANCE_LAW
from dashebao.kernel.legal_time.api import Terms, WorkingDays
from dashebao.kernel.registry.api import change_number, change_person, person, possible_duplicates


@register
class ChangePersonData(ServiceItem):
    """个人参保信息变更"""

    code = "SI-105"
    title = gettext_lazy("Change personal data")
    summary = gettext_lazy("Name, ID number, mobile number or address of an insured person.")
    category = "levy"
    law = (HANDLING_RULES[10], SOCIAL_INSURANCE_LAW[58])
    channels = Channel.COUNTER | Channel.PORTAL
    applicant = ApplicantKind.PERSON
    legal_limit = WorkingDays(10, Terms(basis=HANDLING_RULES[10]))
    promised_limit = WorkingDays(3, Terms(basis=HANDLING_RULES[10]))
    materials = (
        Material(
            "居民身份证",
            "Resident identity card",
            identity=True,
            fetched_from=gettext_lazy("the public security register"),
        ),
        Material(
            "户口变更证明",
            "Proof of the change in the household register",
            fetched_from=gettext_lazy("the public security register"),
            required=False,
        ),
    )
    steps = by_two_officers()
    result = gettext_lazy("Notice of the change")
    examples = (
        Example("another mobile number", {"mobile": "13900000001"}),
        Example(
            "a number of somebody else", {"id_number": "440305197604120022"}, expect="refused", facts={"taken": True}
        ),
    )

    class Form(ChangesForm):
        """Only what changes is filled in."""

        name = forms.CharField(label=gettext_lazy("Name"), max_length=60, required=False)
        id_number = ResidentIdField(required=False)
        mobile = forms.RegexField(
            r"^1\d{10}$",
            label=gettext_lazy("Mobile number"),
            required=False,
            error_messages={"invalid": gettext_lazy("A mobile number has 11 digits and begins with 1.")},
        )
        address = forms.CharField(label=gettext_lazy("Address"), max_length=200, required=False)

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """A number belongs to one person (社会保险法 58)."""
        holder = person_of(answers["id_number"]) if answers["id_number"] else None
        if holder and holder.pk != applicant.id:
            sentence = _("The ID number belongs to another person. If both are you, ask for the records to be merged.")
            yield Refusal(sentence, SOCIAL_INSURANCE_LAW[58])

    def checks(self, applicant: Applicant, answers: Answers) -> Sequence[Check]:
        """Records that look like the same person."""
        twins = list(possible_duplicates(applicant.id))
        detail = _("%(count)d similar records") % {"count": len(twins)} if twins else _("No similar record")
        return (Check(_("Registered once"), detail, not twins),)

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """Write the changes into the registry."""
        answers = case.answers
        changes = {name: answers[name] for name in ("name", "mobile", "address") if answers[name]}
        if changes:
            change_person(case.applicant.id, **changes)
        if answers["id_number"]:
            change_number(case.applicant.id, answers["id_number"], case.decided_on)
        return {"person": person(case.applicant.id).pk}
