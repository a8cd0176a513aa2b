"""After a death: the pension stops, what was paid beyond is owed, survivors are paid less that."""

from datetime import date

import pytest

from dashebao.business.fund.api import lines_of
from dashebao.business.insurance.common.api import (
    Instalment,
    Overpayment,
    Plan,
    Reclaim,
    StopReason,
    balances_of,
    benefits_of,
    overpayments_of,
    plan_instalments,
    reclaim,
)
from dashebao.business.insurance.common.monthly import activate, entitle
from dashebao.business.insurance.pension.actions import PensionError
from dashebao.business.insurance.pension.models import DeathGrant
from dashebao.business.insurance.pension.survivors import DeathClaim, grant_after_death
from dashebao.business.insurance.pension.tests.world import make_person, mark_paid, retired
from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.kernel.registry.api import died, withdraw_fact

pytestmark = pytest.mark.django_db


@pytest.fixture
def pensioner():
    with acting(SYSTEM, why="test"):
        human = retired(date(2026, 6, 20), worker_principal=6_000_000, worker_interest=2_000_000)
        for month in (202607, 202608, 202609, 202610):
            activate(month, 1, 10**9)
            entitle(month, 1, 10**9)
        yield human


@pytest.fixture
def heir(pensioner):
    return make_person("韦小满", date(1995, 4, 10), sex="2", sequence=2)


def test_death_ends_the_pension_and_unsent_lines_are_withdrawn(pensioner):
    died(pensioner.id, date(2026, 8, 14))
    [benefit] = benefits_of(pensioner.id)
    assert (benefit.state, benefit.end_month) == ("ended", 202608)
    states = {line.month: line.state for line in lines_of(pensioner.id)}
    assert states[202609] == states[202610] == "withdrawn"
    assert overpayments_of(pensioner.id) == []
    assert entitle(202611, 1, 10**9).lines == 0


def test_what_was_paid_after_the_death_is_owed_and_set_off_against_the_grant(pensioner, heir, monkeypatch):
    mark_paid(monkeypatch)
    monthly = benefits_of(pensioner.id)[0].monthly_fen
    died(pensioner.id, date(2026, 8, 14))
    [debt] = overpayments_of(pensioner.id)
    assert (debt.from_month, debt.to_month, debt.amount_fen) == (202609, 202610, 2 * monthly)
    row = DeathGrant.objects.get(
        pk=grant_after_death(DeathClaim(pensioner.id, heir.id, "SI-402-1", date(2026, 11, 20)), by=SYSTEM)
    )
    assert row.offset_fen == 2 * monthly
    assert row.funeral_fen == 2 * 523_000
    assert row.survivor_fen > 9 * 523_000 - 1
    assert balances_of(pensioner.id, pensioner.region_code).total == 0
    debt.refresh_from_db()
    assert debt.state == Overpayment.State.CLOSED
    done = entitle(202611, 1, 10**9)
    assert done.amount_fen == row.funeral_fen + row.survivor_fen + row.account_fen - row.offset_fen
    kinds = {line.benefit_kind for line in lines_of(pensioner.id) if line.run_month == 202611}
    assert kinds <= {"funeral", "survivor", "account_refund"}


def test_the_grant_is_given_once(pensioner, heir):
    died(pensioner.id, date(2026, 10, 14))
    grant_after_death(DeathClaim(pensioner.id, heir.id, "A", date(2026, 11, 20)), by=SYSTEM)
    with pytest.raises(PensionError, match="already"):
        grant_after_death(DeathClaim(pensioner.id, heir.id, "B", date(2026, 11, 21)), by=SYSTEM)


def test_a_death_withdrawn_as_wrong_pays_the_months_after_all(pensioner):
    fact = died(pensioner.id, date(2026, 10, 14))
    entitle(202611, 1, 10**9)
    withdraw_fact(fact.pk, "mistaken identity")
    assert benefits_of(pensioner.id)[0].state == "running"
    assert entitle(202612, 1, 10**9).lines == 2


def test_an_overpayment_is_withheld_in_instalments(pensioner, monkeypatch):
    mark_paid(monkeypatch)
    [benefit] = benefits_of(pensioner.id)
    debt = reclaim(Reclaim(benefit.id, 202609, 202610, StopReason.ERROR), by=SYSTEM)
    assert debt is not None
    plan_instalments(Plan(debt, Instalment.Way.WITHHELD, 202611, 4), by=SYSTEM)
    for month in (202611, 202612, 202701, 202702, 202703):
        entitle(month, 1, 10**9)
    paid = {line.month: line.amount_fen for line in lines_of(pensioner.id)}
    assert paid[202611] == benefit.monthly_fen - 2 * benefit.monthly_fen // 4
    assert paid[202703] == benefit.monthly_fen
    assert Overpayment.objects.get(pk=debt).state == Overpayment.State.CLOSED
