"""Linking the employees' and the residents' pension at the statutory age."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashebao.business.insurance.common.api import Linking, balances_of, link_schemes, linked_out, live_benefit
from dashebao.business.insurance.pension.items.disability import statutory_month
from dashebao.business.insurance.pension.items.parts import FOUR_EYES, IDENTITY_CARD, deciding, identity_checks, today
from dashebao.business.insurance.pension.queries import career_of
from dashebao.kernel.catalogue.api import (
    Answers,
    Applicant,
    CaseFacts,
    Channel,
    Check,
    Example,
    Refusal,
    ServiceItem,
    register,
)
from dashebao.kernel.law.api import SCHEME_LINKING
from dashebao.kernel.legal_time.api import Month, Terms, WorkingDays
from dashebao.kernel.money.api import format_yuan
from dashebao.kernel.registry.api import person

WORKERS, RESIDENTS = "110", "170"
YEARS_THAT_DECIDE = 180
DIRECTIONS = (
    ("to_workers", gettext_lazy("Residents' account to the employees' pension")),
    ("to_residents", gettext_lazy("Employees' account to the residents' pension")),
)


@register
class LinkSchemes(ServiceItem):
    """城乡养老保险制度衔接"""

    code = "SI-3024"
    title = gettext_lazy("Link the employees' and the residents' pension")
    summary = gettext_lazy(
        "At the statutory age: with fifteen years of the employees' scheme into it, with fewer into the residents'."
    )
    category = "pension"
    law = (SCHEME_LINKING[3], SCHEME_LINKING[5], SCHEME_LINKING[6])
    channels = Channel.COUNTER | Channel.PORTAL | Channel.API
    legal_limit = WorkingDays(15, Terms(basis=SCHEME_LINKING[9]))
    promised_limit = WorkingDays(10, Terms(basis=SCHEME_LINKING[9]))
    materials = (IDENTITY_CARD,)
    steps = FOUR_EYES
    result = gettext_lazy("Notice of linked pension schemes")
    examples = (
        Example(
            "nine years as an employee, to the residents' scheme",
            {"direction": "to_residents"},
            facts={"birth_on": "1964-01-10", "paid_years": 9},
        ),
        Example(
            "long before the age",
            {"direction": "to_residents"},
            expect="refused",
            facts={"birth_on": "1990-01-10", "paid_years": 9},
        ),
    )

    class Form(forms.Form):
        """Which account goes where."""

        direction = forms.ChoiceField(label=gettext_lazy("Direction"), choices=DIRECTIONS)

    def _ends(self, answers: Answers) -> tuple[str, str]:
        return (RESIDENTS, WORKERS) if answers["direction"] == "to_workers" else (WORKERS, RESIDENTS)

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """Before the age, against the years, on a pension, with an empty account, or a second time."""
        human, (source, target) = person(applicant.id), self._ends(answers)
        if live_benefit(human.id) is not None:
            yield Refusal(gettext_lazy("A pension is already being paid to this person."), SCHEME_LINKING[3])
        if linked_out(human.id, source) or linked_out(human.id, target):
            yield Refusal(gettext_lazy("The schemes of this person were linked before."), SCHEME_LINKING[3])
        elif balances_of(human.id, human.region_code, source).total <= 0:
            yield Refusal(gettext_lazy("The account that would move is empty."), SCHEME_LINKING[5])
        if statutory_month(human) > Month.of(today()):
            yield Refusal(gettext_lazy("The statutory retirement age has not been reached."), SCHEME_LINKING[3])
        enough = career_of(human.id).months >= YEARS_THAT_DECIDE
        if enough and target == RESIDENTS:
            yield Refusal(
                gettext_lazy("Fifteen years of the employees' scheme are paid; claim its pension."), SCHEME_LINKING[3]
            )
        if not enough and target == WORKERS:
            yield Refusal(
                gettext_lazy("Fewer than fifteen years of the employees' scheme are paid."), SCHEME_LINKING[3]
            )

    def checks(self, applicant: Applicant, answers: Answers) -> Sequence[Check]:
        """Identity, months, both accounts."""
        human = person(applicant.id)
        months = _("%(count)d months") % {"count": career_of(human.id).months}
        held = {
            scheme: format_yuan(balances_of(human.id, human.region_code, scheme).total)
            for scheme in (WORKERS, RESIDENTS)
        }
        return [
            *identity_checks(human)[:3],
            Check(_("Contribution months"), months, True),
            Check(_("Employees' account"), _("%(yuan)s yuan") % {"yuan": held[WORKERS]}, True),
            Check(_("Residents' account"), _("%(yuan)s yuan") % {"yuan": held[RESIDENTS]}, True),
        ]

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """Move the account; the employees' years count as residents' years, not the other way round (arts. 5, 6)."""
        source, target = self._ends(case.answers)
        months = career_of(case.applicant.id).paid_months if target == RESIDENTS else 0
        order = Linking(case.applicant.id, source, target, months, case.case_no, case.decided_on)
        return {"link": link_schemes(order, by=deciding(case))}
