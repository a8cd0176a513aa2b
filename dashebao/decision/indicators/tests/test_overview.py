"""The overview: who may open it, what a city's leader sees, charts with their tables, the Excel file."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from dashebao.decision.indicators.models import IndicatorValue
from dashebao.kernel.identity.api import Grant, Office, User
from dashebao.kernel.records.api import SYSTEM, acting

MONTH = 202611
CITIES = {"440100": 120, "440300": 80, "440500": 15}


def officer(name: str, role: str, region: str, family: str = "business") -> User:
    level = "province" if region.endswith("0000") else "city"
    office, _made = Office.objects.get_or_create(
        code=f"O{region}", defaults={"name": region, "name_en": region, "level": level, "region_code": region}
    )
    user = User.objects.create_user(name, kind="officer", name=name, office=office)
    Grant.objects.create(user=user, role=role, family=family, valid_during=(date(2020, 1, 1), None))
    return user


def put(code: str, region: str, value: int, month: int = MONTH, scheme: str = "110", part: str = "") -> None:
    IndicatorValue.objects.create(code=code, region_code=region, month=month, scheme=scheme, part=part, value=value)


@pytest.fixture
def figures(db):
    with acting(SYSTEM, "test"):
        for month in (202511, 202610, MONTH):
            for region, insured in {"440000": 215, **CITIES}.items():
                put("insured", region, insured, month)
                put("insured", region, insured, month, scheme="")
                put("pensioners", region, insured // 5, month)
                put("collected", region, insured * 100_000, month)
            put("income", "440000", 123_456_789_000, month)
            put("expense", "440000", 100_000_000_000, month)
            put("income_year", "440000", 1_123_456_789_000, month)
            put("balance", "440000", 9_876_543_210_000, month)
        put("months_payable", "440000", 384)
        for part, count in (("20", 40), ("30", 60), ("60", 3)):
            put("insured_age", "440000", count, part=part)
        yield


@pytest.fixture
def leader(figures) -> User:
    return officer("leader", "leader.viewer", "440000")


def shown(client, user: User, address: str, language: str = "en") -> str:
    client.force_login(user)
    client.cookies["django_language"] = language
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return answer.content.decode()


@pytest.mark.parametrize(("language", "words"), [("zh-hans", "可支付月数"), ("en", "Months payable")])
def test_a_leader_sees_figures_charts_and_their_tables(client, leader, language, words):
    page = shown(client, leader, reverse("overview"), language)
    assert words in page
    assert "38.4" in page
    assert page.count("<svg") >= 6
    assert page.count('class="chart-table"') >= 4
    assert "215" in page


def test_large_money_is_written_in_the_unit_of_the_language(client, leader):
    assert "112.35" in shown(client, leader, reverse("overview"), "zh-hans")
    assert "11,234.57" in shown(client, leader, reverse("overview"), "en")


def test_a_city_leads_to_its_own_page_and_back(client, leader):
    page = shown(client, leader, reverse("overview"))
    assert "region=440300" in page
    city = shown(client, leader, reverse("overview") + "?region=440300")
    assert "region=440000" in city
    assert ">80<" in city


def test_a_city_leader_sees_the_city_and_nothing_else(client, figures):
    user = officer("city", "leader.viewer", "440300")
    page = shown(client, user, reverse("overview"))
    assert "215" not in page
    assert "region=440100" not in page
    assert client.get(reverse("overview") + "?region=440100").status_code == 404
    assert client.get(reverse("overview") + "?region=440000&as=xlsx").status_code == 404


@pytest.mark.parametrize("page", ["overview", "indicators"])
def test_other_duties_are_refused(client, figures, page):
    client.force_login(officer("clerk", "levy.clerk", "440000"))
    assert client.get(reverse(page)).status_code == 403


def test_the_wall_screen_is_dark_and_keeps_the_choice(client, leader):
    page = shown(client, leader, reverse("overview") + "?wall=1&scheme=110")
    assert 'data-theme="dark"' in page
    assert 'name="wall" value="1"' in page


def test_a_nonsense_address_shows_the_newest_month(client, leader):
    page = shown(client, leader, reverse("overview") + "?month=abc&scheme=999&metric=x")
    assert "2026-11-30" in page


def test_a_place_without_figures_says_so(client, leader):
    assert "No figures have been computed" in shown(client, leader, reverse("overview") + "?region=440600")


def test_the_excel_file_has_the_tables_of_the_page(client, leader):
    client.force_login(leader)
    client.cookies["django_language"] = "en"
    answer = client.get(reverse("overview") + "?scheme=110&as=xlsx")
    assert answer["Content-Disposition"] == f'attachment; filename="overview-440000-110-{MONTH}.xlsx"'
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    assert len(book.sheet_names) == 5
    rows = book.get_sheet_by_name("Places side by side").to_python()
    assert [row[1] for row in rows[2:] if row[0] == "Shenzhen City" or row[0] == "Shenzhen"] == [80]
    flow = book.get_sheet_by_name("Income and expense by month").to_python()
    assert flow[-1][:3] == ["2026-11", 1_234_567_890.0, 1_000_000_000.0]


def test_the_page_asks_a_fixed_number_of_questions(client, leader, django_assert_max_num_queries):
    client.force_login(leader)
    client.get(reverse("overview"))
    with django_assert_max_num_queries(36):
        client.get(reverse("overview"))


def test_the_catalogue_names_every_indicator(client, leader):
    page = shown(client, leader, reverse("indicators"), "zh-hans")
    assert "抚养比" in page
    assert "社会保险法" in page
