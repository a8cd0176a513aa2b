"""Applying at the portal: nothing lost, nothing twice, each bad input told where it stands."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dashebao.kernel.cases.api import Correction, ask_correction, case_view, cases_of_person, take
from dashebao.kernel.cases.tests.conftest import web_login  # noqa: F401
from dashebao.kernel.cases.tests.declarations.divorce import RegisterDivorce
from dashebao.kernel.cases.tests.declarations.simple import AskAtOnce
from dashebao.kernel.catalogue.api import Channel, registered
from dashebao.kernel.identity.api import actor_of
from dashebao.kernel.records.api import acting
from dashebao.platform.screens.tests import scene as scenes
from dashebao.platform.screens.tests.declared import ClaimExample
from dashebao.platform.service_centre.portal.actions.joints import confirm_joint
from dashebao.platform.service_centre.portal.errors import PortalRefused
from dashebao.platform.service_centre.portal.models import Draft, Joint, Rating
from dashebao.platform.service_centre.portal.tests import world as worlds

APPLY, CHECK = "/my/apply/TT-101/", "/my/apply/TT-101/check/"
ANSWERS = {"retire_on": "2026-11-06", "manner": "card", "note": "by bus"}


@pytest.fixture
def world(transactional_db, web_login, monkeypatch):  # noqa: F811
    monkeypatch.setattr(RegisterDivorce, "channels", Channel.COUNTER | Channel.PORTAL)
    with registered(ClaimExample, AskAtOnce, RegisterDivorce):
        yield worlds.build()


def cases(world, who="citizen"):
    user = world.users[who]
    with acting(actor_of(user)):
        return cases_of_person(user.person_id)


def hidden(page, name):
    return re.search(rf'name="{name}" value="([^"]+)"', page.content.decode())[1]


def test_wrong_answers_are_told_at_the_top_and_at_the_field_and_entries_stay(world):
    answer = world.client("citizen").post(APPLY, {"retire_on": "someday", "manner": "", "note": "kept"})
    page = answer.content.decode()
    assert answer.status_code == 422
    summary = re.search(r'<div class="error-summary" role="alert" tabindex="-1">(.*?)</div>', page, re.S)[1]
    told = re.search(r'id="id_retire_on_error">([^<]+)<', page)[1]
    assert told in summary
    assert 'href="#id_retire_on"' in summary
    assert 'value="kept"' in page
    assert 'value="someday"' in page


def test_answers_wait_in_a_draft_until_they_are_handed_in(world):
    citizen = world.client("citizen")
    assert citizen.post(APPLY, ANSWERS).url == CHECK
    assert 'value="by bus"' in world.client("citizen").get(APPLY).content.decode()  # another device
    assert "Begun, not handed in" in citizen.get("/my/cases/").content.decode()
    assert world.client("stranger").get(CHECK).url == APPLY
    citizen.post(CHECK)
    assert "Begun, not handed in" not in citizen.get("/my/cases/").content.decode()


def test_handing_in_twice_makes_one_case(world):
    citizen = world.client("citizen")
    citizen.post(APPLY, ANSWERS)
    form = {"key": hidden(citizen.get(CHECK), "key"), "version": "1"}
    first, second = citizen.post(CHECK, form), citizen.post(CHECK, form)
    assert first.url == second.url
    assert len(cases(world)) == 1


def test_a_stale_page_hands_nothing_in(world):
    citizen = world.client("citizen")
    citizen.post(APPLY, ANSWERS)
    form = {"key": hidden(citizen.get(CHECK), "key"), "version": "1"}
    citizen.post(APPLY, {**ANSWERS, "note": "by train"})
    answer = citizen.post(CHECK, form)
    assert answer.status_code == 422
    assert "changed in another window" in answer.content.decode()
    assert cases(world) == []
    assert citizen.post(CHECK, {**form, "version": hidden(answer, "version")}).status_code == 302


def test_a_form_sent_after_the_session_ended_waits_for_the_sign_in(world):
    browser = Client(headers={"accept-language": "en"})
    to_sign_in = browser.post(APPLY, ANSWERS)
    assert to_sign_in.status_code == 302
    signed = browser.post(to_sign_in.url, {"username": "citizen", "password": scenes.PASSWORD, "next": APPLY})
    assert signed.url == APPLY
    page = browser.get(APPLY).content.decode()
    assert 'value="by bus"' in page
    assert "kept" in page


def test_a_bad_file_is_told_and_a_good_one_is_taken(world):
    citizen = world.client("citizen")
    citizen.post(APPLY, ANSWERS)
    bad = citizen.post(CHECK, {"paper-1": SimpleUploadedFile("a.exe", b"MZ", "application/x-msdownload")})
    assert bad.status_code == 422
    assert "a.exe cannot be taken" in bad.content.decode()
    assert cases(world) == []
    made = citizen.post(CHECK, {"paper-1": SimpleUploadedFile("a.pdf", b"%PDF-1.7", "application/pdf")})
    assert made.status_code == 302


def test_papers_can_follow_a_correction_be_answered_and_a_case_withdrawn(world):
    citizen, clerk = world.client("citizen"), world.users["pension.clerk"]
    citizen.post(APPLY, ANSWERS)
    number = citizen.post(CHECK).url.rstrip("/").split("/")[-1]
    address = f"/my/cases/{number}/"
    assert "Add papers" in citizen.get(address).content.decode()
    paper = SimpleUploadedFile("file.pdf", b"%PDF-1.7", "application/pdf")
    citizen.post(address, {"act": "add_papers", "paper-1": paper})
    assert "file.pdf" in citizen.get(address).content.decode()
    take(number, clerk)
    ask_correction(number, clerk, Correction(["the note is unreadable"]))
    assert "the note is unreadable" in citizen.get(address).content.decode()
    wrong = citizen.post(
        address, {"act": "answer_correction", "with-answers": "1", "retire_on": "x", "manner": "card", "note": "typed"}
    )
    assert wrong.status_code == 422
    assert 'value="typed"' in wrong.content.decode()
    citizen.post(address, {"act": "answer_correction", "with-answers": "1", **ANSWERS, "note": "clear now"})
    page = citizen.get(address).content.decode()
    assert "clear now" in page
    citizen.post(address, {"act": "withdraw", "reason": "changed my mind"})
    assert [case.state for case in cases(world)] == ["withdrawn"]


def test_a_bad_rating_gets_an_answer_within_its_time(world):
    citizen, clerk = world.client("citizen"), world.client("service.clerk")
    citizen.post("/my/apply/TT-002/", {"purpose": "loan"})
    number = citizen.post("/my/apply/TT-002/check/").url.rstrip("/").split("/")[-1]
    address = f"/my/cases/{number}/"
    assert citizen.post(address, {"act": "rate", "stars": "9"}).status_code == 302
    citizen.post(address, {"act": "rate", "stars": "1", "text": "too slow"})
    citizen.post(address, {"act": "rate", "stars": "5"})
    with acting(actor_of(world.users["citizen"])):
        row = Rating.objects.get()
        assert row.stars == 1
        assert row.due_on is not None
    assert "too slow" in clerk.get("/counter/service/ratings/").content.decode()
    assert clerk.post("/counter/service/ratings/", {"rating": row.pk, "text": ""}).status_code == 422
    clerk.post("/counter/service/ratings/", {"rating": row.pk, "text": "we hired somebody"})
    assert "we hired somebody" in citizen.get(address).content.decode()
    assert "The office answered your rating" in citizen.get("/my/messages/").content.decode()
    assert world.client("stranger").get(address).status_code == 404


def test_a_complaint_is_received_looked_into_and_answered_by_three_officers(world):
    citizen = world.client("citizen")
    form = {"about": "service", "against": "", "text": "I was sent away.", "wish": ""}
    assert citizen.post("/my/apply/SI-901/", {**form, "text": ""}).status_code == 422
    citizen.post("/my/apply/SI-901/", form)
    number = citizen.post("/my/apply/SI-901/check/").url.rstrip("/").split("/")[-1]
    steps = (
        ("service.clerk", {}),
        ("service.inspector", {"findings": "true", "founded": "yes"}),
        ("service.handler", {"reply": "We are sorry."}),
    )
    for role, data in steps:
        officer = world.client(role)
        page = officer.get(f"/counter/case/{number}/")
        assert page.status_code == 200
        done = officer.post(f"/counter/case/{number}/", {"act": "advance", "version": hidden(page, "version"), **data})
        assert done.status_code == 302, done.content.decode()[:1500]
    assert "We are sorry." in citizen.get(f"/my/cases/{number}/").content.decode()


def test_two_persons_apply_together_and_nothing_is_handed_in_before_both_confirmed(world):
    starter, other = world.client("citizen"), world.client("agent")
    address = f"/my/apply/{RegisterDivorce.code}/"
    answers = dict(RegisterDivorce.examples[0].answers)
    named = {"partner-0-name": "黎安", "partner-0-number": worlds.AGENT_NUMBER}
    wrong = starter.post(address, {**answers, **named, "partner-0-name": "黎平"})
    assert wrong.status_code == 422
    assert "do not fit any registered person" in wrong.content.decode()
    assert starter.post(address, {**answers, **named}).url == f"{address}check/"
    assert "Ask for confirmation" in starter.get(f"{address}check/").content.decode()
    assert starter.post(f"{address}check/").url == "/my/agents/"
    assert cases(world) == []
    with acting(actor_of(world.users["stranger"])):
        assert list(Joint.objects.all()) == []
        with pytest.raises(PortalRefused):
            confirm_joint(1, by=world.users["stranger"])
    with acting(actor_of(world.users["agent"])):
        key = Joint.objects.get().pk
    assert "I have read it and confirm" in other.get("/my/agents/").content.decode()
    other.post("/my/agents/", {"act": "confirm", "key": key})
    (made,) = cases(world)
    assert made.item_code == RegisterDivorce.code
    with acting(actor_of(world.users["agent"])):
        assert {party.name for party in case_view(made.case_no).parties} == {"林小岚", "黎安"}
    other.post("/my/agents/", {"act": "confirm", "key": key})
    assert len(cases(world)) == 1


def test_the_other_may_decline(world):
    starter, other = world.client("citizen"), world.client("agent")
    address = f"/my/apply/{RegisterDivorce.code}/"
    named = {"partner-0-name": "黎安", "partner-0-number": worlds.AGENT_NUMBER}
    starter.post(address, {**dict(RegisterDivorce.examples[0].answers), **named})
    starter.post(f"{address}check/")
    with acting(actor_of(world.users["agent"])):
        key = Joint.objects.get().pk
    other.post("/my/agents/", {"act": "refuse", "key": key})
    assert cases(world) == []
    assert "did not confirm your application" in starter.get("/my/messages/").content.decode()


def test_a_draft_can_be_thrown_away_by_its_owner_only(world):
    citizen = world.client("citizen")
    citizen.post(APPLY, ANSWERS)
    with acting(actor_of(world.users["citizen"])):
        key = Draft.objects.get().pk
    world.client("stranger").post("/my/cases/", {"draft": key})
    assert 'value="by bus"' in citizen.get(APPLY).content.decode()
    citizen.post("/my/cases/", {"draft": key})
    assert 'value="by bus"' not in citizen.get(APPLY).content.decode()
