"""Recovery of benefits paid without right: find it, set it off, plan instalments, book what comes back."""

from dataclasses import dataclass

from django.db.models import F
from django.utils.translation import gettext as _

from dashebao.business.fund.api import Entry, first_open_month, lines_of, post_entry, withdraw_payment_lines
from dashebao.business.insurance.common.actions import BenefitError
from dashebao.business.insurance.common.models import Benefit, Instalment, Overpayment, Recovery, StopReason
from dashebao.business.insurance.common.rules import spread
from dashebao.kernel.legal_time.api import month_plus
from dashebao.kernel.records.api import SYSTEM, Actor, acting, audit


@dataclass(frozen=True)
class Reclaim:
    """Months paid without right: from when to when, and why."""

    benefit_id: int
    from_month: int
    to_month: int
    cause: StopReason


def reclaim(order: Reclaim, *, by: Actor) -> int | None:
    """Take back the months of `order`: lines not yet sent are withdrawn, the rest becomes an overpayment.

    Returns the overpayment's id, or None if nothing had been paid (社会保险经办条例 arts. 25, 26, 46).
    """
    with acting(by, why=f"reclaim benefit: {order.cause}"):
        benefit = Benefit.objects.select_for_update().get(pk=order.benefit_id)
        wrong = [
            line
            for line in lines_of(benefit.person_id, benefit.scheme, order.from_month)
            if line.benefit_kind == benefit.kind and line.month <= order.to_month and line.state != "withdrawn"
        ]
        unsent = [(line.month, line.line_id) for line in wrong if line.state in ("waiting", "batched")]
        if unsent:
            withdraw_payment_lines(unsent, str(StopReason(order.cause).label))
        paid = [line for line in wrong if line.state not in ("waiting", "batched")]
        if not paid:
            return None
        row = Overpayment.objects.create(
            person_id=benefit.person_id,
            region_code=benefit.region_code,
            scheme=benefit.scheme,
            benefit=benefit,
            cause=order.cause,
            from_month=min(line.month for line in paid),
            to_month=max(line.month for line in paid),
            amount_fen=sum(line.amount_fen for line in paid),
            trace={"lines": [[line.month, line.line_id, line.amount_fen] for line in paid]},
        )
        audit("benefit.overpaid", row, region=benefit.region_code, amount_fen=row.amount_fen, cause=str(order.cause))
        return int(row.pk)


@dataclass(frozen=True)
class Plan:
    """How an overpayment comes back: in how many months, from which month, withheld or repaid, and by whom."""

    overpayment_id: int
    way: Instalment.Way
    first_month: int
    count: int
    debtor_id: int = 0


def plan_instalments(plan: Plan, *, by: Actor) -> int:
    """Agree on instalments for what is still owed; replaces instalments not yet begun. Returns their number.

    Raises BenefitError if nothing is owed any more or the number of instalments does not fit.
    """
    with acting(by, why="plan of recovery"):
        row = _open(plan.overpayment_id)
        row.instalments.filter(done_fen=0).delete()
        planned = sum(part.amount_fen - part.done_fen for part in row.instalments.all())
        left = row.amount_fen - row.recovered_fen - planned
        if not 1 <= plan.count <= min(120, left):
            raise BenefitError(_("Choose between 1 and 120 instalments; nothing may be owed twice."))
        Instalment.objects.bulk_create(
            Instalment(
                overpayment=row,
                debtor_id=plan.debtor_id or row.person_id,
                region_code=row.region_code,
                way=plan.way,
                due_month=month_plus(plan.first_month, number),
                amount_fen=amount,
            )
            for number, amount in enumerate(spread(left, plan.count))
        )
        audit("overpayment.planned", row, region=row.region_code, instalments=plan.count, way=str(plan.way))
        return plan.count


def _open(overpayment_id: int) -> Overpayment:
    row: Overpayment = Overpayment.objects.select_for_update().get(pk=overpayment_id)
    if row.state != Overpayment.State.OPEN:
        raise BenefitError(_("This overpayment is closed; nothing more is owed."))
    return row


@dataclass(frozen=True)
class Return:
    """Money that came back: against which overpayment, how, when, how much, and its receipt."""

    overpayment_id: int
    way: Recovery.Way
    month: int
    amount_fen: int
    source: str


def book_return(back: Return, *, by: Actor) -> None:
    """Book money back against an overpayment: cash posts to the ledger, a set-off was never paid out and posts nothing.

    Raises BenefitError if more comes back than is owed.
    """
    with acting(by, why="overpayment returned"):
        row = _open(back.overpayment_id)
        left = row.amount_fen - row.recovered_fen
        if not 0 < back.amount_fen <= left:
            raise BenefitError(
                _("Only %(left)s yuan are still owed; correct the amount.")
                % {"left": f"{left // 100}.{left % 100:02d}"}
            )
        Recovery.objects.create(
            overpayment=row,
            person_id=row.person_id,
            region_code=row.region_code,
            way=back.way,
            month=back.month,
            amount_fen=back.amount_fen,
            source=back.source,
        )
        row.recovered_fen = row.recovered_fen + back.amount_fen
        if row.recovered_fen == row.amount_fen:
            row.state = Overpayment.State.CLOSED
        row.save(update_fields=["recovered_fen", "state"])
        if back.way == Recovery.Way.REPAID:
            _post_cash(row, back)
        audit("overpayment.returned", row, region=row.region_code, amount_fen=back.amount_fen, way=str(back.way))


def _post_cash(row: Overpayment, back: Return) -> None:
    """Cash of the same year reduces the expense; cash for an older year is other income (财会〔2017〕28号)."""
    same_year = row.from_month // 100 == back.month // 100
    left = back.amount_fen
    for part in row.instalments.filter(way=Instalment.Way.REPAID, done_fen__lt=F("amount_fen")).order_by("due_month"):
        step = min(left, part.amount_fen - part.done_fen)
        part.done_fen = part.done_fen + step
        part.save(update_fields=["done_fen"])
        left -= step
        if not left:
            break
    entry = Entry(
        template="overpayment_returned" if same_year else "overpayment_returned_old",
        month=first_open_month(row.scheme, row.region_code, back.month),
        scheme=row.scheme,
        region=row.region_code,
        key=f"{row.pk}:{back.source}",
        amount_fen=back.amount_fen,
        detail=row.benefit.kind if same_year else "overpayment",
    )
    with acting(SYSTEM, why="overpayment returned"):  # the books belong to the pool, not to the county
        post_entry(entry)
