"""Back-payments and the yearly base adjustment: rows for past months, billed now."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.db import connection
from django.db.models import Max
from django.utils.translation import gettext as _

from dashebao.business.levy.actions.billing import bill_differences, bill_range
from dashebao.business.levy.actions.refunding import refund_items
from dashebao.business.levy.actions.sending import send_bills
from dashebao.business.levy.assessment import AMOUNTS, LINE, LineKey, lines_of
from dashebao.business.levy.columns import Column, Columns, read_columns, write_columns
from dashebao.business.levy.errors import EvidenceMissing, LevyRefused, NothingToPay, NotRegistered
from dashebao.business.levy.models import BackPayment, BaseAdjustment, Bill, Evidence, Identity, LineKind
from dashebao.business.levy.queries.enrolments import injury_rate_of, registration_of
from dashebao.business.levy.queries.rosters import PayerRange
from dashebao.business.levy.rates import back_payment_years, due_on, late_fee_capped, late_fee_rate
from dashebao.business.levy.rules import late_fee_days
from dashebao.business.levy.rules_columns import late_fee_columns
from dashebao.business.levy.schemes import EMPLOYEE_SCHEMES, SCHEMES
from dashebao.kernel.legal_time.api import first_day_of, month_plus, months_apart, months_through
from dashebao.kernel.records.api import audit, ensure_partition


@dataclass(frozen=True)
class BackPay:
    """Months a unit failed to pay for one person; `billed_month` is the open month the bill falls into."""

    unit_id: int
    person_id: int
    from_month: int
    until_month: int
    wage_fen: int
    billed_month: int
    schemes: tuple[str, ...] = EMPLOYEE_SCHEMES
    identity: int = Identity.EMPLOYEE
    evidence: str = Evidence.NONE
    evidence_no: str = ""
    case_no: str = ""


def back_pay(given: BackPay) -> Bill:
    """Bill the missing months at the rates and limits of each month, with late fee from each due day, and send it.

    Raises EvidenceMissing for months more than three years back without a paper (人社部发〔2016〕132号), NothingToPay
    where a month is already on record.
    """
    registration = registration_of(given.unit_id)
    if not registration:
        raise NotRegistered(_("The unit is not registered for social insurance. Register it first."))
    missing = months_through(given.from_month, given.until_month)
    _check_span(given, missing, registration.region_code)
    seq = next_seq(given.unit_id, given.billed_month, LineKind.BACK_PAYMENT)
    ensure_partition("levy_contributionline", given.billed_month)
    for month in missing:
        roster = _roster_of_one(given, month, registration.region_code)
        lines = lines_of(roster, LineKey(given.billed_month, month, LineKind.BACK_PAYMENT, seq))
        write_columns("levy_contributionline", lines, LINE)
    BackPayment.objects.create(
        unit_id=given.unit_id,
        person_id=given.person_id,
        region_code=registration.region_code,
        from_month=given.from_month,
        until_month=given.until_month,
        billed_month=given.billed_month,
        seq=seq,
        wage_fen=given.wage_fen,
        evidence=given.evidence,
        evidence_no=given.evidence_no,
        case_no=given.case_no,
    )
    bill = _billed(given.unit_id, given.billed_month, LineKind.BACK_PAYMENT, seq)
    _set_late_fees(bill, registration.region_code)
    send_bills([bill.pk], given.billed_month, f"back-{given.unit_id}-{seq}")
    audit("levy.back_payment_billed", bill, person=given.person_id, months=len(missing), case_no=given.case_no)
    return bill


def next_seq(unit_id: int, month: int, kind: int) -> int:
    """The next sequence number of a unit's bills of a kind in a month, from 1."""
    last = Bill.objects.filter(unit_id=unit_id, month=month, kind=kind).aggregate(last=Max("seq"))["last"]
    return (last or 0) + 1


