"""Panels of a person and a unit answer for the day asked for, and for what was known at an earlier moment."""

from datetime import date

import pytest
from django.utils import timezone

from dashebao.business.levy import screens_panels as panels
from dashebao.business.levy.actions.registering import change_unit, close_unit, set_injury_rate
from dashebao.business.levy.api import Leaving, stop
from dashebao.business.levy.queries.histories import contributions_known
from dashebao.business.levy.tests.conftest import World
from dashebao.platform.screens.api import Ask, Face

pytestmark = pytest.mark.django_db


def ask(subject, on=None, known_at=None):
    return Ask(subject, None, Face.COUNTER, on or timezone.localdate(), known_at)


def states(table):
    return [str(row[-1].text) for row in table.rows]


def test_a_relation_that_ended_since_was_still_running_as_it_was_known(world: World):
    unit = world.unit()
    person = world.staff(unit, [600_000], 202601)[0]
    before = timezone.now()
    stop(unit, [Leaving(person, 202607)])
    assert [row[4] for row in panels.relations(ask(person)).rows] == [202606]
    assert [row[4] for row in panels.relations(ask(person, known_at=before)).rows] == [None]


def test_a_relation_is_running_or_not_on_the_day_asked_for(world: World):
    unit = world.unit()
    person = world.staff(unit, [600_000], 202601)[0]
    stop(unit, [Leaving(person, 202607)])
    assert states(panels.relations(ask(person, date(2026, 3, 1)))) == ["Active"]
    assert states(panels.relations(ask(person, date(2026, 8, 1)))) == ["Ended"]
    assert states(panels.relations(ask(person, date(2025, 8, 1)))) == ["Begins later"]


def test_a_registration_shows_the_account_and_the_rate_of_its_time(world: World):
    unit = world.unit(risk_class=2, debit_account="3602000011112222")
    before = timezone.now()
    change_unit(unit, {"debit_account": "3602000019200012345"})
    set_injury_rate(unit, 5, 120, 202606)

    def shown(**given):
        facts = {fact.label: fact.value for fact in panels.unit_registration(ask(unit, **given)).items}
        return facts["Account for the debit"], facts["Injury rate"]

    assert shown(on=date(2026, 7, 1)) == ("3602000019200012345", "Class 5, 120 %")
    assert shown(on=date(2026, 3, 1)) == ("3602000019200012345", "Class 2, 100 %")
    assert shown(on=date(2026, 7, 1), known_at=before) == ("3602000011112222", "Class 2, 100 %")


def test_a_closed_registration_is_shown_for_the_days_it_was_open(world: World):
    unit = world.unit()
    close_unit(unit, date(2026, 6, 30))
    assert panels.unit_registration(ask(unit)) is None
    assert panels.unit_registration(ask(unit, date(2026, 3, 1))) is not None
    assert panels.unit_registration(ask(unit, date(2025, 3, 1))) is None


def test_contributions_known_by_a_month_are_those_billed_by_then_and_not_yet_paid(monkeypatch):
    line = panels.LineView(202607, 202607, 1, "U", 1, 1, 0, 1, {"110": 1}, {"110": 1}, {"110": 1}, {"110": 202608})
    monkeypatch.setattr("dashebao.business.levy.queries.histories.contributions_of", lambda *_: [line])
    assert contributions_known(1, 0, 999912, 202606) == []
    assert contributions_known(1, 0, 999912, 202607)[0].paid_month == {"110": 0}
    assert contributions_known(1, 0, 999912, 202608)[0].paid_month == {"110": 202608}
