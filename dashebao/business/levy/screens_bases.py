"""The yearly adjustment of bases at the employer portal: last year's averages, limits, differences, handing in."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from dashebao.business.levy.queries.bases import averages_of, changes_of, limits_of, months_back, year_start
from dashebao.business.levy.queries.checks import CheckedRows, check_rows
from dashebao.business.levy.queries.enrolments import StaffRow, open_month, registration_of, staff_of
from dashebao.business.levy.screens_lists import (
    SHOWN,
    Ready,
    handed_in,
    problems_file,
    problems_packed,
    show_preview,
    uploaded,
    xlsx,
)
from dashebao.business.levy.words import scheme_name, unit_of
from dashebao.business.levy.workbooks import SheetRow, wage_in_fen
from dashebao.business.levy.workbooks_writing import TemplateRow, template
from dashebao.kernel.cases.api import today
from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.platform.screens.api import Column, Table

MOST_BY_FORM = 300


def bases_view(request: HttpRequest) -> HttpResponse:
    """Show last year's averages beside what counts now, and take the new year's wages."""
    if request.method != "POST":
        return _page(request)
    act = request.POST.get("act", "")
    if act == "problems":
        return problems_file(request)
    if act == "ready":
        return _submit(request)
    if act == "upload":
        rows, name = uploaded(request)
    else:
        rows, name = _typed(request), ""
    return _preview(request, rows, name)


def bases_template_view(request: HttpRequest) -> HttpResponse:
    """The template with last year's averages filled in as a proposal."""
    start = year_start(open_month(today()))
    averages = _averages(request, start)
    rows = [TemplateRow(row.id_number, row.name, averages.get(row.person_id, row.wage_fen)) for row in _staff(request)]
    return xlsx(template(rows, title=_("Bases of the new year")), f"bases-{start}")


def _staff(request: HttpRequest) -> list[StaffRow]:
    with acting(SYSTEM, "a unit reads its own staff list"):
        return staff_of(unit_of(request), open_month(today()))


def _averages(request: HttpRequest, start: int) -> dict[int, int]:
    return averages_of(unit_of(request), start // 100 - 1)


def _page(request: HttpRequest) -> HttpResponse:
    month = open_month(today())
    start = year_start(month)
    staff, averages = _staff(request), _averages(request, start)
    registration = registration_of(unit_of(request))
    limits = limits_of(registration.region_code, month) if registration else []
    context = {
        "start": start,
        "year": start // 100 - 1,
        "months": months_back(start, month),
        "people": len(staff),
        "by_form": len(staff) <= MOST_BY_FORM,
        "most": MOST_BY_FORM,
        "rows": [(row, averages.get(row.person_id)) for row in staff[:MOST_BY_FORM]],
        "limits": Table(
            [Column(_("Insurance")), Column(_("Lower limit"), "money"), Column(_("Upper limit"), "money")],
            [[scheme_name(code), floor, cap] for code, floor, cap in limits],
        ),
    }
    return render(request, "levy/bases.html", context)


def _typed(request: HttpRequest) -> list[SheetRow]:
    rows = []
    for number, row in enumerate(_staff(request), start=1):
        text = request.POST.get(f"wage_{row.person_id}", "").strip()
        if text:
            fen, problem = wage_in_fen(text)
            if problem or fen != row.wage_fen:
                rows.append(SheetRow(number, row.id_number, row.name, fen, problem))
    return rows


def _preview(request: HttpRequest, rows: list[SheetRow], file_name: str) -> HttpResponse:
    month = open_month(today())
    start, unit_id = year_start(month), unit_of(request)
    with acting(SYSTEM, "a unit's new bases against its own staff list"):
        found = check_rows(unit_id, month, rows)
        wages = {row.person_id: row.wage_fen or 0 for row in found.ready if row.person_id}
        changes = changes_of(unit_id, month, wages) if wages else []
    names = {row.person_id: row.name for row in found.ready}
    back = months_back(start, month)
    table = Table(
        [
            Column(_("Name")),
            Column(_("Wage so far"), "money"),
            Column(_("New wage"), "money"),
            Column(_("Pension base so far"), "money"),
            Column(_("New pension base"), "money"),
            Column(_("More a month"), "money", total=True),
            Column(_("For past months"), "money", total=True),
        ],
        [
            [
                names[row.person_id],
                row.wage_before_fen,
                row.wage_after_fen,
                row.base_before_fen,
                row.base_after_fen,
                row.difference_fen,
                row.difference_fen * back,
            ]
            for row in changes[:SHOWN]
        ],
        empty=_("All wages stay as they are."),
    )
    context = {
        "found": CheckedRows(found.rows, ()),
        "file_name": file_name,
        "month": start,
        "ready": Ready(start, [(row.id_number, row.name, row.wage_fen or 0) for row in found.ready]).packed()
        if changes
        else "",
        "problems": problems_packed(found),
        "post_to": reverse("levy_bases"),
        "menu_name": "levy_bases",
        "counts_wages": True,
        "preview_table": table,
        "preview_title": _("What it changes, about: the exact difference is on the bill"),
    }
    return show_preview(request, context)


def _submit(request: HttpRequest) -> HttpResponse:
    ready = Ready.unpacked(request.POST.get("ready", ""))
    answers = {"from_month": f"{ready.month // 100}-{ready.month % 100:02d}", "rows": ready.as_answers()}
    case = handed_in(request, "SI-2012", answers)
    messages.success(request, _("The new bases are recorded. Case number %(number)s.") % {"number": case.case_no})
    return HttpResponseRedirect(reverse("employer_case", args=[case.case_no]))
