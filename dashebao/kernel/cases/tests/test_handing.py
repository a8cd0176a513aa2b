"""Tasks pass between colleagues with a reason, notes stay among officers, and lists stay in few queries."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dashebao.kernel.cases.api import (
    Correction,
    Filter,
    FourEyes,
    NotAllowed,
    Order,
    ReasonMissing,
    WrongState,
    add_note,
    advance,
    ask_correction,
    at,
    case_view,
    find_cases,
    overdue,
    reassign,
    refusal_draft,
    take,
    take_over,
    task_counts,
    tasks_for,
    team_tasks,
    today,
)
from dashebao.kernel.cases.models import CaseLetter, CaseStep
from dashebao.kernel.cases.tests.declarations.simple import AskForPaper
from dashebao.kernel.cases.tests.people import CITIZEN, TIANHE, loan_case, officer
from dashebao.kernel.catalogue.api import registered
from dashebao.kernel.identity.api import actor_of
from dashebao.kernel.records.api import acting

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _catalogue():
    with registered(AskForPaper):
        yield


def test_a_task_is_handed_to_a_colleague_who_may_do_it():
    one, two, other = officer("pension.clerk"), officer("pension.clerk"), officer("levy.clerk")
    no = loan_case()
    take(no, one)
    with pytest.raises(ReasonMissing):
        reassign(no, one, two, " ")
    with pytest.raises(NotAllowed):
        reassign(no, one, other, "休假")
    with pytest.raises(NotAllowed):
        reassign(no, other, two, "休假")
    reassign(no, one, two, "休假")
    assert [task.case_no for task in tasks_for(two)] == [no]
    assert tasks_for(one) == []
    last = case_view(no, two).events[-1]
    assert (last.verb, last.detail["to"], last.detail["reason"]) == ("reassigned", two.name, "休假")


def test_a_colleagues_task_is_taken_over_only_with_a_reason_and_other_eyes():
    one, two = officer("pension.clerk", "pension.assessor"), officer("pension.assessor")
    no = loan_case()
    advance(no, one)
    with pytest.raises(WrongState):
        take_over(no, two, "急件")
    take(no, two)
    assert "take_over" not in case_view(no, one).can
    with pytest.raises(FourEyes):
        take_over(no, one, "急件")
    third = officer("pension.assessor")
    assert "take_over" in case_view(no, third).can
    assert "advance" not in case_view(no, third).can
    take_over(no, third, "同事请假")
    assert "advance" in case_view(no, third).can


def test_notes_are_for_officers_with_a_duty_in_the_service():
    clerk, no = officer("pension.clerk"), loan_case()
    add_note(no, clerk, "已电话核实。")
    with pytest.raises(NotAllowed):
        add_note(no, officer("levy.clerk"), "路过")
    with pytest.raises(NotAllowed):
        add_note(no, CITIZEN, "我")
    assert [note.text for note in case_view(no, clerk).notes] == ["已电话核实。"]
    assert case_view(no, CITIZEN).notes == ()


def test_the_draft_of_a_refusal_names_the_grounds_and_keeps_nothing():
    clerk, no = officer("pension.clerk"), loan_case(purpose="forbidden")
    before = CaseLetter.objects.count()
    draft = refusal_draft(no, clerk, "用途不符")
    assert len(draft.grounds) == 1
    assert draft.grounds[0][0] in draft.body
    assert "钱一" in draft.body
    assert CaseLetter.objects.count() == before


def test_the_work_list_follows_the_cases_limits():
    clerk, no = officer("pension.clerk", "pension.assessor"), loan_case()
    step = CaseStep.objects.get(case__case_no=no, key="intake")
    assert (step.region_code, step.item_code, step.urgent_on) == (TIANHE, "TT-001", None)
    advance(no, clerk)
    review = CaseStep.objects.select_related("case").get(case__case_no=no, key="review")
    assert review.urgent_on == review.case.due_on
    assessor = officer("pension.assessor")
    with at(today() + timedelta(days=60)):
        assert [task.case_no for task in overdue(assessor)] == [no]
    ask_correction(no, assessor, Correction(["补材料"]))
    review.refresh_from_db()
    assert review.urgent_on is None
    with at(today() + timedelta(days=60)):
        assert overdue(assessor) == []


def test_lists_sort_and_narrow_in_a_fixed_number_of_queries(django_assert_num_queries):
    clerk = officer("pension.clerk")
    numbers = [loan_case(f"k{n}") for n in range(5)]
    with acting(actor_of(clerk)):
        task_counts(clerk)
        with django_assert_num_queries(3):
            assert task_counts(clerk)["team"] == 5
        with django_assert_num_queries(2):
            newest = team_tasks(clerk, Filter(order=Order.NEWEST))
        with django_assert_num_queries(2):
            assert len(find_cases(clerk, Filter(text=numbers[0][:12]))) == 5
    assert [task.case_no for task in newest] == numbers[::-1]
    assert len(team_tasks(clerk, Filter(text="钱", item_code="TT-001"))) == 5
    assert team_tasks(clerk, Filter(item_code="TT-999")) == []
