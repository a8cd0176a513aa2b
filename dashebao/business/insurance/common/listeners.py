"""Facts of the registry that interrupt or end benefits: death, prison, release."""

from dashebao.business.fund.api import MoneyArrived
from dashebao.business.insurance.common.actions import (
    Stop,
    end_benefit,
    resume_benefit,
    revive_benefit,
    suspend_benefit,
)
from dashebao.business.insurance.common.linking import enter_linked
from dashebao.business.insurance.common.models import BenefitState, StopReason
from dashebao.business.insurance.common.queries import benefits_of, suspensions_of
from dashebao.business.insurance.common.recovery import Reclaim, reclaim
from dashebao.kernel.events.api import listens
from dashebao.kernel.legal_time.api import month_of, month_plus
from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.kernel.registry.api import PersonDied, PersonFoundAlive, PersonImprisoned, PersonReleased

FOREVER = 999912


@listens(PersonDied)
def end_benefits_after_death(event: PersonDied) -> None:
    """End every benefit after the month of death; months paid beyond are overpaid (国发〔2014〕8号 part 7)."""
    with acting(SYSTEM, why="death"):
        last = month_of(event.died_on)
        for benefit in benefits_of(event.person_id):
            if benefit.state != BenefitState.ENDED:
                end_benefit(benefit.id, last, StopReason.DEATH, by=SYSTEM)
                reclaim(Reclaim(benefit.id, month_plus(last, 1), FOREVER, StopReason.DEATH), by=SYSTEM)


@listens(PersonFoundAlive)
def revive_benefits(event: PersonFoundAlive) -> None:
    """A death withdrawn as wrong: benefits it ended are paid again, with the months withheld."""
    with acting(SYSTEM, why="found alive"):
        for benefit in benefits_of(event.person_id):
            if benefit.state == BenefitState.ENDED and benefit.end_reason == StopReason.DEATH:
                revive_benefit(benefit.id, by=SYSTEM)


@listens(PersonImprisoned)
def suspend_in_prison(event: PersonImprisoned) -> None:
    """Withhold payments from the month after the sentence began; months served are lost."""
    with acting(SYSTEM, why="prison"):
        first = month_plus(month_of(event.since), 1)
        for benefit in benefits_of(event.person_id):
            if benefit.state in (BenefitState.RUNNING, BenefitState.GRANTED):
                suspend_benefit(benefit.id, Stop(StopReason.PRISON, first), by=SYSTEM)
                reclaim(Reclaim(benefit.id, first, FOREVER, StopReason.PRISON), by=SYSTEM)


@listens(PersonReleased)
def resume_after_prison(event: PersonReleased) -> None:
    """Pay again from the month after release, at the level before, without increases missed."""
    with acting(SYSTEM, why="released"):
        for benefit in benefits_of(event.person_id):
            open_stops = [row for row in suspensions_of(benefit.id) if row.to_month is None]
            if any(row.reason == StopReason.PRISON for row in open_stops):
                resume_benefit(benefit.id, month_plus(month_of(event.on), 1), by=SYSTEM)


@listens(MoneyArrived)
def linked_account_arrives(event: MoneyArrived) -> None:
    """Money of an account that came from the other pension scheme."""
    if event.kind == "transfer_in" and event.reference.startswith("linking:"):
        enter_linked(event.reference, event.amount_fen, event.on)
