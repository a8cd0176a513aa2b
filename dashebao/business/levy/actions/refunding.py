"""Refunds: decided here, paid back by the tax office, then taken out of the books and off the personal account."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum
from django.utils.translation import gettext as _

from dashebao.business.fund.api import (
    Entries,
    Entry,
    PersonalEntries,
    pool_region,
    post_entries,
    post_entry,
    post_personal,
)
from dashebao.business.levy.actions.billing import Credit
from dashebao.business.levy.actions.collecting import booking_month
from dashebao.business.levy.actions.sending import send_refund
from dashebao.business.levy.assessment import AMOUNTS
from dashebao.business.levy.errors import NothingToPay
from dashebao.business.levy.models import ContributionLine, LineKind, Refund, RefundState, Settlement
from dashebao.business.levy.schemes import BY_CODE, PENSION, SCHEMES
from dashebao.kernel.legal_time.api import first_day_of, month_of
from dashebao.kernel.records.api import audit, ensure_partition


@dataclass(frozen=True)
class RefundOrder:
    """What is to be returned, in fen by payer's part; `month` is the month it had been paid for.

    A refund to a unit names in `person_id` the person whose account the worker's part comes from.
    """

    unit_id: int
    person_id: int
    region_code: str
    scheme: str
    month: int
    employer_fen: int
    worker_fen: int
    reason: str
    case_no: str = ""
    ticket: str = ""
    item_id: int | None = None
    from_suspense_fen: int = 0


def decide_refund(order: RefundOrder) -> Refund:
    """Keep a refund and send it to the tax office (T06); NothingToPay for an amount of zero."""
    parts = (order.employer_fen, order.worker_fen, order.from_suspense_fen)
    if sum(parts) <= 0 or min(parts) < 0:
        raise NothingToPay(_("There is no amount to return."))
    refund: Refund = Refund.objects.create(
        unit_id=order.unit_id,
        person_id=order.person_id,
        region_code=order.region_code,
        scheme=order.scheme,
        pool_code=pool_region(order.scheme, order.region_code, first_day_of(order.month)),
        month=order.month,
        employer_fen=order.employer_fen,
        worker_fen=order.worker_fen,
        reason=order.reason,
        case_no=order.case_no,
        ticket=order.ticket,
        item_id=order.item_id,
        out_of_suspense_fen=order.from_suspense_fen,
    )
    audit("levy.refund_decided", refund, amount_fen=sum(parts), case_no=order.case_no)
    send_refund(refund, order.ticket)
    return refund


def refund_items(credits: Iterable[Credit], reason: str, case_no: str) -> list[Refund]:
    """Return what differences owe back to a unit, one refund per scheme; the item settles when the money is back."""
    return [
        decide_refund(
            RefundOrder(
                unit_id=credit.unit_id,
                person_id=0,
                region_code=credit.region_code,
                scheme=credit.scheme,
                month=credit.month,
                employer_fen=credit.employer_fen,
                worker_fen=credit.worker_fen,
                reason=reason,
                case_no=case_no,
                item_id=credit.item_id,
            )
        )
        for credit in credits
        if min(credit.employer_fen, credit.worker_fen) >= 0 and credit.employer_fen + credit.worker_fen > 0
    ]


def refund_executed(refund_id: int, executed_on: date | None, ticket: str = "") -> Refund:
    """Book what the tax office told (T05): Dr 4001 Cr 1005, and the worker's part off the account; None = it failed."""
    refund: Refund = Refund.objects.select_for_update().get(pk=refund_id)
    if refund.state == RefundState.EXECUTED:
        return refund
    if executed_on is None:
        refund.state = RefundState.FAILED
        refund.save(update_fields=["state"])
        audit("levy.refund_failed", refund)
        return refund
    refund.state, refund.executed_on, refund.ticket = RefundState.EXECUTED, executed_on, ticket or refund.ticket
    refund.save(update_fields=["state", "executed_on", "ticket"])
    _book(refund, booking_month(month_of(executed_on)))
    audit("levy.refund_executed", refund, on=executed_on.isoformat())
    return refund


def _book(refund: Refund, month: int) -> None:
    alone = not refund.unit_id
    parts = [
        (amount, detail)
        for amount, detail in (
            (refund.employer_fen, "person" if alone else "employer"),
            (refund.worker_fen, "person" if alone else "worker"),
        )
        if amount
    ]
    if parts:
        post_entries(
            Entries(
                template="refund",
                month=month,
                scheme=[refund.scheme] * len(parts),
                region=[refund.pool_code] * len(parts),
                key=[f"R-{refund.pk}"] * len(parts),
                amount_fen=[amount for amount, _detail in parts],
                detail=[detail for _amount, detail in parts],
            )
        )
    if refund.out_of_suspense_fen:
        post_entry(
            Entry(
                template="unallocated_returned",
                month=month,
                scheme=refund.scheme,
                region=refund.pool_code,
                key=f"R-{refund.pk}",
                amount_fen=refund.out_of_suspense_fen,
            )
        )
    if refund.item_id:
        _settle(refund, refund.item_id, month)
    elif refund.person_id and refund.worker_fen + refund.employer_fen:
        _take_back(refund, month)


def _settle(refund: Refund, item_id: int, month: int) -> None:
    """The item of zero that stands for a credit is settled; the month's posting then corrects the accounts."""
    Settlement.objects.create(
        item_id=item_id,
        month=month,
        unit_id=refund.unit_id,
        person_id=0,
        region_code=refund.region_code,
        scheme=refund.scheme,
        settled_on=refund.executed_on or date.min,
    )


def _take_back(refund: Refund, month: int) -> None:
    """A row of the opposite sign for the month returned, and the worker's part off the personal account."""
    _insert_reversal(refund, month)
    if refund.scheme == PENSION and refund.worker_fen:
        post_personal(
            PersonalEntries(
                scheme=PENSION,
                region=refund.pool_code,
                month=month,
                kind="levy.refund",
                key=f"R-{refund.pk}",
                person_id=[refund.person_id],
                part=["worker_principal"],
                amount_fen=[-refund.worker_fen],
            )
        )


def _insert_reversal(refund: Refund, month: int) -> None:
    scheme = BY_CODE[refund.scheme]
    ensure_partition("levy_contributionline", month)
    paid = ContributionLine.objects.filter(person_id=refund.person_id, for_month=refund.month)
    base = paid.aggregate(total=Sum(scheme.base))["total"] or 0
    amounts = dict.fromkeys(AMOUNTS, 0) | {scheme.base: -base, scheme.employer: -refund.employer_fen}
    if scheme.worker_pays:
        amounts[scheme.worker] = -refund.worker_fen
    ContributionLine.objects.create(
        month=month,
        unit_id=refund.unit_id,
        person_id=refund.person_id,
        kind=LineKind.REFUND,
        seq=SCHEMES.index(scheme),
        for_month=refund.month,
        region_code=refund.region_code,
        identity=0,
        parameter_set_id=0,
        wage_fen=0,
        paid_month=month,
        **amounts,
    )
