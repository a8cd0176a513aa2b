"""An employer's month: staff comes and goes, wages are declared by form and by Excel, the bill has a pay-in slip."""

import io
import re

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from tests.journeys.acts import hand_in, remove_staff

pytestmark = pytest.mark.browser
NEW = ("440101199003070018", "张示例")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def test_staff_is_added_and_removed_at_once(visit):
    page = visit("employer")
    page.goto("/employer/staff/")
    month = re.search(r"20\d\d-\d\d", page.inner_text("main"))[0]
    page.get_by_role("link", name="Add staff").click()
    page.get_by_role("link", name="Add one by one").click()
    page.fill("[name=month]", month)
    page.fill("[name=row-0-id_number]", NEW[0])
    page.fill("[name=row-0-name]", NEW[1])
    page.fill("[name=row-0-wage_fen]", "6500.00")
    hand_in(page)
    assert "Granted" in page.inner_text("main")
    page.goto(f"/employer/staff/?q={NEW[0]}")
    assert NEW[1] in page.inner_text("table")
    remove_staff(page, *NEW)
    page.goto(f"/employer/staff/?q={NEW[0]}")
    assert "Nobody fits" in page.inner_text("main")


def test_a_wrong_number_is_shown_beside_its_field_and_nothing_is_lost(visit):
    page = visit("employer")
    page.goto("/employer/apply/SI-103/")
    page.fill("[name=month]", "2026-12")
    page.fill("[name=row-0-id_number]", "440101199003070019")
    page.fill("[name=row-0-name]", NEW[1])
    page.fill("[name=row-0-wage_fen]", "6500.00")
    page.get_by_role("button", name="Hand in").click()
    assert page.locator(".error-summary").count() == 1
    assert page.locator(".field--error").count() >= 1
    assert page.input_value("[name=row-0-name]") == NEW[1]


def test_the_month_is_declared_by_form(declaration):
    assert "The declaration is recorded" in declaration


def test_an_excel_file_with_mistakes_gives_errors_by_row_and_the_ready_rows_are_taken(visit):
    page = visit("employer")
    page.goto("/employer/declare/")
    with page.expect_download() as loading:
        page.get_by_role("link", name="Excel template").click()
    rows = CalamineWorkbook.from_path(loading.value.path()).get_sheet_by_index(0).to_python()
    wrong = [["44010119900307", "不在册", 5000], [rows[1][0], rows[1][1], "a lot"]]
    page.set_input_files("[name=file]", {"name": "wages.xlsx", "mimeType": XLSX, "buffer": workbook(rows[:4] + wrong)})
    page.get_by_role("button", name="Check the file").click()
    told = page.inner_text("main")
    assert "3 rows are ready" in told
    assert "2 rows to correct" in told
    assert "not on the unit's staff list" in told
    assert "not a number" in told
    page.get_by_role("button", name="Submit the rows that are ready").click()
    assert "The declaration is recorded" in page.locator(".messages").inner_text()


def workbook(rows) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return out.getvalue()


def test_the_bill_of_a_month_has_a_pay_in_slip(visit):
    page = visit("employer")
    page.goto("/employer/bills/")
    page.locator("main table a").last.click()
    told = page.inner_text("main")
    assert "Social insurance pay-in slip" in told
    assert "Total:" in told
    assert "2026-11" in told
