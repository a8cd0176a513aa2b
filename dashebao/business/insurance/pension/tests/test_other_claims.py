"""Transfers, account in one sum, proof, stopping and recovery, through their service items."""

from datetime import date

import pytest

from dashebao.business.fund.api import lines_of
from dashebao.business.insurance.common.api import balances_of, live_benefit, overpayments_of
from dashebao.business.insurance.common.monthly import activate, entitle
from dashebao.business.insurance.pension.actions import Claim, award_pension
from dashebao.business.insurance.pension.tests.world import credit, make_person, mark_paid, open_fund, steady_career
from dashebao.kernel.cases.api import Application, Paper, advance, assessment, at, case_view, submit
from dashebao.kernel.cases.tests.people import officer
from dashebao.kernel.catalogue.api import Applicant, Channel
from dashebao.kernel.records.api import SYSTEM, acting

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


@pytest.fixture
def officers():
    return officer("pension.clerk"), officer("pension.assessor"), officer("pension.approver")


@pytest.fixture
def worker():
    with acting(SYSTEM, why="test"):
        open_fund()
        human = make_person("韦岭光", date(1966, 4, 10))
        steady_career(human, 2017, 9)
        credit(human, 202512, worker_principal=4_000_000, worker_interest=500_000)
        return human


def filed(human, code, answers, officers, papers=None, channel=Channel.COUNTER):
    applicant = Applicant.of_person(human.id, human.name, human.region_code)
    with at(TODAY):
        no = submit(Application(code, applicant, answers, channel, f"{code}-1", papers or {}), officers[0]).case_no
        grounds = assessment(no).refusals
        for user in () if grounds else officers:
            advance(no, user, "同意")
    return no, [str(row.sentence) for row in grounds]


def test_the_account_in_one_sum_ends_the_relation(worker, officers):
    _no, grounds = filed(worker, "SI-404", {"reason": "short"}, officers, {"终止养老保险关系书面申请": Paper()})
    assert grounds == []
    with acting(SYSTEM, why="test"):
        assert balances_of(worker.id, worker.region_code).total == 0
        activate(202611, 1, 10**9)
        entitle(202611, 1, 10**9)
        [line] = lines_of(worker.id)
        assert line.benefit_kind == "account_refund"
        assert line.amount_fen > 4_500_000


def pensioner(officers):
    with acting(SYSTEM, why="test"):
        open_fund()
        human = make_person("卢望江", date(1966, 4, 10), sequence=3)
        steady_career(human, 2000, 26)
        award_pension(Claim(human.id, 202608, "M60", date(2026, 8, 20)), by=SYSTEM)
        for month in (202609, 202610):
            activate(month, 1, 10**9)
            entitle(month, 1, 10**9)
    return human


def test_a_proof_at_the_counter_is_confirmed_at_once(officers):
    human = pensioner(officers)
    applicant = Applicant.of_person(human.id, human.name, human.region_code)
    with at(TODAY):
        case = submit(Application("SI-405", applicant, {"method": "face"}, Channel.COUNTER, "q1"), officers[0])
        assert case_view(case.case_no, officers[0]).state == "delivered"
    with acting(SYSTEM, why="test"):
        assert live_benefit(human.id).qualified_until_on == date(2027, 11, 20)


def test_a_sentence_found_late_makes_an_overpayment_that_is_paid_back_in_parts(officers, monkeypatch):
    human = pensioner(officers)
    mark_paid(monkeypatch)
    answers = {"act": "stop", "reason": "prison", "month": "2026-10", "instalments": "", "note": "判决书"}
    _no, grounds = filed(human, "SI-406", answers, officers)
    assert grounds == []
    with acting(SYSTEM, why="test"):
        [debt] = overpayments_of(human.id)
        assert (debt.from_month, debt.to_month) == (202610, 202610)
        assert live_benefit(human.id).state == "suspended"


def test_a_claim_outside_the_rules_is_told_why(worker, officers):
    with acting(SYSTEM, why="test"):
        young = make_person("苏小禾", date(1992, 4, 10), sequence=5)
        credit(young, 202512, worker_principal=100)
    _no, grounds = filed(young, "SI-404", {"reason": "short"}, officers)
    assert grounds == ["The statutory retirement age has not been reached."]
