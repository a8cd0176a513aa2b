"""Orders of two officers: the yearly budget, paying again what failed twice, and words on open items."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from dashebao.kernel.identity.api import User, actor_of, require_role
from dashebao.kernel.records.api import acting, audit

from ..errors import FundError, SameOfficer
from ..models import BudgetProposal, OpenItemNote, OrderState, Reissue
from ..queries.payments import REISSUE, FailedLine, failed_line
from ..rules import account_kind
from ..rules_statements import month_end
from .closing import set_budget
from .lines import PaymentLines, add_payment_lines


@dataclass(frozen=True)
class BudgetOrder:
    """A budget to propose: one fund, pool and year, amounts in fen by income or expense account."""

    fund: str
    pool: str
    year: int
    amounts_fen: Mapping[str, int]
    note: str = ""


def propose_budget(order: BudgetOrder, by: User) -> BudgetProposal:
    """Propose a budget (预算法; 社会保险法 arts 65-66). FundError while another proposal of the year is open."""
    require_role(by, "fund.maker")
    for code, amount in order.amounts_fen.items():
        if account_kind(code, month_end(order.year * 100 + 1)) not in ("income", "expense") or amount < 0:
            raise FundError(_("A budget names income and expense accounts with amounts of zero or more."))
    with acting(actor_of(by), "fund.propose_budget"):
        at = {"fund": order.fund, "region_code": order.pool, "year": order.year}
        if BudgetProposal.objects.filter(**at, state=OrderState.PROPOSED).exists():
            raise FundError(_("A budget for this year waits for its approval already."))
        row: BudgetProposal = BudgetProposal.objects.create(
            **at, amounts=dict(order.amounts_fen), note=order.note[:300], proposed_by=by.pk, proposer=by.name
        )
        audit("fund.budget_proposed", row, region=order.pool, year=order.year)
    return row


def decide_budget(proposal: int, by: User, *, approve: bool, reason: str = "") -> BudgetProposal:
    """Put a proposed budget in force or reject it with a reason; never by the officer who proposed it."""
    require_role(by, "fund.approver", "fund.checker")
    with acting(actor_of(by), "fund.decide_budget"):
        row: BudgetProposal | None = BudgetProposal.objects.select_for_update().filter(pk=proposal).first()
        if row is None or row.state != OrderState.PROPOSED:
            raise FundError(_("This order has been decided already. Load the page again."))
        _decide(row, by, approve=approve, reason=reason)
        if approve:
            set_budget(row.fund, row.region_code, row.year, {code: int(fen) for code, fen in row.amounts.items()})
        audit("fund.budget_decided", row, region=row.region_code, approved=approve)
    return row


def _decide(row: BudgetProposal | Reissue, by: User, *, approve: bool, reason: str) -> None:
    if row.proposed_by == by.pk:
        raise SameOfficer(_("You proposed this yourself. Another officer must decide."))
    if not approve and not reason.strip():
        raise FundError(_("Say why it is rejected."))
    row.state = OrderState.APPROVED if approve else OrderState.REJECTED
    row.decided_by, row.decider, row.decided_at = by.pk, by.name, timezone.now()
    row.reason = reason.strip()[:300]
    row.save()


@dataclass(frozen=True)
class NewAccount:
    """The account a payment shall go to the next time."""

    bank_code: str
    number: str
    name: str

    def __post_init__(self) -> None:
        if not (self.bank_code.strip() and self.number.strip() and self.name.strip()):
            raise FundError(_("Bank, account number and holder are needed."))


def propose_reissue(line: tuple[int, int], account: NewAccount, by: User, note: str = "") -> Reissue:
    """Propose to pay a line (month, id) that failed twice to another account. FundError for any other line."""
    require_role(by, "fund.maker")
    with acting(actor_of(by), "fund.propose_reissue"):
        failed = _failed(line)
        row: Reissue = Reissue.objects.create(
            line_month=failed.month, line_id=failed.line_id, person_id=failed.person_id, region_code=failed.region_code,
            amount_fen=failed.amount_fen, bank_code=account.bank_code.strip(), account_number=account.number.strip(),
            account_name=account.name.strip(), note=note[:300], proposed_by=by.pk, proposer=by.name,
        )  # fmt: skip
        audit("fund.reissue_proposed", row, person=failed.person_id, region=failed.region_code)
    return row


def decide_reissue(order: int, run_month: int, by: User, *, approve: bool, reason: str = "") -> Reissue:
    """Release a payment into the batches of a run, or reject it; never by the officer who proposed it."""
    require_role(by, "fund.checker", "fund.approver")
    with acting(actor_of(by), "fund.decide_reissue"):
        row: Reissue | None = Reissue.objects.select_for_update().filter(pk=order).first()
        if row is None or row.state != OrderState.PROPOSED:
            raise FundError(_("This order has been decided already. Load the page again."))
        _decide(row, by, approve=approve, reason=reason)
        if approve:
            account = NewAccount(row.bank_code, row.account_number, row.account_name)
            pay_again((row.line_month, row.line_id), account, run_month)
        audit("fund.reissue_decided", row, person=row.person_id, region=row.region_code, approved=approve)
    return row


def pay_again(line: tuple[int, int], account: NewAccount, run_month: int) -> None:
    """Enter a line that failed twice into a run once more, with this account; booked from 2001, not as new expense.

    The door for a service item in which two officers have corrected the account. Idempotent by the line.
    """
    failed = _failed(line, released=True)
    add_payment_lines(
        PaymentLines(
            run_month=run_month, month=[failed.month], person_id=[failed.person_id],
            payee_person_id=[failed.payee_person_id], region_code=[failed.region_code], scheme=[failed.scheme],
            benefit_kind=[REISSUE], seq=[failed.line_id % 2_000_000_000], amount_fen=[failed.amount_fen],
            source=[f"line:{failed.month}:{failed.line_id}"], bank_code=[account.bank_code],
            account_number=[account.number], account_name=[account.name],
        )
    )  # fmt: skip


def _failed(line: tuple[int, int], *, released: bool = False) -> FailedLine:
    found = failed_line(*line)
    if found is None:
        raise FundError(_("Only a payment that failed twice can be made again in this way."))
    if found.order and not released:
        raise FundError(_("An order to make this payment again is there already."))
    return found


@dataclass(frozen=True)
class ItemNote:
    """Words on one open item of a reconciliation."""

    fund: str
    pool: str
    month: int
    account: str
    reference: str
    text: str


def note_item(note: ItemNote, by: User) -> OpenItemNote:
    """Keep what was found out about an open item; FundError without words."""
    require_role(by, "fund.maker", "fund.checker", "fund.approver")
    if not note.text.strip():
        raise FundError(_("Write what was found out about the item."))
    with acting(actor_of(by), "fund.note_item"):
        row: OpenItemNote = OpenItemNote.objects.create(
            fund=note.fund, region_code=note.pool, month=note.month, account=note.account[:9],
            reference=note.reference[:60], text=note.text.strip()[:300], user_id=by.pk, user_name=by.name,
        )  # fmt: skip
        audit("fund.item_noted", row, region=note.pool, reference=note.reference[:60])
    return row
