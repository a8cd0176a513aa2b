"""Divorce, end to end: two persons, two windows, and every way out of them."""

from __future__ import annotations

from datetime import date

import pytest

from dashebao.kernel.cases.api import (
    Application,
    Paper,
    WrongState,
    advance,
    at,
    case_view,
    confirm,
    deliver,
    pass_time,
    submit,
    withdraw,
)
from dashebao.kernel.cases.models import Archive, Case
from dashebao.kernel.cases.tests.declarations import divorce
from dashebao.kernel.cases.tests.people import couple, officer
from dashebao.kernel.catalogue.api import Channel, registered
from dashebao.kernel.identity.api import User
from dashebao.kernel.records.api import Actor

pytestmark = pytest.mark.django_db
PAPERS = {"居民身份证": Paper(), "结婚证": Paper(), "离婚协议书": Paper()}
TALK = {"willing": "on", "talk": "双方自愿"}
HUSBAND, WIFE = Actor("person", 101, name="王甲"), Actor("person", 102, name="李乙")


@pytest.fixture(autouse=True)
def _catalogue():
    divorce.EFFECTS.clear()
    with registered(divorce.RegisterDivorce):
        yield


def accepted(clerk: User, key: str = "d1") -> Case:
    answers = dict(divorce.RegisterDivorce.examples[0].answers)
    case = submit(Application("SW-02", couple(), answers, Channel.COUNTER, key, PAPERS), clerk)
    return advance(case.case_no, clerk, data=TALK)


def test_both_windows_roll_over_rest_days_and_the_certificate_is_issued():
    clerk, approver = officer("civil.clerk"), officer("civil.approver")
    with at(date(2026, 9, 1)):
        case = accepted(clerk)
        cooling = case_view(case.case_no, clerk).current
        assert cooling is not None
        assert (cooling.key, cooling.ends_on) == ("cooling", date(2026, 10, 8))  # day 30 is a holiday (LCV-068)
    with at(date(2026, 10, 8)):
        assert pass_time() == 0
        with pytest.raises(WrongState):
            confirm(case.case_no, HUSBAND, 101)
    with at(date(2026, 10, 9)):
        assert pass_time() == 1
        collect = case_view(case.case_no).current
        assert collect is not None
        assert (collect.key, collect.ends_on) == ("collect", date(2026, 11, 9))
    with at(date(2026, 11, 9)):
        confirm(case.case_no, HUSBAND, 101)
        assert [party.confirmed for party in case_view(case.case_no).parties] == [True, False]
        confirm(case.case_no, clerk, 102)
        advance(case.case_no, approver, "符合规定")
        assert case_view(case.case_no).state == "granted"
        deliver(case.case_no, clerk, receiver="王甲、李乙")
    view = case_view(case.case_no)
    assert view.state == "delivered"
    assert [facts.applicant.person_ids for facts in divorce.EFFECTS] == [(101, 102)]
    assert Archive.objects.get(case__case_no=case.case_no).snapshot["case"]["state"] == "delivered"


@pytest.mark.parametrize("who", [HUSBAND, WIFE])
def test_either_spouse_may_withdraw_alone_during_the_cooling_off_period(who: Actor):
    clerk = officer("civil.clerk")
    with at(date(2026, 9, 1)):
        case = accepted(clerk)
    with at(date(2026, 9, 20)):
        assert "withdraw" in case_view(case.case_no, who).can
        withdraw(case.case_no, who, who.id, "再想想")
    view = case_view(case.case_no)
    assert view.state == "withdrawn"
    assert [letter.kind for letter in view.letters][-1] == "withdrawal"
    assert divorce.EFFECTS == []


def test_nobody_else_can_withdraw():
    clerk = officer("civil.clerk")
    with at(date(2026, 9, 1)):
        case = accepted(clerk)
        stranger = Actor("person", 999)
        assert case_view(case.case_no, stranger).can == frozenset()
        with pytest.raises(Exception, match="may not do this"):
            withdraw(case.case_no, stranger, 101)


def test_not_collecting_in_the_second_window_counts_as_withdrawn():
    clerk = officer("civil.clerk")
    with at(date(2026, 9, 1)):
        case = accepted(clerk)
    with at(date(2026, 10, 20)):
        confirm(case.case_no, HUSBAND, 101)
    with at(date(2026, 11, 10)):
        assert pass_time() == 1
        view = case_view(case.case_no)
        assert view.state == "withdrawn"
        assert view.letters[-1].kind == "lapse"
        assert "1077" in view.letters[-1].body_en
        with pytest.raises(WrongState):
            confirm(case.case_no, WIFE, 102)


def test_a_late_run_of_time_ends_both_windows_at_their_own_last_days():
    clerk = officer("civil.clerk")
    with at(date(2026, 9, 1)):
        case = accepted(clerk)
    with at(date(2026, 12, 1)):
        pass_time()
    steps = {step.key: step for step in case_view(case.case_no).steps}
    assert steps["collect"].ends_on == date(2026, 11, 9)
    assert case_view(case.case_no).state == "withdrawn"


def test_an_end_beyond_the_published_calendar_stays_open_until_it_is_known():
    clerk = officer("civil.clerk")
    with at(date(2026, 12, 10)):
        case = accepted(clerk)
        step = case_view(case.case_no).current
        assert step is not None
        assert step.ends_on is None
        assert pass_time() == 0
