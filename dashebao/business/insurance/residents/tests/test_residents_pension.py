"""A resident from enrolment to pension, and what is refused on the way."""

from datetime import date

import pytest
from django.utils import timezone

from dashebao.business.fund.api import lines_of
from dashebao.business.fund.tests.conftest import public_key
from dashebao.business.insurance.common.api import balances_of, benefits_of
from dashebao.business.insurance.common.monthly import activate, entitle
from dashebao.business.insurance.pension.tests.world import make_person, open_fund
from dashebao.business.insurance.residents.actions import (
    Enrolling,
    ResidentClaim,
    ResidentsError,
    YearReceipt,
    award_resident,
    end_membership,
    enrol_resident,
    receive_year,
)
from dashebao.business.insurance.residents.loading import ResidentPensionerColumns, load_resident_pensioners
from dashebao.business.insurance.residents.models import ResidentAward
from dashebao.business.insurance.residents.screens import membership_panel, years_panel
from dashebao.kernel.cases.api import Application, at, case_view, submit
from dashebao.kernel.catalogue.api import Applicant, Channel
from dashebao.kernel.exchange.api import register_partner
from dashebao.kernel.records.api import SYSTEM, Actor, acting
from dashebao.platform.screens.api import Ask, Face
from dashebao.platform.service_centre.open_api.api import Asked, queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def resident():
    with acting(SYSTEM, why="test"):
        register_partner("finance", "财政", public_key())
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


def asked(name, person_id, **question):
    """What a program gets from a query."""
    query = next(one for one in queries() if one.name == name)
    return query.provide(
        Asked(person_id, date(2026, 11, 20), query.question(**question) if query.question else None, limit=2)
    )


def test_programs_read_memberships_years_and_award_as_they_stand(resident):
    assert asked("resident-memberships", resident.id) is None
    enrol_resident(Enrolling(resident.id, date(2011, 7, 1), 50_000), by=SYSTEM)
    pay(resident, 2011, 15)
    award_resident(ResidentClaim(resident.id, "SI-4011-1", date(2026, 11, 5)), by=SYSTEM)
    told = asked("resident-memberships", resident.id)
    assert (told.years_counted, told.account_fen, told.items[0].tier_fen) == (15, 840_000, 50_000)
    page = asked("resident-years", resident.id, until_year=2020)
    assert ([row.for_year for row in page.items], page.after) == ([2020, 2019], 2019)
    award = asked("resident-award", resident.id)
    assert award.monthly_fen == award.basic_fen + award.account_fen
    assert award.calculation[0]["results"]["account"] == "60.43"


def test_an_award_taken_over_without_its_lines_is_explained_again(resident):
    columns = ResidentPensionerColumns(
        date(2026, 10, 1), 202611, [resident.id], [resident.region_code], [202611], [15], [840_000], [date(2027, 10, 1)]
    )
    load_resident_pensioners(columns)
    assert asked("resident-award", resident.id).calculation[0]["results"]["account"] == "60.43"


def test_membership_and_years_are_shown_for_the_day_and_as_known(resident):
    enrol_resident(Enrolling(resident.id, date(2011, 7, 1), 50_000), by=SYSTEM)
    before = timezone.now()
    pay(resident, 2025, 1)
    end_membership(resident.id, date(2026, 11, 10), "other")

    def shown(on, known_at=None):
        ask = Ask(resident.id, None, Face.COUNTER, on, known_at)
        facts, years = membership_panel(ask), years_panel(ask)
        return (facts.items[0].value.text if facts else None), len(years.rows) if years else 0

    assert shown(timezone.localdate()) == ("Ended", 1)
    assert shown(date(2026, 11, 1)) == ("Enrolled", 0)  # paid on the second of November
    assert shown(date(2026, 11, 5)) == ("Enrolled", 1)
    assert shown(date(2010, 1, 1)) == (None, 0)
    assert shown(timezone.localdate(), before)[0] == "Enrolled"
