"""The rules every service gets for nothing: four eyes, one submission, fresh pages, one correction, an archive."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from dashebao.kernel.cases.api import (
    Answer,
    Application,
    ChannelClosed,
    Correction,
    Filter,
    FourEyes,
    KeyReused,
    MissingPapers,
    NoGrounds,
    NotAllowed,
    OnceOnly,
    OwnCase,
    Paper,
    StaleCase,
    TakenByOther,
    WrongState,
    advance,
    answer_correction,
    ask_correction,
    at,
    case_view,
    digest_of,
    overdue,
    refuse,
    release,
    resume,
    return_to_step,
    submit,
    suspend,
    take,
    task_counts,
    tasks_for,
    team_tasks,
)
from dashebao.kernel.cases.models import Archive, Case, CaseEvent, CaseStep, Decision, Signature
from dashebao.kernel.cases.tests.declarations.simple import EFFECTS, AskAtOnce, AskForPaper
from dashebao.kernel.cases.tests.people import TIANHE, officer
from dashebao.kernel.catalogue.api import Applicant, Channel, registered
from dashebao.kernel.identity.api import User, actor_of
from dashebao.kernel.records.api import Actor, AuditEntry, Change, acting

pytestmark = pytest.mark.django_db
CITIZEN = Actor("person", 501, name="钱一")
PAPERS = {"申请表": Paper("a.pdf", "application/pdf", b"%PDF")}


@pytest.fixture(autouse=True)
def _catalogue():
    EFFECTS.clear()
    with registered(AskForPaper, AskAtOnce):
        yield


def application(key: str = "k1", **changes: Any) -> Application:
    values: dict[str, Any] = {
        "item_code": "TT-001",
        "applicant": Applicant.of_person(501, "钱一", TIANHE),
        "answers": {"purpose": "loan"},
        "channel": Channel.PORTAL,
        "key": key,
        "papers": PAPERS,
    }
    return Application(**{**values, **changes})


def clerk(**options: Any) -> User:
    return officer("pension.clerk", "pension.assessor", "pension.approver", **options)


def test_a_double_submit_returns_the_first_case():
    first = submit(application(), CITIZEN)
    assert submit(application(), CITIZEN).pk == first.pk
    assert Case.objects.count() == 1
    with pytest.raises(KeyReused):
        submit(application(answers={"purpose": "visa"}), CITIZEN)
    assert submit(application(applicant=Applicant.of_person(502, "孙二", TIANHE)), Actor("person", 502)).pk != first.pk


def test_only_open_channels_and_the_own_person_may_apply():
    with pytest.raises(ChannelClosed):
        submit(application(channel=Channel.KIOSK), CITIZEN)
    with pytest.raises(NotAllowed):
        submit(application(), Actor("person", 999))
    with pytest.raises(NotAllowed):
        submit(application(channel=Channel.COUNTER), clerk(region="440300", level="city"))


def test_the_same_officer_cannot_do_two_of_intake_review_and_decision():
    one, two = clerk(), clerk()
    no = submit(application(), CITIZEN).case_no
    advance(no, one)
    assert no not in [task.case_no for task in team_tasks(one)]
    assert no in [task.case_no for task in team_tasks(two)]
    with pytest.raises(FourEyes):
        advance(no, one)
    advance(no, two)
    for tired in (one, two):
        with pytest.raises(FourEyes):
            advance(no, tired)
    advance(no, clerk(), "同意")
    assert case_view(no).state == "delivered"


def test_the_database_refuses_the_same_eyes_even_when_the_program_does_not_look():
    one, no = clerk(), submit(application(), CITIZEN).case_no
    case = advance(no, one)
    step = CaseStep.objects.get(case=case, state="open")
    with pytest.raises(IntegrityError, match="four_eyes"), acting(actor_of(one)):
        _sign(case, step, one)
    with pytest.raises(IntegrityError, match="signer's own"), acting(actor_of(one)):
        _sign(case, step, clerk())
    with pytest.raises(IntegrityError, match="signatures are missing"), transaction.atomic():
        CaseStep.objects.filter(pk=step.pk).update(state="done")
    with pytest.raises(IntegrityError, match="no such decision"), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(state="granted")
    with pytest.raises(IntegrityError, match="cannot be deleted"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("delete from cases_case where id = %s", [case.pk])


def _sign(case: Case, step: CaseStep, user: User) -> None:
    Signature.objects.create(
        case=case,
        step=step,
        step_key="anything",
        four_eyes=False,
        officer_id=user.pk,
        officer_name=user.name,
        opinion="",
        signed_at=case.submitted_at,
    )


def test_two_accounts_of_one_human_are_one_pair_of_eyes():
    one, twin = clerk(person_id=77), clerk(person_id=77)
    no = submit(application(), CITIZEN).case_no
    advance(no, one)
    with pytest.raises(FourEyes):
        advance(no, twin)


def test_an_officer_never_handles_an_own_case():
    insider = clerk(person_id=501)
    with pytest.raises(OwnCase):
        submit(application(channel=Channel.COUNTER), insider)
    no = submit(application(), CITIZEN).case_no
    assert team_tasks(insider) == []
    with pytest.raises(OwnCase):
        take(no, insider)
    case = Case.objects.get(case_no=no)
    with pytest.raises(IntegrityError, match="own case"), acting(actor_of(insider)):
        _sign(case, CaseStep.objects.get(case=case, state="open"), insider)


def test_a_page_that_is_out_of_date_changes_nothing():
    one, no = clerk(), submit(application(), CITIZEN).case_no
    shown = case_view(no).version
    take(no, one, version=shown)
    with pytest.raises(StaleCase):
        advance(no, one, version=shown)
    advance(no, one, version=case_view(no).version)


def test_a_taken_task_belongs_to_one_officer_until_released():
    one, two, no = clerk(), clerk(), submit(application(), CITIZEN).case_no
    take(no, one)
    with pytest.raises(TakenByOther):
        advance(no, two)
    assert (task_counts(one)["mine"], task_counts(two)["team"]) == (1, 0)
    release(no, one)
    assert [task.case_no for task in team_tasks(two)] == [no]


def test_missing_papers_stop_the_acceptance():
    no = submit(application(papers={}), CITIZEN).case_no
    assert "Application form" in case_view(no).letters[0].body_en
    with pytest.raises(MissingPapers, match="Application form"):
        advance(no, clerk())


def test_a_correction_notice_comes_once_and_stops_the_clock():
    one, no = clerk(), submit(application(), CITIZEN).case_no
    with at(date(2026, 3, 2)):
        advance(no, one)
        assert case_view(no).due_on == date(2026, 3, 30)
    two = clerk()
    with at(date(2026, 3, 9)):
        ask_correction(no, two, Correction(["补身份证明", "改地址"], date(2026, 3, 20)))
        view = case_view(no, CITIZEN)
        assert (view.state, view.due_on, view.light.value) == ("suspended", None, "grey")
        assert "answer_correction" in view.can
        assert "改地址" in view.letters[-1].body_zh
        with pytest.raises(WrongState):
            advance(no, two)
    with at(date(2026, 3, 16)):
        answer_correction(no, CITIZEN, Answer({"purpose": "visa"}, {"申请表": Paper("b.pdf")}))
        assert case_view(no).due_on == date(2026, 4, 7)  # five working days later, Qingming falls out
        with pytest.raises(OnceOnly):
            ask_correction(no, two, Correction(["还有"]))
    assert Case.objects.get(case_no=no).answers == {"purpose": "visa"}


def test_a_suspended_case_cannot_be_decided_and_resumes_where_it_was():
    one, no = clerk(), submit(application(), CITIZEN).case_no
    with at(date(2026, 3, 2)):
        advance(no, one)
        two = clerk()
        suspend(no, two, "等待法院判决", "行政许可法 §45")
        with pytest.raises(WrongState):
            advance(no, two)
    with at(date(2026, 3, 4)):
        resume(no, two)
        assert case_view(no).due_on == date(2026, 3, 31)  # one day lost, the third


def test_a_case_sent_back_is_done_again_by_the_same_officer():
    one, two, three = clerk(), clerk(), clerk()
    no = submit(application(), CITIZEN).case_no
    advance(no, one)
    advance(no, two, "同意")
    return_to_step(no, three, "review", "缺少说明")
    assert [task.case_no for task in tasks_for(two)] == [no]
    with pytest.raises(TakenByOther):
        advance(no, three)
    advance(no, two, "已补说明")
    advance(no, three)
    assert case_view(no).state == "delivered"
    assert Signature.objects.filter(case__case_no=no, step_key="review").count() == 2


def test_a_refusal_needs_grounds():
    no = submit(application(), CITIZEN).case_no
    with pytest.raises(NoGrounds):
        refuse(no, clerk())
    with pytest.raises(NoGrounds):
        refuse(no, clerk(), "不想办", [])


def test_an_effect_that_fails_leaves_no_decision():
    no = submit(application(answers={"purpose": "break"}), CITIZEN).case_no
    advance(no, clerk())
    advance(no, clerk())
    with pytest.raises(RuntimeError, match="broken effect"):
        advance(no, clerk())
    assert not Decision.objects.filter(case__case_no=no).exists()
    assert case_view(no).state == "accepted"


def test_things_done_at_once_need_no_officer():
    case = submit(application(item_code="TT-002"), CITIZEN)
    view = case_view(case.case_no)
    assert (view.state, view.decision.result) == ("delivered", {"paper": "TT-002"})
    assert len(EFFECTS) == 1
    submit(application(item_code="TT-002"), CITIZEN)
    assert len(EFFECTS) == 1
    with pytest.raises(Exception, match="law does not allow"):
        submit(application("k2", item_code="TT-002", answers={"purpose": "forbidden"}), CITIZEN)
    assert Case.objects.filter(item_code="TT-002").count() == 1


def test_the_archive_repeats_its_digest_and_cannot_be_touched():
    no = submit(application(item_code="TT-002"), CITIZEN).case_no
    archive = Archive.objects.get(case__case_no=no)
    assert digest_of(archive.snapshot) == archive.digest
    assert {"events", "letters", "decision", "signatures"} <= set(archive.snapshot)
    with pytest.raises(Exception, match="frozen"), transaction.atomic():
        Archive.objects.filter(pk=archive.pk).update(digest="0" * 64)


def test_every_act_leaves_an_event_an_audit_line_and_row_history():
    one, no = clerk(), submit(application(), CITIZEN).case_no
    advance(no, one)
    case = Case.objects.get(case_no=no)
    assert list(CaseEvent.objects.filter(case=case).order_by("id").values_list("verb", flat=True)) == [
        "submitted",
        "accepted",
    ]
    assert AuditEntry.objects.filter(verb="cases.accepted", actor_id=one.pk, subject_id=str(case.pk)).count() == 1
    assert Change.objects.filter(table_name="cases_case", row_id=str(case.pk), op="U").exists()


def test_task_lists_cost_the_same_for_one_case_and_for_many(django_assert_num_queries):
    one = clerk()
    for number in range(12):
        submit(application(f"n{number}"), CITIZEN)
    team_tasks(one)
    with django_assert_num_queries(2):
        assert len(team_tasks(one)) == 12
    with django_assert_num_queries(2):
        assert len(team_tasks(one, Filter(size=5))) == 5


def test_overdue_lists_what_ran_out():
    one, no = clerk(), submit(application(), CITIZEN).case_no
    with at(date(2026, 3, 2)):
        advance(no, one)
        assert overdue(one) == []
    with at(date(2026, 4, 1)):
        assert [(task.case_no, task.light.value) for task in overdue(one)] == [(no, "red")]


def test_the_messages_are_chinese_for_chinese_readers():
    with translation.override("zh-hans"), pytest.raises(ChannelClosed, match="渠道"):
        submit(application(channel=Channel.KIOSK), CITIZEN)
