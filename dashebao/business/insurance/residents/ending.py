"""The end of a membership with its account paid out, and a change of the yearly tier."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from dashebao.business.insurance.common.api import Movement, Owed, empty_account, live_benefit, owe
from dashebao.business.insurance.residents.actions import ResidentsError, end_membership
from dashebao.business.insurance.residents.models import MembershipEnd, ResidentEnrolment
from dashebao.business.insurance.residents.queries import SCHEME, active_enrolment, tiers
from dashebao.kernel.legal_time.api import month_of
from dashebao.kernel.records.api import Actor, acting, audit
from dashebao.kernel.registry.api import person


@dataclass(frozen=True)
class Ending:
    """A membership to be ended: whose, why, who receives the account, on which case and day."""

    person_id: int
    reason: ResidentEnrolment.EndReason
    payee_person_id: int
    case_no: str
    decided_on: date


def end_with_account(ending: Ending, *, by: Actor) -> int:
    """End a membership and owe the account in one sum (国发〔2014〕8号 parts 6, 7); returns the end's id.

    Government subsidies of the account go to the heirs like the rest (part 6). Raises ResidentsError where a pension
    still runs or the person is not, and was not, a member.
    """
    human = person(ending.person_id)
    with acting(by, why=f"residents' membership ended {ending.case_no}"):
        if not ResidentEnrolment.objects.filter(person_id=human.id).exists():
            raise ResidentsError(_("This person is not enrolled in the residents' pension; enrol first."))
        if live_benefit(human.id, SCHEME) is not None:
            raise ResidentsError(_("A residents' pension is still being paid; it must end first."))
        if MembershipEnd.objects.filter(person_id=human.id).exists():
            raise ResidentsError(_("The account was paid out before."))
        month = month_of(ending.decided_on)
        movement = Movement(human.id, human.region_code, month, "residents.account_out", ending.case_no, SCHEME)
        amount = empty_account(movement)
        end_membership(human.id, ending.decided_on, ending.reason)
        row = MembershipEnd.objects.create(
            person_id=human.id,
            payee_person_id=ending.payee_person_id,
            region_code=human.region_code,
            reason=ending.reason,
            amount_fen=amount,
            case_no=ending.case_no,
            decided_on=ending.decided_on,
        )
        if amount:
            due = Owed(
                person_id=human.id,
                payee_person_id=ending.payee_person_id,
                region_code=human.region_code,
                scheme=SCHEME,
                benefit_kind="account_refund",
                month=month,
                amount_fen=amount,
                source=f"case:{ending.case_no}",
            )
            owe([due], by=by)
        audit("residents.ended", row, person=human.id, reason=str(ending.reason), amount_fen=amount)
        return int(row.pk)


def choose_tier(person_id: int, tier_fen: int, on: date, *, by: Actor) -> None:
    """Choose another yearly tier from now on. Raises ResidentsError for an amount that is no tier of the place."""
    human = person(person_id)
    with acting(by, why="residents' tier"):
        enrolment = active_enrolment(human.id)
        if enrolment is None:
            raise ResidentsError(_("This person is not enrolled in the residents' pension; enrol first."))
        if tier_fen not in tiers(human.region_code, on):
            raise ResidentsError(_("This amount is not one of the yearly tiers of the place."))
        enrolment.tier_fen = tier_fen
        enrolment.save(update_fields=["tier_fen"])
        audit("residents.tier_chosen", enrolment, person=human.id, tier_fen=tier_fen)
