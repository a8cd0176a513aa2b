"""Excel files from the tables a page shows: the same columns, numbers as numbers."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import xlsxwriter
from django.http import HttpResponse
from django.utils.translation import gettext as _

from dashebao.platform.screens.values import Column, Link, Table, Tag

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORBIDDEN = str.maketrans("", "", "[]:*?/\\")


def workbook(sheets: Sequence[tuple[str, Table]], heading: str) -> bytes:
    """One sheet for each named table below a heading line; money as yuan with two decimals, totals included."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        bold = book.add_format({"bold": True})
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        money, number = book.add_format({"num_format": "#,##0.00"}), book.add_format({"num_format": "#,##0"})
        formats = {"money": money, "number": number}
        for name, table in sheets:
            sheet = book.add_worksheet(str(name).translate(FORBIDDEN)[:31])
            sheet.write_string(0, 0, heading, bold)
            for place, column in enumerate(table.columns):
                sheet.write_string(1, place, str(column.label), head)
                sheet.set_column(place, place, 16 if column.right else 22)
            rows = [*table.rows, *([[_("Total"), *table.totals[1:]]] if table.totals else [])]
            for line, row in enumerate(rows, 2):
                for place, (value, column) in enumerate(zip(row, table.columns, strict=True)):
                    _write(sheet, (line, place), _plain(value, column), formats.get(column.kind))
            sheet.freeze_panes(2, 1)
    return out.getvalue()


def download(content: bytes, name: str) -> HttpResponse:
    """The file as an answer the browser saves."""
    response = HttpResponse(content, content_type=TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


def _plain(value: Any, column: Column) -> Any:
    if isinstance(value, Tag | Link):
        return str(value.text)
    if value is None or value == "":
        return ""
    if column.kind == "money":
        return int(value) / 100
    if column.kind == "month":
        return f"{int(value) // 100}-{int(value) % 100:02d}"
    return value if isinstance(value, int | float) else str(value)


def _write(sheet: Any, at: tuple[int, int], value: Any, style: Any) -> None:
    if isinstance(value, int | float):
        sheet.write_number(*at, value, style)
    else:
        sheet.write_string(*at, value)
