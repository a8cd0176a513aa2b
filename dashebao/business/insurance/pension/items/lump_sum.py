"""The personal account in one sum."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from dashebao.business.insurance.common.api import balances_of, live_benefit
from dashebao.business.insurance.pension.items.parts import deciding, identity_checks, today
from dashebao.business.insurance.pension.models import AccountRefund, Category
from dashebao.business.insurance.pension.queries import SCHEME, career_of, category_of
from dashebao.business.insurance.pension.refunds import RefundClaim, refund_account
from dashebao.business.levy.api import relations_of
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
from dashebao.kernel.law.api import FOREIGNERS_INSURANCE, SOCIAL_INSURANCE_LAW, SOCIAL_INSURANCE_LAW_RULES
from dashebao.kernel.legal_time.api import Month, Terms, WorkingDays
from dashebao.kernel.money.api import format_yuan
from dashebao.kernel.registry.api import person
from dashebao.kernel.rules.api import evaluate


@register
class ClaimAccount(ServiceItem):
    """职工基本养老保险个人账户一次性待遇申领"""

    code = "SI-404"
    title = gettext_lazy("Personal account in one sum")
    summary = gettext_lazy(
        "Ends the relation; only after the statutory age without enough years, or on settling abroad."
    )
    category = "pension"
    law = (
        SOCIAL_INSURANCE_LAW[14],
        SOCIAL_INSURANCE_LAW[16],
        SOCIAL_INSURANCE_LAW_RULES[3],
        SOCIAL_INSURANCE_LAW_RULES[6],
        FOREIGNERS_INSURANCE[5],
    )
    channels = Channel.COUNTER
    legal_limit = WorkingDays(15, Terms(basis=SOCIAL_INSURANCE_LAW_RULES[3]))
    promised_limit = WorkingDays(10, Terms(basis=SOCIAL_INSURANCE_LAW_RULES[3]))
    materials = (
        Material(
            "居民身份证",
            "Resident identity card",
            identity=True,
            fetched_from=gettext_lazy("the public security register"),
        ),
        Material("终止养老保险关系书面申请", "Written request", law=SOCIAL_INSURANCE_LAW_RULES[3], original=True),
        Material(
            "出境定居或离境证明", "Proof of leaving the country", law=SOCIAL_INSURANCE_LAW_RULES[6], required=False
        ),
    )
    steps = (
        Step(kind=StepKind.INTAKE, title=gettext_lazy("Acceptance"), role="pension.clerk"),
        Step(kind=StepKind.REVIEW, title=pgettext_lazy("step", "Calculation"), role="pension.assessor"),
        Step(kind=StepKind.DECIDE, title=gettext_lazy("Approval"), role="pension.approver"),
    )
    result = gettext_lazy("Account payment sheet")
    examples = (
        Example(
            "statutory age, nine years paid", {"reason": "short"}, facts={"birth_on": "1964-01-10", "paid_years": 9}
        ),
        Example(
            "foreigner who leaves for good", {"reason": "foreigner"}, facts={"birth_on": "1985-01-10", "paid_years": 4}
        ),
        Example(
            "far from the statutory age",
            {"reason": "short"},
            expect="refused",
            facts={"birth_on": "1990-01-10", "paid_years": 9},
        ),
    )

    class Form(forms.Form):
        """Why the account is to be paid out."""

        reason = forms.ChoiceField(label=gettext_lazy("Reason"), choices=AccountRefund.Reason.choices)

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """Not while a pension runs, with an empty account, before the age, or with enough years."""
        human, leaving = person(applicant.id), SOCIAL_INSURANCE_LAW_RULES[6]
        if answers["reason"] == AccountRefund.Reason.FOREIGNER:
            leaving = FOREIGNERS_INSURANCE[5]
        if live_benefit(human.id, SCHEME) is not None:
            yield Refusal(gettext_lazy("A pension is being paid from this account."), SOCIAL_INSURANCE_LAW[16])
            return
        if balances_of(human.id, human.region_code).total <= 0:
            yield Refusal(gettext_lazy("The account is empty."), SOCIAL_INSURANCE_LAW[14])
        if any(row.until_month is None and "110" in row.schemes for row in relations_of(human.id)):
            yield Refusal(gettext_lazy("An employer still pays contributions; the enrolment must end first."), leaving)
        if answers["reason"] != AccountRefund.Reason.SHORT:
            return
        category = category_of(human) or str(Category.F50)
        window = evaluate(
            "pension.flexible_window",
            {"category": category, "birth": str(Month.of(human.birth_on))},
            on=today(),
            region=human.region_code,
        )
        if Month.parse(window["statutory"]) > Month.of(today()):
            yield Refusal(gettext_lazy("The statutory retirement age has not been reached."), SOCIAL_INSURANCE_LAW[14])
        elif career_of(human.id).months >= int(window["min_months_if_statutory"]):
            yield Refusal(
                gettext_lazy("Enough months are paid for a monthly pension; claim that."), SOCIAL_INSURANCE_LAW[16]
            )

    def checks(self, applicant: Applicant, answers: Answers) -> Sequence[Check]:
        """Identity, months paid, balance."""
        human = person(applicant.id)
        total = format_yuan(balances_of(human.id, human.region_code).total)
        months = _("%(count)d months") % {"count": career_of(human.id).months}
        return [
            *identity_checks(human),
            Check(_("Contribution months"), months, True),
            Check(_("Balance of the account"), _("%(yuan)s yuan") % {"yuan": total}, True),
        ]

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """Pay the account out with the next run."""
        reason = AccountRefund.Reason(str(case.answers["reason"]))
        claim = RefundClaim(case.applicant.id, reason, case.case_no, case.decided_on)
        return {"refund": refund_account(claim, by=deciding(case))}
