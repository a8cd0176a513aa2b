"""Staff from abroad and from Hong Kong, Macao and Taiwan (SI-1035)."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashebao.business.levy.actions.enrolling import Paper, Starting, enrol
from dashebao.business.levy.items.parts import (
    YuanField,
    by_two_officers,
    not_registered,
    wrong_month,
)
from dashebao.business.levy.queries.enrolments import conflicts, registration_of
from dashebao.business.levy.schemes import EMPLOYEE_SCHEMES, codes
from dashebao.kernel.catalogue.api import (
    Answers,
    Applicant,
    ApplicantKind,
    CaseFacts,
    Channel,
    DayInput,
    Example,
    Material,
    MonthField,
    Refusal,
    ServiceItem,
    register,
)
from dashebao.kernel.law.api import (
    FOREIGNERS_INSURANCE,
    HANDLING_RULES,
    HONG_KONG_MACAO_TAIWAN_INSURANCE,
    SOCIAL_INSURANCE_LAW,
)
from dashebao.kernel.legal_time.api import Terms, WorkingDays
from dashebao.kernel.registry.api import PersonEntry, find_person, register_person

NUMBER_KINDS = (
    ("foreign_resident", gettext_lazy("Foreign permanent resident card")),
    ("passport", gettext_lazy("Passport")),
    ("hk_macao_permit", gettext_lazy("Hong Kong or Macao residence permit")),
    ("taiwan_permit", gettext_lazy("Taiwan residence permit")),
)


class ForeignRow(forms.Form):
    """One member of staff without a resident identity card."""

    number_kind = forms.ChoiceField(label=gettext_lazy("Kind of document"), choices=NUMBER_KINDS)
    number = forms.RegexField(
        r"^[A-Za-z0-9]{5,20}$",
        label=gettext_lazy("Number of the document"),
        error_messages={"invalid": gettext_lazy("Letters and digits only, 5 to 20 of them.")},
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    sex = forms.ChoiceField(
        label=gettext_lazy("Sex"), choices=(("1", gettext_lazy("Male")), ("2", gettext_lazy("Female")))
    )
    birth_on = forms.DateField(label=gettext_lazy("Date of birth"), widget=DayInput())
    wage_fen = YuanField(label=gettext_lazy("Monthly wage (yuan)"))


@register
class AddForeignStaff(ServiceItem):
    """外国人、港澳台居民职工参保登记"""

    code = "SI-1035"
    title = gettext_lazy("Add staff from abroad, Hong Kong, Macao and Taiwan")
    summary = gettext_lazy("Insured like everybody else, by passport or residence permit.")
    category = "levy"
    law = (
        SOCIAL_INSURANCE_LAW[97],
        FOREIGNERS_INSURANCE["第三条"],
        HONG_KONG_MACAO_TAIWAN_INSURANCE["第二条"],
        HANDLING_RULES[6],
    )
    channels = Channel.COUNTER | Channel.EMPLOYER
    applicant = ApplicantKind.UNIT
    operator_right = "unit.staff"
    legal_limit = WorkingDays(10, Terms(basis=HANDLING_RULES[6]))
    promised_limit = WorkingDays(3, Terms(basis=HANDLING_RULES[6]))
    materials = (
        Material("有效身份证件", "Valid identity document", identity=True),
        Material("外国人工作许可证", "Work permit for foreigners", law=FOREIGNERS_INSURANCE["第三条"], required=False),
    )
    steps = by_two_officers()
    result = gettext_lazy("List of staff changes")
    Row = ForeignRow
    row_title = gettext_lazy("New staff")
    min_rows = 1
    examples = (
        Example(
            "an engineer with a passport",
            {
                "month": "2026-12",
                "rows": [
                    {
                        "number_kind": "passport",
                        "number": "X1234567",
                        "name": "示例·约翰",
                        "sex": "1",
                        "birth_on": "1988-05-06",
                        "wage_fen": "26000",
                    }
                ],
            },
            facts={"registered": True},
        ),
        Example(
            "a month that is long past",
            {
                "month": "2025-12",
                "rows": [
                    {
                        "number_kind": "passport",
                        "number": "X1234567",
                        "name": "示例·约翰",
                        "sex": "1",
                        "birth_on": "1988-05-06",
                        "wage_fen": "26000",
                    }
                ],
            },
            expect="refused",
            facts={"registered": True},
        ),
    )

    class Form(forms.Form):
        """From which month."""

        month = MonthField(label=gettext_lazy("Insured from month"))

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """A registered unit, an open month, nobody named twice or insured elsewhere."""
        yield from not_registered(applicant)
        yield from wrong_month(answers["month"])
        registration = registration_of(applicant.id)
        if registration is None:
            return
        numbers = [row["number"] for row in answers["rows"]]
        if len(set(numbers)) < len(numbers):
            yield Refusal(_("The same person is on the list twice. Keep one row for each person."), HANDLING_RULES[6])
        known = {}
        for row in answers["rows"]:
            found = find_person(row["number"], row["number_kind"])
            if found is not None:
                known[found.pk] = found.name
        schemes = [code for code in EMPLOYEE_SCHEMES if code in codes(registration.schemes)]
        for person_id in conflicts(list(known), applicant.id, schemes, answers["month"]):
            sentence = _("%(name)s is still insured with another employer, who must remove the person first.")
            yield Refusal(sentence % {"name": known[person_id]}, SOCIAL_INSURANCE_LAW[58])

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """Register who is new, enrol all of them."""
        registration = registration_of(case.applicant.id)
        held = codes(registration.schemes) if registration else EMPLOYEE_SCHEMES
        people = []
        for row in case.answers["rows"]:
            person = find_person(row["number"], row["number_kind"]) or register_person(
                PersonEntry(
                    name=row["name"],
                    region_code=case.applicant.region_code,
                    number=row["number"],
                    number_kind=row["number_kind"],
                    sex=row["sex"],
                    birth_on=row["birth_on"],
                )
            )
            people.append(Starting(person.pk, row["wage_fen"], tuple(sorted(held))))
        return {"people": enrol(case.applicant.id, people, case.answers["month"], Paper(case_no=case.case_no))}
