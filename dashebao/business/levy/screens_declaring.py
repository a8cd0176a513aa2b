"""The monthly declaration at the employer portal: by form, by Excel file, or unchanged."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from dashebao.business.levy.actions.declaring import billed
from dashebao.business.levy.models import Declaration
from dashebao.business.levy.queries.checks import check_rows
from dashebao.business.levy.queries.enrolments import StaffRow, open_month, staff_of
from dashebao.business.levy.screens_lists import (
    Ready,
    handed_in,
    problems_file,
    problems_packed,
    show_preview,
    uploaded,
    xlsx,
)
from dashebao.business.levy.words import unit_of
from dashebao.business.levy.workbooks import SheetRow, wage_in_fen
from dashebao.business.levy.workbooks_writing import TemplateRow, template
from dashebao.kernel.cases.api import today
from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.platform.screens.applying import new_key

MOST_BY_FORM = 300


def declare_view(request: HttpRequest) -> HttpResponse:
    """Show the open month and take the declaration."""
    month = open_month(today())
    if request.method != "POST":
        return _page(request, month)
    act = request.POST.get("act", "")
    if act == "upload":
        rows, name = uploaded(request)
        return _preview(request, month, rows, name)
    if act == "problems":
        return problems_file(request)
    if act == "form":
        return _preview(request, month, _typed(request, month), "")
    if act == "ready":
        ready = Ready.unpacked(request.POST.get("ready", ""))
        return _submit(request, ready, request.POST.get("source", "form"))
    return _submit(request, Ready(month, []), "form")


def template_view(request: HttpRequest) -> HttpResponse:
    """The Excel template with the unit's staff filled in."""
    month = open_month(today())
    rows = [TemplateRow(row.id_number, row.name, row.wage_fen) for row in _staff(request, month)]
    return xlsx(template(rows), f"declaration-{month}")


def _page(request: HttpRequest, month: int) -> HttpResponse:
    staff = _staff(request, month)
    unit_id = unit_of(request)
    context = {
        "month": month,
        "staff": staff[:MOST_BY_FORM],
        "people": len(staff),
        "by_form": len(staff) <= MOST_BY_FORM,
        "most": MOST_BY_FORM,
        "declared": Declaration.objects.filter(unit_id=unit_id, month=month, kind="monthly").order_by("-id").first(),
        "billed": billed(unit_id, month),
        "key": new_key(),
    }
    return render(request, "levy/declare.html", context)


def _staff(request: HttpRequest, month: int) -> list[StaffRow]:
    with acting(SYSTEM, "a unit reads its own staff list"):
        return staff_of(unit_of(request), month)


def _typed(request: HttpRequest, month: int) -> list[SheetRow]:
    rows = []
    for number, row in enumerate(_staff(request, month), start=1):
        text = request.POST.get(f"wage_{row.person_id}")
        if text is not None:
            fen, problem = wage_in_fen(text)
            rows.append(SheetRow(number, row.id_number, row.name, fen, problem))
    return rows


def _preview(request: HttpRequest, month: int, rows: list[SheetRow], file_name: str) -> HttpResponse:
    with acting(SYSTEM, "a unit's rows against its own staff list"):
        found = check_rows(unit_of(request), month, rows)
    ready = Ready(month, [(row.id_number, row.name, row.wage_fen or 0) for row in found.ready])
    context = {
        "found": found,
        "file_name": file_name,
        "month": month,
        "source": "excel" if file_name else "form",
        "ready": ready.packed() if found.ready else "",
        "problems": problems_packed(found),
        "post_to": reverse("levy_declare"),
        "menu_name": "levy_declare",
        "counts_wages": True,
    }
    return show_preview(request, context)


def _submit(request: HttpRequest, ready: Ready, source: str) -> HttpResponse:
    answers = {
        "month": f"{ready.month // 100}-{ready.month % 100:02d}",
        "source": source if source in ("form", "excel") else "form",
        "rows": ready.as_answers(),
    }
    case = handed_in(request, "SI-201", answers)
    messages.success(request, _("The declaration is recorded. Case number %(number)s.") % {"number": case.case_no})
    return HttpResponseRedirect(reverse("levy_declare"))
