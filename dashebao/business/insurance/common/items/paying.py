"""Where a benefit is paid to, and paying again what the bank could not pay."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashebao.business.insurance.common.items.parts import FOUR_EYES, IDENTITY_CARD, TWO_OFFICERS, deciding
from dashebao.business.insurance.common.queries import benefits_of
from dashebao.business.insurance.common.reissue import Reissue, failed_for_good, reissue
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
    register,
)
from dashebao.kernel.law.api import HANDLING_RULES
from dashebao.kernel.legal_time.api import Terms, WorkingDays
from dashebao.kernel.money.api import format_yuan
from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.kernel.registry.api import AccountEntry, account_sharers, bank_account_of, person, set_bank_account

BANKS = (
    ("102", gettext_lazy("Industrial and Commercial Bank of China")),
    ("103", gettext_lazy("Agricultural Bank of China")),
    ("104", gettext_lazy("Bank of China")),
    ("105", gettext_lazy("China Construction Bank")),
    ("301", gettext_lazy("Bank of Communications")),
    ("403", gettext_lazy("Postal Savings Bank of China")),
)
DIGITS = r"^\d{8,34}$"


@register
class ChangePaymentAccount(ServiceItem):
    """社会保险待遇发放账户变更"""

    code = "SI-408"
    title = gettext_lazy("Change the account a benefit is paid to")
    summary = gettext_lazy("Only to an account in the beneficiary's own name; checked by a second officer.")
    category = "pension"
    law = (HANDLING_RULES[10], HANDLING_RULES[18])
    channels = Channel.COUNTER | Channel.PORTAL | Channel.API
    legal_limit = WorkingDays(10, Terms(basis=HANDLING_RULES[10]))
    promised_limit = WorkingDays(3, Terms(basis=HANDLING_RULES[10]))
    materials = (
        IDENTITY_CARD,
        Material("社会保障卡或银行卡", "Social security card or bank card", law=HANDLING_RULES[10], required=False),
    )
    steps = (FOUR_EYES[0], replace(FOUR_EYES[1], reenter=("number",)), FOUR_EYES[2])
    result = gettext_lazy("Notice of the changed payment account")
    examples = (
        Example(
            "to the pensioner's own card",
            {"bank_code": "102", "number": "6222020000001234567", "again": "6222020000001234567", "name": ""},
            facts={"pension": True},
        ),
        Example(
            "to somebody else's account",
            {"bank_code": "102", "number": "6222020000001234567", "again": "6222020000001234567", "name": "别人"},
            expect="refused",
            facts={"pension": True},
        ),
    )

    class Form(forms.Form):
        """The new account, its number twice, and its name if the bank writes it otherwise."""

        bank_code = forms.ChoiceField(label=gettext_lazy("Bank"), choices=BANKS)
        number = forms.RegexField(label=gettext_lazy("Account number"), regex=DIGITS)
        again = forms.RegexField(label=gettext_lazy("Account number again"), regex=DIGITS)
        name = forms.CharField(
            label=gettext_lazy("Name of the account"),
            max_length=60,
            required=False,
            help_text=gettext_lazy("Leave empty if it is your own name."),
        )

        def clean(self) -> dict[str, Any] | None:
            """The number is written twice, because a wrong digit pays a stranger."""
            cleaned = super().clean() or {}
            if cleaned.get("number") and cleaned.get("number") != cleaned.get("again"):
                self.add_error("again", _("The two numbers differ. Compare them with the card."))
            return cleaned

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """The account must be the beneficiary's own and another one than now."""
        human, now = person(applicant.id), bank_account_of(applicant.id)
        if human.died_on is not None:
            yield Refusal(gettext_lazy("The registry records the death of this person."), HANDLING_RULES[25])
        if not benefits_of(human.id):
            yield Refusal(gettext_lazy("No benefit is paid to this person."), HANDLING_RULES[18])
        if answers["name"] and answers["name"] != human.name:
            yield Refusal(gettext_lazy("The account is not in the beneficiary's name."), HANDLING_RULES[18])
        if now is not None and (now.bank_code, now.number) == (answers["bank_code"], answers["number"]):
            yield Refusal(gettext_lazy("This account is on record already."), HANDLING_RULES[10])

    def checks(self, applicant: Applicant, answers: Answers) -> Sequence[Check]:
        """The account on record, and whether anybody else is paid to the new one."""
        now = bank_account_of(applicant.id)
        with acting(SYSTEM, why="whether an account is shared"):  # whoever shares it may live anywhere
            sharers = account_sharers(str(answers["number"]))
        text = _("%(count)d other persons") % {"count": sharers} if sharers else _("Nobody")
        old = _("Account ending in %(tail)s") % {"tail": now.number[-4:]} if now else _("None")
        return [
            Check(_("Account on record"), old, True),
            Check(_("Others paid to the new account"), text, not sharers, blocking=True),
        ]

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """Payments made from now on go to the new account."""
        human, answers = person(case.applicant.id), case.answers
        entry = AccountEntry(str(answers["bank_code"]), str(answers["number"]), human.name)
        return {"account": set_bank_account(human.id, entry, case.decided_on).pk}


@register
class ReissuePayment(ServiceItem):
    """社会保险待遇发放失败重发"""

    code = "SI-4063"
    title = gettext_lazy("Pay again what failed twice")
    summary = gettext_lazy("After the account was put right; paid with the next run out of the money that came back.")
    category = "pension"
    law = (HANDLING_RULES[18],)
    channels = Channel.COUNTER | Channel.PORTAL | Channel.API
    legal_limit = WorkingDays(10, Terms(basis=HANDLING_RULES[18]))
    promised_limit = WorkingDays(5, Terms(basis=HANDLING_RULES[18]))
    materials = (IDENTITY_CARD,)
    steps = TWO_OFFICERS
    result = gettext_lazy("Notice of payment")
    examples = (
        Example("two months failed twice", {"confirmed": "on"}, facts={"failed_payments": 2}),
        Example("nothing failed", {"confirmed": "on"}, expect="refused", facts={"pension": True}),
    )

    class Form(forms.Form):
        """That the account on record is the right one."""

        confirmed = forms.BooleanField(label=gettext_lazy("The account on record is right"))

    def refusals(self, applicant: Applicant, answers: Answers) -> Iterable[Refusal]:
        """Something failed at its last try, and there is an account."""
        if not failed_for_good(applicant.id):
            yield Refusal(gettext_lazy("No payment failed at its last try."), HANDLING_RULES[18])
        if bank_account_of(applicant.id) is None:
            yield Refusal(gettext_lazy("No bank account is on record."), HANDLING_RULES[18])

    def checks(self, applicant: Applicant, answers: Answers) -> Sequence[Check]:
        """What failed, with the bank's reasons, and where it would go now."""
        rows, account = failed_for_good(applicant.id), bank_account_of(applicant.id)
        listed = [
            f"{row.month // 100}-{row.month % 100:02d} {format_yuan(row.amount_fen)} {row.reason}" for row in rows
        ]
        tail = _("Account ending in %(tail)s") % {"tail": account.number[-4:]} if account else _("None")
        return [
            Check(_("Failed payments"), "; ".join(listed) or _("None"), bool(rows)),
            Check(_("Account on record"), tail, account is not None),
        ]

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """Owe the payments again with the next run."""
        return {"amount_fen": reissue(Reissue(case.applicant.id, case.case_no, case.decided_on), by=deciding(case))}
