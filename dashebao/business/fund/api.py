"""The door of the fund accounts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils import timezone

from dashebao.kernel.ledger.api import SubMovements, sub_movements

from . import rules
from .actions.bank import Moved, send_batches
from .actions.batches import Drafted, make_batches, reject_batch, sign_batches
from .actions.books import (
    FundSetup,
    account,
    books,
    fund_account,
    open_personal_accounts,
    personal_control,
    set_up_fund,
)
from .actions.closing import close_month, close_year, publish_statements, set_budget
from .actions.funding import ask_for, claim_subsidy, request_funds
from .actions.lines import AddedLines, PaymentLines, add_payment_lines, withdraw_payment_lines
from .actions.orders import (
    BudgetOrder,
    ItemNote,
    NewAccount,
    decide_budget,
    decide_reissue,
    note_item,
    pay_again,
    propose_budget,
    propose_reissue,
)
from .actions.posting import (
    Entries,
    Entry,
    PersonalEntries,
    first_open_month,
    post_entries,
    post_entry,
    post_personal,
    post_personal_months,
)
from .actions.reconciling import ask_statements, reconcile
from .errors import BatchNotOpen, FundError, NotReconciled, NotSetUp, PaymentConflict, SameOfficer
from .events import MoneyArrived
from .queries import personal
from .queries.payments import (
    BatchView,
    FailedLine,
    LineView,
    RunTotals,
    batch_lines,
    batch_view,
    batches,
    batches_waiting,
    failed_count,
    failed_line,
    failed_twice,
    lines_of,
    run_totals,
)
from .queries.personal import PersonalBalances, personal_pools
from .queries.proof import proof
from .queries.reconciliation import Comparison, OpenItem, statements_in, unreconciled
from .queries.statements import (
    AccountPlace,
    account_place,
    balance_sheet,
    both_statements,
    budget_report,
    fund_books,
    income_statement,
    running_books,
    stored_statements,
)
from .rules import PARTS, UnknownFund, fund_of, funds
from .rules_statements import DoesNotTie, Statement


def pool_region(scheme: str, region: str, on: date | None = None) -> str:
    """Region code of the pool that keeps the books of `scheme` for people of `region`, today or on a day."""
    return rules.pool_region(scheme, region, on or timezone.localdate())


def personal_balances(scheme: str, region: str, person_ids: Sequence[int]) -> PersonalBalances:
    """Balances of the personal accounts of these people; one row per person and part, none before books are open."""
    control = personal.find_control(scheme, pool_region(scheme, region))
    return personal.personal_balances(control, person_ids) if control else PersonalBalances((), (), ())


def personal_movements(scheme: str, region: str, person_id: int, months: tuple[int, int]) -> SubMovements:
    """What entered and left one person's account by part and month, from the first to the last month given."""
    control = personal.find_control(scheme, pool_region(scheme, region))
    return sub_movements(control, months, (person_id, person_id)) if control else SubMovements((), (), (), (), ())


def personal_balances_between(scheme: str, region: str, low: int, high: int) -> PersonalBalances:
    """Balances of the personal accounts of people with ids from low to high; one row per person and part."""
    return personal.personal_balances_between(personal_control(scheme, region), low, high)


__all__ = [
    "PARTS",
    "AccountPlace",
    "AddedLines",
    "BatchNotOpen",
    "BatchView",
    "BudgetOrder",
    "Comparison",
    "DoesNotTie",
    "Drafted",
    "Entries",
    "Entry",
    "FailedLine",
    "FundError",
    "FundSetup",
    "ItemNote",
    "LineView",
    "MoneyArrived",
    "Moved",
    "NewAccount",
    "NotReconciled",
    "NotSetUp",
    "OpenItem",
    "PaymentConflict",
    "PaymentLines",
    "PersonalBalances",
    "PersonalEntries",
    "RunTotals",
    "SameOfficer",
    "Statement",
    "UnknownFund",
    "account",
    "account_place",
    "add_payment_lines",
    "ask_for",
    "ask_statements",
    "balance_sheet",
    "batch_lines",
    "batch_view",
    "batches",
    "batches_waiting",
    "books",
    "both_statements",
    "budget_report",
    "claim_subsidy",
    "close_month",
    "close_year",
    "decide_budget",
    "decide_reissue",
    "failed_count",
    "failed_line",
    "failed_twice",
    "first_open_month",
    "fund_account",
    "fund_books",
    "fund_of",
    "funds",
    "income_statement",
    "lines_of",
    "make_batches",
    "note_item",
    "open_personal_accounts",
    "pay_again",
    "personal_balances",
    "personal_balances_between",
    "personal_control",
    "personal_movements",
    "personal_pools",
    "pool_region",
    "post_entries",
    "post_entry",
    "post_personal",
    "post_personal_months",
    "proof",
    "propose_budget",
    "propose_reissue",
    "publish_statements",
    "reconcile",
    "reject_batch",
    "request_funds",
    "run_totals",
    "running_books",
    "send_batches",
    "set_budget",
    "set_up_fund",
    "sign_batches",
    "statements_in",
    "stored_statements",
    "unreconciled",
    "withdraw_payment_lines",
]
