"""From new to put right or dismissed: who may do what, four eyes, stale pages, the pages, scope as the web login."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from python_calamine import CalamineWorkbook

from dashebao.decision.supervision.api import FourEyesNeeded, StaleFinding, Step, SupervisionError, carry_on
from dashebao.decision.supervision.models import Finding, FindingStep
from dashebao.kernel.cases.tests.conftest import signed_in_as
from dashebao.kernel.identity.api import Grant, NotPermitted, Office, User, actor_of
from dashebao.kernel.records.api import SYSTEM, AuditEntry, acting


def supervisor(name: str, role: str = "supervision.officer", region: str = "440000") -> User:
    office, _made = Office.objects.get_or_create(
        code=f"S{region}", defaults={"name": region, "name_en": region, "level": "province", "region_code": region}
    )
    user = User.objects.create_user(name, kind="officer", name=name, office=office)
    Grant.objects.create(user=user, role=role, family="audit", valid_during=(date(2020, 1, 1), None))
    return user


def finding(**changed) -> Finding:
    given = {
        "rule": "paid_after_death", "subject": "line:202611:1", "gravity": 3, "region_code": "440106", "month": 202611,
        "amount_fen": 398_073, "facts": {"died_on": "2026-08-21", "for_month": 202611, "scheme": "110"}, **changed,
    }  # fmt: skip
    return Finding.objects.create(**given)


@pytest.fixture
def system(db):
    with acting(SYSTEM, "test"):
        yield


@pytest.fixture
def item(system) -> Finding:
    return finding()


@pytest.fixture
def officers(system) -> tuple[User, User]:
    return supervisor("one"), supervisor("two")


def go(item: Finding, by: User, act: str, note: str = "查过", amount: int | None = None) -> Finding:
    version = Finding.objects.values_list("version", flat=True).get(pk=item.pk)
    return carry_on(item.pk, Step(act, version, note, amount), by)


def test_an_item_is_checked_confirmed_and_put_right(item, officers):
    for act, amount, state in (
        ("take", None, "new"),
        ("check", None, "checked"),
        ("confirm", None, "confirmed"),
        ("recover", 398_073, "recovered"),
    ):
        assert go(item, officers[0], act, amount=amount).state == state
    row = Finding.objects.get(pk=item.pk)
    assert (row.assigned_name, row.recovered_fen, row.closed_by) == ("one", 398_073, officers[0].pk)
    assert list(FindingStep.objects.order_by("id").values_list("act", flat=True)) == [
        "take",
        "check",
        "confirm",
        "recover",
    ]
    assert AuditEntry.objects.filter(verb__startswith="supervision.").count() == 4


def test_a_dismissal_needs_a_second_officer(item, officers):
    go(item, officers[0], "propose")
    with pytest.raises(FourEyesNeeded):
        go(item, officers[0], "dismiss")
    assert go(item, officers[1], "keep").proposed_by is None
    go(item, officers[0], "propose")
    assert go(item, officers[1], "dismiss").state == "dismissed"


def test_the_database_refuses_a_dismissal_by_one_officer_alone(item, officers):
    with pytest.raises(IntegrityError), transaction.atomic():
        Finding.objects.filter(pk=item.pk).update(state="dismissed", proposed_by=1, closed_by=1)


@pytest.mark.parametrize(
    ("act", "note", "amount"),
    [("dismiss", "x", None), ("recover", "x", 1), ("check", " ", None), ("nonsense", "x", None)],
)
def test_steps_out_of_order_or_without_words_are_refused(item, officers, act, note, amount):
    with pytest.raises(SupervisionError):
        go(item, officers[0], act, note, amount)


def test_a_stale_page_changes_nothing(item, officers):
    go(item, officers[0], "check")
    with pytest.raises(StaleFinding):
        carry_on(item.pk, Step("confirm", 1, "x"), officers[1])


def test_money_that_came_back_is_never_negative(item, officers):
    go(item, officers[0], "check")
    go(item, officers[0], "confirm")
    with pytest.raises(SupervisionError):
        go(item, officers[0], "recover", amount=-1)


def test_a_reader_changes_nothing(item, officers):
    with pytest.raises(NotPermitted):
        go(item, supervisor("reader", "supervision.viewer"), "check")


PAGES = ("supervision_findings", "supervision_rules")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_pages_open_for_a_supervisor_and_for_nobody_else(client, item, officers, page, language):
    client.cookies["django_language"] = language
    client.force_login(officers[0])
    assert client.get(reverse(page)).status_code == 200
    client.force_login(supervisor("clerk", "audit.reader"))
    assert client.get(reverse(page)).status_code == 403


def test_an_item_is_worked_on_through_its_page(client, item, officers):
    client.cookies["django_language"] = "en"
    client.force_login(officers[0])
    address = reverse("supervision_finding", args=[item.pk])
    page = client.get(address).content.decode()
    assert "Paid after death" in page
    assert "3,980.73" in page
    assert 'value="confirm"' not in page
    answer = client.post(address, {"act": "check", "version": 1, "note": ""})
    assert answer.status_code == 200
    assert "error-summary" in answer.content.decode()
    assert client.post(address, {"act": "check", "version": 1, "note": "asked the family"}).status_code == 302
    assert "asked the family" in client.get(address).content.decode()
    client.post(address, {"act": "confirm", "version": 2, "note": "x"})
    client.post(address, {"act": "recover", "version": 3, "note": "x", "amount": "3,980.73"})
    assert Finding.objects.get(pk=item.pk).recovered_fen == 398_073


def test_the_list_is_narrowed_by_state_area_rule_and_officer(client, item, officers):
    finding(rule="bulk_query", subject="bulk:1", gravity=2, facts={"officer": "陈某"}, amount_fen=None, state="checked")
    client.cookies["django_language"] = "en"
    client.force_login(officers[0])

    def listed(query: str) -> int:
        return client.get(reverse("supervision_findings") + query).content.decode().count("/counter/supervision/items/")

    assert [listed(q) for q in ("", "?state=new", "?area=control", "?rule=bulk_query&state=all", "?mine=1", "?state=x&area=y")] == [
        2, 1, 1, 1, 0, 2,
    ]  # fmt: skip


def test_the_file_has_the_chosen_items_and_leaves_a_line_in_the_trail(client, item, officers):
    client.cookies["django_language"] = "en"
    client.force_login(officers[0])
    answer = client.get(reverse("supervision_findings") + "?state=new&as=xlsx")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert rows[2][1] == "Paid after death"
    assert rows[2][5] == 3980.73
    assert AuditEntry.objects.filter(verb="supervision.exported").count() == 1


def test_the_list_asks_a_fixed_number_of_questions(client, officers, django_assert_max_num_queries):
    for number in range(30):
        finding(subject=f"line:{number}")
    client.force_login(officers[0])
    client.get(reverse("supervision_findings"))
    with django_assert_max_num_queries(18):
        client.get(reverse("supervision_findings"))


@pytest.mark.django_db(transaction=True)
def test_a_citys_supervisor_sees_and_changes_the_citys_items_only():
    with acting(SYSTEM, "test"):
        here, there = finding(), finding(subject="line:2", region_code="440300")
        user = supervisor("gz", region="440100")
    with signed_in_as("dashebao_web"):
        with acting(actor_of(user)):
            assert list(Finding.objects.values_list("pk", flat=True)) == [here.pk]
        assert carry_on(here.pk, Step("check", 1, "x"), user).state == "checked"
        with pytest.raises(SupervisionError):
            carry_on(there.pk, Step("check", 1, "x"), user)
