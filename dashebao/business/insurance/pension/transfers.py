"""Moving a pension relation between provinces: letters, money and records, each step within 15 working days."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from dashebao.business.fund.api import Entry, first_open_month, post_entry
from dashebao.business.insurance.common.api import (
    EarlyInterest,
    Movement,
    Owed,
    balances_of,
    credit_part_year,
    empty_account,
    live_benefit,
    month_of,
    move,
    owe,
)
from dashebao.business.insurance.pension.actions import PensionError
from dashebao.business.insurance.pension.models import OutsideYear, Transfer, TransferStep
from dashebao.business.insurance.pension.queries import PROVINCE, SCHEME, career_of
from dashebao.business.insurance.pension.sheet import PaidYear
from dashebao.business.insurance.pension.survivors import rest_interest
from dashebao.kernel.law.api import PENSION_TRANSFER
from dashebao.kernel.legal_time.api import MissingCalendar, Terms, WorkingDays
from dashebao.kernel.money.api import format_yuan, parse_yuan
from dashebao.kernel.records.api import SYSTEM, Actor, acting, audit
from dashebao.kernel.registry.api import person
from dashebao.kernel.rules.api import explain, parameters

STEP_LIMIT = WorkingDays(15, Terms(trigger="step", basis=PENSION_TRANSFER[8]))
POOL_RATE = "pension.transfer.pool_rate"
FIRST_YEAR = 1998


@dataclass(frozen=True)
class TransferRequest:
    """A request to move: who, which way, the other province, on which case and day."""

    person_id: int
    direction: Transfer.Direction
    other_region: str
    case_no: str
    requested_on: date


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


def request_transfer(request: TransferRequest, *, by: Actor) -> int:
    """Open a transfer; returns its id. Raises PensionError after the pension began or for the own province (art. 2)."""
    human = person(request.person_id)
    with acting(by, why=f"pension transfer {request.case_no}"):
        if live_benefit(human.id) is not None:
            raise PensionError(_("The pension is being paid; the relation can no longer be moved."))
        if request.other_region[:2] == PROVINCE:
            raise PensionError(_("Within the province no transfer is needed: the records are shared."))
        row = Transfer.objects.create(
            person_id=human.id,
            region_code=human.region_code,
            direction=request.direction,
            other_region=request.other_region,
            case_no=request.case_no,
            requested_on=request.requested_on,
            next_limit_on=step_due(request.requested_on),
        )
        audit("pension.transfer_requested", row, person=human.id, direction=str(request.direction))
        return int(row.pk)


def _stepped(row: Transfer, state: Transfer.State, on: date, message_key: str = "") -> None:
    TransferStep.objects.create(
        transfer=row, state=state, limit_on=row.next_limit_on, done_on=on, message_key=message_key
    )
    row.state = state
    row.next_limit_on = step_due(on)
    row.save()
    audit(f"pension.transfer_{state}", row, person=row.person_id, on=on.isoformat())


def _in_state(transfer_id: int, state: Transfer.State) -> Transfer:
    row: Transfer = Transfer.objects.select_for_update().get(pk=transfer_id)
    if row.state != state:
        raise PensionError(
            _("This step does not follow the last one of the transfer. Open the transfer to see what is next.")
        )
    return row


def accept_letter(transfer_id: int, on: date, *, by: Actor) -> None:
    """The receiving office agrees (同意接收函): issued by us for a move in, received by us for a move out."""
    with acting(by, why="transfer accepted"):
        _stepped(_in_state(transfer_id, Transfer.State.REQUESTED), Transfer.State.ACCEPTED, on)


@dataclass(frozen=True)
class Receiver:
    """The account of the receiving office that the money goes to."""

    bank_code: str
    account_number: str
    account_name: str


def send_out(transfer_id: int, on: date, *, by: Actor) -> int:
    """Send record and money away: the account is emptied, the sum paid with the next run; returns the total in fen."""
    with acting(by, why="transfer sent"):
        row = _in_state(transfer_id, Transfer.State.ACCEPTED)
        human, month = person(row.person_id), month_of(on)
        interest = rest_interest(human, month)
        if any(interest.values()):
            credit_part_year(
                EarlyInterest(
                    human.id,
                    row.region_code,
                    on.year,
                    month,
                    interest["worker"],
                    interest["employer"],
                    f"transfer:{row.pk}",
                ),
                by=by,
            )
        held, career = balances_of(human.id, row.region_code), career_of(human.id)
        trace = transfer_amount(career.years, held.total, row.region_code, on)
        row.worker_fen, row.employer_fen, row.months = held.worker, held.employer, career.paid_months
        row.pool_fen = parse_yuan(trace["results"]["pool_transfer"])
        row.trace = trace
        empty_account(Movement(human.id, row.region_code, month, "pension.transfer_out", f"transfer:{row.pk}"))
        total = row.pool_fen + held.total
        if total:
            owe([_payment(row, human.id, month, total)], by=by)
        _stepped(row, Transfer.State.SENT, on)
        return total


def _payment(row: Transfer, payee: int, month: int, total: int) -> Owed:
    return Owed(
        person_id=row.person_id,
        payee_person_id=payee,
        region_code=row.region_code,
        scheme=SCHEME,
        benefit_kind="transfer",
        month=month,
        amount_fen=total,
        source=f"transfer:{row.pk}",
    )


def _receipt(row: Transfer, month: int, total: int) -> None:
    """Money of a move in, in the province's books."""
    key = f"transfer:{row.pk}"
    with acting(SYSTEM, why="transfer in"):
        post_entry(
            Entry("transfer_in", first_open_month(SCHEME, row.region_code, month), SCHEME, row.region_code, key, total)
        )


@dataclass(frozen=True)
class InformationForm:
    """The other office's information form (转移接续信息表): wages by year, account by side, pool money."""

    years: tuple[PaidYear, ...]
    worker_fen: int
    employer_fen: int
    pool_fen: int


def receive_in(transfer_id: int, form: InformationForm, on: date, *, by: Actor) -> None:
    """Enter record and money of a move in: years count, the account grows, the pool takes its part."""
    with acting(by, why="transfer received"):
        row = _in_state(transfer_id, Transfer.State.ACCEPTED)
        month = month_of(on)
        OutsideYear.objects.bulk_create(
            OutsideYear(
                transfer=row,
                person_id=row.person_id,
                region_code=row.region_code,
                paid_region=year.place,
                year=year.year,
                months=year.months,
                base_total_fen=year.base_total_fen,
            )
            for year in form.years
        )
        parts = {"worker_principal": form.worker_fen, "employer_principal": form.employer_fen}
        move(Movement(row.person_id, row.region_code, month, "pension.transfer_in", f"transfer:{row.pk}"), parts)
        total = form.worker_fen + form.employer_fen + form.pool_fen
        if total:
            _receipt(row, month, total)
        row.worker_fen, row.employer_fen, row.pool_fen = form.worker_fen, form.employer_fen, form.pool_fen
        row.months = sum(year.months for year in form.years)
        _stepped(row, Transfer.State.POSTED, on)
