"""Reads of the residents' pension: membership, years paid, the award as it would come out."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from dashebao.business.insurance.common.api import balances_of
from dashebao.business.insurance.residents.models import ResidentAward, ResidentEnrolment, YearPayment
from dashebao.kernel.legal_time.api import month_of, month_plus
from dashebao.kernel.money.api import format_yuan, parse_yuan
from dashebao.kernel.records.api import as_known
from dashebao.kernel.registry.api import Person, person
from dashebao.kernel.rules.api import Exact, explain, parameters

SCHEME = "170"
FORMULA = "pension.residents_award"
PENSION_AGE = "residents.pension_age"
MINIMUM_YEARS = "residents.minimum_years"


@dataclass(frozen=True)
class ResidentSheet:
    """A residents' pension as calculated: parts in fen, figures, and the trace."""

    start_month: int
    paid_years: int
    account_balance_fen: int
    basic_fen: int
    account_fen: int
    trace: dict[str, Any]

    @property
    def monthly_fen(self) -> int:
        """The monthly pension."""
        return self.basic_fen + self.account_fen


def active_enrolment(person_id: int) -> ResidentEnrolment | None:
    """The membership in force, or None."""
    return ResidentEnrolment.objects.filter(person_id=person_id, state="active").first()


def payments_of(person_id: int) -> list[YearPayment]:
    """Years paid, newest first."""
    return list(YearPayment.objects.filter(person_id=person_id).order_by("-for_year"))


def memberships_of(person_id: int) -> list[ResidentEnrolment]:
    """Every membership of a person, newest first."""
    return list(ResidentEnrolment.objects.filter(person_id=person_id).order_by("-enrolled_on", "-id"))


def memberships_then(person_id: int, known_at: datetime | None) -> list[ResidentEnrolment]:
    """The same as recorded now or at an earlier moment."""
    if known_at is None:
        return memberships_of(person_id)
    found = as_known(ResidentEnrolment, known_at, of=("person_id", person_id))
    return sorted(found, key=lambda row: (row.enrolled_on, row.pk), reverse=True)


def explained(row: ResidentAward) -> tuple[dict[str, Any], ...]:
    """The traces of an award; those of an award taken over without its lines are calculated again from its inputs."""
    stored = row.trace.get("sheet")
    if stored:
        return tuple(stored)
    return (explain(FORMULA, row.inputs, on=row.law_on, region=row.region_code).as_json(),)


def award_of(person_id: int) -> ResidentAward | None:
    """The residents' award of a person."""
    return ResidentAward.objects.filter(person_id=person_id).first()


def first_pension_month(human: Person) -> int:
    """The month after the one in which the pension age is reached (国发〔2014〕8号 part 7)."""
    age = int(parameters(human.region_code, timezone.localdate()).latest(PENSION_AGE).whole())
    return month_plus(month_of(human.birth_on), age * 12 + 1)


def years_short(human: Person, enrolment: ResidentEnrolment) -> int:
    """Years still to be paid: fifteen, or all years since enrolment if it came less than fifteen years before the age.

    Who was at the age when the scheme began (or enrolled then) needs none (国发〔2014〕8号 part 7).
    """
    law = parameters(human.region_code, timezone.localdate())
    least = int(law.latest(MINIMUM_YEARS).whole())
    last = first_pension_month(human) // 100
    possible = max(0, last - enrolment.enrolled_on.year)
    return max(0, min(least, possible) - years_counted(human.id))


def years_counted(person_id: int) -> int:
    """Years paid, and full years of the employees' scheme that came with its account."""
    linked = ResidentEnrolment.objects.filter(person_id=person_id).order_by("-id").first()
    return YearPayment.objects.filter(person_id=person_id).count() + (linked.linked_months // 12 if linked else 0)


def resident_sheet(person_id: int, start_month: int) -> ResidentSheet:
    """Basic plus account pension of a resident from `start_month` (yyyymm)."""
    human = person(person_id)
    on = date(start_month // 100, start_month % 100, 1)
    law = parameters(human.region_code, on)
    years = years_counted(person_id)
    held = balances_of(person_id, human.region_code, SCHEME).total
    inputs = {
        "account_balance": format_yuan(held),
        "basic": format_yuan(law.latest("residents.basic").whole()),
        "divisor": str(law["residents.divisor"].fraction()),
    }
    trace = explain(FORMULA, inputs, on=on, region=human.region_code).as_json()
    return ResidentSheet(
        start_month=start_month,
        paid_years=years,
        account_balance_fen=held,
        basic_fen=parse_yuan(inputs["basic"]),
        account_fen=parse_yuan(trace["results"]["account"]),
        trace=trace,
    )


def tiers(region: str, on: date) -> list[int]:
    """Yearly tiers open in a region, in fen."""
    return [int(amount) * 100 for amount in parameters(region, on).numbers("residents.tiers")]


def subsidy_fen(region: str, tier_fen: int, on: date) -> int:
    """What the government adds to a yearly payment of this tier."""
    return int(parameters(region, on).scale("residents.subsidy").at(Exact(tier_fen, 100)).whole())
