"""Moving a pension relation between provinces: what both directions share."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from dashebao.business.insurance.common.api import live_benefit
from dashebao.business.insurance.pension.actions import PensionError
from dashebao.business.insurance.pension.models import Transfer, TransferStep
from dashebao.business.insurance.pension.queries import career_of, own_province, own_region
from dashebao.business.insurance.pension.sheet import PaidYear
from dashebao.kernel.exchange.api import Refused
from dashebao.kernel.law.api import PENSION_TRANSFER
from dashebao.kernel.legal_time.api import MissingCalendar, Terms, WorkingDays, full_years
from dashebao.kernel.money.api import format_yuan
from dashebao.kernel.records.api import Actor, acting, audit
from dashebao.kernel.registry.api import Person, id_number_of, person
from dashebao.kernel.rules.api import explain, parameters

PLATFORM = "transfer_platform"
OWN_OFFICE = "广东省社会保险基金管理局"
STEP_LIMIT = WorkingDays(15, Terms(trigger="step", basis=PENSION_TRANSFER[8]))
POOL_RATE = "pension.transfer.pool_rate"
STAYS_FROM = {"1": "pension.transfer.stays_from_age_men", "2": "pension.transfer.stays_from_age_women"}
FIRST_YEAR = 1998
PROVINCE_DIGITS = 2


@dataclass(frozen=True)
class TransferRequest:
    """A request to move: who, which way, the other province, that of the household register, case and day."""

    person_id: int
    direction: Transfer.Direction
    other_region: str
    case_no: str
    requested_on: date
    home_region: str = ""


def step_due(start: date) -> date | None:
    """The last day of a step begun on `start`; None while that year's calendar is not published."""
    try:
        return STEP_LIMIT.due(start)
    except MissingCalendar:
        return None


def transfer_amount(years: Sequence[PaidYear], balance_fen: int, region: str, on: date) -> dict[str, Any]:
    """The money that moves: the account and 12 % of the wages since 1998 (国办发〔2009〕66号 art. 4)."""
    law = parameters(region, on)
    inputs = {
        "wages": [
            {"year": row.year, "months": row.months, "monthly_base": _monthly(row)}
            for row in years
            if row.year >= FIRST_YEAR
        ],
        "pool_rate": str(law[POOL_RATE].fraction()),
        "account_balance": format_yuan(balance_fen),
    }
    return explain("pension.transfer_amount", inputs, on=on, region=region).as_json()


def _monthly(row: PaidYear) -> str:
    whole, rest = divmod(row.base_total_fen, row.months)
    return format_yuan(whole) if not rest else f"{row.base_total_fen}/{row.months * 100}"


def place_of_benefit(person_id: int, home_region: str, current_region: str, on: date) -> dict[str, Any]:
    """Where the pension would be drawn, as a trace whose `places` holds two digits (国办发〔2009〕66号 art. 6).

    Months count by the province they were paid in; of several provinces with ten years the last one counts.
    """
    months: dict[str, int] = {}
    latest: dict[str, int] = {}
    for row in career_of(person_id).years:
        place = row.place[:PROVINCE_DIGITS]
        months[place] = months.get(place, 0) + row.months
        latest[place] = max(latest.get(place, 0), row.year)
    needed = parameters(own_region(), on)["pension.transfer.months_at_place"].whole()
    long = sorted((place for place, count in months.items() if count >= needed), key=lambda place: latest[place])
    case = {
        "home": home_region[:PROVINCE_DIGITS],
        "current": current_region[:PROVINCE_DIGITS],
        "months_by_province": months,
        "last_province_with_120_months": long[-1] if long else None,
    }
    return explain("pension.place_of_benefit", {"cases": [case]}, on=on, region=own_region()).as_json()


def stays_at_old_place(human: Person, home_region: str, to_region: str, on: date) -> bool:
    """Whether age keeps the relation where it is, the new place opening a temporary account only (art. 5)."""
    if home_region[:PROVINCE_DIGITS] == to_region[:PROVINCE_DIGITS]:
        return False
    return full_years(human.birth_on, on) >= parameters(own_region(), on)[STAYS_FROM[human.sex]].whole()


def request_transfer(request: TransferRequest, *, by: Actor) -> Transfer:
    """Open a transfer. Raises PensionError after the pension began or for the own province (art. 2)."""
    human = person(request.person_id)
    with acting(by, why=f"pension transfer {request.case_no}"):
        if live_benefit(human.id) is not None:
            raise PensionError(_("The pension is being paid; the relation can no longer be moved."))
        if request.other_region[:PROVINCE_DIGITS] == own_province():
            raise PensionError(_("Within the province no transfer is needed: the records are shared."))
        row: Transfer = Transfer.objects.create(
            person_id=human.id,
            region_code=human.region_code,
            direction=request.direction,
            other_region=request.other_region,
            home_region=request.home_region,
            case_no=request.case_no,
            requested_on=request.requested_on,
            next_limit_on=step_due(request.requested_on),
        )
        audit("pension.transfer_requested", row, person=human.id, direction=str(request.direction))
        return row


def stepped(row: Transfer, state: Transfer.State, on: date, *, message_key: str = "", note: str = "") -> None:
    """Bring a transfer into its next state and give the step after it fifteen working days (art. 8)."""
    TransferStep.objects.create(
        transfer=row, state=state, limit_on=row.next_limit_on, done_on=on, message_key=message_key, note=note[:300]
    )
    row.state, row.reason = state, note[:300]
    row.next_limit_on = step_due(on) if row.is_open else None
    row.save()
    audit(f"pension.transfer_{state}", row, person=row.person_id, on=on.isoformat(), note=note[:300])


def find_number(number: str) -> Transfer | None:
    """The transfer both provinces know by this number, locked; None where there is none."""
    head, _sign, digits = str(number).partition("Z")
    if head != own_province() or not digits.isdecimal():
        return None
    row: Transfer | None = Transfer.objects.select_for_update().filter(pk=int(digits)).first()
    return row


def by_number(number: str) -> Transfer:
    """The same for a message that must name one; Refused where there is none."""
    row = find_number(number)
    if row is None:
        raise Refused("Z01", f"no transfer {number}")
    return row


def moved_away(person_id: int) -> str:
    """The province (six digits) the relation was moved to and has not come back from; "" if it is here."""
    gone = (Transfer.State.SENT, Transfer.State.QUESTIONED, Transfer.State.POSTED)
    last = Transfer.objects.filter(person_id=person_id, state__in=gone).order_by("-id").first()
    return str(last.other_region) if last and last.direction == Transfer.Direction.OUT else ""


def named(human: Person) -> dict[str, str]:
    """How a message names a person."""
    return {"id_number": id_number_of(human.id), "name": human.name}


def same_person(human: Person, data: dict[str, Any]) -> bool:
    """Whether a message speaks of this person, by number and name."""
    return (data.get("id_number"), data.get("name")) == (id_number_of(human.id), human.name)
