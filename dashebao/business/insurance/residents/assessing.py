"""A resident's year: assessed, told to the tax office (T02), taken over (T03), and booked once it is reported paid (T04)."""

import json
from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from dashebao.business.fund.api import first_open_month, pool_region
from dashebao.business.insurance.residents.actions import ResidentsError, YearReceipt, must_be_payable, receive_year
from dashebao.business.insurance.residents.models import YearAssessment, YearPayment
from dashebao.business.insurance.residents.queries import SCHEME, active_enrolment, tiers
from dashebao.business.levy.api import Payment, Voucher
from dashebao.kernel.exchange.api import send
from dashebao.kernel.legal_time.api import last_day_of, month_of
from dashebao.kernel.records.api import SYSTEM, Actor, acting, audit
from dashebao.kernel.registry.api import id_number_of, person

State = YearAssessment.State
WAITING = (State.TOLD, State.TAKEN)


@dataclass(frozen=True)
class YearOrder:
    """A year to be collected: whose, which, at which tier, on which case and day; the receipt if it was paid before."""

    person_id: int
    for_year: int
    tier_fen: int
    case_no: str
    decided_on: date
    receipt_no: str = ""


def waiting_years(person_id: int) -> list[YearAssessment]:
    """Years assessed that the tax office has not reported paid, newest first."""
    return list(YearAssessment.objects.filter(person_id=person_id, state__in=WAITING).order_by("-for_year"))


def assess_year(order: YearOrder, *, by: Actor) -> int:
    """Assess a year and tell the tax office, which collects it or finds the receipt; returns the assessment's id.

    Raises ResidentsError if the person is not enrolled, the tier does not exist, or the year is paid or assessed.
    """
    human = person(order.person_id)
    with acting(by, why=f"residents' year {order.case_no}"):
        must_be_payable(human, order.for_year, order.tier_fen, order.decided_on)
        if any(row.for_year == order.for_year for row in waiting_years(human.id)):
            raise ResidentsError(_("This year waits for its payment at the tax office already."))
        row = YearAssessment.objects.create(
            person_id=human.id,
            region_code=human.region_code,
            for_year=order.for_year,
            tier_fen=order.tier_fen,
            receipt_no=order.receipt_no,
            case_no=order.case_no,
            assessed_on=order.decided_on,
        )
        _tell(row)
        audit("residents.year_assessed", row, person=human.id, tier_fen=order.tier_fen)
        return int(row.pk)


def _tell(row: YearAssessment) -> None:
    month, run = first_open_month(SCHEME, row.region_code, month_of(row.assessed_on)), f"residents-{row.pk}"
    line = {
        "line": 1, "item": row.item, "payer_kind": "person", "payer_id": row.person_id,
        "credit_code": id_number_of(row.person_id), "name": person(row.person_id).name, "region": row.region_code,
        "scheme": SCHEME, "pool": pool_region(SCHEME, row.region_code), "month": month, "kind": "residents_year",
        "for_year": row.for_year, "employer_fen": 0, "worker_fen": row.tier_fen, "late_fee_fen": 0,
        "due_on": last_day_of(month).isoformat(), "receipt": row.receipt_no,
    }  # fmt: skip
    data = {"month": month, "run": run, "sequence": 1, "of": 1, "rows": 1, "due_fen": row.tier_fen}
    content, name = json.dumps(line, ensure_ascii=False).encode(), f"T02-{month}-{run}-0001.jsonl"
    send("tax", "T02", data, file=content, name=name, key=f"T02:{month}:{run}:1")


class YearsAtTheTaxOffice:
    """What the tax office says about assessed years (the levy hands it on)."""

    def taken_over(self, number: int, answer: Voucher) -> None:
        """T03: its voucher, or why it will not collect the year; then the year may be assessed again."""
        row = YearAssessment.objects.select_for_update().filter(pk=number, state=State.TOLD).first()
        if row is None:
            return
        row.state = State.TAKEN if answer.accepted else State.REFUSED
        row.voucher, row.problem = answer.voucher, answer.problem
        row.save(update_fields=["state", "voucher", "problem"])
        audit("residents.year_answered", row, person=row.person_id, accepted=answer.accepted)

    def due_fen(self, number: int) -> int:
        """The tier while the year waits for its payment and can be booked."""
        row = YearAssessment.objects.filter(pk=number, state__in=WAITING).first()
        if row is None or active_enrolment(row.person_id) is None:
            return 0
        if YearPayment.objects.filter(person_id=row.person_id, for_year=row.for_year).exists():
            return 0
        return int(row.tier_fen) if row.tier_fen in tiers(row.region_code, timezone.localdate()) else 0

    def paid(self, number: int, payment: Payment) -> None:
        """T04: the year counts, with the subsidy; the ticket is its receipt."""
        row = YearAssessment.objects.select_for_update().get(pk=number)
        receipt = YearReceipt(row.person_id, row.for_year, row.tier_fen, payment.on, payment.ticket)
        receive_year(receipt, by=SYSTEM)
        row.state = State.PAID
        row.save(update_fields=["state"])
