"""The month over many people: one statement per table, once per person and month, interruptions, opening load."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dashebao.business.fund.api import lines_of
from dashebao.business.insurance.common.api import (
    Proof,
    Qualification,
    Stop,
    StopReason,
    balances_of,
    benefits_of,
    end_benefit,
    live_benefit,
    prove_qualification,
    resume_benefit,
    suspend_benefit,
)
from dashebao.business.insurance.common.monthly import activate, entitle
from dashebao.business.insurance.pension.actions import PensionError
from dashebao.business.insurance.pension.adjustments import IncreaseOrder, increase_pensions, open_round
from dashebao.business.insurance.pension.jobs import PensionAwards, PensionEntitle, PensionInterest
from dashebao.business.insurance.pension.loading import PensionerColumns, load_pensioners
from dashebao.business.insurance.pension.models import AdjustmentRound
from dashebao.business.insurance.pension.queries import current_award, explained
from dashebao.business.insurance.pension.tests.world import COUNTY, credit, make_person, open_fund
from dashebao.kernel.batches.api import register_pipeline, run
from dashebao.kernel.money.api import parse_yuan
from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.kernel.registry.api import end_fact, record_fact

EVERYBODY = (1, 10**9)


def pensioners(count, first=1, **changes):
    people = [make_person(f"退{first + n}", date(1960, 5, 10), sequence=first + n) for n in range(count)]
    columns = {
        "law_on": date(2026, 1, 1), "first_run_month": 202611, "person_id": [p.id for p in people],
        "region_code": [COUNTY] * count, "category": ["M60"] * count, "retire_month": [202005] * count,
        "start_month": [202006] * count, "paid_months": [327] * count, "average_index_e4": [4665] * count,
        "calc_base_fen": [949_300] * count, "balance_fen": [8_331_935] * count, "payout_months_e1": [1950] * count,
        "increases_fen": [0] * count, "qualified_until_on": [date(2027, 3, 31)] * count,
    }  # fmt: skip
    load_pensioners(PensionerColumns(**{**columns, **changes}))
    return people


@pytest.fixture
def world(db):
    with acting(SYSTEM, why="test"):
        open_fund()
        yield


def test_taken_over_awards_reproduce_the_official_sheet_and_explain_themselves(world):
    [human] = pensioners(1)
    award = current_award(human.id)
    assert award.monthly_fen == 224_430
    [trace] = explained(award)
    assert parse_yuan(trace["results"]["total"]) == 224_430
    assert live_benefit(human.id).account_fen == 42_728


def test_the_second_official_sheet_rounds_its_coefficient_to_four_places(world):
    [human] = pensioners(
        1,
        law_on=date(2024, 5, 1),
        paid_months=[213],
        average_index_e4=[4520],
        calc_base_fen=[902_800],
        balance_fen=[5_538_969],
    )
    assert current_award(human.id).monthly_fen == 141_778


def test_queries_do_not_grow_with_people_and_a_second_run_changes_nothing(world):
    for human in pensioners(2):
        credit(human, 202512, worker_principal=8_000_000)
    with CaptureQueriesContext(connection) as few:
        entitle(202611, *EVERYBODY)
    many = pensioners(40, first=100)
    for human in many[:3]:
        credit(human, 202512, worker_principal=8_000_000)
    with CaptureQueriesContext(connection) as lots:
        assert entitle(202611, many[0].id, many[-1].id).lines == 40
    assert len(lots) == len(few)
    before = [lines_of(human.id) for human in many]
    held = [balances_of(human.id, COUNTY) for human in many]
    entitle(202611, many[0].id, many[-1].id)
    assert [lines_of(human.id) for human in many] == before
    assert [balances_of(human.id, COUNTY) for human in many] == held


def test_an_account_stops_at_zero_and_the_pension_goes_on(world):
    [human] = pensioners(1)
    credit(human, 202512, worker_principal=50_000)
    for month in (202611, 202612):
        entitle(month, *EVERYBODY)
    assert balances_of(human.id, COUNTY).total == 0
    assert {line.amount_fen for line in lines_of(human.id)} == {224_430}


def test_an_expired_proof_suspends_and_a_new_one_pays_the_months_withheld(world):
    [human] = pensioners(1, qualified_until_on=[date(2026, 10, 15)])
    assert activate(202611, *EVERYBODY) == (0, 1)
    assert entitle(202611, *EVERYBODY).lines == 0
    proof = Proof(human.id, COUNTY, Qualification.Method.FACE, date(2026, 12, 3), date(2027, 12, 3))
    prove_qualification(proof, by=SYSTEM)
    activate(202612, *EVERYBODY)
    assert entitle(202612, *EVERYBODY).lines == 2
    assert entitle(202701, *EVERYBODY).lines == 1


def test_months_in_prison_are_lost_and_payment_goes_on_after_release(world):
    [human] = pensioners(1)
    fact = record_fact(human.id, "imprisonment", date(2026, 10, 5), source="court")
    assert live_benefit(human.id).state == "suspended"
    for month in (202611, 202612):
        assert entitle(month, *EVERYBODY).lines == 0
    end_fact(fact.pk, date(2026, 12, 20))
    assert entitle(202701, *EVERYBODY).lines == 1
    assert [line.month for line in lines_of(human.id)] == [202701]


def test_a_benefit_stopped_by_request_can_be_resumed_with_arrears(world):
    [human] = pensioners(1)
    benefit = live_benefit(human.id).id
    suspend_benefit(benefit, Stop(StopReason.REQUEST, 202611), by=SYSTEM)
    entitle(202611, *EVERYBODY)
    resume_benefit(benefit, 202612, by=SYSTEM)
    assert entitle(202612, *EVERYBODY).lines == 2
    end_benefit(benefit, 202612, StopReason.ABROAD, by=SYSTEM)
    assert entitle(202701, *EVERYBODY).lines == 0
    assert benefits_of(human.id)[0].end_reason == "abroad"


def test_the_yearly_increase_is_a_component_with_arrears_and_comes_once(world):
    people = pensioners(3)
    order = IncreaseOrder(2026, "440000", 202611)
    open_round(order, by=SYSTEM)
    assert increase_pensions(order, by=SYSTEM) == 3
    assert increase_pensions(order, by=SYSTEM) == 0
    gained = live_benefit(people[0].id).monthly_fen - 224_430
    assert gained == 2_000 + 28 * 100 + 1_347
    entitle(202611, *EVERYBODY)
    paid = {line.benefit_kind: line.amount_fen for line in lines_of(people[0].id)}
    assert paid == {"pension": 224_430 + gained, "adjustment": gained * 10}
    assert AdjustmentRound.objects.get().people == 3
    with pytest.raises(PensionError, match="already"):
        open_round(order, by=SYSTEM)


@pytest.mark.django_db(transaction=True)
def test_the_steps_run_in_a_pipeline_exactly_once(transactional_db):
    with acting(SYSTEM, why="test"):
        open_fund()
        [human] = pensioners(1)
        credit(human, 202412, worker_principal=1_200_000)
    register_pipeline("pension-test", [PensionAwards(), PensionEntitle()])
    register_pipeline("interest-test", [PensionInterest()])
    for _again in range(2):
        assert run("pension-test", 202611).state == "done"
        assert run("interest-test", 2025).state == "done"
    with acting(SYSTEM, why="test"):
        assert [line.amount_fen for line in lines_of(human.id)] == [224_430]
        assert balances_of(human.id, COUNTY).worker_interest > 0
