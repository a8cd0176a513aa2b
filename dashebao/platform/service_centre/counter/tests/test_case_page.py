"""The case page: second entry, colleagues, notes, the draft of a refusal, and entries that are never lost."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from dashebao.kernel.cases.api import Application, submit
from dashebao.kernel.cases.models import Case, CaseNote, CaseParty
from dashebao.kernel.catalogue.api import Applicant, Channel
from dashebao.kernel.records.api import SYSTEM, AuditEntry, acting
from dashebao.kernel.registry.api import PersonEntry, register_person
from dashebao.platform.screens.tests import scene as scenes

ACCOUNT = "6217003310001234567"
AGENT_NUMBER = "440305197604120022"


@pytest.fixture
def handed_in(scene):
    def hand_in(code="TT-005", **answers):
        given = answers or {"account": ACCOUNT, "amount": ""}
        applicant = Applicant.of_person(scene.person_id, "林小岚", "440106")
        application = Application(code, applicant, given, Channel.COUNTER, f"{code}{answers}")
        return submit(application, scene.users["pension.clerk"]).case_no

    return hand_in


def act(client: Client, number: str, name: str, **fields):
    page = reverse("counter_case", args=[number])
    version = Case.objects.get(case_no=number).version
    return client.post(page, {"act": name, "version": version, **fields})


def test_the_second_officer_types_the_account_without_seeing_it(enter, handed_in):
    number = handed_in()
    clerk, assessor = enter("pension.clerk"), enter("pension.assessor")
    act(clerk, number, "advance", opinion="ok")
    page = reverse("counter_case", args=[number])
    before = assessor.get(page).content.decode()
    assert ACCOUNT not in before
    assert 'name="again-account"' in before
    assert act(assessor, number, "reenter", **{"again-account": "123"}).status_code == 302
    differs = assessor.get(page).content.decode()
    assert "The entries differ" in differs
    assert ACCOUNT in differs
    refused = act(assessor, number, "advance", opinion="I want to go on")
    assert refused.status_code == 409
    act(assessor, number, "settle", field="account", reason="typed too fast")
    assert act(assessor, number, "advance", opinion="ok").status_code == 302


def test_a_colleague_was_faster_and_nothing_typed_is_lost(enter, handed_in):
    number, clerk = handed_in(), enter("pension.clerk")
    page = reverse("counter_case", args=[number])
    shown = Case.objects.get(case_no=number).version
    act(clerk, number, "take")
    late = clerk.post(page, {"act": "suspend", "version": shown, "reason": "等待公安核实", "basis": "第十条"})
    body = late.content.decode()
    assert late.status_code == 409
    assert "Somebody else changed this case" in body
    assert "等待公安核实" in body
    assert 'value="第十条"' in body
    assert Case.objects.get(case_no=number).state == "submitted"


def test_the_draft_of_a_refusal_is_shown_before_anything_is_sent(enter, handed_in):
    number, clerk = handed_in("TT-101", retire_on="2026-11-06", manner="card", note="forbidden"), enter("pension.clerk")
    draft = clerk.post(reverse("counter_refusing", args=[number]), {"opinion": "用途不符"})
    assert draft.status_code == 200
    assert "This is not allowed." in draft.content.decode()
    assert "用途不符" in draft.content.decode()
    assert Case.objects.get(case_no=number).state == "submitted"
    act(clerk, number, "refuse", opinion="用途不符")
    assert Case.objects.get(case_no=number).state == "refused"


def test_notes_stay_and_a_stranger_is_no_colleague(enter, handed_in):
    number, clerk = handed_in(), enter("pension.clerk")
    act(clerk, number, "note", note="已电话核实")
    assert "已电话核实" in clerk.get(reverse("counter_case", args=[number])).content.decode()
    assert CaseNote.objects.get().author_name == "陈静"
    missing = act(clerk, number, "reassign", to="0", reason="x")
    assert missing.status_code == 403


def test_a_case_page_is_recorded_and_costs_a_fixed_number_of_queries(
    enter, scene, handed_in, django_assert_max_num_queries
):
    number, clerk = handed_in(), enter("pension.clerk")
    page = reverse("counter_case", args=[number])
    with django_assert_max_num_queries(70):
        assert clerk.get(page).status_code == 200
    assert AuditEntry.objects.filter(verb="cases.viewed", subject_person_id=scene.person_id).exists()


def test_an_agent_hands_in_with_a_paper_of_authority(enter, scene):
    clerk = enter("pension.clerk")
    with acting(SYSTEM, "test"):
        register_person(PersonEntry("代办人", "440106", AGENT_NUMBER))
    page = reverse("counter_apply", args=["TT-005"])
    who = {"who": scenes.ID_NUMBER, "agent": AGENT_NUMBER}
    assert "which paper gives the agent authority" in clerk.get(page, who).content.decode()
    form = clerk.get(page, who | {"authority": "power"}).content.decode()
    key = re.search(r'name="key" value="([^"]+)"', form)[1]
    sent = who | {"authority": "power", "key": key, "account": ACCOUNT}
    first, second = clerk.post(page, sent), clerk.post(page, sent)
    assert first.status_code == 302
    assert first.url == second.url
    assert Case.objects.count() == 1
    assert CaseParty.objects.filter(role="agent", name="代办人").exists()
    assert "Power of attorney" in CaseNote.objects.get().text


def test_entries_sent_after_the_session_ended_are_kept_over_a_new_sign_in(scene, handed_in):
    number = handed_in()
    client = Client(headers={"accept-language": "en"})
    page = reverse("counter_case", args=[number])
    ended = client.post(page, {"act": "note", "note": "十分钟写的备注", "version": "1"})
    assert ended.status_code == 401
    kept = re.search(r'name="kept" value="([^"]+)"', ended.content.decode())[1]
    again = client.post(
        reverse("sign_in"), {"username": "pension.clerk", "password": scenes.PASSWORD, "kept": kept, "next": page}
    )
    body = again.content.decode()
    assert 'value="十分钟写的备注"' in body
    assert f'action="{page}"' in body
    assert CaseNote.objects.count() == 0
    client.post(page, {"act": "note", "note": "十分钟写的备注"})
    assert CaseNote.objects.get().text == "十分钟写的备注"
    forged = client.post(
        reverse("sign_in"), {"username": "pension.clerk", "password": scenes.PASSWORD, "kept": kept[:-2] + "xx"}
    )
    assert forged.status_code == 302
