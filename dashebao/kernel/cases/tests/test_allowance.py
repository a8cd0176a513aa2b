"""Minimum living allowance, end to end: household, data check, visit by two, public notice, county decision."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dashebao.kernel.cases.api import (
    Application,
    ForbiddenByLaw,
    FourEyes,
    NotAllowed,
    OnceOnly,
    Paper,
    StepFormInvalid,
    TooEarly,
    advance,
    assessment,
    at,
    case_view,
    deliver,
    extend,
    object_to_notice,
    refuse,
    submit,
    take,
    tasks_for,
    team_tasks,
)
from dashebao.kernel.cases.tests.declarations import allowance
from dashebao.kernel.cases.tests.people import household, officer
from dashebao.kernel.catalogue.api import ROWS, Channel, registered
from dashebao.kernel.records.api import SYSTEM, Actor

pytestmark = pytest.mark.django_db
PAPERS = {"最低生活保障申请书": Paper(), "家庭经济状况核对授权书": Paper(promised=True)}
VISIT = {"visited_on": "2026-02-05", "living": "一间房", "agrees": "on"}
APPLICANT = Actor("person", 201, name="赵一")


@pytest.fixture(autouse=True)
def _catalogue():
    allowance.EFFECTS.clear()
    with registered(allowance.ConfirmAllowance):
        yield


class Team:
    """The officers one case needs."""

    def __init__(self) -> None:
        self.clerk, self.second = officer("civil.clerk"), officer("civil.clerk")
        self.reviewer, self.approver = officer("civil.reviewer"), officer("civil.approver")


def submitted(example: int = 0, key: str = "a1") -> str:
    answers: dict[str, Any] = dict(allowance.ConfirmAllowance.examples[example].answers)
    return submit(Application("JZ-01", household(), answers, Channel.PORTAL, key, PAPERS), APPLICANT).case_no


def at_the_notice(team: Team, example: int = 0) -> str:
    no = submitted(example)
    advance(no, team.clerk)
    advance(no, team.clerk)
    advance(no, team.clerk, data=VISIT)
    advance(no, team.second)
    advance(no, team.reviewer, "同意")
    return no


def test_the_whole_way_from_the_portal_to_the_first_payment():
    team = Team()
    with at(date(2026, 1, 28)):
        no = submitted()
        advance(no, team.clerk, "受理")
        view = case_view(no)
        assert (view.state, view.due_on, view.promised_on) == ("accepted", date(2026, 3, 17), date(2026, 3, 10))
        assert view.current is not None
        assert view.current.due_on == date(2026, 2, 2)  # three working days for the inquiry (LCV-047)
    with at(date(2026, 2, 2)):
        advance(no, team.clerk)
        assert case_view(no).steps[1].data["checks"][0]["ok"] is True
    with at(date(2026, 2, 5)):
        with pytest.raises(StepFormInvalid) as wrong:
            advance(no, team.clerk, data={"living": ""})
        assert set(wrong.value.errors) == {"visited_on", "living"}
        advance(no, team.clerk, data=VISIT)
        assert case_view(no).current.key == "visit"
        with pytest.raises(FourEyes):
            advance(no, team.clerk, data=VISIT)
        advance(no, team.second)
    with at(date(2026, 2, 6)):
        advance(no, team.reviewer, "建议批准")
        advance(no, team.clerk)
        assert case_view(no).current.ends_on == date(2026, 2, 13)
    with at(date(2026, 2, 13)), pytest.raises(TooEarly):
        advance(no, team.clerk)
    with at(date(2026, 2, 14)):
        advance(no, team.clerk)
    with at(date(2026, 2, 25)):
        advance(no, team.approver, "批准")
        view = case_view(no)
        assert view.decision is not None
        assert view.decision.trace["results"]["monthly_fen"] == 25_000
        assert view.decision.result == {"household": 7}
        advance(no, SYSTEM, data={"paid_on": "2026-03-10"})
        deliver(no, team.clerk, means="post", receiver="赵一")
    assert case_view(no).state == "delivered"
    assert len(allowance.EFFECTS) == 1
    assert allowance.EFFECTS[0].step_data["visit"]["agrees"] is True


def test_income_at_the_standard_is_refused_with_the_article_and_cannot_be_granted():
    team = Team()
    with at(date(2026, 2, 6)):
        no = at_the_notice(team, example=1)
        advance(no, team.clerk)
    with at(date(2026, 2, 25)):
        advance(no, team.clerk)
        assert [refusal.article.number for refusal in assessment(no).refusals] == ["4"]
        with pytest.raises(ForbiddenByLaw, match="not below the standard"):
            advance(no, team.approver)
        refuse(no, team.approver, "经核对")
    view = case_view(no)
    assert view.state == "refused"
    letter = view.letters[-1]
    assert letter.kind == "refusal"
    assert "《最低生活保障审核确认办法》第四条" in letter.body_zh
    assert "is refused" in letter.body_en
    assert allowance.EFFECTS == []
    with at(date(2026, 2, 26)):
        deliver(no, team.clerk)
    assert case_view(no).state == "refused"
    assert case_view(no).closed_at is not None


def test_an_objection_to_the_notice_must_be_answered():
    team = Team()
    with at(date(2026, 2, 6)):
        no = at_the_notice(team)
        advance(no, team.clerk)
        object_to_notice(no, team.clerk, "他家有车")
    with at(date(2026, 2, 25)):
        with pytest.raises(NotAllowed, match="objections"):
            advance(no, team.clerk)
        advance(no, team.clerk, "查无车辆登记")
        assert case_view(no).current.kind == "decide"


def test_only_a_county_office_decides():
    team = Team()
    with at(date(2026, 2, 6)):
        no = at_the_notice(team)
        advance(no, team.clerk)
    with at(date(2026, 2, 25)):
        advance(no, team.clerk)
        city = officer("civil.approver", region="440100", level="city")
        assert team_tasks(city) == []
        with pytest.raises(NotAllowed):
            advance(no, city)
        assert [task.case_no for task in team_tasks(team.approver)] == [no]
        take(no, team.approver)
        assert [task.step_key for task in tasks_for(team.approver)] == ["decide"]


def test_a_special_case_gets_forty_five_days_once():
    team = Team()
    with at(date(2026, 1, 28)):
        no = submitted()
        advance(no, team.clerk)
        extend(no, team.approver, "情况特殊")
        assert case_view(no).due_on == date(2026, 4, 8)
        with pytest.raises(OnceOnly, match="extended once"):
            extend(no, team.approver, "再延长")


def test_the_application_is_refused_by_the_form_when_no_member_is_named():
    with pytest.raises(Exception, match="missing or wrong") as wrong:
        submit(
            Application("JZ-01", household(), {"address": "1", ROWS: []}, Channel.PORTAL, "k", PAPERS),
            APPLICANT,
        )
    assert wrong.value.errors == {"rows": ["At least 1 rows are needed."]}
