"""Bills of a unit: list, one bill with its people and receipts, pay-in slip, what was received."""

from __future__ import annotations

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dashebao.business.levy.models import Bill
from dashebao.business.levy.queries.arrears import owed_by, owed_items, owed_late_fees
from dashebao.business.levy.queries.enrolments import registration_of
from dashebao.business.levy.queries.histories import BillView, ItemView, bills_of
from dashebao.business.levy.queries.payments import BillLines, receipts_of, receipts_of_bill, running_late_fee
from dashebao.business.levy.schemes import SCHEMES
from dashebao.business.levy.screens_lists import xlsx
from dashebao.business.levy.words import kind_name, scheme_name, unit_of
from dashebao.business.levy.workbooks_writing import Sheet, book
from dashebao.kernel.cases.api import today
from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.kernel.registry.api import credit_code_of, region_name, unit
from dashebao.platform.screens.api import Column, Figure, Figures, Link, Table, Tag, paged


def bills_view(request: HttpRequest) -> HttpResponse:
    """A unit's bills, newest first, and what it owes today."""
    unit_id, day = unit_of(request), today()
    listed = paged(request, bills_of(unit_id))
    rows = [
        [
            Link(f"{bill.month // 100}-{bill.month % 100:02d}", reverse("levy_slip", args=[bill.bill_id])),
            kind_name(bill.kind),
            bill.headcount,
            bill.due_fen,
            bill.paid_fen,
            0 if bill.cancelled else bill.due_fen - bill.paid_fen,
            bill.due_on,
            state_tag(bill),
        ]
        for bill in listed.rows
    ]
    columns = [
        Column(_("Month"), "link"),
        Column(_("Kind")),
        Column(_("People"), "number"),
        Column(pgettext("bill", "Due"), "money"),
        Column(pgettext("bill", "Paid"), "money"),
        Column(_("Left to pay"), "money"),
        Column(_("Due on"), "date"),
        Column(_("State"), "tag"),
    ]
    context = {
        "table": Table(columns, rows, empty=_("There are no bills yet.")),
        "paged": listed,
        "figures": owed_figures(unit_id, unit(unit_id).region_code, day),
    }
    return render(request, "levy/bills.html", context)


def owed_figures(unit_id: int, region_code: str, day: date) -> Figures:
    """What a unit owes: all of it, what is past its day, late fees set and the one that runs."""
    items = owed_items(unit_id)
    late = [item for item in items if item.due_on < day]
    running = running_late_fee(late, region_code, day)
    return Figures(
        [
            Figure(_("To pay"), owed_by(unit_id), "money", unit=_("yuan")),
            Figure(
                _("Past the due day"),
                sum(item.rest_fen for item in late),
                "money",
                unit=_("yuan"),
                tone="warn" if late else "",
            ),
            Figure(_("Late fees set"), owed_late_fees(unit_id), "money", unit=_("yuan")),
            Figure(
                _("Late fee if paid today"),
                running,
                "money",
                unit=_("yuan"),
                note=_("0.05 % a day, borne by the employer"),
                tone="warn" if running else "",
            ),
        ]
    )


def receipts_view(request: HttpRequest) -> HttpResponse:
    """What the tax office received from the unit, newest first."""
    listed = paged(request, receipts_of(unit_of(request)))
    rows = [
        [
            row.treasury_on,
            row.ticket,
            scheme_name(row.scheme),
            row.principal_fen,
            row.late_fee_fen,
            row.month,
            Tag(_("Set against a bill"), "ok") if row.item_id else Tag(_("Waits to be matched"), "warn"),
        ]
        for row in listed.rows
    ]
    columns = [
        Column(_("Received on"), "date"),
        Column(_("Ticket")),
        Column(_("Insurance")),
        Column(_("Contribution"), "money"),
        Column(_("Late fee"), "money"),
        Column(_("Booked in"), "month"),
        Column(_("State"), "tag"),
    ]
    table = Table(columns, rows, empty=_("Nothing was received yet."))
    return render(request, "levy/receipts.html", {"table": table, "paged": listed})


def lines_view(request: HttpRequest, bill: int) -> HttpResponse:
    """The people on a unit's bill, page by page."""
    row = _own(request, bill)
    with acting(SYSTEM, "a unit reads the people on its own bill"):
        listed = paged(request, BillLines(row))
    schemes = [scheme_name(scheme.code) for scheme in SCHEMES]
    columns = [
        Column(_("Name")),
        Column(_("ID number"), "masked"),
        Column(_("For month"), "month"),
        *(Column(_("Base: %(scheme)s") % {"scheme": name}, "money") for name in schemes),
        Column(_("Employer pays"), "money"),
        Column(_("Worker pays"), "money"),
    ]
    rows = [
        [line.name, line.id_number, line.for_month, *line.bases_fen, line.employer_fen, line.worker_fen]
        for line in listed.rows
    ]
    empty = _("This bill has no rows by person: it was estimated, or is the premium of a project.")
    context = {"bill": row, "table": Table(columns, rows, empty=empty), "paged": listed, "menu_name": "levy_bills"}
    return render(request, "levy/lines.html", context)


