"""Money without a bill: matched to what a payer owes, in the order of the law's parameter, or moved between bills."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Sum
from django.utils.translation import gettext as _

from dashebao.business.fund.api import fund_of
from dashebao.business.levy.actions.collecting import booking_month, settle
from dashebao.business.levy.actions.refunding import RefundOrder, decide_refund
from dashebao.business.levy.errors import NothingToPay
from dashebao.business.levy.models import (
    Allocation,
    BillItem,
    MoneySource,
    Receipt,
    Refund,
    Unallocated,
    UnallocatedUse,
)
from dashebao.business.levy.queries.arrears import OwedItem, owed_items
from dashebao.business.levy.rates import allocation_order
from dashebao.kernel.records.api import audit, lock


@dataclass(frozen=True)
class Share:
    """How much of a sum goes to one owed item, by payer's part; the worker's part is filled first."""

    item_id: int
    employer_fen: int
    worker_fen: int


def shares_of(amount_fen: int, owed: Iterable[OwedItem], order: Sequence[str]) -> list[Share]:
    """Spread a sum over owed items: scheme by scheme in `order`, the oldest month first; what is left over is not."""
    out = []
    ranked = sorted(owed, key=lambda item: (order.index(item.scheme), item.month, item.item_id))
    for item in ranked:
        if amount_fen <= 0:
            break
        worker = min(amount_fen, item.worker_fen - item.paid_worker_fen)
        employer = min(amount_fen - worker, item.employer_fen - item.paid_employer_fen)
        out.append(Share(item.item_id, employer, worker))
        amount_fen -= worker + employer
    return out


def match_unallocated(unallocated_id: int, unit_id: int, person_id: int = 0, *, case_no: str = "") -> int:
    """Set unallocated money against what this payer owes to the same fund and pool; returns fen matched.

    Raises NothingToPay where the payer owes nothing there or the money is used up.
    """
    lock(Unallocated, unallocated_id)
    money = Unallocated.objects.get(pk=unallocated_id)
    rest = rest_of(money)
    receipt = Receipt.objects.get(pk=money.receipt_id)
    pools = dict(BillItem.objects.filter(unit_id=unit_id, person_id=person_id).values_list("id", "pool_code"))
    owed = [
        item
        for item in owed_items(unit_id, person_id)
        if fund_of(item.scheme) == fund_of(money.scheme) and pools[item.item_id] == money.pool_code
    ]
    order = allocation_order(money.region_code, receipt.treasury_on)
    shares = shares_of(rest, owed, order)
    if not shares:
        raise NothingToPay(_("This payer owes nothing to the fund that holds the money."))
    month = booking_month(money.month)
    matched = 0
    for share in shares:
        _allocate(share, money, month)
        matched += share.employer_fen + share.worker_fen
    UnallocatedUse.objects.create(
        unallocated=money,
        unit_id=unit_id,
        person_id=person_id,
        region_code=money.region_code,
        amount_fen=matched,
        case_no=case_no,
    )
    settle([share.item_id for share in shares], month)
    audit("levy.unallocated_matched", money, amount_fen=matched, unit=unit_id)
    return matched


def return_unallocated(unallocated_id: int, *, reason: str, case_no: str = "") -> Refund:
    """Give unallocated money back through the tax office."""
    lock(Unallocated, unallocated_id)
    money = Unallocated.objects.get(pk=unallocated_id)
    refund = decide_refund(
        RefundOrder(
            unit_id=money.unit_id,
            person_id=money.person_id,
            region_code=money.region_code,
            scheme=money.scheme,
            month=money.month,
            employer_fen=0,
            worker_fen=0,
            reason=reason,
            case_no=case_no,
            from_suspense_fen=rest_of(money),
        )
    )
    UnallocatedUse.objects.create(
        unallocated=money,
        unit_id=money.unit_id,
        person_id=money.person_id,
        region_code=money.region_code,
        amount_fen=refund.out_of_suspense_fen,
        refund_id=refund.pk,
        case_no=case_no,
    )
    return refund


def rest_of(money: Unallocated) -> int:
    """What is left of unallocated money, in fen."""
    used = money.uses.aggregate(used=Sum("amount_fen"))["used"] or 0
    return int(money.amount_fen - used)


def move_estimate(unit_id: int, month: int) -> int:
    """What was paid on a cancelled estimate counts for the bill that replaced it, scheme by scheme and part by part.

    The pair of rows cancels out in the books, where the money already is income of the same scheme. Returns fen moved.
    """
    moved = 0
    paid = BillItem.objects.filter(bill__unit_id=unit_id, bill__month=month, bill__cancellation__isnull=False)
    owed = {item.scheme: item for item in owed_items(unit_id) if item.month == month}
    touched = []
    for item in paid:
        for receipt_id, employer, worker in item.allocations.values_list("receipt_id", "employer_fen", "worker_fen"):
            target = owed.get(item.scheme)
            if target is None:
                continue
            share = Share(
                target.item_id,
                min(employer, target.employer_fen - target.paid_employer_fen),
                min(worker, target.worker_fen - target.paid_worker_fen),
            )
            if share.employer_fen + share.worker_fen > 0:
                _move(item, share, receipt_id)
                touched.append(share.item_id)
                moved += share.employer_fen + share.worker_fen
                owed = {found.scheme: found for found in owed_items(unit_id) if found.month == month}
    if touched:
        settle(touched, booking_month(month))
    return moved


def _move(source: BillItem, share: Share, receipt_id: int) -> None:
    target = BillItem.objects.get(pk=share.item_id)
    for item, sign in ((source, -1), (target, 1)):
        Allocation.objects.create(
            receipt_id=receipt_id,
            item=item,
            month=booking_month(item.month),
            unit_id=item.unit_id,
            person_id=item.person_id,
            region_code=item.region_code,
            scheme=item.scheme,
            pool_code=item.pool_code,
            employer_fen=sign * share.employer_fen,
            worker_fen=sign * share.worker_fen,
            source=MoneySource.MOVED,
        )


def _allocate(share: Share, money: Unallocated, month: int) -> None:
    item = BillItem.objects.get(pk=share.item_id)
    Allocation.objects.create(
        receipt_id=money.receipt_id,
        item=item,
        month=month,
        unit_id=item.unit_id,
        person_id=item.person_id,
        region_code=item.region_code,
        scheme=item.scheme,
        pool_code=item.pool_code,
        employer_fen=share.employer_fen,
        worker_fen=share.worker_fen,
        source=MoneySource.SUSPENSE,
    )
