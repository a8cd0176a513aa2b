"""Two people at the same moment: one case from a double submit, one effect from a double decision."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from dashebao.kernel.cases.api import Application, CaseError, Paper, advance, case_view, submit
from dashebao.kernel.cases.models import Case, Decision
from dashebao.kernel.cases.tests.declarations.simple import EFFECTS, AskAtOnce, AskForPaper
from dashebao.kernel.cases.tests.people import TIANHE, officer
from dashebao.kernel.catalogue.api import Applicant, Channel, registered
from dashebao.kernel.records.api import Actor

pytestmark = pytest.mark.django_db(transaction=True)
CITIZEN = Actor("person", 501, name="钱一")


@pytest.fixture(autouse=True)
def _catalogue():
    EFFECTS.clear()
    with registered(AskForPaper, AskAtOnce):
        yield


def application(code: str) -> Application:
    applicant = Applicant.of_person(501, "钱一", TIANHE)
    return Application(code, applicant, {"purpose": "loan"}, Channel.PORTAL, "same", {"申请表": Paper()})


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run acts in parallel, each with a connection of its own; errors of cases come back as values."""
    gate = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        gate.wait()
        try:
            return act()
        except CaseError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.mark.parametrize("code", ["TT-001", "TT-002"])
def test_a_form_sent_four_times_at_once_makes_one_case(code: str):
    cases = at_once(*[lambda: submit(application(code), CITIZEN)] * 4)
    assert {case.case_no for case in cases} == {Case.objects.get().case_no}
    assert len(EFFECTS) == (1 if code == "TT-002" else 0)


def test_two_approvers_at_once_make_one_decision():
    first, second = officer("pension.approver"), officer("pension.approver")
    no = submit(application("TT-001"), CITIZEN).case_no
    advance(no, officer("pension.clerk"))
    advance(no, officer("pension.assessor"))
    results = at_once(lambda: advance(no, first), lambda: advance(no, second))
    assert sorted(isinstance(result, CaseError) for result in results) == [False, True]
    assert (Decision.objects.count(), len(EFFECTS), case_view(no).state) == (1, 1, "delivered")
