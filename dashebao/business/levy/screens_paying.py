"""Bills and pay-in slips, and unallocated money at the counter."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dashebao.business.levy.actions.matching import match_unallocated, return_unallocated
from dashebao.business.levy.errors import LevyRefused
from dashebao.business.levy.models import Bill
from dashebao.business.levy.queries.arrears import open_money, owed_by, owed_late_fees
from dashebao.business.levy.queries.enrolments import registration_of
from dashebao.business.levy.queries.histories import BillView, bills_of
from dashebao.business.levy.words import kind_name, scheme_name, unit_of
from dashebao.kernel.registry.api import credit_code_of, find_unit, region_name, unit
from dashebao.platform.screens.api import Column, Link, Table, Tag, paged


def bills_view(request: HttpRequest) -> HttpResponse:
    """A unit's bills, newest first."""
    unit_id = unit_of(request)
    listed = paged(request, bills_of(unit_id))
    rows = [
        [
            Link(f"{bill.month // 100}-{bill.month % 100:02d}", reverse("levy_slip", args=[bill.bill_id])),
            kind_name(bill.kind),
            bill.headcount,
            bill.due_fen,
            bill.paid_fen,
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
        Column(_("Due on"), "date"),
        Column(_("State"), "tag"),
    ]
    context = {
        "table": Table(columns, rows, empty=_("There are no bills yet.")),
        "paged": listed,
        "owed_fen": owed_by(unit_id),
        "late_fee_fen": owed_late_fees(unit_id),
    }
    return render(request, "levy/bills.html", context)


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
    found = next(view for view in bills_of(row.unit_id, first=row.month, last=row.month) if view.bill_id == bill_id)
    registration = registration_of(row.unit_id)
    items = Table(
        [
            Column(_("Insurance")),
            Column(_("Employer"), "money", total=True),
            Column(_("Worker"), "money", total=True),
            Column(pgettext("bill", "Due"), "money", total=True),
            Column(pgettext("bill", "Paid"), "money", total=True),
            Column(_("Tax voucher")),
        ],
        [
            [
                scheme_name(item.scheme),
                item.employer_fen,
                item.worker_fen,
                item.due_fen,
                item.paid_fen,
                item.voucher or item.problem or "—",
            ]
            for item in found.items
        ],
    )
    context = {
        "shell": shell,
        "bill": found,
        "kind": kind_name(found.kind),
        "unit": unit(row.unit_id),
        "credit_code": credit_code_of(row.unit_id),
        "place": region_name(row.region_code),
        "registration": registration,
        "items": items,
        "state": state_tag(found),
        "late_fee_fen": sum(item.late_fee_fen for item in found.items),
    }
    return render(request, "levy/slip.html", context)


def money_view(request: HttpRequest) -> HttpResponse:
    """Money that belongs to no bill: match it to a unit, or give it back."""
    if request.method == "POST":
        return _use(request)
    return render(request, "levy/money.html", {"rows": open_money()})


def _use(request: HttpRequest) -> HttpResponse:
    number = request.POST.get("money", "")
    if not number.isdigit():
        raise Http404
    if request.POST.get("act") == "return":
        return_unallocated(int(number), reason=request.POST.get("reason", "").strip()[:200] or _("Belongs to no bill"))
        messages.success(request, _("The refund is on its way to the tax office."))
    else:
        found = find_unit(request.POST.get("credit_code", ""))
        if found is None:
            raise LevyRefused(_("No unit has this credit code. Check every character."))
        matched = match_unallocated(int(number), found.pk)
        text = _("%(amount).2f yuan matched to %(unit)s.") % {"amount": matched / 100, "unit": found.name}
        messages.success(request, text)
    return HttpResponseRedirect(reverse("levy_money"))