def lines_file_view(request: HttpRequest, bill: int) -> HttpResponse:
    """A unit's bill as an .xlsx: a sheet by insurance, a sheet by person."""
    row = _own(request, bill)
    found = _view(row)
    with acting(SYSTEM, "a unit reads the people on its own bill"):
        lines = BillLines(row)[0:100_000]
    names = [scheme_name(scheme.code) for scheme in SCHEMES]
    by_scheme = Sheet(
        _("By insurance"),
        [
            (_("Insurance"), "text"),
            (_("Employer"), "money"),
            (_("Worker"), "money"),
            (pgettext("bill", "Due"), "money"),
            (pgettext("bill", "Paid"), "money"),
            (_("Late fee paid"), "money"),
        ],
        [
            [scheme_name(i.scheme), i.employer_fen, i.worker_fen, i.due_fen, i.paid_fen, i.late_fee_fen]
            for i in found.items
        ],
    )
    by_person = Sheet(
        _("By person"),
        [
            (_("ID number"), "id"),
            (_("Name"), "text"),
            (_("For month"), "month"),
            (_("Monthly wage"), "money"),
            *((_("Base: %(scheme)s") % {"scheme": name}, "money") for name in names),
            (_("Employer pays"), "money"),
            (_("Worker pays"), "money"),
        ],
        [[x.id_number, x.name, x.for_month, x.wage_fen, *x.bases_fen, x.employer_fen, x.worker_fen] for x in lines],
    )
    return xlsx(book(by_scheme, by_person), f"bill-{row.month}-{row.pk}")


def _own(request: HttpRequest, bill_id: int) -> Bill:
    row = Bill.objects.filter(pk=bill_id, unit_id=unit_of(request)).first()
    if row is None:
        raise Http404(_("There is no such bill."))
    return row


def _view(row: Bill) -> BillView:
    found = bills_of(row.unit_id, first=row.month, last=row.month)
    return next(view for view in found if view.bill_id == row.pk)


def state_tag(bill: BillView) -> Tag:
    """Where a bill stands."""
    if bill.cancelled:
        return Tag(_("Replaced"))
    if bill.settled:
        return Tag(pgettext("bill", "Paid"), "ok")
    return Tag(_("Paid in part"), "warn") if bill.paid_fen else Tag(pgettext("bill", "Open"), "warn")


def slip_view(request: HttpRequest, bill: int) -> HttpResponse:
    """A unit's own pay-in slip."""
    return _slip(request, bill, "screens/employer.html", unit_of(request))


def counter_slip_view(request: HttpRequest, bill: int) -> HttpResponse:
    """A pay-in slip at the counter."""
    return _slip(request, bill, "screens/staff.html", 0)


def _slip(request: HttpRequest, bill_id: int, shell: str, only_unit: int) -> HttpResponse:
    row = Bill.objects.filter(pk=bill_id).first()
    if row is None or not row.unit_id or (only_unit and row.unit_id != only_unit):
        raise Http404(_("There is no such bill."))
    found = _view(row)
    unpaid = [item for item in owed_items(row.unit_id) if item.bill_id == bill_id]
    context = {
        "shell": shell,
        "bill": found,
        "kind": kind_name(found.kind),
        "unit": unit(row.unit_id),
        "credit_code": credit_code_of(row.unit_id),
        "place": region_name(row.region_code),
        "registration": registration_of(row.unit_id),
        "items": _items_table(found.items),
        "state": state_tag(found),
        "late_fee_fen": sum(item.late_fee_fen for item in found.items),
        "rest_fen": sum(item.rest_fen for item in unpaid),
        "running_fen": running_late_fee(unpaid, row.region_code, today()),
        "receipts": _receipts_table(bill_id),
        "own": bool(only_unit),
        "menu_name": "levy_bills",
    }
    return render(request, "levy/slip.html", context)


def _items_table(items: tuple[ItemView, ...]) -> Table:
    columns = [
        Column(_("Insurance")),
        Column(_("Employer"), "money", total=True),
        Column(_("Worker"), "money", total=True),
        Column(pgettext("bill", "Due"), "money", total=True),
        Column(pgettext("bill", "Paid"), "money", total=True),
        Column(_("Late fee paid"), "money", total=True),
        Column(_("Tax voucher")),
    ]
    rows = [
        [
            scheme_name(item.scheme),
            item.employer_fen,
            item.worker_fen,
            item.due_fen,
            item.paid_fen,
            item.late_fee_fen,
            item.voucher or item.problem or "—",
        ]
        for item in items
    ]
    return Table(columns, rows)


def _receipts_table(bill_id: int) -> Table:
    columns = [
        Column(_("Received on"), "date"),
        Column(_("Ticket")),
        Column(_("Insurance")),
        Column(_("Contribution"), "money", total=True),
        Column(_("Late fee"), "money", total=True),
    ]
    rows = [
        [row.treasury_on, row.ticket, scheme_name(row.scheme), row.principal_fen, row.late_fee_fen]
        for row in receipts_of_bill(bill_id)
    ]
    return Table(columns, rows, empty=_("Nothing was received for this bill yet."))
