"""What a unit's papers say: certificate, roster, changed registration, assessment sheet (核定单) and pay-in slip (缴费单)."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dashebao.business.levy.items.unit_changes import field_label, field_value
from dashebao.business.levy.models import Bill, Identity
from dashebao.business.levy.papers_of_persons import HOLDS_MONTHS, period
from dashebao.business.levy.queries.arrears import owed_by
from dashebao.business.levy.queries.enrolments import headcount_of, registration_of, staff_of
from dashebao.business.levy.queries.histories import BillView, bills_of
from dashebao.business.levy.screens_paying import state_tag
from dashebao.business.levy.words import kind_name, scheme_name, scheme_names
from dashebao.kernel.legal_time.api import month_of, month_text
from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.kernel.registry.api import credit_code_of, id_number_of, person, region_name, unit
from dashebao.platform.screens.api import Column, Fact, Facts, Table
from dashebao.platform.service_centre.papers.api import Content, Holder, NothingToPrint, NotYours, Part, Wanted


def certificate(wanted: Wanted) -> Content:
    """That a unit is registered, whom it insures, what it paid month by month and what it owes."""
    first, last = period(wanted)
    now = month_of(wanted.on)
    facts = [
        Fact(_("People insured"), headcount_of(wanted.subject_id, now), "number"),
        Fact(_("Contributions owed (yuan)"), owed_by(wanted.subject_id, on=wanted.on), "money"),
        Fact(_("Period"), f"{month_text(first)} – {month_text(last)}"),
        Fact(_("As of"), wanted.on, "date"),
    ]
    rows = [
        [bill.month, kind_name(bill.kind), bill.headcount, bill.due_fen, bill.paid_fen, state_tag(bill)]
        for bill in bills_of(wanted.subject_id, first=first, last=last)
        if not bill.cancelled
    ]
    columns = [
        Column(_("Month"), "month"),
        Column(_("Kind")),
        Column(_("People"), "number"),
        Column(pgettext("bill", "Due"), "money", total=True),
        Column(pgettext("bill", "Paid"), "money", total=True),
        Column(_("State"), "tag"),
    ]
    return Content(
        holder=_holder(wanted.subject_id),
        case_no=wanted.case.case_no if wanted.case else "",
        parts=[
            Part("", Facts([*_heads(wanted.subject_id), *facts], 2)),
            Part(_("Payments by month"), Table(columns, rows, empty=_("There are no bills yet."))),
        ],
        valid_months=HOLDS_MONTHS,
    )


def roster(wanted: Wanted) -> Content:
    """Everybody a unit insures in a month."""
    result = wanted.case.decision.result if wanted.case is not None and wanted.case.decision is not None else {}
    month = int(wanted.answers.get("month") or (result or {}).get("month") or month_of(wanted.on))
    with acting(SYSTEM, "a unit reads the people it insures"):
        staff = staff_of(wanted.subject_id, month)
    if not staff:
        raise NothingToPrint(_("Nobody is insured by the unit in this month."))
    rows = [
        [at, row.name, _masked(row.id_number), Identity(row.identity).label, row.from_month, scheme_names(row.schemes)]
        for at, row in enumerate(staff, 1)
    ]
    columns = [
        Column("#", "number"),
        Column(_("Name")),
        Column(_("Identity number")),
        Column(_("Insured as")),
        Column(_("From month"), "month"),
        Column(_("Insurances")),
    ]
    facts = [Fact(_("Month"), month, "month"), Fact(_("People insured"), len(staff), "number")]
    return Content(
        holder=_holder(wanted.subject_id),
        case_no=wanted.case.case_no if wanted.case else "",
        parts=[
            Part("", Facts([*_heads(wanted.subject_id), *facts], 2)),
            Part(_("Staff insured"), Table(columns, rows)),
        ],
        valid_months=HOLDS_MONTHS,
    )


def changed_registration(wanted: Wanted) -> Content:
    """What a change of registration changed: each field as it stood before and as it stands from the decision on."""
    decision = wanted.case.decision if wanted.case is not None else None
    changes = (decision.result or {}).get("changes") if decision is not None else None
    if wanted.case is None or decision is None or not changes:
        raise NothingToPrint(_("Nothing of the registration has been changed in this case."))
    rows = [[field_label(row["field"]), _shown(row, "before"), _shown(row, "after")] for row in changes]
    columns = [
        Column(pgettext("changed registration", "What")),
        Column(pgettext("changed registration", "Before")),
        Column(pgettext("changed registration", "From now on")),
    ]
    facts = [
        Fact(_("Case number"), wanted.case.case_no),
        Fact(_("Decided on"), decision.decided_at, "date"),
        Fact(_("Legal basis"), _("; ").join(wanted.case.guide.law)),
    ]
    return Content(
        holder=_holder(wanted.subject_id or wanted.case.unit_id),
        case_no=wanted.case.case_no,
        parts=[
            Part("", Facts([*_heads(wanted.subject_id or wanted.case.unit_id), *facts], 2)),
            Part(_("Changed registration"), Table(columns, rows)),
        ],
        dated=decision.decided_at.date(),
    )


def _shown(row: Mapping[str, str], side: str) -> str:
    """A value of a changed field; of a bank account only the ends."""
    value = field_value(row["field"], row[side])
    return (_masked(value) if row["field"] == "debit_account" else value) or "—"


def slip(wanted: Wanted) -> Content:
    """What to pay, until when, and what was paid on it so far."""
    row, bill = _bill(wanted)
    registration = registration_of(row.unit_id) if row.unit_id else None
    account = registration.debit_account if registration is not None else ""
    facts = [
        *_bill_facts(row, bill),
        Fact(_("Account for the debit"), account, "masked"),
        Fact(_("To pay (yuan)"), max(0, bill.due_fen - bill.paid_fen), "money"),
    ]
    columns = [
        Column(_("Insurance")),
        Column(_("Employer"), "money", total=True),
        Column(_("Worker"), "money", total=True),
        Column(pgettext("bill", "Due"), "money", total=True),
        Column(pgettext("bill", "Paid"), "money", total=True),
        Column(_("Tax voucher")),
    ]
    rows = [
        [
            scheme_name(one.scheme),
            one.employer_fen,
            one.worker_fen,
            one.due_fen,
            one.paid_fen,
            one.voucher or one.problem,
        ]
        for one in bill.items
    ]
    note = _("Paid late, contributions carry a late fee of 0.05 % a day (Social Insurance Law, article 86), borne by the employer.")  # fmt: skip
    return _of_bill(row, facts, Part(_("Assessed contributions"), Table(columns, rows)), note)


def assessment(wanted: Wanted) -> Content:
    """What was assessed, by insurance (社会保险费申报缴纳管理规定)."""
    row, bill = _bill(wanted)
    columns = [
        Column(_("Insurance")),
        Column(_("People"), "number"),
        Column(_("Employer"), "money", total=True),
        Column(_("Worker"), "money", total=True),
        Column(pgettext("bill", "Due"), "money", total=True),
    ]
    rows = [
        [scheme_name(one.scheme), bill.headcount, one.employer_fen, one.worker_fen, one.due_fen] for one in bill.items
    ]
    note = _("Whoever disagrees may object at this office, apply for administrative review within sixty days, or go to court within six months.")  # fmt: skip
    return _of_bill(row, _bill_facts(row, bill), Part(_("Assessed contributions"), Table(columns, rows)), note)


def _bill(wanted: Wanted) -> tuple[Bill, BillView]:
    """The bill asked for, if it is the subject's own."""
    row = Bill.objects.filter(pk=int(wanted.source)).first() if wanted.source.isdecimal() else None
    if row is None or (row.unit_id or row.person_id) != wanted.subject_id:
        raise NotYours
    found = bills_of(row.unit_id, row.person_id, first=row.month, last=row.month)
    return row, next(view for view in found if view.bill_id == row.pk)


