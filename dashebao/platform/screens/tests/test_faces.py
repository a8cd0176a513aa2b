"""Every page of the faces answers for the right user, refuses the wrong one, and works end to end."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from dashebao.kernel.cases.api import case_view
from dashebao.kernel.cases.tests.declarations.simple import AskAtOnce, AskForUnit
from dashebao.kernel.catalogue.api import registered
from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.platform.screens.tests import scene as scenes
from dashebao.platform.screens.tests.declared import ClaimExample

pytestmark = pytest.mark.django_db
INLINE = re.compile(r"\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=|<style|https?://(?!www\.w3\.org)", re.I)


@pytest.fixture
def scene():
    with registered(ClaimExample, AskAtOnce, AskForUnit):
        yield scenes.build()


@pytest.fixture
def as_user(scene):
    def enter(name: str) -> Client:
        client = Client(headers={"accept-language": "en"})
        with acting(SYSTEM, "test"):
            client.force_login(scene.users[name], "dashebao.kernel.identity.backends.PasswordBackend")
        return client

    return enter


def text_of(response) -> str:
    assert response.status_code == 200, response.content.decode()[:3000]
    return response.content.decode()


COUNTER = [
    "counter_tasks",
    "counter_start",
    "counter_cases",
    "counter_people",
    "counter_units",
    "counter_find",
    "counter_months",
]


@pytest.mark.parametrize("name", COUNTER)
def test_a_clerk_opens_every_page_of_the_counter_and_nothing_is_inline(as_user, name):
    page = text_of(as_user("pension.clerk").get(reverse(name)))
    assert "<h1" in page
    assert not INLINE.search(page)


@pytest.mark.parametrize("name", ["counter_audit", "counter_history", "counter_verify"])
def test_only_the_auditor_opens_the_trail(as_user, name):
    assert "<h1" in text_of(as_user("audit.reader").get(reverse(name)))
    refused = as_user("pension.clerk").get(reverse(name))
    assert refused.status_code == 403
    assert "needs the role" in refused.content.decode()


def test_faces_refuse_accounts_of_another_kind(as_user):
    assert as_user("citizen").get(reverse("counter_tasks")).status_code == 403
    assert as_user("pension.clerk").get(reverse("portal_insurance")).status_code == 403
    assert as_user("citizen").get(reverse("employer_home")).status_code == 403
    assert as_user("fund.maker").get(reverse("counter_people")).status_code == 403


def test_nobody_signed_in_is_sent_to_sign_in_and_the_open_pages_stay_open(scene):
    client = Client(headers={"accept-language": "en"})
    for name in ("counter_tasks", "portal_insurance", "employer_home", "account"):
        answer = client.get(reverse(name))
        assert answer.status_code == 302
        assert answer.url.startswith(reverse("sign_in"))
    assert not INLINE.search(text_of(client.get(reverse("portal_home"))))
    for address in (reverse("portal_services"), reverse("portal_guide", args=["TT-101"])):
        page = text_of(client.get(address))
        assert not INLINE.search(page)
        assert "Example claim" in page


def test_signing_in_leads_to_the_home_of_the_account_and_a_wrong_password_does_not(scene):
    client = Client(headers={"accept-language": "en"})
    wrong = client.post(reverse("sign_in"), {"username": "citizen", "password": "no"})
    assert wrong.status_code == 422
    assert "is wrong" in wrong.content.decode()
    right = client.post(reverse("sign_in"), {"username": "pension.clerk", "password": scenes.PASSWORD})
    assert right.url == reverse("counter_home")
    assert client.get(right.url).url == reverse("counter_tasks")
    hostile = {"username": "citizen", "password": scenes.PASSWORD, "next": "https://elsewhere.example/"}
    assert Client().post(reverse("sign_in"), hostile).url == reverse("portal_home")


def test_a_claim_goes_from_the_portal_through_three_officers_to_its_explanation(as_user):
    citizen = as_user("citizen")
    apply = reverse("portal_apply", args=["TT-101"])
    empty = citizen.post(apply, {})
    assert empty.status_code == 422
    assert 'class="error-summary"' in empty.content.decode()
    answers = {"retire_on": "2026-11-06", "manner": "card", "note": ""}
    assert citizen.post(apply, answers).url == reverse("portal_check", args=["TT-101"])
    assert "2026" in text_of(citizen.get(reverse("portal_check", args=["TT-101"])))
    receipt = citizen.post(reverse("portal_check", args=["TT-101"]))
    number = receipt.url.rstrip("/").split("/")[-1]
    assert number in text_of(citizen.get(receipt.url))
    address = reverse("counter_case", args=[number])
    for role in ("pension.clerk", "pension.assessor", "pension.approver"):
        officer = as_user(role)
        assert number in text_of(officer.get(reverse("counter_tasks") + "?list=team"))
        page = text_of(officer.get(address))
        assert not INLINE.search(page)
        assert "3,405.27" not in page
        assert "3405.27" in page
        version = re.search(r'name="version" value="(\d+)"', page)[1]
        done = officer.post(address, {"act": "advance", "version": version, "opinion": "checked"})
        assert done.status_code == 302
    page = text_of(citizen.get(reverse("portal_case", args=[number])))
    assert "Granted" in page
    assert "218604.37 ÷ 139" in text_of(citizen.get(reverse("portal_explained", args=[number])))
    assert "Opened the record" not in text_of(citizen.get(reverse("portal_access")))


def test_a_stale_page_is_told_and_changes_nothing(as_user):
    clerk = as_user("pension.clerk")
    started = reverse("counter_apply", args=["TT-101"])
    found = text_of(clerk.get(started, {"who": scenes.ID_NUMBER}))
    key = re.search(r'name="key" value="([^"]+)"', found)[1]
    filled = {"who": scenes.ID_NUMBER, "key": key, "retire_on": "2026-11-06", "manner": "card"}
    made = clerk.post(started, filled)
    assert clerk.post(started, filled).url == made.url
    assessor = as_user("pension.assessor")
    refused = assessor.post(made.url, {"act": "advance", "version": "1"}, follow=True)
    assert "You may not do this" in refused.content.decode() or "duty" in refused.content.decode()
    stale = clerk.post(made.url, {"act": "advance", "version": "99"}, follow=True)
    assert "Somebody else changed this case" in stale.content.decode()
    with acting(SYSTEM, "look"):
        assert case_view(made.url.rstrip("/").split("/")[-1]).state == "submitted"


def test_a_unit_gets_its_paper_at_once_at_the_employer_portal(as_user, scene):
    operator = as_user("operator")
    assert "珠江智能装备" in text_of(operator.get(reverse("employer_home")))
    form = text_of(operator.get(reverse("employer_apply", args=["TT-003"])))
    key = re.search(r'name="key" value="([^"]+)"', form)[1]
    made = operator.post(reverse("employer_apply", args=["TT-003"]), {"key": key, "purpose": "loan"})
    assert made.status_code == 302
    assert "Delivered" in text_of(operator.get(made.url))
    assert "Delivered" in text_of(operator.get(reverse("employer_cases")))


def test_looking_at_a_person_is_recorded_and_the_person_sees_it(as_user, scene):
    found = as_user("pension.clerk").get(reverse("counter_find"), {"q": scenes.ID_NUMBER})
    assert found.url == reverse("counter_person", args=[scene.person_id])
    page = text_of(as_user("pension.clerk").get(found.url))
    assert "110105********002X" in page
    assert scenes.ID_NUMBER not in page.replace(f"?who={scenes.ID_NUMBER}", "")
    assert "Opened your record" in text_of(as_user("citizen").get(reverse("portal_access")))


def test_the_security_policy_is_sent_with_every_page(as_user):
    answer = as_user("pension.clerk").get(reverse("counter_tasks"))
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_missing_page_is_told_in_the_readers_language(as_user):
    assert "Page not found" in as_user("citizen").get("/nowhere/").content.decode()
    assert "Page not found" in as_user("citizen").get(reverse("portal_guide", args=["XX-999"])).content.decode()


def test_the_task_list_asks_the_database_the_same_number_of_times_for_one_and_for_many(
    as_user, django_assert_max_num_queries
):
    clerk, started = as_user("pension.clerk"), reverse("counter_apply", args=["TT-101"])
    counts = []
    for rows in (1, 12):
        for number in range(rows):
            filled = {"who": scenes.ID_NUMBER, "key": f"k{rows}-{number}", "retire_on": "2026-11-06", "manner": "card"}
            assert clerk.post(started, filled).status_code == 302
        with django_assert_max_num_queries(60) as asked:
            clerk.get(reverse("counter_tasks") + "?list=team")
        counts.append(len(asked))
    assert counts[0] == counts[1]
