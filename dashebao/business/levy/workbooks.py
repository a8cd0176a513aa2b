"""Reading a unit's .xlsx lists (wages, people who join or leave) safely; knows no database."""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _
from lxml import etree
from python_calamine import CalamineError, CalamineWorkbook

MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED = 60 * 1024 * 1024
MAX_ROWS = 20_000
MAX_YUAN = Decimal(10_000_000)
HEADERS = {
    "id_number": ("证件号码", "ID number"),
    "name": ("姓名", "Name"),
    "wage": ("月工资（元）", "Monthly wage (yuan)"),
}
WAGES = ("id_number", "name", "wage")
PEOPLE = ("id_number", "name")
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class FileRefused(ValueError):
    """The whole file cannot be read; the text says why and what to do."""


@dataclass(frozen=True)
class SheetRow:
    """One row of the sheet, numbered as Excel shows it; `problem` is a code of `problem_text`, "" if readable."""

    row_no: int
    id_number: str
    name: str
    wage_fen: int | None
    problem: str = ""


def read_sheet(content: bytes, fields: Sequence[str] = WAGES) -> list[SheetRow]:
    """The rows of the first sheet; FileRefused if the file is not a readable .xlsx of the template's shape.

    `fields` are the columns wanted, WAGES or PEOPLE (without a wage). Rows with an unreadable cell come back with a problem; rows without any value are passed over.
    """
    _check_package(content)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        cells = workbook.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except CalamineError as error:
        raise FileRefused(_("The file cannot be read. Save it again as .xlsx and upload it once more.")) from error
    if not cells:
        raise FileRefused(_("The first sheet is empty. Use the template."))
    if len(cells) > MAX_ROWS + 1:
        raise FileRefused(
            _("The sheet has more than %(limit)d rows. Split it into several files.") % {"limit": MAX_ROWS}
        )
    places = _places(cells[0], fields)
    formulas = _formula_cells(content)
    return [
        _row(number, row, places, formulas)
        for number, row in enumerate(cells[1:], start=2)
        if any(str(value).strip() for value in row)
    ]


def problem_text(code: str) -> str:
    """What is wrong with a row and what to do, in the reader's language."""
    texts = {
        "number_not_text": _(
            "The ID number is stored as a number, so Excel has lost its last digits. Format the column as text and"
            " type it again."
        ),
        "formula": _("The cell holds a formula. Paste the value itself."),
        "number_missing": _("The ID number is missing."),
        "wage_missing": _("The wage is missing."),
        "wage_not_number": _("The wage is not a number."),
        "wage_negative": _("The wage is below zero."),
        "wage_too_fine": _("The wage has more than two decimals."),
        "wage_too_big": _("The wage is too large. Give it in yuan per month."),
        "unknown_person": _("This person is not on the unit's staff list. Add the person first."),
        "duplicate": _("This person is in the file twice. Keep one row."),
        "name_differs": _("The name does not belong to this ID number."),
        "name_missing": _("The name is missing."),
        "bad_number": _("This ID number is not valid. Check every digit."),
        "already_here": _("This person is on the unit's staff list already."),
        "insured_elsewhere": _("Still insured with another employer, who must remove the person first."),
        "dead": _("This person is recorded as dead."),
    }
    return texts.get(code, code)


def problem_column(code: str) -> str:
    """The column of the template a problem is in, by its letter; "" if it is the row as a whole."""
    if code.startswith("wage"):
        return "C"
    return "B" if code.startswith("name") else "A" if code != "formula" else ""


def _check_package(content: bytes) -> None:
    if len(content) > MAX_BYTES:
        raise FileRefused(_("The file is larger than %(limit)d MB. Split it.") % {"limit": MAX_BYTES // 2**20})
    if not zipfile.is_zipfile(io.BytesIO(content)):
        raise FileRefused(_("This is not an .xlsx file. Save it in Excel as .xlsx; .xls and .csv are not taken."))
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        names = {entry.filename for entry in package.infolist()}
        if "xl/workbook.xml" not in names:
            raise FileRefused(_("This is not an .xlsx file. Save it in Excel as .xlsx; .xls and .csv are not taken."))
        if any(name.endswith("vbaProject.bin") for name in names):
            raise FileRefused(_("The file holds macros. Save it as a plain .xlsx."))
        if sum(entry.file_size for entry in package.infolist()) > MAX_UNPACKED:
            raise FileRefused(_("The file unpacks to too much data. Use the template."))


def _places(headers: Sequence[object], fields: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    texts = [str(value).strip() for value in headers]
    for field in fields:
        names = HEADERS[field]
        at = [place for place, text in enumerate(texts) if text in names]
        if len(at) != 1:
            wanted = " / ".join(names)
            raise FileRefused(
                _("The first row must have one column “%(header)s”. Use the template.") % {"header": wanted}
            )
        found[field] = at[0]
    return found


def _row(number: int, row: Sequence[object], places: dict[str, int], formulas: set[tuple[int, int]]) -> SheetRow:
    values = {field: row[place] if place < len(row) else "" for field, place in places.items()}
    identity = values["id_number"]
    name = str(values["name"]).strip()[:60]
    if any((number, place) in formulas for place in places.values()):
        return SheetRow(number, "", name, None, "formula")
    if isinstance(identity, int | float) and not isinstance(identity, bool):
        return SheetRow(number, "", name, None, "number_not_text")
    text = str(identity).strip().upper()[:30]
    if not text:
        return SheetRow(number, "", name, None, "number_missing")
    fen, problem = wage_in_fen(values["wage"]) if "wage" in values else (None, "")
    return SheetRow(number, text, name, fen, problem)


def wage_in_fen(value: object) -> tuple[int | None, str]:
    """A wage cell in fen, or a problem code; binary floats of Excel are read by their shortest decimal text."""
    text = str(value).strip().replace(",", "").replace("，", "")
    if not text:
        return None, "wage_missing"
    try:
        yuan = Decimal(text)
    except InvalidOperation:
        return None, "wage_not_number"
    if not yuan.is_finite():
        return None, "wage_not_number"
    if yuan < 0:
        return None, "wage_negative"
    if yuan > MAX_YUAN:
        return None, "wage_too_big"
    fen = yuan * 100
    if fen != fen.to_integral_value():
        return None, "wage_too_fine"
    return int(fen), ""


def _formula_cells(content: bytes) -> set[tuple[int, int]]:
    """Row (from 1) and column (from 0) of every cell with a formula on the first sheet."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        path = _first_sheet(package)
        found: set[tuple[int, int]] = set()
        with package.open(path) as sheet:
            walk = etree.iterparse(sheet, tag=f"{MAIN}c", resolve_entities=False, no_network=True, huge_tree=False)
            for _event, cell in walk:
                if cell.find(f"{MAIN}f") is not None:
                    found.add(_place(str(cell.get("r", "A1"))))
                cell.clear()
    return found


def _first_sheet(package: zipfile.ZipFile) -> str:
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    book = etree.fromstring(package.read("xl/workbook.xml"), parser)
    first = book.find(f"{MAIN}sheets/{MAIN}sheet")
    relations = etree.fromstring(package.read("xl/_rels/workbook.xml.rels"), parser)
    wanted = first.get(RELATION) if first is not None else None
    for relation in relations:
        if relation.get("Id") == wanted:
            target = str(relation.get("Target", ""))
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    raise FileRefused(_("The first sheet is empty. Use the template."))


def _place(reference: str) -> tuple[int, int]:
    letters = "".join(sign for sign in reference if sign.isalpha())
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter.upper()) - 64
    return int(reference[len(letters) :]), column - 1
