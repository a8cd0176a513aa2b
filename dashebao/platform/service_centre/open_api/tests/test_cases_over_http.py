"""Applications over HTTP: handed in, corrected, withdrawn, decided, read; once per key; recorded for the person."""

import base64
from datetime import date

import pytest

from dashebao.kernel.cases.api import Correction, advance, ask_correction, at
from dashebao.kernel.cases.models import Case
from dashebao.kernel.cases.tests.people import officer
from dashebao.kernel.records.api import SYSTEM, AuditEntry, acting
from dashebao.platform.service_centre.open_api.models import ApiAnswer, ApiCall
from dashebao.platform.service_centre.open_api.tests.conftest import ID_NUMBER, NAME, OTHER_NAME, OTHER_NUMBER, problem

pytestmark = pytest.mark.django_db
FIND = {"id_number": ID_NUMBER, "name": NAME}
CERTIFICATE = {"applicant": FIND, "answers": {"kind": "record", "from_month": "2026-01", "until_month": "2026-11"}}
RETIRING = {"applicant": FIND, "answers": {"retire_month": "2026-12"}}


@pytest.fixture
def program(world):
    return world.partner()


@pytest.fixture(autouse=True)
def _in_november():
    with at(date(2026, 11, 20)):
        yield


def hand_in(program, key="r1"):
    made = program.post("items/SI-401/cases", RETIRING, once=key)
    assert made.status_code == 201, made.content.decode()
    return made.json()["case_no"]


def test_what_is_done_at_once_is_answered_with_its_result(program):
    made = program.post("items/SI-301/cases", CERTIFICATE, once="k1")
    assert made.status_code == 201, made.content.decode()
    shown = made.json()
    assert (shown["state"], shown["channel"], shown["item_code"]) == ("delivered", "api", "SI-301")
    assert made.headers["Location"] == f"/api/v1/cases/{shown['case_no']}"
    result = program.get(f"cases/{shown['case_no']}/result").json()
    assert result["outcome"] == "granted"
    assert result["effect"]["kind"] == "record"
    assert {letter["kind"] for letter in result["letters"]} >= {"receipt", "grant"}


def test_the_same_request_gets_the_same_answer_and_another_is_refused(program):
    first = program.post("items/SI-301/cases", CERTIFICATE, once="k1")
    again = program.post("items/SI-301/cases", CERTIFICATE, once="k1")
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["Idempotency-Replayed"] == "true"
    other = CERTIFICATE | {"answers": {"kind": "certificate"}}
    problem(program.post("items/SI-301/cases", other, once="k1"), 422, "idempotency-key-reused")
    problem(program.post("items/SI-401/cases", RETIRING, once="k1"), 422, "idempotency-key-reused")
    assert Case.objects.count() == 1
    assert program.post("items/SI-301/cases", other, once="k2").status_code == 201
    assert Case.objects.count() == 2


def test_what_was_refused_may_be_sent_again_under_the_same_key(program):
    wrong = CERTIFICATE | {"answers": {"kind": "record", "from_month": "2026-11", "until_month": "2026-01"}}
    body = problem(program.post("items/SI-301/cases", wrong, once="k1"), 409, "forbidden-by-law")
    assert "The first month is after the last one." in body["detail"]
    assert (Case.objects.count(), ApiAnswer.objects.count()) == (0, 0)
    assert program.post("items/SI-301/cases", CERTIFICATE, once="k1").status_code == 201


def test_a_change_without_an_idempotency_key_is_refused(program):
    body = problem(program.post("items/SI-301/cases", CERTIFICATE), 422)
    assert [error["field"] for error in body["errors"]] == ["header.Idempotency-Key"]


def test_errors_name_their_fields_and_follow_the_language(program):
    wrong = {"applicant": {"id_number": "12", "name": NAME}, "answers": {"kind": "x", "from_month": "1"}, "more": 1}
    body = problem(program.post("items/SI-301/cases", wrong, once="k1"), 422)
    fields = {error["field"] for error in body["errors"]}
    assert fields == {"applicant.id_number", "answers.kind", "answers.from_month", "more"}
    assert body["title"] == "Some values do not fit"
    said = {error["field"]: error["message"] for error in body["errors"]}
    assert said["more"] == "There is no such value. Remove it."
    chinese = program.post("items/SI-301/cases", wrong, once="k1", Accept_Language="zh-CN")
    assert chinese.headers["Content-Language"] == "zh-hans"
    assert "删除" in {e["field"]: e["message"] for e in chinese.json()["errors"]}["more"]


def test_the_items_own_form_has_the_last_word(program):
    sent = RETIRING | {"answers": {"retire_month": "2026-12", "category": "F55", "evidence": "\x00"}}
    answer = program.post("items/SI-401/cases", sent, once="k1")
    assert {e["field"] for e in problem(answer, 422)["errors"]} >= {"answers.evidence"}


def test_nobody_is_found_by_number_alone(program):
    for who in ({"id_number": ID_NUMBER, "name": OTHER_NAME}, {"id_number": OTHER_NUMBER, "name": NAME}):
        problem(program.post("items/SI-301/cases", CERTIFICATE | {"applicant": who}, once="k1"), 404)
        problem(program.post("persons/find", who), 404)


