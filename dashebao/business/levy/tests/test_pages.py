"""The levy's pages: staff list, declaration by form and file, bills, slips, records, unallocated money."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from dashebao.business.levy.actions.assessing import assess_range
from dashebao.business.levy.actions.billing import bill_range
from dashebao.business.levy.api import Declared, declare, open_month, staff_of
from dashebao.business.levy.models import Bill, Declaration, Unallocated
from dashebao.business.levy.queries.rosters import LAST_ID, PayerRange
from dashebao.business.levy.screens_panels import own_bills
from dashebao.business.levy.tests import tax_office
from dashebao.business.levy.tests.conftest import GUANGZHOU
from dashebao.business.levy.tests.test_workbooks import sheet
from dashebao.kernel.cases.api import today
from dashebao.kernel.cases.tests.people import officer
from dashebao.kernel.identity.api import User, appoint_operator
from dashebao.platform.screens.api import Ask, Face


@pytest.fixture
def settings(settings):
    """Pages need no built static files in tests."""
    settings.STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    return settings


def signed_in(**who):
    """A client of a new operator or citizen, or of an officer given as `user`."""
    user = who.get("user")
    if user is None:
        kind = "operator" if "unit_id" in who else "citizen"
        user = User(username=f"{kind}-{next(iter(who.values()))}", kind=kind, name="U", **who)
        user.set_unusable_password()
        user.save()
        if kind == "operator":
            appoint_operator(user)
    client = Client(HTTP_ACCEPT_LANGUAGE="en")
    client.force_login(user, "dashebao.kernel.identity.backends.PasswordBackend")
    return client


@pytest.fixture
def month():
    """The month that is open today."""
    return open_month(today())


def test_the_staff_list_shows_the_units_own_people_only(world, month):
    mine, other = world.unit(), world.unit()
    world.staff(mine, [600_000], month)
    world.staff(other, [900_000], month)
    page = signed_in(unit_id=mine).get(reverse("levy_staff"))
    assert page.status_code == 200
    assert "6,000.00" in page.content.decode()
    assert "9,000.00" not in page.content.decode()


def test_a_month_is_declared_by_form_with_the_rows_that_are_ready(world, month):
    unit = world.unit()
    people = world.staff(unit, [600_000, 700_000], month)
    client = signed_in(unit_id=unit)
    wages = {f"wage_{people[0]}": "6,500.00", f"wage_{people[1]}": "much"}
    preview = client.post(reverse("levy_declare"), {"act": "form", **wages})
    assert preview.status_code == 422
    assert preview.context["count"] == 1
    sent = {"act": "ready", "ready": preview.context["ready"], "source": "form", "key": "k1"}
    assert client.post(reverse("levy_declare"), sent).status_code == 302
    assert client.post(reverse("levy_declare"), sent).status_code == 302
    assert Declaration.objects.get().row_count == 1
    assert sorted(row.wage_fen for row in staff_of(unit, month)) == [650_000, 700_000]


def test_a_month_is_declared_by_excel(world, month):
    unit = world.unit()
    world.staff(unit, [600_000], month)
    row = staff_of(unit, month)[0]
    content = sheet([(row.id_number, row.name, 8000), ("440101199003070018", "", 5000)])
    client = signed_in(unit_id=unit)
    page = client.post(reverse("levy_declare"), {"act": "upload", "file": SimpleUploadedFile("d.xlsx", content)})
    assert page.context["refused"] == 1
    assert "not on the unit" in page.content.decode()
    client.post(
        reverse("levy_declare"), {"act": "ready", "ready": page.context["ready"], "source": "excel", "key": "k"}
    )
    assert Declaration.objects.get().channel == "excel"
    assert staff_of(unit, month)[0].wage_fen == 800_000


def test_a_page_that_was_tampered_with_is_refused(world, month):
    unit = world.unit()
    world.staff(unit, [600_000], month)
    client = signed_in(unit_id=unit)
    client.post(reverse("levy_declare"), {"act": "ready", "ready": "abc:def", "source": "form", "key": "k"})
    assert not Declaration.objects.exists()


def test_the_template_holds_the_staff(world, month):
    unit = world.unit()
    world.staff(unit, [600_000], month)
    answer = signed_in(unit_id=unit).get(reverse("levy_template"))
    assert answer.content[:2] == b"PK"


def billed(world, month):
    """A unit with one bill, and its worker."""
    unit = world.unit()
    person = world.staff(unit, [600_000], month)[0]
    declare(Declared(unit, month))
    assess_range(PayerRange(unit, unit), month)
    bill_range(PayerRange(unit, unit), month)
    return unit, person


def test_bills_and_slips_are_for_the_payer(world, month):
    unit, _person = billed(world, month)
    bill = Bill.objects.get()
    client = signed_in(unit_id=unit)
    assert "1,440.00" in client.get(reverse("levy_slip", args=[bill.pk])).content.decode()
    assert client.get(reverse("levy_bills")).status_code == 200
    assert signed_in(unit_id=world.unit()).get(reverse("levy_slip", args=[bill.pk])).status_code == 404
    clerk = signed_in(user=officer("levy.clerk"))
    assert clerk.get(reverse("levy_counter_slip", args=[bill.pk])).status_code == 200


def test_a_record_is_shown_to_its_person_and_at_the_counter(world, month):
    _unit, person = billed(world, month)
    tax_office.pay_everything(month)
    page = signed_in(person_id=person).get(reverse("levy_record")).content.decode()
    assert "6,000.00" in page
    assert "Unit 1" in page
    clerk = signed_in(user=officer("levy.clerk"))
    assert clerk.get(reverse("levy_person", args=[person])).status_code == 200


def test_a_flexible_worker_sees_the_own_bill(world, month):
    person = world.flexible(600_000, month)
    assess_range(PayerRange(0, LAST_ID, alone=True), month)
    bill_range(PayerRange(0, LAST_ID, alone=True), month)
    ask = Ask(person, None, Face.PORTAL, today())
    table = own_bills(ask)
    items = {
        item.scheme: item.employer_fen + item.worker_fen for item in Bill.objects.get(person_id=person).items.all()
    }
    assert items["110"] == 120_000
    assert table.rows[0][2] == sum(items.values())


def test_unallocated_money_is_matched_at_the_counter(world, month):
    unit, _person = billed(world, month)
    item = Bill.objects.get().items.get(scheme="110")
    tax_office.report(month, [tax_office.paid_row(item) | {"item": "", "payer_id": 0}])
    money = Unallocated.objects.get()
    client = signed_in(user=officer("levy.reviewer", region=GUANGZHOU))
    assert client.get(reverse("levy_money")).status_code == 200
    code = f"91440101{1:010d}"
    client.post(reverse("levy_money"), {"money": money.pk, "act": "match", "credit_code": code})
    assert money.uses.get().unit_id == unit
