"""Words for codes that pages, tables and the command line show."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Word = str | Promise

BENEFIT_KINDS: dict[str, Word] = {
    "pension": pgettext_lazy("benefit", "Pension"),
    "adjustment": _("Adjustment arrears"),
    "arrears": _("Arrears"),
    "funeral": _("Funeral grant"),
    "survivor": _("Survivors' grant"),
    "account_refund": _("Personal account refund"),
    "transfer": _("Transfer to another agency"),
    "refund": _("Contribution refund"),
    "disability": _("Disability allowance"),
    "reissue": _("Failed payment issued again"),
}
LINE_STATES: dict[str, Word] = {
    "waiting": pgettext_lazy("payment", "Waiting"),
    "batched": _("In a batch"),
    "sent": _("At the bank"),
    "paid": pgettext_lazy("payment", "Paid"),
    "failed": pgettext_lazy("payment", "Failed"),
    "returned": pgettext_lazy("payment", "Returned"),
    "withdrawn": _("Withdrawn"),
}
DETAILS: dict[str, Word] = {
    "employer": pgettext_lazy("payer", "Employer"),
    "worker": pgettext_lazy("payer", "Worker"),
    "person": pgettext_lazy("payer", "Person"),
    "fiscal": pgettext_lazy("payer", "Fiscal"),
    "late_fee": _("Late fee"),
    "overpayment": _("Overpayment returned"),
    "unallocated": _("Unallocated"),
    "returned": _("Returned payments"),
    **BENEFIT_KINDS,
}
SECTIONS: dict[str, Word] = {
    "assets_total": _("Total assets"),
    "liabilities_total": _("Total liabilities"),
    "net_total": _("Total net assets"),
    "both_total": _("Total liabilities and net assets"),
    "surplus": _("Surplus of the period"),
    "income_total": _("Total income"),
    "expense_total": _("Total expense"),
    "opening": _("Balance brought forward"),
    "brought_in": _("Balances brought in"),
    "closing": _("Balance carried forward"),
}
JOURNAL_KINDS: dict[str, Word] = {
    "fund.opening": _("Balance brought in"),
    "fund.year_end": _("Year-end closing"),
    "takeover": _("Personal accounts taken over"),
    "benefit.account_part": _("Account part of benefits"),
}


def details(code: str) -> Word:
    """The name of a detail account; the bare code where it has none."""
    return DETAILS.get(code, code)