def _check_span(given: BackPay, missing: list[int], region: str) -> None:
    if not missing or missing[-1] >= given.billed_month:
        raise LevyRefused(_("A back-payment is for months before the current one, from the first to the last."))
    limit = back_payment_years(region, first_day_of(given.billed_month)) * 12
    if months_apart(missing[0], given.billed_month) > limit and not (given.evidence and given.evidence_no):
        raise EvidenceMissing(
            _("Months more than three years back need a court, arbitration, inspection or audit document.")
        )
    with connection.cursor() as cursor:
        cursor.execute(
            "select min(for_month) from levy_contributionline"
            " where person_id = %s and for_month = any(%s) and pension_base_fen > 0",
            [given.person_id, missing],
        )
        known = cursor.fetchone()[0]
    if known:
        raise NothingToPay(_("Month %(month)s is already on record for this person.") % {"month": known})


def _roster_of_one(given: BackPay, month: int, region: str) -> Columns:
    risk_class, float_percent = injury_rate_of(given.unit_id, month) or (1, 100)
    roster: Columns = {
        "unit_id": np.array([given.unit_id]),
        "person_id": np.array([given.person_id]),
        "region_code": np.array([region]),
        "identity": np.array([int(given.identity)]),
        "wage_fen": np.array([given.wage_fen]),
        "medical_wage_fen": np.array([0]),
        "risk_class": np.array([risk_class]),
        "float_percent": np.array([float_percent]),
        "declared": np.array([True]),
    }
    return roster | {scheme.prefix: np.array([scheme.code in given.schemes]) for scheme in SCHEMES}


def _billed(unit_id: int, month: int, kind: int, seq: int) -> Bill:
    bill_range(PayerRange(unit_id, unit_id), month, (kind,))
    found: Bill = Bill.objects.get(unit_id=unit_id, person_id=0, month=month, kind=kind, seq=seq)
    return found


LATE_MONTHS = """
select i.id, l.for_month::int8, sum(case i.scheme
    when '110' then l.pension_employer_fen + l.pension_worker_fen
    when '310' then l.medical_employer_fen + l.medical_worker_fen
    when '510' then l.maternity_employer_fen
    when '210' then l.unemployment_employer_fen + l.unemployment_worker_fen
    when '410' then l.injury_employer_fen end)::int8
from levy_billitem i join levy_bill b on b.id = i.bill_id
join levy_contributionline l on l.month = b.month and l.unit_id = b.unit_id and l.kind = b.kind and l.seq = b.seq
where b.id = %(bill)s group by i.id, l.for_month order by 1, 2
"""


def _set_late_fees(bill: Bill, region: str) -> None:
    """One late fee per item and month, from the day the month was due to the day the bill is due (社会保险法 86)."""
    found = read_columns(LATE_MONTHS, {"bill": bill.pk}, {"item": "int8", "month": "int8", "principal": "int8"})
    due = [due_on(region, int(month)) for month in found["month"]]
    days = np.array([late_fee_days(day, bill.due_on) for day in due], dtype=np.int64)
    fees = late_fee_columns(found["principal"], days, late_fee_rate(region, bill.due_on))
    if late_fee_capped(region, bill.due_on):
        fees = np.minimum(fees, found["principal"])
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into levy_latefee (item_id, unit_id, person_id, region_code, principal_fen, due_on, until_on, days,"
            " owed_fen) select x.item, %s, 0, %s, x.principal, x.due, %s, x.days, x.fee"
            " from unnest(%s::bigint[], %s::bigint[], %s::date[], %s::int[], %s::bigint[])"
            " as x(item, principal, due, days, fee) where x.fee > 0",
            [
                bill.unit_id,
                region,
                bill.due_on,
                found["item"].tolist(),
                found["principal"].tolist(),
                due,
                days.tolist(),
                fees.tolist(),
            ],
        )


@dataclass(frozen=True)
class NewBases:
    """A unit's wages for a new social-insurance year: columns person_id and wage_fen, from `from_month` on."""

    unit_id: int
    from_month: int
    billed_month: int
    person_ids: Sequence[int]
    wages_fen: Sequence[int]
    case_no: str = ""


