"""Step kinds beyond the three declarations: a notice outside the limit that time ends, a panel, a payment, papers."""

from __future__ import annotations

from datetime import date

import pytest

from dashebao.kernel.cases.api import (
    Application,
    Correction,
    FourEyes,
    NotAllowed,
    NotFound,
    Paper,
    WrongState,
    add_papers,
    advance,
    ask_correction,
    at,
    case_view,
    paper_file,
    pass_time,
    submit,
    suspend,
)
from dashebao.kernel.cases.tests.declarations.simple import EFFECTS, AskByPanel
from dashebao.kernel.cases.tests.people import TIANHE, officer
from dashebao.kernel.catalogue.api import Applicant, Channel, registered
from dashebao.kernel.records.api import SYSTEM, Actor, AuditEntry

pytestmark = pytest.mark.django_db
CITIZEN = Actor("person", 501, name="钱一")


@pytest.fixture(autouse=True)
def _catalogue():
    EFFECTS.clear()
    with registered(AskByPanel):
        yield


def submitted(**papers: Paper) -> str:
    applicant = Applicant.of_person(501, "钱一", TIANHE)
    return submit(Application("TT-004", applicant, {"purpose": "loan"}, Channel.PORTAL, "p1", papers), CITIZEN).case_no


def accepted() -> str:
    no = submitted(申请表=Paper())
    advance(no, officer("pension.clerk"))
    return no


def test_a_notice_outside_the_limit_moves_the_due_date_and_ends_by_itself():
    with at(date(2026, 3, 2)):
        no = accepted()
        view = case_view(no)
        assert (view.current.key, view.current.state, view.current.ends_on) == ("notice", "running", date(2026, 3, 9))
        assert view.due_on == date(2026, 4, 7)  # 20 working days after 9 March, Qingming falls out
        with pytest.raises((WrongState, NotAllowed)):
            suspend(no, officer("pension.clerk"), "等待")
    with at(date(2026, 3, 9)):
        assert pass_time() == 0
    with at(date(2026, 3, 10)):
        assert pass_time() == 1
        assert case_view(no).current.key == "panel"
        assert pass_time() == 0


def test_a_panel_is_done_when_three_different_officers_have_signed():
    with at(date(2026, 3, 2)):
        no = accepted()
    with at(date(2026, 3, 10)):
        pass_time()
        members = [officer("pension.assessor") for _ in range(3)]
        advance(no, members[0], "同意")
        with pytest.raises(FourEyes):
            advance(no, members[0], "同意")
        advance(no, members[1], "不同意")
        assert case_view(no).current.signed == (members[0].name, members[1].name)
        advance(no, members[2], "同意")
        assert case_view(no).current.key == "decide"


def test_a_payment_step_waits_for_the_system_and_then_the_case_is_delivered():
    with at(date(2026, 3, 2)):
        no = accepted()
    with at(date(2026, 3, 10)):
        pass_time()
        for _ in range(3):
            advance(no, officer("pension.assessor"))
        advance(no, officer("pension.approver"))
        assert (case_view(no).state, case_view(no).current.key) == ("granted", "pay")
        advance(no, SYSTEM, data={"batch": 5})
    view = case_view(no)
    assert view.state == "delivered"
    assert view.steps[-1].data == {"batch": 5}


def test_papers_come_later_with_their_files_and_every_reading_is_audited():
    no = submitted()
    with pytest.raises(NotFound):
        paper_file(no, "申请表")
    add_papers(no, CITIZEN, {"申请表": Paper("a.pdf", "application/pdf", b"%PDF")})
    assert paper_file(no, "申请表") == ("a.pdf", "application/pdf", b"%PDF")
    assert AuditEntry.objects.filter(verb="cases.paper_read").count() == 1
    assert [paper.state for paper in case_view(no).materials] == ["received"]
    with pytest.raises(NotAllowed):
        add_papers(no, CITIZEN, {"别的": Paper()})
    with pytest.raises(NotAllowed):
        add_papers(no, Actor("person", 9), {"申请表": Paper()})


def test_a_correction_notice_must_say_something():
    no = submitted()
    with pytest.raises(WrongState):
        ask_correction(no, officer("pension.clerk"), Correction(["  "]))
