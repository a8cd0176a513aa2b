"""A running benefit whose award was replaced: parts change from its start, months paid are settled by the caller."""

from dataclasses import dataclass

from django.db.models import Sum
from django.utils.translation import gettext as _

from dashebao.business.insurance.common.actions import BenefitError
from dashebao.business.insurance.common.models import (
    Benefit,
    BenefitComponent,
    BenefitState,
    Overpayment,
    StopReason,
)
from dashebao.kernel.records.api import Actor, acting, audit


@dataclass(frozen=True)
class Change:
    """Differences of monthly parts (fen, also negative) from a month on, because of another award."""

    benefit_id: int
    award_id: int
    from_month: int
    differences: tuple[tuple[str, int], ...]
    source: str


def change_benefit(change: Change, *, by: Actor) -> None:
    """Put a benefit on another award: its parts change by the differences from `from_month` on.

    Months still owed as arrears get the new amount by themselves. Raises BenefitError where it would fall below zero.
    """
    with acting(by, why=f"benefit changed {change.source}"):
        benefit: Benefit = Benefit.objects.select_for_update().get(pk=change.benefit_id)
        if benefit.state == BenefitState.ENDED:
            raise BenefitError(_("This benefit has already ended."))
        for kind, amount in change.differences:
            # one correction a kind and month: a second one on the same day adds to a kind of its own
            count = BenefitComponent.objects.filter(benefit=benefit, kind__startswith=kind).count()
            BenefitComponent.objects.create(
                benefit=benefit,
                person_id=benefit.person_id,
                region_code=benefit.region_code,
                kind=kind if kind not in _kinds(benefit, change.from_month) else f"{kind}-{count}"[:16],
                from_month=change.from_month,
                amount_fen=amount,
                source=change.source,
            )
        total = BenefitComponent.objects.filter(benefit=benefit).aggregate(fen=Sum("amount_fen"))["fen"] or 0
        account = sum(amount for kind, amount in change.differences if kind == "account")
        if total <= 0 or not 0 <= benefit.account_fen + account <= total:
            raise BenefitError(_("The benefit would fall below zero."))
        benefit.monthly_fen, benefit.account_fen = total, benefit.account_fen + account
        benefit.award_id = change.award_id
        benefit.save(update_fields=["monthly_fen", "account_fen", "award_id"])
        audit("benefit.changed", benefit, region=benefit.region_code, monthly_fen=total)


def _kinds(benefit: Benefit, month: int) -> set[str]:
    return set(BenefitComponent.objects.filter(benefit=benefit, from_month=month).values_list("kind", flat=True))


@dataclass(frozen=True)
class Reclaimed:
    """A sum paid too much over some months of a benefit."""

    benefit_id: int
    from_month: int
    to_month: int
    amount_fen: int


def owe_back(order: Reclaimed, *, by: Actor) -> int:
    """Record a sum paid too much as an overpayment to be recovered (社会保险经办条例 art. 46); returns its id."""
    with acting(by, why="paid too much"):
        benefit = Benefit.objects.get(pk=order.benefit_id)
        row = Overpayment.objects.create(
            person_id=benefit.person_id,
            region_code=benefit.region_code,
            scheme=benefit.scheme,
            benefit=benefit,
            cause=StopReason.ERROR,
            from_month=order.from_month,
            to_month=order.to_month,
            amount_fen=order.amount_fen,
        )
        audit("benefit.overpaid", row, region=benefit.region_code, amount_fen=order.amount_fen, cause="error")
        return int(row.pk)
