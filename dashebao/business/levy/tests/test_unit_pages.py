"""The employer portal's pages of the levy: filters, Excel lists, bases, bills by person, to-do, rights."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from python_calamine import CalamineWorkbook

from dashebao.business.levy.models import Bill, Declaration
from dashebao.business.levy.queries.bases import changes_of
from dashebao.business.levy.queries.enrolments import staff_of
from dashebao.business.levy.screens_overview import unit_calendar, unit_todo
from dashebao.business.levy.tests import tax_office
from dashebao.business.levy.tests.test_items import human
from dashebao.business.levy.tests.test_pages import billed, month, settings, signed_in
from dashebao.business.levy.tests.test_workbooks import HEADERS, sheet
from dashebao.kernel.cases.api import today
from dashebao.kernel.identity.api import OperatorEntry, User, give_rights, invite_operator
from dashebao.platform.screens.api import Ask, Face

__all__ = ["month", "settings"]
NEW = ("440101199003070018", "张示例")


def upload(client, page, rows, headers=HEADERS, **more):
    """Send a file to a page."""
    file = SimpleUploadedFile("list.xlsx", sheet(rows, headers=headers))
    return client.post(reverse(page), {"act": "upload", "file": file, **more})


def written(month):
    """yyyymm as the browser sends it."""
    return f"{month // 100}-{month % 100:02d}"


def test_people_join_by_excel_and_the_wrong_rows_come_back_as_a_file(world, month):
    unit = world.unit()
    client = signed_in(unit_id=unit)
    rows = [(*NEW, 6500), ("440101199003070019", "李示例", 5000), ("", "王示例", 5000)]
    page = upload(client, "levy_join", rows, month=written(month), identity="1")
    assert page.status_code == 422
    assert (page.context["count"], page.context["refused"]) == (1, 2)
    problems = client.post(reverse("levy_join"), {"act": "problems", "problems": page.context["problems"]})
    table = CalamineWorkbook.from_filelike(io.BytesIO(problems.content)).get_sheet_by_index(0).to_python()
    assert [row[1] for row in table[1:]] == ["李示例", "王示例"]
    sent = {"act": "ready", "ready": page.context["ready"], "key": "k", "month": written(month), "identity": "1"}
    assert client.post(reverse("levy_join"), sent).status_code == 302
    assert client.post(reverse("levy_join"), sent).status_code == 302
    assert [(row.id_number, row.wage_fen) for row in staff_of(unit, month)] == [(NEW[0], 650_000)]


def test_people_on_the_list_or_insured_elsewhere_are_told_apart(world, month):
    mine, other = world.unit(), world.unit()
    world.staff(mine, [600_000], month)
    world.staff(other, [600_000], month)
    here, there = staff_of(mine, month)[0], staff_of(other, month)[0]
    rows = [(row.id_number, row.name, 5000) for row in (here, there)]
    page = upload(signed_in(unit_id=mine), "levy_join", rows, month=written(month))
    assert page.context["refused"] == 2


def test_people_leave_by_excel(world, month):
    unit = world.unit()
    people = world.staff(unit, [600_000, 700_000], month)
    leaving = next(row for row in staff_of(unit, month) if row.person_id == people[0])
    client = signed_in(unit_id=unit)
    given = {"last_month": written(month), "kind": "stop"}
    page = upload(client, "levy_leave", [(leaving.id_number, leaving.name)], headers=HEADERS[:2], **given)
    client.post(reverse("levy_leave"), {"act": "ready", "ready": page.context["ready"], "key": "k", **given})
    listed = client.get(reverse("levy_staff"), {"state": "leaving"}).content.decode()
    assert f"/staff/{people[0]}/" in listed
    assert f"/staff/{people[1]}/" not in listed


def test_the_staff_list_is_filtered_and_downloaded(world, month):
    unit = world.unit()
    people = world.staff(unit, [600_000] * 3, month)
    name = next(row.name for row in staff_of(unit, month) if row.person_id == people[1])
    client = signed_in(unit_id=unit)
    page = client.get(reverse("levy_staff"), {"q": name, "scheme": "110"}).content.decode()
    assert f"/staff/{people[1]}/" in page
    assert f"/staff/{people[0]}/" not in page
    assert "%" not in client.get(reverse("levy_staff"), {"q": "%"}).context["table"].rows
    content = client.get(reverse("levy_staff_file")).content
    assert len(CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()) == 4
    assert client.get(reverse("levy_staff_person", args=[people[0]])).status_code == 200
    assert signed_in(unit_id=world.unit()).get(reverse("levy_staff_person", args=[people[0]])).status_code == 404


def test_new_bases_show_their_difference_and_are_handed_in(world, month):
    unit = world.unit()
    person = world.staff(unit, [600_000], month)[0]
    change = changes_of(unit, month, {person: 800_000})[0]
    assert (change.base_before_fen, change.base_after_fen) == (600_000, 800_000)
    assert change.difference_fen > 0
    client = signed_in(unit_id=unit)
    assert client.get(reverse("levy_bases")).status_code == 200
    page = client.post(reverse("levy_bases"), {"act": "form", f"wage_{person}": "8,000.00"})
    assert page.context["preview_table"].rows[0][5] == change.difference_fen
    client.post(reverse("levy_bases"), {"act": "ready", "ready": page.context["ready"], "key": "k"})
    assert Declaration.objects.get().kind == "annual"
    assert staff_of(unit, month)[0].wage_fen == 800_000


def test_a_bill_is_read_by_person_by_file_and_with_its_receipts(world, month):
    unit, person = billed(world, month)
    tax_office.pay_everything(month)
    bill, client = Bill.objects.get(), signed_in(unit_id=unit)
    assert "6,000.00" in client.get(reverse("levy_bill_lines", args=[bill.pk])).content.decode()
    book = CalamineWorkbook.from_filelike(io.BytesIO(client.get(reverse("levy_bill_file", args=[bill.pk])).content))
    assert [len(book.get_sheet_by_index(number).to_python()) for number in (0, 1)] == [6, 2]
    assert len(client.get(reverse("levy_slip", args=[bill.pk])).context["receipts"].rows) == 5
    assert len(client.get(reverse("levy_receipts")).context["table"].rows) == 5
    other = signed_in(unit_id=world.unit())
    for name in ("levy_bill_lines", "levy_bill_file"):
        assert other.get(reverse(name, args=[bill.pk])).status_code == 404
    assert person


def test_the_overview_says_what_is_to_be_done(world, month):
    unit = world.unit()
    world.staff(unit, [600_000], month)
    ask = Ask(unit, None, Face.EMPLOYER, today())
    tasks = [row[1].href for row in unit_todo(ask).rows]
    assert reverse("levy_declare") in tasks
    assert reverse("levy_bases") in tasks
    assert len(unit_calendar(ask).rows) >= 3
    assert unit_todo(Ask(world.bare_unit(), None, Face.EMPLOYER, today())) is None


def colleague(unit, *rights):
    """A client of an operator with these rights, invited by the unit's main operator."""
    main = signed_in(unit_id=unit)
    by = User.objects.get(unit_id=unit, pk=main.session["_auth_user_id"])
    user, _start = invite_operator(OperatorEntry(f"colleague{len(rights)}", "C", rights), by)
    return signed_in(user=user), user, by


