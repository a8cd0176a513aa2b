"""Agreeing on repayment of what was paid without right, and booking what the debtor brings."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashebao.business.insurance.common.items.parts import IDENTITY_CARD, TWO_OFFICERS, deciding
from dashebao.business.insurance.common.models import Instalment, Overpayment, Recovery
from dashebao.business.insurance.common.queries import live_benefit, overpayments_of
from dashebao.business.insurance.common.recovery import Plan, Return, book_return, plan_instalments
from dashebao.kernel.catalogue.api import (
    Answers,
    Applicant,
    CaseFacts,
    Channel,
    Check,
    Example,
    Material,
    MonthInput,
    Refusal,
    ServiceItem,
    register,
)
from dashebao.kernel.law.api import HANDLING_RULES
from dashebao.kernel.legal_time.api import Terms, WorkingDays, month_of
from dashebao.kernel.money.api import format_yuan, parse_yuan

SECTION = HANDLING_RULES[46]
MOST_INSTALMENTS = 120


def open_debts(person_id: int) -> list[Overpayment]:
    """What this person still owes, oldest first."""
    return sorted(
        (row for row in overpayments_of(person_id) if row.state == Overpayment.State.OPEN), key=lambda row: row.pk
    )


def owed_fen(person_id: int) -> int:
    """The sum still owed, in fen."""
    return sum(row.amount_fen - row.recovered_fen for row in open_debts(person_id))


class RepaymentItem(ServiceItem, abstract=True):
    """What agreeing and repaying share."""

    category = "pension"
    law = (SECTION,)
    legal_limit = WorkingDays(20, Terms(basis=SECTION))
    promised_limit = WorkingDays(10, Terms(basis=SECTION))
    steps = TWO_OFFICERS

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """Something must be owed."""
        if not open_debts(applicant.id):
            yield Refusal(gettext_lazy("Nothing is owed."), SECTION)

    def checks(self, applicant: Applicant, answers: Answers) -> Sequence[Check]:
        """What is owed and whether a benefit runs that it could be withheld from."""
        benefit, owed = live_benefit(applicant.id), owed_fen(applicant.id)
        monthly = format_yuan(benefit.monthly_fen) if benefit else _("None")
        return [
            Check(_("Still owed"), _("%(yuan)s yuan") % {"yuan": format_yuan(owed)}, owed > 0),
            Check(_("Running benefit"), monthly, True),
        ]


@register
class AgreeRepayment(RepaymentItem):
    """多领社会保险待遇分期退还协议"""

    code = "SI-4061"
    title = gettext_lazy("Agreement to repay in instalments")
    summary = gettext_lazy("What was received without right comes back in parts, by payment or out of the benefit.")
    channels = Channel.COUNTER | Channel.PORTAL | Channel.API
    materials = (
        IDENTITY_CARD,
        Material("分期退还协议", "Repayment agreement", law=SECTION, original=True, required=False),
    )
    result = gettext_lazy("Repayment agreement")
    examples = (
        Example(
            "twelve instalments",
            {"way": "repaid", "instalments": 12, "first_month": "2026-12"},
            facts={"debt": 600_000},
        ),
        Example("nothing owed", {"way": "repaid", "instalments": 12, "first_month": "2026-12"}, expect="refused"),
    )

    class Form(forms.Form):
        """How, in how many parts and from when."""

        way = forms.ChoiceField(label=gettext_lazy("How"), choices=Instalment.Way.choices)
        instalments = forms.IntegerField(
            label=gettext_lazy("Number of instalments"), min_value=1, max_value=MOST_INSTALMENTS
        )
        first_month = forms.RegexField(
            label=gettext_lazy("First month"),
            regex=r"^20\d\d-(0[1-9]|1[0-2])$",
            widget=MonthInput(),
        )

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """Something is owed; only a running benefit can be withheld from; no instalment below a fen."""
        yield from super().refusals(applicant, answers)
        if answers["way"] == Instalment.Way.WITHHELD and live_benefit(applicant.id) is None:
            yield Refusal(gettext_lazy("No benefit is paid from which it could be withheld."), SECTION)

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """Plan the instalments of every debt."""
        text, count, made = str(case.answers["first_month"]), int(case.answers["instalments"]), 0
        first = max(int(text[:4]) * 100 + int(text[5:7]), month_of(case.decided_on))
        for debt in open_debts(case.applicant.id):
            way = Instalment.Way(str(case.answers["way"]))
            made += plan_instalments(Plan(debt.pk, way, first, count), by=deciding(case))
        return {"instalments": made}


@register
class TakeRepayment(RepaymentItem):
    """多领社会保险待遇退还入账"""

    code = "SI-4062"
    title = gettext_lazy("Repayment received")
    summary = gettext_lazy("Money the debtor has paid back, booked against what is owed, oldest first.")
    channels = Channel.COUNTER
    materials = (Material("银行缴款凭证", "Bank receipt", law=SECTION, original=True, required=False),)
    result = gettext_lazy("Receipt of repayment")
    examples = (
        Example("part of the debt", {"amount": "1000.00", "receipt": "YH-2026-77"}, facts={"debt": 600_000}),
        Example(
            "more than is owed",
            {"amount": "9000.00", "receipt": "YH-2026-78"},
            expect="refused",
            facts={"debt": 600_000},
        ),
    )

    class Form(forms.Form):
        """How much, on which receipt of the bank."""

        amount = forms.DecimalField(label=gettext_lazy("Amount (yuan)"), min_value=0, decimal_places=2)
        receipt = forms.CharField(label=gettext_lazy("Receipt number"), max_length=40)

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """Not more than is owed, and not nothing."""
        yield from super().refusals(applicant, answers)
        amount, owed = parse_yuan(str(answers["amount"])), owed_fen(applicant.id)
        if owed and not 0 < amount <= owed:
            sentence = _("%(yuan)s yuan are owed; the amount does not fit.")
            yield Refusal(sentence % {"yuan": format_yuan(owed)}, SECTION)

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """Book the money debt by debt, oldest first."""
        left, booked = parse_yuan(str(case.answers["amount"])), 0
        for debt in open_debts(case.applicant.id):
            part = min(left, debt.amount_fen - debt.recovered_fen)
            if part:
                back = Return(
                    debt.pk, Recovery.Way.REPAID, month_of(case.decided_on), part, str(case.answers["receipt"])
                )
                book_return(back, by=deciding(case))
                left, booked = left - part, booked + part
        return {"booked_fen": booked}
