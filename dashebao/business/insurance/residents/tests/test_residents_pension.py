"""A resident from enrolment to pension, and what is refused on the way."""

from datetime import date

import pytest

from dashebao.business.fund.api import lines_of
from dashebao.business.insurance.common.api import balances_of, benefits_of
from dashebao.business.insurance.common.monthly import activate, entitle
from dashebao.business.insurance.pension.tests.world import make_person, open_fund
from dashebao.business.insurance.residents.actions import (
    Enrolling,
    ResidentClaim,
    ResidentsError,
    YearReceipt,
    award_resident,
    enrol_resident,
    receive_year,
)
from dashebao.business.insurance.residents.models import ResidentAward
from dashebao.kernel.cases.api import Application, at, case_view, submit
from dashebao.kernel.catalogue.api import Applicant, Channel
from dashebao.kernel.records.api import SYSTEM, Actor, acting

pytestmark = pytest.mark.django_db


@pytest.fixture
def resident():
    with acting(SYSTEM, why="test"):
        open_fund("170")
        yield make_person("毛长河", date(1966, 10, 5))


def pay(human, first, count):
    for year in range(first, first + count):
        receive_year(YearReceipt(human.id, year, 50_000, date(2026, 11, 2), f"R{year}"), by=SYSTEM)


def test_years_paid_grow_the_account_with_the_subsidy(resident):
    enrol_resident(Enrolling(resident.id, date(2011, 7, 1), 50_000), by=SYSTEM)
    pay(resident, 2011, 15)
    held = balances_of(resident.id, resident.region_code, "170")
    assert (held.worker_principal, held.employer_principal) == (750_000, 90_000)


def test_a_year_is_paid_once_and_only_in_a_tier(resident):
    enrol_resident(Enrolling(resident.id, date(2011, 7, 1), 50_000), by=SYSTEM)
    pay(resident, 2020, 1)
    with pytest.raises(ResidentsError, match="already"):
        pay(resident, 2020, 1)
    with pytest.raises(ResidentsError, match="tiers"):
        receive_year(YearReceipt(resident.id, 2021, 12_345, date(2026, 11, 2), "R"), by=SYSTEM)


def test_the_award_is_basic_plus_account_over_139_and_is_paid_in_the_next_run(resident):
    enrol_resident(Enrolling(resident.id, date(2011, 7, 1), 50_000), by=SYSTEM)
    pay(resident, 2011, 15)
    award = ResidentAward.objects.get(
        pk=award_resident(ResidentClaim(resident.id, "SI-4011-1", date(2026, 11, 5)), by=SYSTEM)
    )
    assert award.start_month == 202611
    assert award.account_fen == 6_043
    assert award.monthly_fen == award.basic_fen + award.account_fen
    activate(202611, 1, 10**9)
    assert entitle(202611, 1, 10**9).amount_fen == award.monthly_fen
    assert [line.scheme for line in lines_of(resident.id)] == ["170"]
    assert balances_of(resident.id, resident.region_code, "170").total == 840_000 - 6_043


def test_nobody_is_awarded_before_sixty(resident):
    young = make_person("毛小河", date(1968, 10, 5), sequence=2)
    enrol_resident(Enrolling(young.id, date(2011, 7, 1), 50_000), by=SYSTEM)
    with pytest.raises(ResidentsError, match="age"):
        award_resident(ResidentClaim(young.id, "C", date(2026, 11, 5)), by=SYSTEM)
    assert benefits_of(young.id) == []


def test_enrolment_at_the_portal_is_decided_at_once(resident):
    applicant = Applicant.of_person(resident.id, resident.name, resident.region_code)
    with at(date(2026, 11, 20)):
        case = submit(
            Application("SI-1045", applicant, {"tier": "500"}, Channel.PORTAL, "e1"), Actor("person", resident.id)
        )
    assert case_view(case.case_no, SYSTEM).state == "delivered"