# What was assessed for a month so far, differences included, with the first row's people and schemes.
ASSESSED = f"""
select l.person_id, l.unit_id, l.region_code, max(l.identity)::int2,
       {", ".join(f"sum(l.{name})::int8" for name in AMOUNTS)}
from levy_contributionline l
where l.unit_id = %(unit)s and l.for_month = %(month)s and l.person_id = any(%(people)s) and l.kind in (1, 3)
  and l.month between %(month)s and %(billed)s
group by l.person_id, l.unit_id, l.region_code order by l.person_id
"""  # noqa: S608
ASSESSED_KINDS = {
    "person_id": "int8",
    "unit_id": "int8",
    "region_code": "code6",
    "identity": "int2",
    **dict.fromkeys(AMOUNTS, "int8"),
}


def adjust_bases(given: NewBases) -> BaseAdjustment:
    """Recompute the months already assessed since the year began and bill the differences (补差); credits are returned.

    Statements grow with the months of the year (at most twelve), not with people.
    """
    registration = registration_of(given.unit_id)
    if not registration:
        raise NotRegistered(_("The unit is not registered for social insurance. Register it first."))
    seq = next_seq(given.unit_id, given.billed_month, LineKind.DIFFERENCE)
    order = np.argsort(np.array(given.person_ids, dtype=np.int64))
    people = np.array(given.person_ids, dtype=np.int64)[order]
    wages = np.array(given.wages_fen, dtype=np.int64)[order]
    touched: set[int] = set()
    ensure_partition("levy_contributionline", given.billed_month)
    for month in months_through(given.from_month, month_plus(given.billed_month, -1)):
        lines = _differences(given, LineKey(given.billed_month, month, LineKind.DIFFERENCE, seq), people, wages)
        if len(lines["person_id"]):
            write_columns("levy_contributionline", lines, LINE)
            touched.update(lines["person_id"].tolist())
    owed, credits = bill_differences(given.unit_id, given.billed_month, seq)
    bill = Bill.objects.filter(unit_id=given.unit_id, month=given.billed_month, kind=LineKind.DIFFERENCE, seq=seq)
    for found in bill:
        send_bills([found.pk], given.billed_month, f"difference-{given.unit_id}-{seq}")
    refund_items(credits, _("Base adjustment"), given.case_no)
    adjustment: BaseAdjustment = BaseAdjustment.objects.create(
        unit_id=given.unit_id,
        region_code=registration.region_code,
        from_month=given.from_month,
        billed_month=given.billed_month,
        seq=seq,
        people=len(touched),
        owed_fen=owed,
        credit_fen=sum(credit.employer_fen + credit.worker_fen for credit in credits),
        case_no=given.case_no,
    )
    audit("levy.bases_adjusted", adjustment, people=len(touched), owed_fen=owed)
    return adjustment


def _differences(given: NewBases, key: LineKey, people: Column, wages: Column) -> Columns:
    old = read_columns(
        ASSESSED,
        {"unit": given.unit_id, "month": key.for_month, "billed": key.month, "people": people.tolist()},
        ASSESSED_KINDS,
    )
    count = len(old["person_id"])
    wage = wages[np.searchsorted(people, old["person_id"])] if count else old["person_id"]
    risk_class, float_percent = injury_rate_of(given.unit_id, key.for_month) or (1, 100)
    roster: Columns = {name: old[name] for name in ("unit_id", "person_id", "region_code", "identity")} | {
        "wage_fen": wage,
        "medical_wage_fen": np.zeros(count, dtype=np.int64),
        "risk_class": np.full(count, risk_class),
        "float_percent": np.full(count, float_percent),
        **{scheme.prefix: old[scheme.base] != 0 for scheme in SCHEMES},
    }
    new = lines_of(roster, key)
    for name in AMOUNTS:
        new[name] = new[name] - old[name]
    changed = np.zeros(count, dtype=bool)
    for name in AMOUNTS:
        changed |= new[name] != 0
    return {name: values[changed] for name, values in new.items()}