def test_a_correction_is_answered_with_changes_and_papers(program):
    number = hand_in(program)
    clerk = officer("pension.clerk")
    with acting(SYSTEM, "test"):
        ask_correction(number, clerk, Correction(["Hand in the file"]))
    seen = program.get(f"cases/{number}")
    shown = seen.json()
    assert (shown["state"], shown["asked_for"]) == ("suspended", "Hand in the file")
    assert set(shown["acts"]) == {"withdraw", "answer_correction"}
    path = f"cases/{number}/answer-correction"
    body = problem(program.post(path, {"answers": {"retire_month": "soon", "nothing": 1}}, once="a1"), 422)
    assert {error["field"] for error in body["errors"]} == {"answers.retire_month", "answers.nothing"}
    name = shown["papers"][0]["name"]
    broken = {"papers": [{"name": name, "media_type": "image/png", "content": "AAAA"}]}
    problem(program.post(path, broken, once="a1"), 422)
    png = base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"0" * 16).decode()
    sent = {"answers": {"retire_month": "2027-01"},
            "papers": [{"name": name, "file_name": "file.png", "media_type": "image/png", "content": png}]}  # fmt: skip
    problem(program.post(path, sent, once="a1", If_Match='"1"'), 412)
    done = program.post(path, sent, once="a1", If_Match=seen.headers["ETag"])
    assert done.status_code == 200, done.content.decode()
    assert done.json()["state"] == "submitted"
    assert Case.objects.get(case_no=number).answers["retire_month"] == "2027-01"
    problem(program.post(path, sent, once="a2"), 409)


def test_an_application_is_withdrawn_once(program):
    number = hand_in(program)
    done = program.post(f"cases/{number}/withdraw", {"reason": "by mistake"}, once="w1")
    assert done.json()["state"] == "withdrawn"
    again = program.post(f"cases/{number}/withdraw", {"reason": "by mistake"}, once="w1")
    assert again.content == done.content
    problem(program.post(f"cases/{number}/withdraw", {}, once="w2"), 409)


def test_progress_is_seen_step_by_step_and_officers_stay_unnamed(program):
    number = hand_in(program)
    clerk = officer("pension.clerk")
    with acting(SYSTEM, "test"):
        advance(number, clerk, "looks fine")
    answer = program.get(f"cases/{number}")
    assert answer.json()["state"] == "accepted"
    assert [step["state"] for step in answer.json()["steps"]][:2] == ["done", "open"]
    assert clerk.name not in answer.content.decode()
    assert "looks fine" not in answer.content.decode()
    assert program.get(f"cases/{number}/result").json()["outcome"] is None


def test_the_list_is_paged_by_cursor_and_narrowed(program):
    numbers = [hand_in(program, f"r{n}") for n in range(5)]
    program.post("items/SI-301/cases", CERTIFICATE, once="k1")
    seen, cursor = [], ""
    while True:
        page = program.get(f"cases?limit=2&item_code=SI-401&state=submitted{cursor}").json()
        assert len(page["items"]) <= 2
        seen += [row["case_no"] for row in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert seen == numbers[::-1]
    assert len(program.get("cases").json()["items"]) == 6
    forged = "x" * 20 + "~" + "y" * 43
    assert problem(program.get(f"cases?cursor={forged}"), 422)["errors"][0]["field"] == "query.cursor"
    problem(program.get("cases?limit=101"), 422)
    problem(program.get("cases?state=lost"), 422)


def test_the_list_asks_the_database_the_same_number_of_times_for_one_and_for_many(
    program, django_assert_max_num_queries
):
    counts = []
    for round_ in (1, 8):
        for number in range(round_):
            hand_in(program, f"{round_}-{number}")
        with django_assert_max_num_queries(60) as asked:
            program.get("cases")
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_person_sees_which_program_looked_and_why(program, world):
    program.post("persons/find", FIND, Dashebao_Purpose="loan 4711")
    program.post("items/SI-301/cases", CERTIFICATE, once="k1")
    looked = AuditEntry.objects.filter(verb="open_api.read", subject_person_id=world.person_id).order_by("id")
    assert [(one.actor_kind, one.actor_name) for one in looked] == [("partner", "bank")] * 2
    assert looked[0].detail["purpose"] == "loan 4711"
    assert looked[1].detail["operation"] == "submitSI301"
    assert ApiCall.objects.filter(person_id=world.person_id).count() == 2


def test_a_unit_reads_its_own_data_and_partners_find_units_by_code(world):
    own, partner = world.employer(), world.partner("chamber")
    problem(own.get("units/own/insurance"), 404)  # not registered for insurance yet
    assert own.get("units/own/bills").json() == {"items": [], "next_cursor": None}
    assert own.get("units/own/staff").json()["items"] == []
    problem(partner.get("units/own/bills"), 404)
    found = partner.post("units/find", {"credit_code": "91350100M000100Y43"}).json()
    assert partner.get(f"units/{found['reference']}/bills").json()["items"] == []
    problem(partner.post("units/find", {"credit_code": "9" * 18}), 404)
