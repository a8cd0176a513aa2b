"""Relief of payers: deferral (缓缴) and instalments for schemes and months, and late fees that are not owed."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.db.models import Sum
from django.utils.translation import gettext as _

from dashebao.business.levy.errors import LevyRefused, NothingToPay, NotRegistered
from dashebao.business.levy.models import Allocation, Deferral, LateFee, LateFeeWaiver
from dashebao.business.levy.queries.arrears import owed_items
from dashebao.business.levy.queries.enrolments import registration_of
from dashebao.kernel.law.api import SOCIAL_INSURANCE_LAW
from dashebao.kernel.legal_time.api import add_months
from dashebao.kernel.money.api import half_up
from dashebao.kernel.records.api import audit


@dataclass(frozen=True)
class Deferring:
    """What is deferred: schemes and billing months, until when, in which instalments ((day, fen), …), on what ground."""

    unit_id: int
    schemes: tuple[str, ...]
    from_month: int
    until_month: int
    valid_until_on: date
    legal_basis: str
    instalments: tuple[tuple[date, int], ...] = ()
    security: str = ""
    case_no: str = ""


def defer(given: Deferring) -> Deferral:
    """Grant a deferral; without a statutory ground it is forbidden (社会保险法 60), so the basis may not be empty."""
    registration = registration_of(given.unit_id)
    if not registration:
        raise NotRegistered(_("The unit is not registered for social insurance. Register it first."))
    if not given.legal_basis.strip() or not given.schemes or given.from_month > given.until_month:
        raise LevyRefused(_("A deferral needs its legal basis, schemes and months in order."))
    deferral: Deferral = Deferral.objects.create(
        unit_id=given.unit_id,
        region_code=registration.region_code,
        schemes=list(given.schemes),
        from_month=given.from_month,
        until_month=given.until_month,
        valid_until_on=given.valid_until_on,
        instalments=[[day.isoformat(), fen] for day, fen in given.instalments],
        legal_basis=given.legal_basis,
        security=given.security,
        case_no=given.case_no,
    )
    audit("levy.deferral_granted", deferral, schemes=list(given.schemes), until=given.valid_until_on.isoformat())
    return deferral


def running_deferral(unit_id: int, case_no: str, on: date) -> Deferral | None:
    """The unit's deferral or instalment agreement granted by this case, if it runs on that day."""
    rows = Deferral.objects.filter(unit_id=unit_id, case_no=case_no, ended_on__isnull=True, valid_until_on__gte=on)
    return rows.first()


def end_deferral(unit_id: int, case_no: str, on: date, *, reason: str) -> Deferral:
    """End a deferral before its time; what is unpaid carries late fee from its own due day again."""
    deferral = running_deferral(unit_id, case_no, on)
    if deferral is None:
        raise LevyRefused(_("The deferral has ended already."))
    deferral.ended_on = on
    deferral.save(update_fields=["ended_on"])
    audit("levy.deferral_ended", deferral, on=on.isoformat(), reason=reason)
    return deferral


@dataclass(frozen=True)
class Agreement:
    """An instalment agreement over everything a unit owes (社会保险法 63): count of instalments, the first day, security."""

    unit_id: int
    count: int
    first_on: date
    security: str
    case_no: str = ""


def instalments_of(owed_fen: int, count: int, first_on: date) -> tuple[tuple[date, int], ...]:
    """Days, a month apart, and amounts in fen; equal parts half up, the last one takes the rest."""
    each = half_up(Fraction(owed_fen, count))
    days = [add_months(first_on, number) for number in range(count)]
    return tuple(
        (day, each if number < count - 1 else owed_fen - each * (count - 1)) for number, day in enumerate(days)
    )


def agree_instalments(given: Agreement) -> Deferral:
    """Defer all that is owed, to be paid by instalments; NothingToPay where nothing is owed."""
    owed = owed_items(given.unit_id)
    total = sum(item.rest_fen for item in owed)
    if not total:
        raise NothingToPay(_("The unit owes nothing that could be paid by instalments."))
    parts = instalments_of(total, given.count, given.first_on)
    return defer(
        Deferring(
            unit_id=given.unit_id,
            schemes=tuple(sorted({item.scheme for item in owed})),
            from_month=min(item.month for item in owed),
            until_month=max(item.month for item in owed),
            valid_until_on=parts[-1][0],
            legal_basis=SOCIAL_INSURANCE_LAW[63].citation(),
            instalments=parts,
            security=given.security,
            case_no=given.case_no,
        )
    )


def open_late_fees(unit_id: int, month: int) -> list[LateFee]:
    """Late fees of a unit's bills of a month that are neither waived nor paid, oldest first; two queries."""
    fees = LateFee.objects.filter(unit_id=unit_id, item__month=month, waiver__isnull=True).order_by("due_on", "id")
    paid = dict(
        Allocation.objects.filter(item__unit_id=unit_id, item__month=month)
        .values_list("item")
        .annotate(fee=Sum("late_fee_fen"))
    )
    left = []
    for fee in fees:
        if paid.get(fee.item_id, 0) >= fee.owed_fen:
            paid[fee.item_id] -= fee.owed_fen
        else:
            left.append(fee)
    return left


@dataclass(frozen=True)
class Waiving:
    """Whose late fees of which month's bills are waived, on what ground and evidence."""

    unit_id: int
    month: int
    ground: str
    evidence: str
    case_no: str = ""


def waive_late_fees(given: Waiving) -> int:
    """Waive what of a month's late fees is still open; returns fen. NothingToPay where there is none."""
    fees = open_late_fees(given.unit_id, given.month)
    if not fees:
        raise NothingToPay(_("No late fee of this month is open."))
    waived = LateFeeWaiver.objects.bulk_create(
        LateFeeWaiver(
            late_fee=fee,
            unit_id=fee.unit_id,
            person_id=fee.person_id,
            region_code=fee.region_code,
            waived_fen=fee.owed_fen,
            ground=given.ground,
            evidence=given.evidence,
            case_no=given.case_no,
        )
        for fee in fees
    )
    amount = sum(row.waived_fen for row in waived)
    audit(
        "levy.late_fee_waived", ("levy.unit", given.unit_id), month=given.month, amount_fen=amount, ground=given.ground
    )
    return amount
