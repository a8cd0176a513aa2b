"""Lists that a unit sends in as Excel: upload, rows with problems, the rows that are ready, and handing them in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dashebao.business.levy.errors import LevyRefused
from dashebao.business.levy.queries.checks import CheckedRows, DeclaredRow
from dashebao.business.levy.words import scheme_name, unit_of, user_of
from dashebao.business.levy.workbooks import (
    MAX_BYTES,
    WAGES,
    FileRefused,
    SheetRow,
    problem_column,
    problem_text,
    read_sheet,
)
from dashebao.business.levy.workbooks_writing import problems_book
from dashebao.kernel.cases.api import Application, submit
from dashebao.kernel.catalogue.api import AnswersInvalid, Applicant, Channel
from dashebao.kernel.money.api import format_yuan
from dashebao.kernel.registry.api import unit
from dashebao.platform.screens.api import Column, Table, Tag
from dashebao.platform.screens.applying import new_key

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SALT, PROBLEM_SALT = "levy.declaration", "levy.problems"
SHOWN = 500
TWO_HOURS = 7200


@dataclass(frozen=True)
class Ready:
    """Rows that passed the checks, on their way through the page: (number, name, wage in fen)."""

    month: int
    rows: list[tuple[str, str, int]]

    def packed(self) -> str:
        """Signed, so that the page cannot change them."""
        return signing.dumps([self.month, self.rows], salt=SALT, compress=True)

    @classmethod
    def unpacked(cls, text: str) -> Ready:
        """Back from the page; LevyRefused if it was changed or is older than two hours."""
        try:
            month, rows = signing.loads(text, salt=SALT, max_age=TWO_HOURS)
        except signing.BadSignature as error:
            raise LevyRefused(_("The page is too old. Upload the file again.")) from error
        return cls(month, [tuple(row) for row in rows])

    def as_answers(self) -> list[dict[str, Any]]:
        """As rows of a service item."""
        return [{"id_number": number, "name": name, "wage_fen": format_yuan(fen)} for number, name, fen in self.rows]


def xlsx(content: bytes, name: str) -> HttpResponse:
    """A workbook to download."""
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


def uploaded(request: HttpRequest, fields: Sequence[str] = WAGES) -> tuple[list[SheetRow], str]:
    """The rows of the file sent and its name; FileRefused says what to do."""
    file = request.FILES.get("file")
    if file is None:
        raise FileRefused(_("Choose an .xlsx file first."))
    if file.size and file.size > MAX_BYTES:
        raise FileRefused(_("The file is larger than %(limit)d MB. Split it.") % {"limit": MAX_BYTES // 2**20})
    return read_sheet(file.read(), fields), str(file.name)[:80]


def problems_packed(found: CheckedRows, fields: Sequence[str] = WAGES) -> str:
    """The refused rows, signed, for the file of problems; "" if there are none."""
    rows = [[row.row_no, row.id_number, row.name, row.wage_fen, row.problem] for row in found.refused]
    return signing.dumps([list(fields), rows], salt=PROBLEM_SALT, compress=True) if rows else ""


def problems_file(request: HttpRequest) -> HttpResponse:
    """The file of problems of the page it was asked from."""
    try:
        fields, rows = signing.loads(request.POST.get("problems", ""), salt=PROBLEM_SALT, max_age=TWO_HOURS)
    except signing.BadSignature as error:
        raise LevyRefused(_("The page is too old. Upload the file again.")) from error
    return xlsx(problems_book((SheetRow(*row) for row in rows), fields), "problems")


def show_preview(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """The page between upload and handing in: counts, problems row by row, what may be handed in."""
    found: CheckedRows = context["found"]
    values = {
        "count": len(found.ready),
        "total_fen": sum(row.wage_fen or 0 for row in found.ready),
        "refused": len(found.refused),
        "problem_table": problem_table(found),
        "notices": notice_table(found),
        "left_out_count": len(found.left_out),
        "key": new_key(),
        "source": "excel",
    }
    return render(request, "levy/preview.html", values | context, status=422 if found.refused else 200)


def problem_table(found: CheckedRows) -> Table:
    """The refused rows: where, what, who."""
    rows = [
        [row.row_no, problem_column(row.problem) or "—", Tag(problem_text(row.problem), "err"), row.name or "—",
         row.id_number]
        for row in found.refused
    ]  # fmt: skip
    columns = [
        Column(pgettext("file", "Row"), "number"),
        Column(_("Column")),
        Column(_("What is wrong"), "tag"),
        Column(_("Name")),
        Column(_("ID number")),
    ]
    return Table(columns, rows[:SHOWN])


def notice_table(found: CheckedRows) -> Table:
    """Rows that are ready whose wage lies outside a limit."""
    noticed = [row for row in found.ready if row.notices]
    rows = [[row.row_no, row.name, row.wage_fen, "; ".join(_notices(row))] for row in noticed]
    columns = [
        Column(pgettext("file", "Row"), "number"),
        Column(_("Name")),
        Column(_("Declared wage"), "money"),
        Column(_("The base is held at"), "note"),
    ]
    return Table(columns, rows[:SHOWN])


def _notices(row: DeclaredRow) -> list[str]:
    texts = {"floor": _("%(scheme)s: lower limit"), "cap": _("%(scheme)s: upper limit")}
    return [texts[limit] % {"scheme": scheme_name(code)} for code, limit in (text.split() for text in row.notices)]


def handed_in(request: HttpRequest, code: str, answers: dict[str, Any]) -> Any:
    """Hand an item of the unit in and return its case; the page's key makes it once."""
    firm = unit(unit_of(request))
    applicant = Applicant.of_unit(firm.pk, firm.name, firm.region_code)
    key = request.POST.get("key") or new_key()
    try:
        return submit(Application(code, applicant, answers, Channel.EMPLOYER, key), user_of(request))
    except AnswersInvalid as error:
        raise LevyRefused("; ".join(text for texts in error.errors.values() for text in texts)) from error
