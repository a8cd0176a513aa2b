"""Wage complaint, end to end: several workers against a unit, step limits of the law, an extension."""

from __future__ import annotations

from datetime import date

import pytest

from dashebao.kernel.cases.api import (
    Application,
    NotAllowed,
    OnceOnly,
    Paper,
    advance,
    assessment,
    at,
    case_view,
    cases_of_person,
    deliver,
    extend,
    refuse,
    submit,
    withdraw,
)
from dashebao.kernel.cases.tests.declarations import complaint
from dashebao.kernel.cases.tests.people import officer, workers
from dashebao.kernel.catalogue.api import Channel, registered
from dashebao.kernel.legal_time.api import Light
from dashebao.kernel.records.api import Actor

pytestmark = pytest.mark.django_db
PAPERS = {"投诉书": Paper()}
WORKER = Actor("person", 301, name="工一")
FOUND = {"findings": "拖欠两月", "owed_fen": 3_600_000}


@pytest.fixture(autouse=True)
def _catalogue():
    complaint.EFFECTS.clear()
    with registered(complaint.ComplainOfWages):
        yield


def submitted(example: int = 0) -> str:
    answers = dict(complaint.ComplainOfWages.examples[example].answers)
    return handed_in(answers, "c1")


def handed_in(answers: dict, key: str) -> str:
    """At the window: one worker may speak for the others there."""
    at_window = Application("JC-01", workers(), answers, Channel.COUNTER, key, PAPERS)
    return submit(at_window, officer("labour.clerk")).case_no


def test_the_limits_of_acceptance_inspection_and_extension():
    clerk, approver = officer("labour.clerk"), officer("labour.approver")
    first, second = officer("labour.inspector"), officer("labour.inspector")
    with at(date(2026, 9, 17)):
        assert case_view(submitted()).current.due_on == date(2026, 9, 23)  # an adjusted Sunday counts (LCV-021)
    with at(date(2026, 6, 1)):
        answers = {**complaint.ComplainOfWages.examples[0].answers}
        no = handed_in(answers, "c2")
        advance(no, clerk, "受理")
        assert case_view(no).current.due_on == date(2026, 8, 25)  # sixty working days (LCV-022)
    with at(date(2026, 8, 24)):
        assert case_view(no).light is Light.AMBER
        with pytest.raises(NotAllowed):
            extend(no, first, "案情复杂")
        extend(no, approver, "案情复杂")
        assert case_view(no).current.due_on == date(2026, 10, 12)
        assert case_view(no).light is Light.GREEN
        with pytest.raises(OnceOnly):
            extend(no, approver, "还是复杂")
    with at(date(2026, 10, 13)):
        assert case_view(no).light is Light.RED
        advance(no, first, data=FOUND)
        advance(no, second)
        advance(no, approver, "责令支付")
        deliver(no, clerk, means="left", receiver="欠薪公司")
    assert case_view(no).decision.result == {"owed_fen": 3_600_000}
    assert complaint.EFFECTS[0].applicant.respondent.unit_id == 9


def test_one_worker_leaves_and_the_others_go_on_until_the_last():
    with at(date(2026, 9, 1)):
        no = submitted()
        withdraw(no, WORKER, 301)
        assert case_view(no).state == "submitted"
        assert [party.state for party in case_view(no).parties] == ["withdrawn", "active", "active", "active"]
        withdraw(no, Actor("person", 302), 302)
        withdraw(no, Actor("person", 303), 303)
    assert case_view(no).state == "withdrawn"


def test_an_old_complaint_is_not_accepted_and_says_why():
    clerk = officer("labour.clerk")
    with at(date(2026, 9, 1)):
        no = submitted(example=1)
        assert len(assessment(no).refusals) == 1
        refuse(no, clerk)
    view = case_view(no)
    assert (view.state, view.decision.outcome) == ("refused", "not_accepted")
    assert "《劳动保障监察条例》第二十条" in view.letters[-1].body_zh
    assert [step.state for step in view.steps] == ["done", "dropped", "dropped", "open"]


def test_every_worker_finds_the_case_and_the_unit_does_not():
    with at(date(2026, 9, 1)):
        no = submitted()
    assert [line.case_no for line in cases_of_person(303)] == [no]
    assert case_view(no, Actor("unit", 1, unit_id=9)).can == frozenset()
