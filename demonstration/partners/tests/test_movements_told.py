"""People's movements reach the tax office, each once, in signed files; what it refuses is told again."""

import json
from datetime import date

import pytest
from django.db import connection

from dashebao.business.levy.actions.telling import refused_for_good, tell_movements
from dashebao.business.levy.api import Leaving, stop
from dashebao.business.levy.models import MovementRefusal, MovementTold
from dashebao.business.levy.rates import due_on
from dashebao.business.levy.tests.conftest import MONTH, World
from dashebao.kernel.exchange.api import register_partner, sent, turn
from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.kernel.registry.api import change_person
from demonstration.partners import tax_office
from demonstration.partners.introduction import introduce
from demonstration.partners.tax_office import TaxOffice


@pytest.fixture
def office(db, settings, tmp_path):
    settings.DATA = tmp_path
    with acting(SYSTEM, why="test"):
        for code, title, key in introduce(tmp_path):
            register_partner(code, title, key)
    return TaxOffice(tmp_path)


def tell(office):
    with acting(SYSTEM, why="test"):
        rows = tell_movements(MONTH)
    turn()
    office.turn()
    turn()
    return rows


def held(office, person, unit):
    body = office.db.execute(
        "select body from registration where subject = 'person' and id = ?", (f"{person}:{unit}",)
    ).fetchone()
    return json.loads(body[0]) if body else None


def test_joining_changing_and_leaving_reach_the_tax_office_once(office, monkeypatch):
    monkeypatch.setattr(tax_office, "WRONG_IDENTITY", 0)
    with acting(SYSTEM, why="test"):
        world = World()
        unit = world.unit()
        first, second = world.staff(unit, [500_000, 600_000])
    assert tell(office) == 2
    assert tell(office) == 0
    assert held(office, first, unit)["schemes"] == ["110", "210", "310", "410", "510"]
    with acting(SYSTEM, why="test"):
        stop(unit, [Leaving(first, 202612)])
        change_person(second, name="新名字")
    assert tell(office) == 2
    assert held(office, first, unit) | {"schemes": [], "until": 202612} == held(office, first, unit)
    assert held(office, second, unit)["name"] == "新名字"
    with acting(SYSTEM, why="test"):
        assert MovementTold.objects.count() == 4
        assert not MovementRefusal.objects.exists()


def test_a_refused_movement_is_told_again_and_then_no_more(office, monkeypatch):
    monkeypatch.setattr(tax_office, "WRONG_IDENTITY", 1_000_000)
    with acting(SYSTEM, why="test"):
        world = World()
        unit = world.unit()
        [person] = world.staff(unit, [500_000])
    assert tell(office) == 1
    assert held(office, person, unit) is None
    with acting(SYSTEM, why="test"):
        [refusal] = MovementRefusal.objects.all()
        assert (refusal.code, refusal.text) == ("E06", "证件号码与姓名核验不一致")
    assert tell(office) == 1
    assert held(office, person, unit)["schemes"]
    assert tell(office) == 0


def test_a_movement_refused_at_every_try_is_left_to_an_officer(office, monkeypatch):
    monkeypatch.setattr(TaxOffice, "_wrong_identity", lambda self, row: ("E06", "不一致"))
    with acting(SYSTEM, why="test"):
        world = World()
        world.staff(world.unit(), [500_000])
    assert [tell(office) for _ in range(4)] == [1, 1, 1, 0]
    with acting(SYSTEM, why="test"):
        assert [row.text for row in refused_for_good()] == ["不一致"]


def test_files_are_made_set_based(office, django_assert_max_num_queries):
    with acting(SYSTEM, why="test"):
        world = World()
        world.staff(world.unit(), [500_000] * 300)
        with django_assert_max_num_queries(24):
            assert tell_movements(MONTH) == 300
        assert sent("tax", "T01:persons-1") is not None
    assert connection.vendor == "postgresql"


def test_a_due_day_on_a_rest_day_moves_to_the_next_working_day():
    assert due_on("440106", 202611) == date(2026, 11, 25)
    assert due_on("440106", 202610) == date(2026, 10, 26)
    assert due_on("440106", 202301) == date(2023, 1, 25)
