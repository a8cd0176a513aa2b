"""What programs may ask the levy: a person's record and insurances, a unit's registration, staff and bills."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from pydantic import Field

from dashebao.business.levy.errors import LevyRefused
from dashebao.business.levy.models import Identity
from dashebao.business.levy.queries.arrears import owed_by
from dashebao.business.levy.queries.enrolments import (
    headcount_of,
    open_month,
    registration_of,
    relations_of,
    staff_of,
)
from dashebao.business.levy.queries.histories import BillView, LineView, bills_of, contributions_of
from dashebao.business.levy.schemes import codes
from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.platform.service_centre.open_api.api import (
    About,
    Answer,
    Asked,
    MonthText,
    Query,
    Question,
    Rows,
    month_number,
    month_text,
    register_query,
    register_scope,
    register_told,
)

ALWAYS = 999912
register_told(LevyRefused)
register_scope("contributions.read", _("Insurances and contribution record of a person"))
register_scope("unit.read", _("Registration, staff and bills of a unit"))


class Months(Question):
    """A span of months, both included."""

    from_month: MonthText | None = None
    until_month: MonthText | None = None


class SchemeContribution(Answer):
    """One insurance of one month."""

    scheme: str = Field(description=gettext_noop("Code of the insurance, see the code table scheme"))
    base_fen: int
    employer_fen: int
    worker_fen: int
    paid_month: MonthText | None = Field(description=gettext_noop("Month in which it was paid in full; null: unpaid"))


class Contribution(Answer):
    """One month of a person's contribution record with one payer."""

    month: MonthText
    billed_month: MonthText
    payer: str
    wage_fen: int
    schemes: list[SchemeContribution]


def _record(asked: Asked) -> Rows:
    first, last = month_number(asked.question.from_month, 0), month_number(asked.question.until_month, ALWAYS)
    return _cut([_contribution(line) for line in contributions_of(asked.subject_id, first, last)], asked)


def _cut(rows: list[Answer], asked: Asked) -> Rows:
    start = int(asked.after or 0)
    end = start + asked.limit
    return Rows(rows[start:end], end if end < len(rows) else None)


def _contribution(line: LineView) -> Contribution:
    schemes = [
        SchemeContribution(
            scheme=code,
            base_fen=base,
            employer_fen=line.employer_fen[code],
            worker_fen=line.worker_fen[code],
            paid_month=month_text(line.paid_month[code]),
        )
        for code, base in line.base_fen.items()
        if base
    ]
    return Contribution(
        month=month_text(line.for_month) or "",
        billed_month=month_text(line.month) or "",
        payer=line.unit_name,
        wage_fen=line.wage_fen,
        schemes=schemes,
    )


class Insurance(Answer):
    """One relation of insurance of a person."""

    schemes: list[str]
    insured_as: str
    pays_alone: bool
    region_code: str
    from_month: MonthText
    until_month: MonthText | None = Field(description=gettext_noop("Null while it runs"))


class Insurances(Answer):
    """All relations of a person, newest first."""

    items: list[Insurance]


def _insurances(asked: Asked) -> Insurances:
    return Insurances(
        items=[
            Insurance(
                schemes=list(row.schemes),
                insured_as=str(Identity(row.identity).label),
                pays_alone=not row.unit_id,
                region_code=row.region_code,
                from_month=month_text(row.from_month) or "",
                until_month=month_text(row.until_month),
            )
            for row in relations_of(asked.subject_id)
        ]
    )


class UnitInsurance(Answer):
    """How a unit is registered, for how many people it pays, and what it owes today."""

    registered_on: date
    schemes: list[str]
    open_month: MonthText = Field(description=gettext_noop("The month for which staff and wages can be declared now"))
    people: int
    owed_fen: int


