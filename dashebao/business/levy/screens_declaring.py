"""The monthly declaration at the employer portal: by form, by Excel file, or unchanged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from dashebao.business.levy.actions.declaring import billed
from dashebao.business.levy.errors import LevyRefused
from dashebao.business.levy.models import Declaration
from dashebao.business.levy.queries.checks import CheckedRows, DeclaredRow, check_rows
from dashebao.business.levy.queries.enrolments import StaffRow, open_month, staff_of
from dashebao.business.levy.words import scheme_name, unit_of, user_of
from dashebao.business.levy.workbooks import (
    MAX_BYTES,
    FileRefused,
    SheetRow,
    TemplateRow,
    problem_text,
    read_sheet,
    template,
    wage_in_fen,
)
from dashebao.kernel.cases.api import Application, submit, today
from dashebao.kernel.catalogue.api import Applicant, Channel
from dashebao.kernel.money.api import format_yuan
from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.kernel.registry.api import unit
from dashebao.platform.screens.api import Column, Table, Tag
from dashebao.platform.screens.applying import new_key

MOST_BY_FORM = 300
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SALT = "levy.declaration"


@dataclass(frozen=True)
class Ready:
    """Rows that passed the checks, on their way through the page."""

    month: int
    rows: list[tuple[str, str, int]]

    def packed(self) -> str:
        """Signed, so that the page cannot change them."""
        return signing.dumps([self.month, self.rows], salt=SALT, compress=True)

    @classmethod
    def unpacked(cls, text: str) -> Ready:
        """Back from the page; LevyRefused if it was changed or is older than two hours."""
        try:
            month, rows = signing.loads(text, salt=SALT, max_age=7200)
        except signing.BadSignature as error:
            raise LevyRefused(_("The page is too old. Upload the file again.")) from error
        return cls(month, [tuple(row) for row in rows])


def declare_view(request: HttpRequest) -> HttpResponse:
    """Show the open month and take the declaration."""
    month = open_month(today())
    if request.method != "POST":
        return _page(request, month)
    act = request.POST.get("act", "")
    if act == "upload":
        return _preview(request, month, _uploaded(request), "excel")
    if act == "form":
        return _preview(request, month, _typed(request, month), "form")
    if act == "ready":
        ready = Ready.unpacked(request.POST.get("ready", ""))
        return _submit(request, ready.month, ready.rows, request.POST.get("source", "form"))
    return _submit(request, month, [], "form")


def template_view(request: HttpRequest) -> HttpResponse:
    """The Excel template with the unit's staff filled in."""
    month = open_month(today())
    rows = [TemplateRow(row.id_number, row.name, row.wage_fen) for row in _staff(request, month)]
    response = HttpResponse(template(rows), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="declaration-{month}.xlsx"'
    return response


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


def _uploaded(request: HttpRequest) -> list[SheetRow]:
    file = request.FILES.get("file")
    if file is None:
        raise FileRefused(_("Choose an .xlsx file first."))
    if file.size and file.size > MAX_BYTES:
        raise FileRefused(_("The file is larger than %(limit)d MB. Split it.") % {"limit": MAX_BYTES // 2**20})
    return read_sheet(file.read())


def _typed(request: HttpRequest, month: int) -> list[SheetRow]:
    rows = []
    for number, row in enumerate(_staff(request, month), start=1):
        text = request.POST.get(f"wage_{row.person_id}")
        if text is not None:
            fen, problem = wage_in_fen(text)
            rows.append(SheetRow(number, row.id_number, row.name, fen, problem))
    return rows


def _preview(request: HttpRequest, month: int, rows: list[SheetRow], source: str) -> HttpResponse:
    with acting(SYSTEM, "a unit's rows against its own staff list"):
        found = check_rows(unit_of(request), month, rows)
    ready = Ready(month, [(row.id_number, row.name, row.wage_fen or 0) for row in found.ready])
    context = {
        "month": month,
        "source": source,
        "ready": ready.packed() if found.ready else "",
        "count": len(found.ready),
        "total_fen": sum(row.wage_fen or 0 for row in found.ready),
        "refused": len(found.refused),
        "problems": _problem_table(found),
        "notices": _notice_table(found),
        "left_out": found.left_out[:50],
        "left_out_count": len(found.left_out),
        "key": new_key(),
    }
    return render(request, "levy/preview.html", context, status=422 if found.refused else 200)


def _problem_table(found: CheckedRows) -> Table:
    rows = [
        [row.row_no, row.id_number or "—", row.name, Tag(problem_text(row.problem), "err")] for row in found.refused
    ]
    columns = [Column(_("Row"), "number"), Column(_("ID number")), Column(_("Name")), Column(_("What is wrong"), "tag")]
    return Table(columns, rows[:500])


def _notice_table(found: CheckedRows) -> Table:
    noticed = [row for row in found.ready if row.notices]
    rows = [[row.row_no, row.name, row.wage_fen, "; ".join(_notices(row))] for row in noticed]
    columns = [
        Column(_("Row"), "number"),
        Column(_("Name")),
        Column(_("Declared wage"), "money"),
        Column(_("The base is held at"), "note"),
    ]
    return Table(columns, rows[:500])


def _notices(row: DeclaredRow) -> list[str]:
    texts = {"floor": _("%(scheme)s: lower limit"), "cap": _("%(scheme)s: upper limit")}
    return [texts[limit] % {"scheme": scheme_name(code)} for code, limit in (text.split() for text in row.notices)]


def _submit(request: HttpRequest, month: int, rows: list[tuple[str, str, int]], source: str) -> HttpResponse:
    firm = unit(unit_of(request))
    answers: dict[str, Any] = {
        "month": f"{month // 100}-{month % 100:02d}",
        "source": source if source in ("form", "excel") else "form",
        "rows": [{"id_number": number, "name": name, "wage_fen": format_yuan(fen)} for number, name, fen in rows],
    }
    applicant = Applicant.of_unit(firm.pk, firm.name, firm.region_code)
    key = request.POST.get("key") or new_key()
    case = submit(Application("SI-201", applicant, answers, Channel.EMPLOYER, key), user_of(request))
    messages.success(request, _("The declaration is recorded. Case number %(number)s.") % {"number": case.case_no})
    return HttpResponseRedirect(reverse("levy_declare"))
