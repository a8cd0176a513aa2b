"""Staff of a unit: adding (SI-103) and removing (SI-1032), done at once by rule."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashebao.business.levy.actions.enrolling import Leaving, Paper, Starting, enrol, stop
from dashebao.business.levy.items.parts import (
    IdRow,
    ResidentIdField,
    YuanField,
    at_once,
    current_month,
    not_registered,
    person_of,
    wrong_month,
)
from dashebao.business.levy.models import STOPPING, Identity, MovementKind
from dashebao.business.levy.queries.enrolments import conflicts, registration_of, staff_with
from dashebao.business.levy.schemes import EMPLOYEE_SCHEMES, INJURY, codes
from dashebao.kernel.catalogue.api import (
    Answers,
    Applicant,
    ApplicantKind,
    CaseFacts,
    Channel,
    Example,
    MonthField,
    Refusal,
    ServiceItem,
    register,
)
from dashebao.kernel.law.api import HANDLING_RULES, SOCIAL_INSURANCE_LAW
from dashebao.kernel.legal_time.api import Terms, WorkingDays, month_plus
from dashebao.kernel.registry.api import PersonEntry, register_person

IDENTITIES = [choice for choice in Identity.choices if choice[0] != Identity.FLEXIBLE]


class PersonRow(forms.Form):
    """One new member of staff."""

    id_number = ResidentIdField()
    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    wage_fen = YuanField(label=gettext_lazy("Monthly wage (yuan)"))
    identity = forms.TypedChoiceField(
        label=gettext_lazy("Insured as"), choices=IDENTITIES, coerce=int, initial=int(Identity.EMPLOYEE), required=False,
        empty_value=Identity.EMPLOYEE,  # type: ignore[arg-type]
    )  # fmt: skip


@register
class AddStaff(ServiceItem):
    """职工参保登记（增员）"""

    code = "SI-103"
    title = gettext_lazy("Add staff")
    summary = gettext_lazy("Within 30 days of the first working day; insured from the month given.")
    category = "levy"
    law = (SOCIAL_INSURANCE_LAW[58], HANDLING_RULES[6])
    channels = Channel.COUNTER | Channel.EMPLOYER | Channel.API
    applicant = ApplicantKind.UNIT
    operator_right = "unit.staff"
    legal_limit = WorkingDays(10, Terms(basis=HANDLING_RULES[6]))
    promised_limit = WorkingDays(0, Terms(basis=HANDLING_RULES[6]))
    steps = at_once()
    result = gettext_lazy("List of staff changes")
    Row = PersonRow
    row_title = gettext_lazy("New staff")
    min_rows = 1
    examples = (
        Example(
            "two new workers",
            {
                "month": "2026-12",
                "rows": [
                    {"id_number": "440101199003070018", "name": "张示例", "wage_fen": "6500.00"},
                    {"id_number": "440305197604120022", "name": "李示例", "wage_fen": "9000.00"},
                ],
            },
            facts={"registered": True},
        ),
        Example(
            "a unit that is not registered",
            {
                "month": "2026-12",
                "rows": [{"id_number": "440101199003070018", "name": "张示例", "wage_fen": "6500.00"}],
            },
            expect="refused",
        ),
    )

    class Form(forms.Form):
        """From which month."""

        month = MonthField(label=gettext_lazy("Insured from month"))
        document = forms.CharField(label=gettext_lazy("Employment document"), max_length=200, required=False)

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """Registered unit, open month, no active relation elsewhere, name fits the number."""
        missing = list(not_registered(applicant))
        yield from missing
        yield from wrong_month(answers["month"])
        if not missing:
            yield from self._people(applicant, answers)

    def _people(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        seen: set[str] = set()
        known: dict[int, str] = {}
        for row in answers["rows"]:
            if row["id_number"] in seen:
                sentence = _("%(number)s is on the list twice.") % {"number": row["id_number"]}
                yield Refusal(sentence, SOCIAL_INSURANCE_LAW[58])
            seen.add(row["id_number"])
            person = person_of(row["id_number"])
            if person and person.name != row["name"]:
                sentence = _("The name does not belong to the ID number %(number)s.") % {"number": row["id_number"]}
                yield Refusal(sentence, HANDLING_RULES[6])
            if person and person.died_on:
                yield Refusal(_("%(name)s is recorded as dead.") % {"name": person.name}, HANDLING_RULES[6])
            if person:
                known[person.pk] = person.name
        schemes = _schemes(applicant.id, Identity.EMPLOYEE)
        for person_id in conflicts(list(known), applicant.id, schemes, answers["month"]):
            sentence = _("%(name)s is still insured with another employer, who must remove the person first.")
            yield Refusal(sentence % {"name": known[person_id]}, SOCIAL_INSURANCE_LAW[58])

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """Register who is new, enrol all of them."""
        people = []
        for row in case.answers["rows"]:
            person = person_of(row["id_number"]) or register_person(
                PersonEntry(name=row["name"], region_code=case.applicant.region_code, number=row["id_number"])
            )
            schemes = _schemes(case.applicant.id, row["identity"])
            people.append(Starting(person.pk, row["wage_fen"], schemes, row["identity"]))
        paper = Paper(document=case.answers["document"], case_no=case.case_no)
        return {"people": enrol(case.applicant.id, people, case.answers["month"], paper)}


class LeavingRow(IdRow):
    """One member of staff who leaves."""


@register
class RemoveStaff(ServiceItem):
    """职工停保登记（减员）"""

    code = "SI-1032"
    title = gettext_lazy("Remove staff")
    summary = gettext_lazy("Within 15 days of the end of employment; the month given is the last one due.")
    category = "levy"
    law = (SOCIAL_INSURANCE_LAW[50], SOCIAL_INSURANCE_LAW[57], HANDLING_RULES[10])
    channels = Channel.COUNTER | Channel.EMPLOYER | Channel.API
    applicant = ApplicantKind.UNIT
    operator_right = "unit.staff"
    legal_limit = WorkingDays(10, Terms(basis=HANDLING_RULES[10]))
    promised_limit = WorkingDays(0, Terms(basis=HANDLING_RULES[10]))
    steps = at_once()
    result = gettext_lazy("List of staff changes")
    Row = LeavingRow
    row_title = gettext_lazy("Leaving staff")
    min_rows = 1
    examples = (
        Example(
            "one person leaves",
            {"last_month": "2026-11", "kind": "stop", "rows": [{"id_number": "440101199003070018"}]},
            facts={"registered": True, "staff": ["440101199003070018"]},
        ),
        Example(
            "somebody who is not on the staff list",
            {"last_month": "2026-11", "kind": "stop", "rows": [{"id_number": "440305197604120022"}]},
            expect="refused",
            facts={"registered": True},
        ),
    )

    class Form(forms.Form):
        """Until when and why."""

        last_month = MonthField(label=gettext_lazy("Last month due"))
        kind = forms.ChoiceField(label=gettext_lazy("Reason"), choices=[(kind.value, kind.label) for kind in STOPPING])
        document = forms.CharField(label=gettext_lazy("Document"), max_length=200, required=False)

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """Everybody must be on the staff list, and the months after the last one still open."""
        yield from not_registered(applicant)
        yield from wrong_month(month_plus(answers["last_month"], 1))
        staff = staff_with(applicant.id, current_month(), [row["id_number"] for row in answers["rows"]])
        for row in answers["rows"]:
            if row["id_number"] not in staff:
                sentence = _("%(number)s is not on the unit's staff list.") % {"number": row["id_number"]}
                yield Refusal(sentence, HANDLING_RULES[10])

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """End the relations from the month after the last one due."""
        first = month_plus(case.answers["last_month"], 1)
        numbers = [row["id_number"] for row in case.answers["rows"]]
        staff = staff_with(case.applicant.id, current_month(), numbers)
        kind = case.answers["kind"] or MovementKind.STOP
        people = [
            Leaving(staff[number].person_id, first, kind=kind, document=case.answers["document"]) for number in numbers
        ]
        return {"relations": stop(case.applicant.id, people, case_no=case.case_no)}


def _schemes(unit_id: int, identity: int) -> tuple[str, ...]:
    """What the unit is registered for; above retirement age injury only."""
    registration = registration_of(unit_id)
    held = codes(registration.schemes) if registration else EMPLOYEE_SCHEMES
    return tuple(code for code in held if identity != Identity.OVER_AGE or code == INJURY)
