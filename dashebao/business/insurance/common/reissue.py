"""Paying again what the bank could not pay twice: a line of its own, out of the money that came back."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from dashebao.business.fund.api import LineView, lines_of
from dashebao.business.insurance.common.actions import BenefitError, Owed, owe
from dashebao.business.insurance.common.models import Due
from dashebao.kernel.legal_time.api import month_of
from dashebao.kernel.records.api import Actor, acting, audit
from dashebao.kernel.registry.api import bank_account_of, person

REISSUE = "reissue"
TRIES = 2


@dataclass(frozen=True)
class Reissue:
    """Failed payments of a person to be paid again: whose, by which case, on which day."""

    person_id: int
    case_no: str
    decided_on: date


def failed_for_good(person_id: int) -> list[LineView]:
    """Lines of a person that failed or came back at the last try and were not paid again yet, oldest first."""
    again = set(Due.objects.filter(person_id=person_id, benefit_kind=REISSUE).values_list("source", flat=True))
    rows = [line for line in lines_of(person_id) if line.state in ("failed", "returned") and line.attempt >= TRIES]
    return sorted((line for line in rows if source_of(line) not in again), key=lambda line: (line.month, line.line_id))


def source_of(line: LineView) -> str:
    """How a new payment names the line it takes the place of."""
    return f"line:{line.month}:{line.line_id}"


def reissue(order: Reissue, *, by: Actor) -> int:
    """Owe each failed payment again, to the account on record now; returns the sum in fen.

    The money still lies on the expenditure account (暂收款), so nothing is spent twice. BenefitError if nothing failed.
    """
    human = person(order.person_id)
    with acting(by, why=f"payments issued again {order.case_no}"):
        rows = failed_for_good(human.id)
        if not rows:
            raise BenefitError(_("No payment of this person has failed at its last try."))
        if bank_account_of(human.id) is None:
            raise BenefitError(_("Record a bank account first; the payments failed on the old one."))
        month = month_of(order.decided_on)
        first = Due.objects.filter(person_id=human.id, month=month, benefit_kind=REISSUE).count() + 1
        dues = [
            Owed(
                person_id=human.id,
                payee_person_id=human.id,
                region_code=human.region_code,
                scheme=line.scheme,
                benefit_kind=REISSUE,
                month=month,
                amount_fen=line.amount_fen,
                source=source_of(line),
                seq=number,
            )
            for number, line in enumerate(rows, start=first)
        ]
        owe(dues, by=by)
        total = sum(line.amount_fen for line in rows)
        audit("benefit.reissued", ("common.due", human.id), person=human.id, amount_fen=total, lines=len(rows))
        return total
