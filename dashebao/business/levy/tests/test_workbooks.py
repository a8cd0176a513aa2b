"""The Excel declaration: what is read, what is refused, and that the template can be filled in and read back."""

import io
import zipfile

import pytest
import xlsxwriter
from django.utils import translation

from dashebao.business.levy.workbooks import PEOPLE, FileRefused, SheetRow, problem_text, read_sheet
from dashebao.business.levy.workbooks_writing import TemplateRow, problems_book, template

HEADERS = ("证件号码", "姓名", "月工资（元）")


def sheet(rows, headers=HEADERS, formula=None):
    """An .xlsx with these rows; `formula` is (cell, text)."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet()
        for column, header in enumerate(headers):
            page.write_string(0, column, header)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                page.write_string(number, column, value) if isinstance(value, str) else page.write(
                    number, column, value
                )
        if formula:
            page.write_formula(formula[0], formula[1], None, 6000)
    return out.getvalue()


def problems(*rows, **options):
    return [row.problem for row in read_sheet(sheet(rows, **options))]


def test_text_numbers_and_wages_are_read_to_the_fen():
    row = read_sheet(sheet([("44010119900307001x", "张示例", 6500.1)]))[0]
    assert (row.id_number, row.name, row.wage_fen, row.row_no) == ("44010119900307001X", "张示例", 650_010, 2)


def test_a_number_kept_as_a_number_is_refused_with_the_reason():
    assert problems((440101199003070018, "张示例", 6500)) == ["number_not_text"]
    assert "text" in problem_text("number_not_text")


@pytest.mark.parametrize(
    ("wage", "problem"),
    [
        ("", "wage_missing"),
        ("six", "wage_not_number"),
        ("nan", "wage_not_number"),
        (-1, "wage_negative"),
        (1.005, "wage_too_fine"),
        (1e9, "wage_too_big"),
        ("6,500.00", ""),
    ],
)
def test_a_wage_must_be_an_amount(wage, problem):
    assert problems(("440101199003070018", "张示例", wage)) == [problem]


def test_a_formula_is_not_a_value():
    rows = [("440101199003070018", "张示例", 1)]
    assert [row.problem for row in read_sheet(sheet(rows, formula=("C2", "=1+1")))] == ["formula"]


def test_empty_rows_are_passed_over_and_numbering_stays():
    rows = [("", "", ""), ("440101199003070018", "张示例", 6500)]
    assert [row.row_no for row in read_sheet(sheet(rows))] == [3]


@pytest.mark.parametrize("content", [b"", b"a,b,c\n1,2,3", b"\xd0\xcf\x11\xe0old excel"])
def test_what_is_not_an_xlsx_is_refused(content):
    with pytest.raises(FileRefused):
        read_sheet(content)


def test_wrong_headers_macros_and_bombs_are_refused():
    with pytest.raises(FileRefused):
        read_sheet(sheet([], headers=("号码", "姓名", "工资")))
    with pytest.raises(FileRefused):
        read_sheet(packed({"xl/workbook.xml": b"<x/>", "xl/vbaProject.bin": b"x"}))
    with pytest.raises(FileRefused):
        read_sheet(packed({"xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": bytes(61 * 1024 * 1024)}))
    with pytest.raises(FileRefused):
        read_sheet(bytes(6 * 1024 * 1024))


def packed(parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_template_is_read_back_in_both_languages_and_holds_no_formula(language):
    with translation.override(language):
        content = template([TemplateRow("440101199003070018", "=cmd()", 650_000)])
    row = read_sheet(content)[0]
    assert (row.id_number, row.name, row.wage_fen, row.problem) == ("440101199003070018", "=cmd()", 650_000, "")


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr("dashebao.business.levy.workbooks.MAX_ROWS", 3)
    with pytest.raises(FileRefused):
        read_sheet(sheet([("440101199003070018", "张示例", 1)] * 4))


def test_a_list_of_people_needs_no_wage():
    row = read_sheet(sheet([("44010119900307001x", "张示例")], headers=HEADERS[:2]), PEOPLE)[0]
    assert (row.id_number, row.wage_fen, row.problem) == ("44010119900307001X", None, "")


def test_the_file_of_problems_can_be_corrected_and_read_again():
    content = problems_book([SheetRow(7, "440101199003070018", "张示例", None, "wage_missing")])
    row = read_sheet(content)[0]
    assert (row.id_number, row.name, row.problem) == ("440101199003070018", "张示例", "wage_missing")


def test_the_template_says_how_to_fill_it():
    with zipfile.ZipFile(io.BytesIO(template())) as package:
        assert {"xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"} <= set(package.namelist())
