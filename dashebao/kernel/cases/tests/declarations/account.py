"""TT-005 an item whose account number, and whose amount above a limit, are typed by a second officer again."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from dashebao.kernel.catalogue.api import (
    ApplicantKind,
    CaseFacts,
    Channel,
    Example,
    Reenter,
    ServiceItem,
    Step,
    StepKind,
)
from dashebao.kernel.law.api import HANDLING_RULES
from dashebao.kernel.legal_time.api import WorkingDays

EFFECTS: list[CaseFacts] = []


class ChangeAccount(ServiceItem):
    """变更待遇发放账户"""

    code = "TT-005"
    title = _("Change the account for benefits")
    category = "pension"
    law = (HANDLING_RULES[10],)
    channels = Channel.COUNTER | Channel.PORTAL
    applicant = ApplicantKind.PERSON
    legal_limit = WorkingDays(10)
    steps = (
        Step(kind=StepKind.INTAKE, title=_("Accept"), role="pension.clerk"),
        Step(
            kind=StepKind.REVIEW,
            title=_("Review"),
            role="pension.assessor",
            reenter=("account", Reenter("amount", above="cases.second_entry_amount")),
        ),
        Step(kind=StepKind.DECIDE, title=_("Decide"), role="pension.approver"),
    )
    result = _("Notice of the new account")
    examples = (Example("ordinary", {"account": "6217 0033 1000 1234567", "amount": "100"}),)

    class Form(forms.Form):
        """The account and an amount in fen."""

        account = forms.CharField(label=_("Account number"), max_length=40)
        amount = forms.IntegerField(label=_("Amount (fen)"), required=False)

    def effect(self, case: CaseFacts) -> Mapping[str, Any]:
        """Note it."""
        EFFECTS.append(case)
        return {"account": case.answers["account"]}
