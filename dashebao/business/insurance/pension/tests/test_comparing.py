"""Retirement choices side by side: months by law, when the later one is ahead, the public calculator."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from django.test import Client

from dashebao.business.insurance.pension.comparing import (
    Situation,
    ahead_of,
    choices,
    longest_record,
    received,
    typed_facts,
    window_of,
)

pytestmark = pytest.mark.django_db  # divisions are read
ON = date(2026, 11, 22)
TYPED = Situation("M60", 197203, "440100", 300, Fraction(6, 5), 12_000_000, 900_000)
ASKED = {
    "category": "M60", "birth": "1972-03", "city": "440100", "months": "300", "index": "1.2", "balance": "120,000.00",
    "base": "9000", "month": "2035-01",
}  # fmt: skip


def compared(own=0, given=TYPED):
    facts, assumed = typed_facts(given, ON)
    return choices(facts, assumed, own)


def test_the_three_months_of_the_law_and_the_own_one_stand_in_order():
    window = window_of(197203, "M60", "440100", ON)
    rows = compared(203501)
    assert [row.kind for row in rows] == ["earliest", "statutory", "own", "latest"]
    assert [row.retire_month for row in rows] == [window["earliest"], window["statutory"], 203501, window["latest"]]


def test_a_month_outside_the_window_is_left_out():
    assert [row.kind for row in compared(205001)] == ["earliest", "statutory", "latest"]


def test_typed_months_and_index_come_back_in_the_sheet():
    facts, _assumed = typed_facts(TYPED, ON)
    assert sum(row.months for row in facts.years) == 300
    first = compared()[0]
    paid_until_then = 300 + (first.retire_month // 100 - 2026) * 12 + first.retire_month % 100 - 11
    assert first.sheet.total_months == paid_until_then
    assert Fraction(first.sheet.average_index) <= Fraction(6, 5)


def test_the_later_one_is_ahead_exactly_from_the_month_told():
    rows = compared()
    for one in ahead_of(rows, 197203):
        assert one.month is not None
        waited = _months(one.later.retire_month) - _months(one.earlier.retire_month)
        paid = _months(one.month) - _months(one.later.retire_month)
        less, more = one.earlier.sheet.monthly_fen, one.later.sheet.monthly_fen
        assert more * paid >= less * (paid + waited)
        assert more * (paid - 1) < less * (paid - 1 + waited)


def _months(month):
    return month // 100 * 12 + month % 100


def test_what_is_received_by_an_age_is_months_times_the_pension():
    row = compared()[1]
    months = (1972 + 80) * 12 + 3 - _months(row.retire_month)
    assert received(row, 197203, 80) == months * row.sheet.monthly_fen
    assert received(row, 197203, 50) == 0


def test_too_few_months_are_told_and_not_compared():
    rows = compared(given=Situation("F50", 198003, "440100", 20, Fraction(1), 100_000, 0))
    assert not any(row.enough for row in rows)
    assert all(one.month is None for one in ahead_of(rows, 198003))


@pytest.mark.django_db
def test_the_public_calculator_answers_without_signing_in():
    page = Client(headers={"accept-language": "en"}).get("/calculator/", ASKED)
    text = page.content.decode()
    assert page.status_code == 200
    assert text.count('class="card choice') == 4
    assert "My choice" in text
    assert "When does waiting pay off?" in text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("birth", "72-3", "Write the month of birth"),
        ("months", "-1", "greater than or equal to 0"),
        ("months", "599", "wages before are not published"),
        ("balance", "much", "Write the amount in yuan"),
        ("base", "-5", "must not be below 0"),
        ("index", "9", "less than or equal to 5"),
        ("city", "990000", "Select a valid choice"),
        ("month", "soon", "Write the month as"),
    ],
)
def test_wrong_entries_are_told_and_kept(name, value, told):
    page = Client(headers={"accept-language": "en"}).get("/calculator/", {**ASKED, name: value})
    text = page.content.decode()
    assert page.status_code == 422
    assert text.count(told) >= 2  # on top and at the field
    if name != "city":
        assert f'value="{value}"' in text


def test_the_record_cannot_be_longer_than_the_wages_are_known():
    assert longest_record("440100", ON) > 300