PAGES = {
    "levy_join": "unit.staff",
    "levy_leave": "unit.staff",
    "levy_declare": "unit.declaration",
    "levy_bases": "unit.declaration",
    "levy_certificates": "unit.certificates",
    "employer_operators": "unit.main",
    "employer_invite": "unit.main",
}


def test_each_page_opens_for_its_right_only(world, month):
    unit = world.unit()
    client, user, by = colleague(unit, "unit.view")
    for name in PAGES:
        assert client.get(reverse(name)).status_code == 403, name
    for name in ("employer_home", "levy_staff", "levy_bills", "levy_receipts", "employer_messages"):
        assert client.get(reverse(name)).status_code == 200, name
    give_rights(user, ["unit.staff"], by)
    assert client.get(reverse("levy_join")).status_code == 200
    assert client.get(reverse("levy_declare")).status_code == 403


@pytest.mark.parametrize(
    ("code", "right"), [("SI-103", "unit.staff"), ("SI-3012", "unit.certificates"), ("SI-1022", "")]
)
def test_an_item_is_open_for_its_right_only(world, code, right):
    client, user, by = colleague(world.unit(), "unit.view")
    address = reverse("employer_apply", args=[code])
    assert client.get(address).status_code == 403
    if right:
        give_rights(user, [right], by)
        assert client.get(address).status_code == 200
    human("440305197604120022")
