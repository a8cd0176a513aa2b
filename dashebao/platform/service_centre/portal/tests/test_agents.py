"""Agents: only with a mandate in force, only for its services, visible to the principal, ended at once."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from dashebao.kernel.cases.api import Application, NotFound, case_view, cases_of_person, submit, today
from dashebao.kernel.cases.tests.conftest import web_login  # noqa: F401
from dashebao.kernel.cases.tests.declarations.simple import AskAtOnce
from dashebao.kernel.catalogue.api import Applicant, Channel, Party, PartyRole, registered
from dashebao.kernel.identity.api import actor_of
from dashebao.kernel.records.api import AuditEntry, acting
from dashebao.kernel.registry.api import NoSuchPerson, person
from dashebao.platform.screens.tests.declared import ClaimExample
from dashebao.platform.service_centre.portal.actions.inbox import unread
from dashebao.platform.service_centre.portal.actions.mandates import Offer, answer, mandates_of, offer, revoke
from dashebao.platform.service_centre.portal.errors import PortalRefused
from dashebao.platform.service_centre.portal.models import Mandate
from dashebao.platform.service_centre.portal.tests import world as worlds

ANSWERS = {"retire_on": "2026-11-06", "manner": "card", "note": ""}


@pytest.fixture
def world(transactional_db, web_login):  # noqa: F811
    with registered(ClaimExample, AskAtOnce):
        yield worlds.build()


def given(world, items=("TT-101",), days=30):
    terms = Offer("黎安", worlds.AGENT_NUMBER, "child", items, today(), today() + timedelta(days=days))
    principal = world.users["citizen"]
    with acting(actor_of(principal)):
        return offer(terms, by=principal).pk


def accepted(world, **terms):
    key = given(world, **terms)
    agent = world.users["agent"]
    with acting(actor_of(agent)):
        answer(key, True, by=agent)
    return key


def apply_for(world, who, code="TT-101", key="k1"):
    principal = world.users["citizen"]
    with acting(actor_of(principal)):
        human = person(principal.person_id)
    me = world.users[who]
    agent = Party(me.name, person_id=me.person_id, role=PartyRole.AGENT)
    applicant = Applicant.of_person(human.pk, human.name, human.region_code, agent)
    answers = ANSWERS if code == "TT-101" else {"purpose": "loan"}
    return submit(Application(code, applicant, answers, Channel.PORTAL, key), me).case_no


def test_an_agent_applies_and_the_principal_sees_every_step(world):
    accepted(world)
    number = apply_for(world, "agent")
    principal, agent = world.users["citizen"], world.users["agent"]
    with acting(actor_of(principal)):
        assert case_view(number, principal).applicant_name == "林小岚"
        line = AuditEntry.objects.filter(subject_person_id=principal.person_id, verb="cases.submitted").get()
        assert (line.actor_kind, line.actor_id, line.actor_name) == ("person", agent.person_id, "黎安")
        assert unread(principal.person_id) >= 2
    with acting(actor_of(agent)):
        assert case_view(number, agent).case_no == number


def test_the_agent_sees_the_case_but_not_the_principals_record(world):
    accepted(world)
    apply_for(world, "agent")
    agent = world.users["agent"]
    with acting(actor_of(agent)):
        assert len(cases_of_person(agent.person_id)) == 1
        with pytest.raises(NoSuchPerson):
            person(world.users["citizen"].person_id)


def test_nobody_applies_for_another_without_a_mandate(world):
    given(world)  # offered, not accepted
    for who in ("agent", "stranger"):
        with pytest.raises(DatabaseError), acting(actor_of(world.users[who])):
            apply_for(world, who)


def test_a_mandate_holds_for_its_services_only(world):
    accepted(world, items=("TT-101",))
    with pytest.raises(DatabaseError):
        apply_for(world, "agent", code=AskAtOnce.code)


def test_a_mandate_that_has_run_out_holds_no_longer(world):
    principal = world.users["citizen"]
    past = Offer("黎安", worlds.AGENT_NUMBER, "child", ("TT-101",), date(2026, 1, 1), date(2026, 2, 1))
    with acting(actor_of(principal)), pytest.raises(PortalRefused):
        offer(past, by=principal)


def test_after_revoking_the_agent_sees_nothing_and_may_do_nothing(world):
    key = accepted(world)
    number = apply_for(world, "agent")
    principal, agent = world.users["citizen"], world.users["agent"]
    with acting(actor_of(principal)):
        revoke(key, by=principal)
    with acting(actor_of(agent)):
        with pytest.raises(NotFound):
            case_view(number, agent)
        given_out, received = mandates_of(agent.person_id)
        assert given_out == []
        assert [row.state for row in received] == ["revoked"]
    with pytest.raises(DatabaseError):
        apply_for(world, "agent", key="k2")


def test_an_agent_gives_up_and_leaves_open_cases(world):
    key = accepted(world)
    number = apply_for(world, "agent")
    agent = world.users["agent"]
    with acting(actor_of(agent)):
        answer(key, False, by=agent)
        with pytest.raises(NotFound):
            case_view(number, agent)


def test_name_and_number_must_both_fit(world):
    principal = world.users["citizen"]
    for name, number in (("黎平", worlds.AGENT_NUMBER), ("黎安", "not a number"), ("黎安", worlds.STRANGER_NUMBER)):
        terms = Offer(name, number, "child", ("TT-101",), today(), today())
        with acting(actor_of(principal)), pytest.raises(PortalRefused, match="do not fit"):
            offer(terms, by=principal)


def test_after_ten_wrong_guesses_the_right_one_is_refused_too(world):
    stranger = world.client("stranger")
    form = {
        "name": "黎安", "number": "", "relation": "child", "services": ["TT-101"],
        "from_on": today().isoformat(), "until_on": (today() + timedelta(days=9)).isoformat(),
    }  # fmt: skip
    for number in range(10):
        guess = stranger.post("/my/agents/new/", form | {"number": f"44030519760412{number:03d}X"})
        assert "do not fit any registered person" in guess.content.decode()
    right = stranger.post("/my/agents/new/", form | {"number": worlds.AGENT_NUMBER})
    assert right.status_code == 422
    assert "Too many wrong names and numbers" in right.content.decode()
    given(world)  # another citizen's guesses are counted apart


@pytest.mark.parametrize(
    "statement",
    [
        "insert into portal_mandate (principal_id, principal_name, agent_id, agent_name, person_ids, region_code, relation,"
        " item_codes, valid_during, state) select principal_id, principal_name, agent_id, agent_name, person_ids,"
        " region_code, relation, array['TT-003'], '[2030-01-01,2031-01-01)', 'accepted' from portal_mandate",
        "update portal_mandate set state = 'accepted' where state = 'revoked'",
        "update portal_mandate set item_codes = array['TT-101', 'TT-003']",
        "update portal_mandate set valid_during = '[2020-01-01,2099-01-01)'",
        "delete from portal_mandate",
    ],
)
def test_an_injected_statement_of_the_agent_makes_no_mandate(world, statement):
    key = accepted(world)
    with acting(actor_of(world.users["citizen"])):
        if "revoked" in statement:
            revoke(key, by=world.users["citizen"])
    with acting(actor_of(world.users["agent"])):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
        assert Mandate.objects.get().item_codes == ["TT-101"]


def test_an_injected_case_in_anothers_name_is_refused(world):
    stranger, victim = world.users["stranger"], world.users["citizen"]
    with acting(actor_of(stranger)):
        me = person(stranger.person_id)
        forged = Applicant.of_person(
            victim.person_id, "林小岚", me.region_code, Party("常青", person_id=me.pk, role=PartyRole.AGENT)
        )
        with pytest.raises(DatabaseError):
            submit(Application("TT-101", forged, ANSWERS, Channel.PORTAL, "forged"), stranger)


def test_the_pages_lead_from_offer_to_case(world):
    principal, agent = world.client("citizen"), world.client("agent")
    empty = principal.post("/my/agents/new/", {})
    assert empty.status_code == 422
    assert 'class="error-summary"' in empty.content.decode()
    form = {
        "name": "黎安", "number": worlds.AGENT_NUMBER, "relation": "child", "services": ["TT-101"],
        "from_on": today().isoformat(), "until_on": (today() + timedelta(days=9)).isoformat(),
    }  # fmt: skip
    wrong = principal.post("/my/agents/new/", {**form, "name": "黎平"})
    assert wrong.status_code == 422
    assert "黎平" in wrong.content.decode()
    assert principal.post("/my/agents/new/", form).status_code == 302
    with acting(actor_of(world.users["agent"])):
        key = Mandate.objects.get().pk
    assert "Example claim" in agent.get("/my/agents/").content.decode()
    assert agent.post("/my/agents/", {"act": "accept", "key": key}).status_code == 302
    start = f"/my/apply/TT-101/?for={key}"
    assert "You apply as agent for 林小岚" in agent.get(start).content.decode()
    checked = agent.post(start, ANSWERS)
    assert checked.url == f"/my/apply/TT-101/check/?for={key}"
    made = agent.post(checked.url, {})
    assert made.status_code == 302, made.content.decode()[:2000]
    number = made.url.rstrip("/").split("/")[-1]
    assert "You act here as agent" in agent.get(f"/my/cases/{number}/").content.decode()
    assert "Your agent 黎安" in principal.get("/my/access/").content.decode()
    assert "黎安" in principal.get(f"/my/cases/{number}/").content.decode()
    assert principal.post("/my/agents/", {"act": "revoke", "key": key}).status_code == 302
    assert agent.get(f"/my/cases/{number}/").status_code == 404
    assert world.client("stranger").get(start).status_code == 409
