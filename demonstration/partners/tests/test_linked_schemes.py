"""An account that moves between the two pension schemes: paid by one fund, received by the other, both books tie."""

from datetime import date

import pytest

from dashebao.business.fund.api import FundSetup, ask_statements, books, lines_of, reconcile, set_up_fund
from dashebao.business.insurance.common.api import balances_of
from dashebao.business.insurance.common.models import AccountLink
from dashebao.business.insurance.pension.tests.world import credit, make_person, open_fund, steady_career
from dashebao.business.insurance.residents.api import active_enrolment
from dashebao.business.insurance.residents.loading import MemberColumns, load_members
from dashebao.kernel.ledger.api import trial_balance
from dashebao.kernel.records.api import SYSTEM, acting
from demonstration.partners.tests.test_transfer_platform import MONTH, decided, officers, pay_the_run, wire

__all__ = ["officers", "wire"]

CITY = "440100"


def link(wire, officers, human, direction):
    """The case from request to payment; returns the two books' movements by account."""
    decided(human, "SI-3024", {"direction": direction}, officers)
    source, pool = ("110", "440000") if direction == "to_residents" else ("170", CITY)
    pay_the_run(wire, source, pool)
    with acting(SYSTEM, why="test"):
        ask_statements(MONTH)
    wire.run()
    with acting(SYSTEM, why="test"):
        assert [line.state for line in lines_of(human.id)] == ["paid"]
        assert reconcile(MONTH, "110", "440000").items == ()
        assert reconcile(MONTH, "170", CITY).items == ()
        assert AccountLink.objects.get().state == AccountLink.State.POSTED
        return moved("110", "440000"), moved("170", CITY)


def moved(fund, pool):
    """Signed fen by account in the month, memorandum accounts left out."""
    rows = trial_balance(books(fund, pool), MONTH)
    change = {row.code: row.closing_fen - row.opening_fen for row in rows if not row.code.startswith("9")}
    return {code: fen for code, fen in change.items() if fen}


@pytest.fixture
def both_funds(wire):
    there = wire()
    with acting(SYSTEM, why="test"):
        set_up_fund(FundSetup("170", CITY, 202610, 500_000_00))
    there.run()
    return there


def test_nine_years_as_an_employee_go_to_the_residents_scheme(both_funds, officers):
    with acting(SYSTEM, why="test"):
        human = make_person("蓝秋田", date(1964, 1, 10))
        steady_career(human, 2000, 9)
        credit(human, 202512, worker_principal=3_000_000, worker_interest=200_001)
    employees, residents = link(both_funds, officers, human, "to_residents")
    assert employees == {"1003": -3_200_001, "5201": 3_200_001}
    assert residents == {"1003": 3_200_001, "4301": -3_200_001}
    with acting(SYSTEM, why="test"):
        assert balances_of(human.id, human.region_code, "110").total == 0
        assert balances_of(human.id, human.region_code, "170").worker_principal == 3_200_001
        assert active_enrolment(human.id).linked_months == 9 * 12


def test_a_residents_account_goes_to_the_employees_scheme(both_funds, officers):
    with acting(SYSTEM, why="test"):
        human = make_person("蓝春田", date(1964, 1, 10))
        steady_career(human, 2000, 16)
        open_fund("170")
        load_members(MemberColumns([human.id], [human.region_code], [date(2017, 1, 1)], [50_000]))
        credit(human, 202512, "170", worker_principal=100_000, employer_principal=12_000)
    employees, residents = link(both_funds, officers, human, "to_workers")
    assert residents == {"1003": -112_000, "5201": 112_000}
    assert employees == {"1003": 112_000, "4301": -112_000}
    with acting(SYSTEM, why="test"):
        assert balances_of(human.id, human.region_code, "110").total == 112_000
        assert active_enrolment(human.id) is None
