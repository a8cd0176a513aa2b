"""A pension's panels answer for the day asked for, and for what was known at an earlier moment."""

from datetime import date

import pytest
from django.utils import timezone

from dashebao.business.insurance.common.actions import Stop, suspend_benefit
from dashebao.business.insurance.common.api import benefits_of
from dashebao.business.insurance.common.models import BenefitComponent, StopReason
from dashebao.business.insurance.common.monthly import activate
from dashebao.business.insurance.common.screens import (
    benefit_panel,
    component_panel,
    interruption_panel,
    monthly_figure,
)
from dashebao.business.insurance.pension.screens import award_panel
from dashebao.business.insurance.pension.tests.world import retired
from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.platform.screens.api import Ask, Face

pytestmark = pytest.mark.django_db


@pytest.fixture
def pensioner():
    """A pension paid from September 2026, raised by 100 yuan from October on."""
    with acting(SYSTEM, why="test"):
        human = retired(date(2026, 8, 20), worker_principal=4_000_000)
        activate(202609, 1, 10**9)
        benefit = benefits_of(human.id)[0]
        BenefitComponent.objects.create(
            benefit_id=benefit.id, person_id=human.id, region_code=human.region_code, kind="increase-2026",
            from_month=202610, amount_fen=10_000, source="test",
        )  # fmt: skip
        yield human


def ask(human, on, known_at=None):
    return Ask(human.id, None, Face.COUNTER, on, known_at)


def state(human, on, known_at=None):
    found = benefit_panel(ask(human, on, known_at))
    return str(found.items[1].value.text) if found else None


def test_the_state_and_the_amount_are_those_of_the_month_asked_for(pensioner):
    first = sum(row.amount_fen for row in BenefitComponent.objects.filter(from_month__lt=202610))
    assert [state(pensioner, date(2026, month, 15)) for month in (8, 9, 10)] == [
        "Granted, not yet due",
        "Being paid",
        "Being paid",
    ]
    amounts = [benefit_panel(ask(pensioner, date(2026, month, 15))).items[3].value for month in (9, 10)]
    assert amounts == [first, first + 10_000]
    assert monthly_figure(ask(pensioner, date(2026, 9, 15))).items[0].value == first
    parts = [row[0] for row in component_panel(ask(pensioner, date(2026, 9, 15))).rows]
    assert "Increase of 2026" not in parts


def test_an_interruption_is_known_from_the_moment_it_was_recorded(pensioner):
    before = timezone.now()
    suspend_benefit(benefits_of(pensioner.id)[0].id, Stop(StopReason.PRISON, 202610), by=SYSTEM)
    october = date(2026, 10, 15)
    assert (state(pensioner, october), state(pensioner, october, before)) == ("Payment suspended", "Being paid")
    assert state(pensioner, date(2026, 9, 15)) == "Being paid"
    assert len(interruption_panel(ask(pensioner, october)).rows) == 1
    assert interruption_panel(ask(pensioner, october, before)) is None


def test_the_award_is_shown_from_its_month_and_its_decision_on(pensioner):
    assert award_panel(ask(pensioner, date(2026, 8, 1))) is None
    assert award_panel(ask(pensioner, date(2026, 9, 1))) is not None
    known = timezone.make_aware(timezone.datetime(2026, 8, 19, 12))
    assert award_panel(ask(pensioner, date(2026, 9, 1), known)) is None
