"""Registration of units (SI-101) and its end (SI-1022)."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashebao.business.levy.actions.registering import UnitEntry, close_unit, register_unit
from dashebao.business.levy.actions.sending import send_unit_registration
from dashebao.business.levy.items.parts import (
    ALL_SCHEMES,
    SCHEME_CHOICES,
    CreditCodeField,
    by_two_officers,
    current_month,
    not_registered,
)
from dashebao.business.levy.models import UnitKind
from dashebao.business.levy.queries.arrears import owed_by
from dashebao.business.levy.queries.enrolments import headcount_of, registration_of
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
from dashebao.kernel.law.api import HANDLING_RULES, INJURY_RULES, LEVY_RULES, SOCIAL_INSURANCE_LAW
from dashebao.kernel.legal_time.api import Days, Terms, WorkingDays
from dashebao.kernel.money.api import format_yuan
from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.kernel.registry import api as registry

RISK_CHOICES = [
    (str(number), label)
    for number, label in enumerate(
        (
            gettext_lazy("1: software, finance, public bodies"),
            gettext_lazy("2: trade, catering, property, education, health"),
            gettext_lazy("3: food, textiles, electronics, repair"),
            gettext_lazy("4: farming, clothing, machinery, energy, rail"),
            gettext_lazy("5: forestry, furniture, installation, road transport"),
            gettext_lazy("6: chemicals, building, civil engineering, fishing"),
            gettext_lazy("7: oil and gas, refining, other mining"),
            gettext_lazy("8: coal and metal mining"),
        ),
        start=1,
    )
]
LICENCE = Material("营业执照", "Business licence", fetched_from=gettext_lazy("the market regulation register"))


@register
class RegisterUnit(ServiceItem):
    """单位参保登记"""

    code = "SI-101"
    title = gettext_lazy("Register a unit for social insurance")
    summary = gettext_lazy("For employers, within 30 days of founding; opens the insurances and the bank debit.")
    category = "levy"
    law = (SOCIAL_INSURANCE_LAW[57], HANDLING_RULES[6], LEVY_RULES[8])
    channels = Channel.COUNTER | Channel.EMPLOYER
    applicant = ApplicantKind.UNIT
    legal_limit = Days(15, Terms(basis=SOCIAL_INSURANCE_LAW[57]))
    promised_limit = Days(3, Terms(basis=SOCIAL_INSURANCE_LAW[57]))
    materials = (LICENCE,)
    steps = by_two_officers("debit_account")
    result = gettext_lazy("Social insurance registration form")
    examples = (
        Example(
            "a trading company joins all five insurances",
            {"unit_kind": "enterprise", "schemes": ALL_SCHEMES, "risk_class": "2"},
        ),
        Example(
            "a unit that is registered already",
            {"unit_kind": "enterprise", "schemes": ALL_SCHEMES, "risk_class": "2"},
            expect="refused",
            facts={"registered": True},
        ),
    )

    class Form(forms.Form):
        """What the unit is and which insurances it joins."""

        credit_code = CreditCodeField(
            required=False, help_text=gettext_lazy("Only for a unit that is not on record yet.")
        )
        unit_kind = forms.ChoiceField(label=gettext_lazy("Kind of unit"), choices=UnitKind.choices)
        schemes = forms.MultipleChoiceField(
            label=gettext_lazy("Insurances"), choices=SCHEME_CHOICES, widget=forms.CheckboxSelectMultiple
        )
        risk_class = forms.ChoiceField(
            label=gettext_lazy("Injury risk class of the main business"), choices=RISK_CHOICES
        )
        debit_bank_code = forms.CharField(label=gettext_lazy("Bank code"), max_length=12, required=False)
        debit_account = forms.CharField(label=gettext_lazy("Account for the debit"), max_length=40, required=False)
        debit_agreement = forms.CharField(label=gettext_lazy("Debit agreement number"), max_length=40, required=False)

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """A unit registers once; one that is not on record yet gives its credit code."""
        known = applicant.id or unit_with(answers["credit_code"])
        if not known and not answers["credit_code"]:
            yield Refusal(_("The unit is not on record yet: enter its credit code."), HANDLING_RULES[6])
        if known and registration_of(known):
            yield Refusal(_("The unit is already registered."), SOCIAL_INSURANCE_LAW[57])
        if answers["unit_kind"] == "project" and set(answers["schemes"]) != {"410"}:
            yield Refusal(_("A construction project joins work injury insurance only."), INJURY_RULES[10])

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """Put a new unit on record, open its registration and tell the tax office."""
        answers = case.answers
        unit_id = case.applicant.id or recorded(case)
        registration = register_unit(
            UnitEntry(
                unit_id=unit_id,
                region_code=case.applicant.region_code,
                unit_kind=answers["unit_kind"],
                schemes=tuple(answers["schemes"]),
                risk_class=int(answers["risk_class"]),
                registered_on=case.decided_on,
                debit_bank_code=answers["debit_bank_code"],
                debit_account=answers["debit_account"],
                debit_agreement=answers["debit_agreement"],
                case_no=case.case_no,
            )
        )
        send_unit_registration(unit_id, "register", case.decided_on)
        return {"registration": registration.pk, "unit": unit_id}


def unit_with(credit_code: str) -> int:
    """The unit on record with a credit code; 0 if there is none."""
    with acting(SYSTEM, why="is the unit on record"):
        found = registry.find_unit(credit_code) if credit_code else None
    return found.pk if found else 0


def recorded(case: CaseFacts) -> int:
    """The unit that the application names, put on record if it is not there yet."""
    code = case.answers["credit_code"]
    entry = registry.UnitEntry(
        name=case.applicant.name,
        kind=case.answers["unit_kind"],
        region_code=case.applicant.region_code,
        credit_code=code,
    )
    return unit_with(code) or registry.register_unit(entry).pk


@register
class CloseUnit(ServiceItem):
    """单位社会保险注销登记"""

    code = "SI-1022"
    title = gettext_lazy("Close a unit's registration")
    summary = gettext_lazy("Arrears, late fees and fines must be paid and all staff removed before.")
    category = "levy"
    law = (SOCIAL_INSURANCE_LAW[57], HANDLING_RULES[10])
    channels = Channel.COUNTER | Channel.EMPLOYER
    applicant = ApplicantKind.UNIT
    legal_limit = WorkingDays(10, Terms(basis=HANDLING_RULES[10]))
    promised_limit = WorkingDays(5, Terms(basis=HANDLING_RULES[10]))
    materials = (
        Material("注销证明", "Proof of closing", law=SOCIAL_INSURANCE_LAW[57], required=False),
        LICENCE,
    )
    steps = by_two_officers()
    result = gettext_lazy("Notice of closing")
    examples = (
        Example("a unit without staff and arrears closes", {"reason": "dissolved"}, facts={"registered": True}),
        Example("a unit that still has staff", {"reason": "dissolved"}, expect="refused", facts={"staff": 1}),
    )

    class Form(forms.Form):
        """Why the unit closes."""

        reason = forms.ChoiceField(
            label=gettext_lazy("Reason"),
            choices=(
                ("dissolved", gettext_lazy("Dissolved")),
                ("bankrupt", gettext_lazy("Bankrupt")),
                ("merged", gettext_lazy("Merged into another unit")),
                ("moved", gettext_lazy("Moved to another region")),
            ),
        )

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """Arrears first (社会保险经办条例 10), then the staff."""
        yield from not_registered(applicant)
        owed = owed_by(applicant.id)
        if owed:
            sentence = _("The unit still owes %(amount)s yuan; it must pay before it can close.")
            yield Refusal(sentence % {"amount": format_yuan(owed)}, HANDLING_RULES[10])
        staff = headcount_of(applicant.id, current_month())
        if staff:
            sentence = _("%(count)d people are still enrolled; remove them first.")
            yield Refusal(sentence % {"count": staff}, SOCIAL_INSURANCE_LAW[57])

    def checks(self, applicant: Applicant, answers: Answers) -> Sequence[Check]:
        """What is owed and who is enrolled."""
        owed, staff = owed_by(applicant.id), headcount_of(applicant.id, current_month())
        return (
            Check(_("Arrears and late fees"), format_yuan(owed), owed == 0, blocking=True),
            Check(_("Enrolled staff"), str(staff), staff == 0, blocking=True),
        )

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """Close the registration and tell the tax office."""
        registration = close_unit(case.applicant.id, case.decided_on, case_no=case.case_no)
        send_unit_registration(case.applicant.id, "close", case.decided_on)
        return {"registration": registration.pk}
