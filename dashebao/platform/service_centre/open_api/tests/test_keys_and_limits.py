"""Keys, scopes, regions, states and rates: who is let in, and how everybody else is told."""

from datetime import timedelta

import pytest
from django.utils import timezone

from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.platform.service_centre.open_api.actions import ClientError, issue_key, rotate_key
from dashebao.platform.service_centre.open_api.models import ApiCall, ApiKey, ClientState
from dashebao.platform.service_centre.open_api.tests.conftest import ID_NUMBER, NAME, call, problem

pytestmark = pytest.mark.django_db
FIND = {"id_number": ID_NUMBER, "name": NAME}


def test_without_a_key_or_with_a_wrong_one_nothing_is_told(world):
    program = world.partner()
    other_end = "E" if program.text.endswith("A") else "A"
    for headers in ({}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic dXNlcjpwYXNz"},
                    {"Authorization": f"Bearer {program.text[:-1]}{other_end}"},
                    {"Authorization": f"Bearer dsb_{'a' * 10}_{'b' * 43}"}):  # fmt: skip
        answer = call("GET", "cases", headers=headers)
        problem(answer, 401, "unauthorized")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert ApiCall.objects.count() == 0


def test_a_key_is_shown_once_and_only_its_digest_is_stored(world):
    program = world.partner()
    row = ApiKey.objects.get()
    secret = program.text.rsplit("_", 1)[1] if program.text.count("_") == 2 else program.text.split("_", 2)[2]
    assert secret not in (row.digest, row.public)
    assert len(row.digest) == 64
    with acting(SYSTEM, "test"):
        again, text = issue_key(program.client, row.form_key)
    assert (again.pk, text) == (row.pk, "")


def test_a_session_cookie_opens_nothing(world):
    answer = call("GET", "cases", headers={"Cookie": "sessionid=abc; csrftoken=def"})
    problem(answer, 401)
    assert not answer.cookies


def test_a_revoked_and_an_expired_key_are_refused(world):
    program = world.partner()
    with acting(SYSTEM, "test"):
        ApiKey.objects.update(revoked_at=timezone.now())
    problem(program.get("items"), 401, "key-revoked")
    with acting(SYSTEM, "test"):
        ApiKey.objects.update(revoked_at=None, expires_at=timezone.now() - timedelta(seconds=1))
    problem(program.get("items"), 401, "key-expired")
    assert [row.status for row in ApiCall.objects.order_by("id")] == [401, 401]


@pytest.mark.parametrize("state", [ClientState.SUSPENDED, ClientState.ENDED])
def test_a_client_that_is_not_active_is_refused(world, state):
    program = world.partner()
    with acting(SYSTEM, "test"):
        program.client.state = state
        program.client.save()
    problem(program.get("items"), 403, "client-inactive")


def test_the_admission_ends_on_its_day(world):
    program = world.partner(expires_on=timezone.localdate())
    assert program.get("items").status_code == 200
    with acting(SYSTEM, "test"):
        program.client.expires_on = timezone.localdate() - timedelta(1)
        program.client.save()
    problem(program.get("items"), 403, "client-inactive")


def test_a_scope_that_was_not_given_is_refused_everywhere(world):
    program = world.partner(scopes=["cases.read"])
    assert program.get("cases").status_code == 200
    body = problem(program.post("persons/find", FIND), 403, "scope-missing")
    assert "subjects.find" in body["detail"]
    sent = {"applicant": FIND, "answers": {"kind": "record"}}
    problem(program.post("items/SI-301/cases", sent, once="k1"), 403, "scope-missing")


def test_rotation_lets_both_keys_be_good_for_a_week(world):
    program = world.partner()
    with acting(SYSTEM, "test"):
        new, text = rotate_key(program.key, "form 2")
    assert program.get("items").status_code == 200
    assert call("GET", "items", headers={"Authorization": f"Bearer {text}"}).status_code == 200
    old = ApiKey.objects.get(pk=program.key.pk)
    assert timedelta(days=6) < old.expires_at - timezone.now() <= timedelta(days=7)
    assert new.expires_at > old.expires_at
    with acting(SYSTEM, "test"), pytest.raises(ClientError, match="Two keys"):
        issue_key(program.client, "form 3")


def test_the_rate_is_counted_in_the_database_and_told_with_every_answer(world):
    program = world.partner(calls_per_minute=3)
    answers = [program.get("items") for _ in range(5)]
    assert answers[0].headers["RateLimit-Limit"] == "3"
    statuses = [answer.status_code for answer in answers]
    assert statuses.count(200) >= 3  # a new minute may have begun between two calls
    refused = [answer for answer in answers if answer.status_code == 429]
    if refused:
        problem(refused[0], 429, "too-many-calls")
        assert 1 <= int(refused[0].headers["Retry-After"]) <= 60
        assert refused[0].headers["RateLimit-Remaining"] == "0"
    assert refused or statuses == [200] * 5


def test_every_call_of_a_known_client_leaves_a_record(world):
    program = world.partner(purpose="credit check under contract 7")
    program.post("persons/find", FIND, Dashebao_Purpose="loan 4711")
    program.get("nowhere")
    program.get("regions?limit=0")
    calls = list(ApiCall.objects.order_by("id"))
    assert [(one.operation, one.status) for one in calls] == [("findPerson", 200), ("getRegions", 422)]
    assert (calls[0].person_id, calls[0].purpose, calls[0].region_code) == (world.person_id, "loan 4711", "440106")
    assert calls[1].purpose == "credit check under contract 7"
