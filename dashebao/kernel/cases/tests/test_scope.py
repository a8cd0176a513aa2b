"""The machine under row-level security: everything works as the web login, and nobody sees a stranger's case."""

from __future__ import annotations

from datetime import date

import pytest

from dashebao.kernel.cases.api import (
    Application,
    NotAllowed,
    NotFound,
    Paper,
    advance,
    at,
    case_view,
    cases_of_person,
    cases_of_unit,
    confirm,
    deliver,
    pass_time,
    submit,
    team_tasks,
)
from dashebao.kernel.cases.models import CaseLetter
from dashebao.kernel.cases.tests.declarations import divorce
from dashebao.kernel.cases.tests.declarations.simple import AskForUnit
from dashebao.kernel.cases.tests.people import couple, officer
from dashebao.kernel.catalogue.api import Applicant, Channel, Party, PartyRole, registered
from dashebao.kernel.identity.api import User, actor_of
from dashebao.kernel.records.api import Actor, acting

HUSBAND, WIFE, STRANGER = Actor("person", 101), Actor("person", 102), Actor("person", 103)
PAPERS = {"居民身份证": Paper(), "结婚证": Paper(), "离婚协议书": Paper()}


@pytest.fixture(autouse=True)
def _catalogue():
    with registered(divorce.RegisterDivorce):
        yield


@pytest.fixture
def officers(transactional_db: None) -> tuple[User, User, User]:
    """A clerk and an approver in Tianhe, and a clerk of another city, made before the web login takes over."""
    return (
        officer("civil.clerk"),
        officer("civil.approver"),
        officer("civil.clerk", region="440300", level="city"),
    )


def accepted(clerk: User) -> str:
    answers = dict(divorce.RegisterDivorce.examples[0].answers)
    no = submit(Application("SW-02", couple(), answers, Channel.COUNTER, "w1", PAPERS), clerk).case_no
    advance(no, clerk, data={"willing": "on", "talk": "自愿"})
    return no


def test_the_whole_machine_works_as_the_web_login(officers, web_login):
    clerk, approver, _ = officers
    with at(date(2026, 9, 1)):
        no = accepted(clerk)
    with at(date(2026, 10, 9)):
        assert pass_time() == 1
        confirm(no, HUSBAND, 101)
        confirm(no, WIFE, 102)
        advance(no, approver, "同意")
        deliver(no, clerk)
    with acting(HUSBAND):
        assert case_view(no, HUSBAND).state == "delivered"


def test_both_spouses_see_the_case_and_strangers_do_not(officers, web_login):
    clerk, _, elsewhere = officers
    with at(date(2026, 9, 1)):
        no = accepted(clerk)
        for spouse in (HUSBAND, WIFE):
            with acting(spouse):
                assert [line.case_no for line in cases_of_person(spouse.id)] == [no]
                assert len(case_view(no, spouse).letters) == 2
        with acting(STRANGER):
            assert cases_of_person(101) == []
            assert CaseLetter.objects.count() == 0
            with pytest.raises(NotFound):
                case_view(no, STRANGER)
        with acting(actor_of(elsewhere)):
            assert team_tasks(elsewhere) == []
            with pytest.raises(NotFound):
                case_view(no, elsewhere)
        with pytest.raises(NotFound):
            advance(no, elsewhere)


def test_nothing_is_seen_outside_of_an_act(officers, web_login):
    clerk = officers[0]
    with at(date(2026, 9, 1)):
        no = accepted(clerk)
    with pytest.raises(NotFound):
        case_view(no)


def test_a_unit_applies_at_once_and_reads_its_case_as_the_web_login(web_login):
    operator, other = Actor("unit", 41, unit_id=9), Actor("unit", 42, unit_id=10)
    applicant = Applicant.of_unit(9, "某公司", "440106", Party("工一", person_id=301, role=PartyRole.MEMBER))
    with registered(AskForUnit):
        answers = {"purpose": "loan"}
        no = submit(Application("TT-003", applicant, answers, Channel.EMPLOYER, "u1"), operator).case_no
        with acting(operator):
            assert case_view(no, operator).decision.result == {"paper": "TT-003"}
            assert [line.case_no for line in cases_of_unit(9)] == [no]
        with acting(other), pytest.raises(NotFound):
            case_view(no, other)
        with pytest.raises(NotAllowed):
            submit(Application("TT-003", applicant, answers, Channel.EMPLOYER, "u2"), other)
