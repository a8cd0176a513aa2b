"""The disability allowance before the statutory age."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashebao.business.insurance.common.api import live_benefit
from dashebao.business.insurance.pension.disability import KIND, AllowanceClaim, allowance_sheet, grant_allowance
from dashebao.business.insurance.pension.items.parts import (
    FOUR_EYES,
    IDENTITY_CARD,
    deciding,
    identity_checks,
    no_pension_check,
    one_sheet,
    today,
)
from dashebao.business.insurance.pension.models import DisabilityAward
from dashebao.business.insurance.pension.queries import SCHEME, allowance_of, birth_of, career_of, category_of
from dashebao.business.levy.api import relations_of
from dashebao.kernel.catalogue.api import (
    Answers,
    Applicant,
    CaseFacts,
    Channel,
    Check,
    DayInput,
    Example,
    Material,
    Refusal,
    ServiceItem,
    register,
)
from dashebao.kernel.law.api import DISABILITY_ALLOWANCE, HANDLING_RULES
from dashebao.kernel.legal_time.api import Month, Terms, WorkingDays
from dashebao.kernel.money.api import format_yuan
from dashebao.kernel.registry.api import Person, person
from dashebao.kernel.rules.api import evaluate

WHOLE = DISABILITY_ALLOWANCE["全文"]
GRADES = (
    ("full", gettext_lazy("Ability to work fully lost")),
    ("most", gettext_lazy("Ability to work mostly lost")),
    ("part", gettext_lazy("Ability to work partly lost")),
)


def statutory_month(human: Person) -> Month:
    """The month of the statutory age; a woman whose post is not decided counts by the younger one."""
    category = category_of(human) or "F50"
    given = {"category": category, "birth": str(Month.of(birth_of(human)))}
    return Month.parse(evaluate("pension.flexible_window", given, on=today(), region=human.region_code)["statutory"])


@register
class ClaimDisabilityAllowance(ServiceItem):
    """企业职工基本养老保险病残津贴申领"""

    code = "SI-403"
    title = gettext_lazy("Claim of the disability allowance")
    summary = gettext_lazy("Before the statutory age, after ability to work was fully lost; paid until the pension.")
    category = "pension"
    law = (WHOLE, HANDLING_RULES[18])
    channels = Channel.COUNTER | Channel.PORTAL | Channel.API
    legal_limit = WorkingDays(20, Terms(basis=HANDLING_RULES[18]))
    promised_limit = WorkingDays(10, Terms(basis=HANDLING_RULES[18]))
    materials = (
        IDENTITY_CARD,
        Material("劳动能力鉴定结论书", "Conclusion on ability to work", law=WHOLE, original=True, required=False),
    )
    steps = FOUR_EYES
    result = gettext_lazy("Disability allowance award sheet")
    examples = (
        Example(
            "woman of forty-six, twenty years paid",
            {"grade": "full", "conclusion": "粤劳鉴2026-1", "concluded_on": "2026-10-20"},
            facts={"sex": "2", "birth_on": "1980-04-10", "paid_years": 20},
        ),
        Example(
            "seven years paid, for a time",
            {"grade": "full", "conclusion": "粤劳鉴2026-2", "concluded_on": "2026-10-20"},
            facts={"birth_on": "1985-04-10", "paid_years": 7},
        ),
        Example(
            "ability only partly lost",
            {"grade": "part", "conclusion": "粤劳鉴2026-3", "concluded_on": "2026-10-20"},
            expect="refused",
            facts={"birth_on": "1980-04-10", "paid_years": 20},
        ),
    )

    class Form(forms.Form):
        """The conclusion of the labour capacity committee."""

        grade = forms.ChoiceField(label=gettext_lazy("Conclusion"), choices=GRADES)
        conclusion = forms.CharField(label=gettext_lazy("Number of the conclusion"), max_length=60)
        concluded_on = forms.DateField(label=gettext_lazy("Date of the conclusion"), widget=DayInput())

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """Not fully lost, at the age, working, on a pension, nothing paid, or an allowance that cannot be replaced."""
        human = person(applicant.id)
        if answers["grade"] != "full":
            yield Refusal(gettext_lazy("Ability to work is not fully lost."), WHOLE)
        if live_benefit(human.id) is not None:
            yield Refusal(gettext_lazy("A pension is already being paid to this person."), WHOLE)
        if not career_of(human.id).months:
            yield Refusal(gettext_lazy("No contributions are on record here."), WHOLE)
            return
        if statutory_month(human) <= Month.of(today()):
            yield Refusal(gettext_lazy("The statutory age is reached; claim the pension."), WHOLE)
            return
        if any(row.until_month is None and "110" in row.schemes for row in relations_of(human.id)):
            yield Refusal(gettext_lazy("The person still works: an employer pays contributions."), WHOLE)
        last = allowance_of(human.id)
        if live_benefit(human.id, SCHEME, KIND) is not None and not self._replaceable(human, last):
            yield Refusal(gettext_lazy("A disability allowance is being paid already."), WHOLE)

    def _replaceable(self, human: Person, last: DisabilityAward | None) -> bool:
        near = allowance_sheet(human, today()).band == DisabilityAward.Band.NEAR
        return last is not None and last.band == DisabilityAward.Band.FAR and near

    def checks(self, applicant: Applicant, answers: Answers) -> Sequence[Check]:
        """Identity, other pensions, months, the statutory month."""
        human = person(applicant.id)
        months = _("%(count)d months") % {"count": career_of(human.id).months}
        return [
            *identity_checks(human),
            no_pension_check(human),
            Check(_("Contribution months"), months, True),
            Check(_("Statutory month of retirement"), str(statutory_month(human)), True),
        ]

    def calculation(self, applicant: Applicant, answers: Answers) -> Mapping[str, Any] | None:
        """Every line of the allowance as it would come out now."""
        human = person(applicant.id)
        if not career_of(human.id).months or statutory_month(human) <= Month.of(today()):
            return None
        sheet = allowance_sheet(human, today())
        results = {kind: format_yuan(amount) for kind, amount in sheet.parts}
        return one_sheet(sheet.traces, results | {"band": sheet.band, "total": format_yuan(sheet.monthly_fen)})

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """Grant the allowance; it is paid from the month after the claim."""
        claim = AllowanceClaim(case.applicant.id, case.case_no, case.submitted_on, case.decided_on)
        return {"award": grant_allowance(claim, by=deciding(case))}