def _unit(asked: Asked) -> UnitInsurance | None:
    row = registration_of(asked.subject_id)
    if row is None:
        return None
    month = open_month(asked.on)
    return UnitInsurance(
        registered_on=row.registered_on,
        schemes=list(codes(row.schemes)),
        open_month=month_text(month) or "",
        people=headcount_of(asked.subject_id, month),
        owed_fen=owed_by(asked.subject_id, on=asked.on),
    )


class OneMonth(Question):
    """Which month; the open one without."""

    month: MonthText | None = None


class StaffMember(Answer):
    """Somebody a unit pays for."""

    name: str
    id_number: str
    schemes: list[str]
    from_month: MonthText
    wage_fen: int


def _staff(asked: Asked) -> Rows:
    month, start = month_number(asked.question.month, open_month(asked.on)), int(asked.after or 0)
    with acting(SYSTEM, "a unit's program reads the unit's own staff list"):
        found = staff_of(asked.subject_id, month, limit=asked.limit + 1, offset=start)
    shown = [
        StaffMember(
            name=row.name,
            id_number=row.id_number,
            schemes=list(row.schemes),
            from_month=month_text(row.from_month) or "",
            wage_fen=row.wage_fen,
        )
        for row in found[: asked.limit]
    ]
    return Rows(shown, start + asked.limit if len(found) > asked.limit else None)


class BillLine(Answer):
    """One insurance of a bill."""

    scheme: str
    employer_fen: int
    worker_fen: int
    paid_fen: int
    late_fee_fen: int
    settled_month: MonthText | None


class BillShown(Answer):
    """What a unit owes for a month."""

    bill: int
    month: MonthText
    people: int
    due_on: date
    due_fen: int
    paid_fen: int
    settled: bool
    cancelled: bool
    lines: list[BillLine]


def _bills(asked: Asked) -> Rows:
    first, last = month_number(asked.question.from_month, 0), month_number(asked.question.until_month, ALWAYS)
    return _cut([_bill(bill) for bill in bills_of(asked.subject_id, 0, first, last)], asked)


def _bill(bill: BillView) -> BillShown:
    lines = [
        BillLine(
            scheme=item.scheme,
            employer_fen=item.employer_fen,
            worker_fen=item.worker_fen,
            paid_fen=item.paid_fen,
            late_fee_fen=item.late_fee_fen,
            settled_month=month_text(item.settled_month),
        )
        for item in bill.items
    ]
    return BillShown(
        bill=bill.bill_id,
        month=month_text(bill.month) or "",
        people=bill.headcount,
        due_on=bill.due_on,
        due_fen=bill.due_fen,
        paid_fen=bill.paid_fen,
        settled=bill.settled,
        cancelled=bill.cancelled,
        lines=lines,
    )


register_query(
    Query(
        name="contribution-record",
        title=_("Contribution record"),
        description=_("Month by month, newest first: base and amounts of every insurance, and when it was paid."),
        scope="contributions.read",
        about=About.PERSON,
        answer=Contribution,
        question=Months,
        provide=_record,
        paged=True,
    )
)
register_query(
    Query(
        name="insurances",
        title=_("Insurances"),
        description=_("With whom a person is or was insured, in which insurances, since when."),
        scope="contributions.read",
        about=About.PERSON,
        answer=Insurances,
        provide=_insurances,
    )
)
register_query(
    Query(
        name="insurance",
        title=_("Registration of a unit"),
        description=_("Insurances, the open month, headcount and what is owed."),
        scope="unit.read",
        about=About.UNIT,
        answer=UnitInsurance,
        provide=_unit,
    )
)
register_query(
    Query(
        name="staff",
        title=_("Staff list"),
        description=_("Everybody the unit pays for in a month."),
        scope="unit.read",
        about=About.UNIT,
        answer=StaffMember,
        question=OneMonth,
        provide=_staff,
        paged=True,
    )
)
register_query(
    Query(
        name="bills",
        title=_("Bills"),
        description=_("Bills of the unit with their payments, newest first."),
        scope="unit.read",
        about=About.UNIT,
        answer=BillShown,
        question=Months,
        provide=_bills,
        paged=True,
    )
)
