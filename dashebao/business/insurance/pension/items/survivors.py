"""The claim after a death: funeral grant, survivors' sum, rest of the account."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from dashebao.business.insurance.common.api import balances_of, overpayments_of
from dashebao.business.insurance.pension.queries import career_of, current_award, death_grant_of
from dashebao.business.insurance.pension.survivors import DeathClaim, grant_after_death, grant_sheet
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
from dashebao.kernel.law.api import HANDLING_RULES, SOCIAL_INSURANCE_LAW, SURVIVOR_RULES
from dashebao.kernel.legal_time.api import Terms, WorkingDays
from dashebao.kernel.money.api import format_yuan
from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.kernel.registry.api import Person, bank_account_of, person_by_id_number

RELATIONS = (
    ("spouse", gettext_lazy("Spouse")),
    ("child", gettext_lazy("Child")),
    ("parent", gettext_lazy("Parent")),
    ("other", gettext_lazy("Other heir")),
)


def _deceased(answers: Answers) -> Person | None:
    """The person named as deceased; looked up by the system, because a relative may not see the record."""
    with acting(SYSTEM, why="deceased named in a survivors' claim"):
        return person_by_id_number(str(answers["deceased"]).strip().upper())


@register
class ClaimSurvivors(ServiceItem):
    """职工丧葬补助金和抚恤金申领"""

    code = "SI-402"
    title = gettext_lazy("Funeral grant and survivors' sum")
    summary = gettext_lazy("For the family of an insured person or pensioner who died, with the rest of the account.")
    category = "pension"
    law = (SOCIAL_INSURANCE_LAW[17], SOCIAL_INSURANCE_LAW[14], HANDLING_RULES[19], SURVIVOR_RULES["第四条"])
    channels = Channel.COUNTER | Channel.PORTAL | Channel.API
    legal_limit = WorkingDays(20, Terms(basis=HANDLING_RULES[19]))
    promised_limit = WorkingDays(15, Terms(basis=HANDLING_RULES[19]))
    materials = (
        Material(
            "居民身份证",
            "Resident identity card",
            identity=True,
            fetched_from=gettext_lazy("the public security register"),
        ),
        Material(
            "死亡证明",
            "Proof of death",
            law=HANDLING_RULES[19],
            fetched_from=gettext_lazy("health, police and civil affairs"),
        ),
        Material("与死亡人员的关系证明", "Proof of kinship", law=SURVIVOR_RULES["第四条"], required=False),
    )
    steps = (
        Step(kind=StepKind.INTAKE, title=gettext_lazy("Acceptance"), role="pension.clerk"),
        Step(kind=StepKind.REVIEW, title=pgettext_lazy("step", "Calculation"), role="pension.assessor"),
        Step(kind=StepKind.DECIDE, title=gettext_lazy("Approval"), role="pension.approver"),
    )
    result = gettext_lazy("Death grant sheet")
    examples = (
        Example(
            "daughter of a pensioner",
            {"deceased": "440101195503070018", "relation": "child"},
            facts={"died_on": "2026-10-09", "pension": True},
        ),
        Example(
            "the registry knows of no death",
            {"deceased": "440101195503070018", "relation": "child"},
            expect="refused",
            facts={"pension": True},
        ),
    )

    class Form(forms.Form):
        """Who died, and what the applicant was to them."""

        deceased = forms.CharField(label=gettext_lazy("Identity number of the deceased"), max_length=18, min_length=15)
        relation = forms.ChoiceField(label=gettext_lazy("The applicant is the deceased's"), choices=RELATIONS)

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """The death must be recorded, the person insured, and nothing granted before."""
        gone = _deceased(answers)
        if gone is None:
            yield Refusal(gettext_lazy("No insured person has this identity number."), HANDLING_RULES[19])
            return
        with acting(SYSTEM, why="survivors' claim"):
            found = list(self._refusals(gone))
        yield from found

    def _refusals(self, gone: Person) -> Iterable[Refusal]:
        if gone.died_on is None:
            yield Refusal(
                gettext_lazy("The registry does not know of the death; have it recorded first."), HANDLING_RULES[19]
            )
        if death_grant_of(gone.id) is not None:
            yield Refusal(
                gettext_lazy("The grant after this death has already been decided."), SOCIAL_INSURANCE_LAW[17]
            )
        if current_award(gone.id) is None and not career_of(gone.id).months:
            yield Refusal(
                gettext_lazy("The person was never insured in this pension scheme."), SOCIAL_INSURANCE_LAW[17]
            )

    def checks(self, applicant: Applicant, answers: Answers) -> Sequence[Check]:
        """The deceased, the months paid, the account, what was overpaid, the payee's bank account."""
        gone, account = _deceased(answers), bank_account_of(applicant.id)
        tail = _("Account ending in %(tail)s") % {"tail": account.number[-4:]} if account else _("No account on record")
        found = [Check(_("Bank account of the payee"), tail, account is not None)]
        if gone is None:
            return found
        death = _("Died on %(on)s") % {"on": gone.died_on} if gone.died_on else _("No death recorded")
        with acting(SYSTEM, why="account of the deceased in a survivors' claim"):  # may belong to another county
            owed = sum(row.amount_fen - row.recovered_fen for row in overpayments_of(gone.id))
            left = balances_of(gone.id, gone.region_code).total
        yuan = _("%(yuan)s yuan")
        return [
            Check(_("The deceased"), f"{gone.name} · {death}", gone.died_on is not None, blocking=True),
            Check(
                _("Rest of the account"),
                yuan % {"yuan": format_yuan(left)},
                True,
            ),
            Check(_("Overpaid after the death"), yuan % {"yuan": format_yuan(owed)}, not owed),
            *found,
        ]

    def calculation(self, applicant: Applicant, answers: Answers) -> Mapping[str, Any] | None:
        """Funeral grant and survivors' sum, line by line."""
        gone = _deceased(answers)
        if gone is None or gone.died_on is None:
            return None
        with acting(SYSTEM, why="grant after a death"):
            return grant_sheet(gone).trace

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """Grant what is due; it is paid to the applicant with the next run.

        Carried out by the system: the deceased may have been insured outside the deciding officer's area.
        """
        gone = _deceased(case.answers)
        if gone is None:
            raise LookupError(str(case.answers["deceased"]))
        claim = DeathClaim(gone.id, case.applicant.id, case.case_no, case.decided_on)
        with acting(SYSTEM, why=f"death grant {case.case_no}"):
            return {"death_grant": grant_after_death(claim, by=SYSTEM)}