def _of_bill(row: Bill, facts: list[Fact], part: Part, note: str) -> Content:
    heads = _heads(row.unit_id) if row.unit_id else _own_heads(row.person_id)
    holder = _holder(row.unit_id) if row.unit_id else _own_holder(row.person_id)
    return Content(holder=holder, parts=[Part("", Facts([*heads, *facts], 2)), part], note=note)


def _bill_facts(row: Bill, bill: BillView) -> list[Fact]:
    return [
        Fact(_("Month"), bill.month, "month"),
        Fact(_("Number of the bill"), str(row.pk)),
        Fact(_("Kind"), kind_name(bill.kind)),
        Fact(_("People"), bill.headcount, "number"),
        Fact(_("Due on"), bill.due_on, "date"),
        Fact(_("State"), state_tag(bill)),
    ]


def _holder(unit_id: int) -> Holder:
    found = unit(unit_id)
    return Holder(name=found.name, region_code=found.region_code, unit_id=found.pk)


def _heads(unit_id: int) -> list[Fact]:
    found = unit(unit_id)
    return [
        Fact(_("Unit"), found.name),
        Fact(_("Credit code"), credit_code_of(unit_id)),
        Fact(_("Place"), region_name(found.region_code)),
    ]


def _own_holder(person_id: int) -> Holder:
    human = person(person_id)
    return Holder(name=human.name, region_code=human.region_code, person_id=human.pk)


def _own_heads(person_id: int) -> list[Fact]:
    human = person(person_id)
    number = Fact(_("Identity number"), id_number_of(person_id), "masked")
    return [Fact(_("Name"), human.name), number, Fact(_("Place"), region_name(human.region_code))]


def _masked(number: str) -> str:
    return number[:6] + "*" * max(0, len(number) - 10) + number[-4:] if len(number) > 10 else number
