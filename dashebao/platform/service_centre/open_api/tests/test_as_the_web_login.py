"""The interface as the web process runs it: the database itself keeps programs to their rows, and requests to once."""

import threading

import pytest
from django.db import connection

from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.platform.service_centre.open_api.models import ApiAnswer, ApiCall
from dashebao.platform.service_centre.open_api.tests.conftest import (
    CREDIT_CODE,
    ID_NUMBER,
    NAME,
    OTHER_NAME,
    OTHER_NUMBER,
    problem,
)

pytestmark = pytest.mark.django_db(transaction=True)
FIND = {"id_number": ID_NUMBER, "name": NAME}
CERTIFICATE = {"applicant": FIND, "answers": {"kind": "record", "from_month": "2026-01", "until_month": "2026-11"}}


def test_a_partner_sees_its_region_only_and_names_one_of_its_own(web_world):
    program = web_world.partner()
    assert program.post("persons/find", FIND).status_code == 200
    stranger = {"id_number": OTHER_NUMBER, "name": OTHER_NAME}
    problem(program.post("persons/find", stranger), 404)
    problem(program.post("persons/find", stranger, Dashebao_Region="440305"), 403, "region-not-allowed")
    problem(program.post("persons/find", FIND, Dashebao_Region="44"), 422)
    wide = web_world.partner("wide", regions=("440106", "440305"))
    problem(wide.post("persons/find", stranger), 404)
    assert wide.post("persons/find", stranger, Dashebao_Region="440305").status_code == 200
    problem(wide.post("persons/find", FIND, Dashebao_Region="440305"), 404)


def test_a_program_of_a_unit_sees_its_unit_only(web_world):
    own, rival = web_world.employer(), web_world.employer("rival", unit_id=web_world.other_unit_id)
    found = own.post("units/find", {"credit_code": CREDIT_CODE})
    assert found.status_code in (200, 403)
    made = own.post("items/SI-3012/cases", {"answers": {}}, once="a1")
    problem(made, 409)  # the unit is not registered for insurance: nothing is filed
    problem(rival.post("items/SI-3012/cases", {"applicant": {"credit_code": CREDIT_CODE}}, once="a1"), 403)
    problem(own.post("items/SI-301/cases", CERTIFICATE, once="a2"), 403)


def test_cases_of_another_program_are_not_there(web_world):
    mine, other = web_world.partner(), web_world.partner("other")
    made = mine.post("items/SI-301/cases", CERTIFICATE, once="c1")
    assert made.status_code == 201, made.content.decode()
    number = made.json()["case_no"]
    assert mine.get(f"cases/{number}").json()["state"] == "delivered"
    assert [row["case_no"] for row in mine.get("cases").json()["items"]] == [number]
    for path in (f"cases/{number}", f"cases/{number}/result"):
        problem(other.get(path), 404)
    problem(other.post(f"cases/{number}/withdraw", {}, once="w1"), 404)
    problem(other.post(f"cases/{number}/answer-correction", {}, once="w2"), 404)
    assert other.get("cases").json()["items"] == []


def test_references_are_good_for_the_client_that_found_the_person(web_world):
    mine, other = web_world.partner(), web_world.partner("other")
    reference = mine.post("persons/find", FIND).json()["reference"]
    assert mine.get(f"persons/{reference}/insurances").json() == {"items": []}
    problem(other.get(f"persons/{reference}/insurances"), 404)
    number, signature = reference.split("~")
    problem(mine.get(f"persons/{int(number) + 1}~{signature}/insurances"), 404)


def test_the_same_key_sent_by_many_at_once_makes_one_case(web_world):
    program = web_world.partner()
    answers = []

    def send():
        try:
            answers.append(program.post("items/SI-301/cases", CERTIFICATE, once="same"))
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert [answer.status_code for answer in answers] == [201] * 6
    assert len({answer.json()["case_no"] for answer in answers}) == 1
    assert len({answer.content for answer in answers}) == 1
    assert sum("Idempotency-Replayed" in answer.headers for answer in answers) == 5
    with acting(SYSTEM, "look"):
        assert ApiAnswer.objects.count() == 1
        assert ApiCall.objects.filter(operation="submitSI301", status=201).count() == 6
