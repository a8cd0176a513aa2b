"""Work lists and lists of cases are turned by marks: every row once, forward and back, whatever the officer may not sign."""

from __future__ import annotations

import pytest

from dashebao.kernel.cases.api import (
    Filter,
    Order,
    advance,
    find_cases,
    task_page,
    team_tasks,
)
from dashebao.kernel.cases.tests.declarations.simple import AskForPaper
from dashebao.kernel.cases.tests.people import loan_case, officer
from dashebao.kernel.catalogue.api import registered

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _catalogue():
    with registered(AskForPaper):
        yield


@pytest.mark.parametrize("order", list(Order))
def test_pages_lead_over_every_task_once_and_back_again(order):
    reader, other = officer("pension.clerk", "pension.assessor"), officer("pension.clerk")
    numbers = [loan_case(f"k{number}") for number in range(7)]
    for number in numbers[2:5]:
        advance(number, other)  # these have a limit now, the others wait at the first step without one
    whole = [task.case_no for task in team_tasks(reader, Filter(order=order))]
    assert sorted(whole) == sorted(numbers)
    if order is Order.URGENT:
        assert set(whole[:3]) == set(numbers[2:5])
    page = task_page("team", reader, Filter(size=2, order=order))
    pages = [page]
    while page.after:
        page = task_page("team", reader, Filter(size=2, order=order, after=page.after))
        pages.append(page)
    assert [task.case_no for page in pages for task in page.tasks] == whole
    assert (pages[0].before, len(pages)) == ("", 4)
    back = [pages[-1]]
    while back[-1].before:
        back.append(task_page("team", reader, Filter(size=2, order=order, before=back[-1].before)))
    assert [page.tasks for page in reversed(back)] == [page.tasks for page in pages]


def test_a_list_goes_on_behind_the_cases_the_officer_signed():
    reader, other = officer("pension.clerk", "pension.assessor"), officer("pension.clerk")
    numbers = [loan_case(f"k{number}") for number in range(6)]
    for number in numbers:
        advance(number, other if number == numbers[-1] else reader)
    first = task_page("team", reader, Filter(size=1))
    assert (first.tasks, bool(first.after)) == ([], True)
    second = task_page("team", reader, Filter(size=1, after=first.after))
    assert ([task.case_no for task in second.tasks], second.after) == ([numbers[-1]], "")


@pytest.mark.parametrize("mark", ["x", "2026-13-45.7", ".", "9" * 40])
def test_a_mark_nobody_gave_counts_as_none(mark):
    reader, number = officer("pension.clerk"), loan_case("k1")
    assert [task.case_no for task in task_page("team", reader, Filter(after=mark)).tasks] == [number]


def test_lists_of_cases_are_turned_by_the_number_they_end_with():
    reader = officer("pension.clerk")
    numbers = [loan_case(f"k{number}") for number in range(5)][::-1]
    first = find_cases(reader, Filter(size=2))
    second = find_cases(reader, Filter(size=2, after=first[-1].case_no))
    back = find_cases(reader, Filter(size=2, before=second[0].case_no))
    assert [case.case_no for case in first + second] == numbers[:4]
    assert back == first
