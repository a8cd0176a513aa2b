"""Writing .xlsx files: templates with instructions, lists of problems, staff lists, bills; knows no database."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import xlsxwriter
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from dashebao.business.levy.workbooks import HEADERS, MAX_ROWS, WAGES, SheetRow, problem_column, problem_text

OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
WIDTHS = {"text": 18, "id": 24, "money": 16, "number": 10, "month": 12, "long": 60}


@dataclass(frozen=True)
class TemplateRow:
    """One person already filled in on the template."""

    id_number: str
    name: str
    wage_fen: int


@dataclass(frozen=True)
class Sheet:
    """A sheet: columns as (header, kind) with kinds text, id, money (fen), number, month, long; and its rows."""

    title: str
    columns: Sequence[tuple[str, str]]
    rows: Iterable[Sequence[Any]]


def book(*sheets: Sheet) -> bytes:
    """An .xlsx of these sheets; ID numbers are text, money is yuan, and no value is taken for a formula."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, OPTIONS) as workbook:
        head = workbook.add_format({"bold": True, "bg_color": "#E8EEF7", "border": 1})
        formats = {
            "money": workbook.add_format({"num_format": "#,##0.00"}),
            "long": workbook.add_format({"text_wrap": True, "valign": "top"}),
        }
        plain = workbook.add_format({"num_format": "@"})
        for sheet in sheets:
            page = workbook.add_worksheet(sheet.title[:31])
            for column, (header, kind) in enumerate(sheet.columns):
                page.set_column(column, column, WIDTHS[kind], formats.get(kind, plain))
                page.write_string(0, column, header, head)
            for number, row in enumerate(sheet.rows, start=1):
                for column, ((_header, kind), value) in enumerate(zip(sheet.columns, row, strict=True)):
                    _write(page, (number, column), (kind, value), formats.get(kind, plain))
            page.freeze_panes(1, 0)
    return out.getvalue()


def _write(page: Any, place: tuple[int, int], given: tuple[str, Any], look: Any) -> None:
    kind, value = given
    if value is None or value == "":
        return
    if kind == "money":
        page.write_number(*place, float(Decimal(value) / 100), look)
    elif kind == "number":
        page.write_number(*place, value)
    elif kind == "month":
        page.write_string(*place, f"{value // 100}-{value % 100:02d}", look)
    else:
        page.write_string(*place, str(value), look)


def headers(fields: Sequence[str]) -> list[tuple[str, str]]:
    """The template's columns in the reader's language."""
    chinese = (get_language() or "zh").startswith("zh")
    kinds = {"id_number": "id", "name": "text", "wage": "money"}
    return [(HEADERS[field][0 if chinese else 1], kinds[field]) for field in fields]


def template(rows: Iterable[TemplateRow] = (), fields: Sequence[str] = WAGES, title: str = "") -> bytes:
    """The template with the staff filled in, and a second sheet that says how to fill it."""
    values = ([row.id_number, row.name, row.wage_fen][: len(fields)] for row in rows)
    lines = [[str(number), line] for number, line in enumerate(instructions(fields), start=1)]
    return book(
        Sheet(title or _("Declaration"), headers(fields), values),
        Sheet(_("Instructions"), [(_("No."), "number"), (_("How to fill the first sheet"), "long")],
              ([int(number), line] for number, line in lines)),
    )  # fmt: skip


def instructions(fields: Sequence[str]) -> list[str]:
    """How the first sheet is filled."""
    lines = [
        _("One row for each person; keep the first row as it is."),
        _("The ID number is text of 18 signs. Do not let Excel turn it into a number."),
        _("At most %(rows)d rows and 5 MB; no formulas, no macros, only .xlsx.") % {"rows": MAX_ROWS},
        _("Rows with mistakes are listed with what is wrong; the others can be handed in at once."),
    ]
    if "wage" in fields:
        lines.insert(2, _("The wage is yuan per month with at most two decimals, before limits are applied."))
    return lines


def problems_book(rows: Iterable[SheetRow], fields: Sequence[str] = WAGES) -> bytes:
    """The rows that must be corrected with what is wrong beside them; corrected, the file can be sent in again."""
    values = (
        [*[row.id_number, row.name, row.wage_fen][: len(fields)], row.row_no, problem_column(row.problem),
         problem_text(row.problem)]
        for row in rows
    )  # fmt: skip
    more = [(pgettext("file", "Row"), "number"), (_("Column"), "text"), (_("What is wrong"), "long")]
    return book(Sheet(_("Rows to correct"), [*headers(fields), *more], values))
