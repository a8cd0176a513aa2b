"""A resident's year: assessed at the counter, collected by the tax office, booked with the subsidy; the books tie."""

from datetime import date

import pytest

from dashebao.business.fund.api import FundSetup, ask_statements, reconcile, set_up_fund
from dashebao.business.insurance.common.api import balances_of
from dashebao.business.insurance.pension.tests.world import make_person
from dashebao.business.insurance.residents.actions import end_membership
from dashebao.business.insurance.residents.api import payments_of
from dashebao.business.insurance.residents.loading import MemberColumns, load_members
from dashebao.business.insurance.residents.models import YearAssessment
from dashebao.business.levy.models import Receipt, Unallocated
from dashebao.business.levy.queries.payments import totals_of
from dashebao.kernel.cases.api import Application, assessment, at, submit
from dashebao.kernel.catalogue.api import Applicant, Channel
from dashebao.kernel.exchange.api import pending, sent
from dashebao.kernel.records.api import SYSTEM, acting
from demonstration.partners.tests.test_linked_schemes import CITY, moved
from demonstration.partners.tests.test_transfer_platform import MONTH, TODAY, decided, officers, wire

__all__ = ["officers", "wire"]

THIS_YEAR = {"for_year": 2026, "tier": "500"}


@pytest.fixture
def town(wire):
    """The wire with the residents' fund."""
    there = wire()
    with acting(SYSTEM, why="test"):
        set_up_fund(FundSetup("170", CITY, 202610, 500_000_00))
    there.run()
    return there


@pytest.fixture
def member(town):
    with acting(SYSTEM, why="test"):
        human = make_person("蓝秋田", date(1980, 1, 10))
        load_members(MemberColumns([human.id], [human.region_code], [date(2017, 1, 1)], [50_000]))
    return human


def the_year():
    with acting(SYSTEM, why="test"):
        return YearAssessment.objects.get()


def test_a_year_goes_to_the_tax_office_and_counts_once_it_is_paid(town, member, officers):
    decided(member, "SI-1048", THIS_YEAR, officers[:2])
    assert the_year().state == "told"
    with acting(SYSTEM, why="test"):
        assert payments_of(member.id) == []
        assert sent("tax", f"T02:{MONTH}:residents-{the_year().pk}:1").kind == "T02"
    town.run()
    assert pending("tax") == []
    assert (the_year().state, bool(the_year().voucher)) == ("paid", True)
    with acting(SYSTEM, why="test"):
        paid = payments_of(member.id)[0]
        assert (paid.for_year, paid.tier_fen, paid.receipt_no) == (2026, 50_000, Receipt.objects.get().ticket)
        held = balances_of(member.id, member.region_code, "170")
        assert (held.worker_principal, held.employer_principal) == (50_000, paid.subsidy_fen)
        assert Unallocated.objects.count() == 0
        theirs, ours = totals_of(MONTH, f"residents-{the_year().pk}")
        assert theirs == ours
        ask_statements(MONTH)
    town.run()
    with acting(SYSTEM, why="test"):
        assert reconcile(MONTH, "170", CITY).items == ()
        got = 50_000 + paid.subsidy_fen
        assert moved("170", CITY) == {"1003": got, "4001": -50_000, "4101": -paid.subsidy_fen}


def test_a_year_paid_at_the_counter_before_keeps_its_receipt(town, member, officers):
    decided(member, "SI-1048", THIS_YEAR | {"receipt": "SW-2026-1"}, officers[:2])
    town.run()
    with acting(SYSTEM, why="test"):
        assert payments_of(member.id)[0].receipt_no == "SW-2026-1"
        told = town.partners[0].db.execute("select count(*) from item where item like 'RY-%'").fetchone()
    assert told == (1,)


def test_a_year_that_waits_is_not_asked_for_twice(town, member, officers):
    decided(member, "SI-1048", THIS_YEAR, officers[:2])
    applicant = Applicant.of_person(member.id, member.name, member.region_code)
    with at(TODAY):
        no = submit(Application("SI-1048", applicant, THIS_YEAR, Channel.COUNTER, "again"), officers[0]).case_no
        grounds = [str(row.sentence) for row in assessment(no).refusals]
    assert grounds == ["This year waits for its payment at the tax office already."]


def test_a_year_the_tax_office_refuses_can_be_asked_for_again(town, member, officers, monkeypatch):
    tax = town.partners[0]
    monkeypatch.setattr(tax, "_fault", lambda row, part: ("E05", "scheme is not known"))
    decided(member, "SI-1048", THIS_YEAR, officers[:2])
    town.run()
    assert (the_year().state, the_year().problem) == ("refused", "E05 scheme is not known")
    with acting(SYSTEM, why="test"):
        assert payments_of(member.id) == []


def test_money_for_who_is_no_member_any_more_waits_without_a_bill(town, member, officers):
    decided(member, "SI-1048", THIS_YEAR, officers[:2])
    with acting(SYSTEM, why="test"):
        end_membership(member.id, TODAY, "other")
    town.run()
    with acting(SYSTEM, why="test"):
        assert payments_of(member.id) == []
        assert Unallocated.objects.get().amount_fen == 50_000
