"""The portal's pages: home in few queries, search with people's words, messages, profile, access log, elder mode."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import translation

from dashebao.kernel.cases.tests.declarations.simple import AskAtOnce
from dashebao.kernel.catalogue.api import items, registered
from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.kernel.registry.api import person
from dashebao.platform.screens.tests.declared import ClaimExample
from dashebao.platform.screens.tests.test_faces import INLINE
from dashebao.platform.service_centre.notices.models import Notice
from dashebao.platform.service_centre.portal.actions.inbox import Told, tell, unread
from dashebao.platform.service_centre.portal.finding import find
from dashebao.platform.service_centre.portal.models import Message
from dashebao.platform.service_centre.portal.tests import world as worlds

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    with registered(ClaimExample, AskAtOnce):
        yield worlds.build()


def test_the_home_asks_a_fixed_number_of_questions(world, django_assert_max_num_queries):
    citizen = world.client("citizen")
    citizen.get("/")
    for number in range(4):
        citizen.post("/my/apply/TT-002/", {"purpose": "loan"})
        citizen.post("/my/apply/TT-002/check/")
        tell(world.users["citizen"].person_id, Told("mandate", f"test {number}", values={"name": "甲"}))
    with django_assert_max_num_queries(32):
        page = citizen.get("/")
    assert page.status_code == 200
    with django_assert_max_num_queries(8):
        assert Client().get("/").status_code == 200


@pytest.mark.parametrize(
    ("said", "code"),
    [("退休金", "SI-401"), ("不交社保", "SI-901"), ("丧葬", "SI-402"), ("转社保", "SI-3022"), ("农保", "SI-1045"),
     ("自己交", "SI-104"), ("换手机", "SI-105"), ("年审", "SI-405"), ("funeral", "SI-402"), ("complaint", "SI-901")],
)  # fmt: skip
def test_the_search_understands_the_words_people_use(said, code):
    if code not in {item.code for item in items()}:
        pytest.skip(f"{code} is not in this installation")
    with translation.override("zh-hans"):
        hrefs = [hit.href for hit in find(said, citizen=False)]
    assert f"/services/{code}/" in hrefs[:8]


def test_a_search_without_a_hit_leads_on():
    page = Client(headers={"accept-language": "en"}).get("/services/", {"q": "xyzzy"})
    assert page.status_code == 200
    assert "Nothing fits" in page.content.decode()


def test_a_search_finds_notices_and_pages(world):
    with acting(SYSTEM, "test"):
        Notice.objects.create(
            kind="notice", title_zh="断网通知", title_en="Short interruption", body_zh="今晚", body_en="Tonight",
            region_code="440000", state="draft", written_by=world.users["notices.editor"].pk, written_at="2026-11-01T00:00Z",
        )  # fmt: skip
    assert "断网" not in str(find("断网", citizen=False))
    assert any(hit.href == "/my/access/" for hit in find("looked at", citizen=True))


def test_large_text_works_without_a_script(world):
    citizen = world.client("citizen")
    assert 'data-mode="elder"' not in citizen.get("/").content.decode()
    assert citizen.post("/mode/", {"mode": "elder", "next": "/services/"}).url == "/services/"
    page = citizen.get("/").content.decode()
    assert 'data-mode="elder"' in page
    assert "Call 12333" in page
    assert "By stage of life" not in page
    assert citizen.post("/mode/", {"mode": "plain", "next": "https://elsewhere.example/"}).url == "/"


def test_messages_are_unread_until_opened(world):
    user = world.users["citizen"]
    tell(user.person_id, Told("mandate", "test", values={"name": "甲某"}))
    tell(user.person_id, Told("mandate", "test", values={"name": "甲某"}))  # told once
    citizen = world.client("citizen")
    page = citizen.get("/my/messages/").content.decode()
    assert "甲某 asks you to act as agent" in page
    assert "1 unread message" in page
    row = Message.objects.get(person_id=user.person_id)
    assert world.client("stranger").get(f"/my/messages/{row.pk}/").status_code == 404
    assert citizen.get(f"/my/messages/{row.pk}/").status_code == 200
    assert unread(user.person_id) == 0
    with translation.override("zh-hans"):
        assert "请您代办业务" in Message.objects.get(pk=row.pk).title_zh


def test_the_profile_is_saved_and_wrong_numbers_are_told(world):
    citizen = world.client("citizen")
    form = {"mobile": "13900000001", "address": "示例路 1 号", "language": "en", "elder": "on", "by_sms": "on"}
    wrong = citizen.post("/my/profile/", {**form, "mobile": "139"})
    assert wrong.status_code == 422
    assert "A mobile number has 11 digits" in wrong.content.decode()
    assert "示例路" in wrong.content.decode()
    saved = citizen.post("/my/profile/", form)
    assert saved.cookies["mode"].value == "elder"
    with acting(SYSTEM, "look"):
        assert person(world.users["citizen"].person_id).mobile == "13900000001"


def test_the_access_log_speaks_in_words(world):
    clerk = world.client("pension.clerk")
    clerk.get(f"/counter/person/{world.users['citizen'].person_id}/")
    page = world.client("citizen").get("/my/access/").content.decode()
    assert "Opened your record" in page
    assert "Officer" in page
    assert "person.viewed" not in page
    assert "Opened your record" not in world.client("citizen").get("/my/access/?kind=changed").content.decode()


@pytest.mark.parametrize(
    "address",
    ["/", "/services/", "/services/?q=pension", "/services/SI-901/", "/offices/", "/accessibility/", "/notices/",
     "/calculator/", "/my/cases/", "/my/agents/", "/my/agents/new/", "/my/messages/", "/my/profile/", "/my/access/",
     "/my/apply/TT-101/", "/my/insurance/"],
)  # fmt: skip
def test_every_page_opens_in_both_languages_with_nothing_inline(world, address):
    for language, words in (("en", 'lang="en"'), ("zh-hans", 'lang="zh-hans"')):
        client = world.client("citizen")
        page = client.get(address, headers={"accept-language": language})
        assert page.status_code == 200
        text = page.content.decode()
        assert words in text
        assert not INLINE.search(text)


def test_an_employer_may_not_apply_as_a_citizen(world):
    assert world.client("operator").get("/my/apply/TT-101/").status_code == 403
