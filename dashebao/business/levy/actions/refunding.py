"""Refunds: decided here, paid back by the tax office, then taken out of the books and off the personal account."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from dashebao.business.fund.api import Entries, PersonalEntries, pool_region, post_entries, post_personal
from dashebao.business.levy import months
from dashebao.business.levy.actions.collecting import booking_month
from dashebao.business.levy.actions.sending import send_refund
from dashebao.business.levy.errors import NothingToPay
from dashebao.business.levy.models import Refund, RefundState
from dashebao.business.levy.schemes import PENSION
from dashebao.kernel.records.api import audit


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


def decide_refund(order: RefundOrder) -> Refund:
    """Keep a refund and send it to the tax office (T06); NothingToPay for an amount of zero."""
    if order.employer_fen + order.worker_fen <= 0 or min(order.employer_fen, order.worker_fen) < 0:
        raise NothingToPay(_("There is no amount to return."))
    refund = Refund.objects.create(
        unit_id=order.unit_id,
        person_id=order.person_id,
        region_code=order.region_code,
        scheme=order.scheme,
        pool_code=pool_region(order.scheme, order.region_code, months.first_day(order.month)),
        month=order.month,
        employer_fen=order.employer_fen,
        worker_fen=order.worker_fen,
        reason=order.reason,
        case_no=order.case_no,
        ticket=order.ticket,
    )
    audit("levy.refund_decided", refund, amount_fen=order.employer_fen + order.worker_fen, case_no=order.case_no)
    send_refund(refund, order.ticket)
    return refund


def refund_executed(refund_id: int, executed_on: date | None, ticket: str = "") -> Refund:
    """Book what the tax office told (T05): Dr 4001 Cr 1005, and the worker's part off the account; None = it failed."""
    refund = Refund.objects.select_for_update().get(pk=refund_id)
    if refund.state == RefundState.EXECUTED:
        return refund
    if executed_on is None:
        refund.state = RefundState.FAILED
        refund.save(update_fields=["state"])
        audit("levy.refund_failed", refund)
        return refund
    refund.state, refund.executed_on, refund.ticket = RefundState.EXECUTED, executed_on, ticket or refund.ticket
    refund.save(update_fields=["state", "executed_on", "ticket"])
    _book(refund, booking_month(months.of_day(executed_on)))
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
    if refund.scheme == PENSION and refund.worker_fen and refund.person_id:
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
