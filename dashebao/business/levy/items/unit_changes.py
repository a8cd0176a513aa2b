"""Change of a unit's registration (SI-102): what is on record about the unit, and the terms it is registered on."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashebao.business.levy.actions.registering import change_unit
from dashebao.business.levy.actions.sending import send_unit_registration
from dashebao.business.levy.items.parts import ChangesForm, by_two_officers, not_registered
from dashebao.business.levy.items.units import LICENCE
from dashebao.business.levy.models import UnitKind
from dashebao.business.levy.queries.enrolments import registration_of
from dashebao.kernel.catalogue.api import (
    Answers,
    Applicant,
    ApplicantKind,
    CaseFacts,
    Channel,
    Check,
    Example,
    Refusal,
    ServiceItem,
    register,
)
from dashebao.kernel.law.api import HANDLING_RULES, LEVY_RULES, SOCIAL_INSURANCE_LAW
from dashebao.kernel.legal_time.api import Terms, WorkingDays
from dashebao.kernel.registry import api as registry

OF_THE_UNIT = ("name", "legal_person", "address")
OF_THE_REGISTRATION = ("unit_kind", "debit_bank_code", "debit_account", "debit_agreement")
TYPED_AGAIN = ("name", "debit_account")


@register
class ChangeUnit(ServiceItem):
    """单位参保信息变更登记"""

    code = "SI-102"
    title = gettext_lazy("Change a unit's registration")
    summary = gettext_lazy(
        "Name, legal representative, address, kind of unit and bank debit; within 30 days of the change."
    )
    category = "levy"
    law = (SOCIAL_INSURANCE_LAW[57], LEVY_RULES[7], LEVY_RULES[9], HANDLING_RULES[10])
    channels = Channel.COUNTER | Channel.EMPLOYER | Channel.API
    applicant = ApplicantKind.UNIT
    legal_limit = WorkingDays(10, Terms(basis=HANDLING_RULES[10]))
    promised_limit = WorkingDays(3, Terms(basis=HANDLING_RULES[10]))
    materials = (LICENCE,)
    steps = by_two_officers(*TYPED_AGAIN)
    result = gettext_lazy("Form of the changed social insurance registration")
    examples = (
        Example("another account for the debit", {"debit_account": "3602000019200012345"}, facts={"registered": True}),
        Example(
            "another name, with another legal representative at another address",
            {"name": "广州示例新材料有限公司", "legal_person": "示例", "address": "广州市天河区示例路8号"},
            facts={"registered": True},
        ),
    )

    class Form(ChangesForm):
        """Only what changes is filled in."""

        name = forms.CharField(label=gettext_lazy("Name of the unit"), max_length=120, required=False)
        legal_person = forms.CharField(
            label=gettext_lazy("Legal representative or person in charge"), max_length=80, required=False
        )
        address = forms.CharField(label=gettext_lazy("Registered address"), max_length=200, required=False)
        unit_kind = forms.ChoiceField(
            label=gettext_lazy("Kind of unit"), choices=[("", "—"), *UnitKind.choices], required=False
        )
        debit_bank_code = forms.CharField(label=gettext_lazy("Bank code"), max_length=12, required=False)
        debit_account = forms.CharField(label=gettext_lazy("Account for the debit"), max_length=40, required=False)
        debit_agreement = forms.CharField(label=gettext_lazy("Debit agreement number"), max_length=40, required=False)

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """Only a registered unit can change, and only what is not on record so already."""
        missing = list(not_registered(applicant))
        yield from missing
        if not missing and not list(differences(applicant.id, answers)):
            yield Refusal(_("All of this is on record already; there is nothing to change."), HANDLING_RULES[10])

    def checks(self, applicant: Applicant, answers: Answers) -> Sequence[Check]:
        """What is on record now; what was given is not repeated, because an officer types some of it again unseen."""
        return [
            Check(_("%(field)s on record") % {"field": field_label(name)}, field_value(name, before) or "—", True)
            for name, before, _after in differences(applicant.id, answers)
        ]

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """Write the changes, keep what stood before with the decision, and tell the tax office."""
        unit_id = case.applicant.id
        changed = list(differences(unit_id, case.answers))
        given = {name: after for name, _before, after in changed}
        of_unit = {name: given[name] for name in OF_THE_UNIT if name in given}
        terms = {name: given[name] for name in OF_THE_REGISTRATION if name in given}
        if of_unit:
            registry.change_unit(unit_id, **of_unit)
        if terms:
            change_unit(unit_id, terms, case_no=case.case_no)
        send_unit_registration(unit_id, "change", case.decided_on)
        return {
            "unit": unit_id,
            "changes": [dict(zip(("field", "before", "after"), row, strict=True)) for row in changed],
        }


def differences(unit_id: int, answers: Answers) -> Iterator[tuple[str, str, str]]:
    """What an application would change: field, value on record, value given; in the order of the form."""
    firm, registration = registry.unit(unit_id), registration_of(unit_id)
    for name in (*OF_THE_UNIT, *OF_THE_REGISTRATION):
        before = getattr(firm if name in OF_THE_UNIT else registration, name, "") or ""
        after = str(answers.get(name) or "").strip()
        if after and after != before:
            yield name, before, after


def field_label(name: str) -> str:
    """A field of the application in the reader's language."""
    return str(ChangeUnit.Form.base_fields[name].label) if name in ChangeUnit.Form.base_fields else name


def field_value(name: str, value: str) -> str:
    """A stored value in the reader's language."""
    return str(dict(UnitKind.choices).get(value, value)) if name == "unit_kind" else value
