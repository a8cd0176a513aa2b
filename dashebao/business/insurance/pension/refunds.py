"""The personal account paid out in one sum, which ends the relation (SI-404)."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from dashebao.business.insurance.common.api import (
    EarlyInterest,
    Movement,
    Owed,
    balances_of,
    credit_part_year,
    empty_account,
    live_benefit,
    owe,
)
from dashebao.business.insurance.pension.actions import PensionError
from dashebao.business.insurance.pension.models import AccountRefund
from dashebao.business.insurance.pension.queries import SCHEME
from dashebao.business.insurance.pension.survivors import rest_interest
from dashebao.kernel.legal_time.api import month_of
from dashebao.kernel.records.api import Actor, acting, audit
from dashebao.kernel.registry.api import person


@dataclass(frozen=True)
class RefundClaim:
    """A claim for the account in one sum: whose, why, on which case and day."""

    person_id: int
    reason: AccountRefund.Reason
    case_no: str
    decided_on: date


def refund_account(claim: RefundClaim, *, by: Actor) -> int:
    """Pay the whole account out and end the relation; returns the refund's id.

    Raises PensionError if a pension is being paid, or the account is empty (社会保险法 arts. 14, 16; 人社部令第13号).
    """
    human = person(claim.person_id)
    with acting(by, why=f"account paid out {claim.case_no}"):
        if live_benefit(human.id, SCHEME) is not None:
            raise PensionError(_("A pension is being paid from this account; it cannot be paid out."))
        if balances_of(human.id, human.region_code).total <= 0:
            raise PensionError(_("The account is empty; there is nothing to pay out."))
        month = month_of(claim.decided_on)
        interest = rest_interest(human, month)
        if any(interest.values()):
            credit_part_year(
                EarlyInterest(
                    person_id=human.id,
                    region_code=human.region_code,
                    year=month // 100,
                    month=month,
                    worker_fen=interest["worker"],
                    employer_fen=interest["employer"],
                    key=f"refund:{human.id}",
                ),
                by=by,
            )
        amount = empty_account(Movement(human.id, human.region_code, month, "pension.account_refund", claim.case_no))
        row = AccountRefund.objects.create(
            person_id=human.id,
            region_code=human.region_code,
            case_no=claim.case_no,
            reason=claim.reason,
            amount_fen=amount,
            decided_on=claim.decided_on,
        )
        due = Owed(
            person_id=human.id,
            payee_person_id=human.id,
            region_code=human.region_code,
            scheme=SCHEME,
            benefit_kind="account_refund",
            month=month,
            amount_fen=amount,
            source=f"case:{claim.case_no}",
        )
        owe([due], by=by)
        audit("pension.account_refunded", row, person=human.id, amount_fen=amount)
        return int(row.pk)
