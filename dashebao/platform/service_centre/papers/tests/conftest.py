"""Fixtures of the papers' tests: the small office of the faces, seals in a folder of their own."""

from __future__ import annotations

import pytest
from django.test import Client

from dashebao.kernel.cases.api import Application, advance, case_view, submit
from dashebao.kernel.cases.tests.declarations.simple import AskAtOnce, AskForUnit
from dashebao.kernel.catalogue.api import Applicant, Channel, registered
from dashebao.kernel.records.api import SYSTEM, Actor, acting
from dashebao.platform.screens.tests import scene as scenes
from dashebao.platform.screens.tests.declared import ClaimExample


@pytest.fixture(autouse=True)
def own_seals(tmp_path_factory, settings):
    """Keys of one test session, away from those of a running product."""
    settings.DATA = tmp_path_factory.getbasetemp() / "authority"
    settings.DATA.mkdir(exist_ok=True)


@pytest.fixture
def scene(db):
    with registered(ClaimExample, AskAtOnce, AskForUnit):
        yield scenes.build()


@pytest.fixture
def granted(scene):
    """The number of a claim of the person, decided by three officers."""
    applicant = Applicant.of_person(scene.person_id, "林小岚", "440106")
    answers = {"retire_on": "2026-11-06", "manner": "card"}
    with acting(SYSTEM, "test"):
        no = submit(
            Application("TT-101", applicant, answers, Channel.PORTAL, "k1"), Actor("person", scene.person_id)
        ).case_no
        for role in ("pension.clerk", "pension.assessor", "pension.approver"):
            advance(no, scene.users[role], "同意")
        assert case_view(no).decision.outcome == "granted"
    return no


@pytest.fixture
def as_user(scene):
    def enter(name: str, language: str = "en") -> Client:
        client = Client(headers={"accept-language": language})
        with acting(SYSTEM, "test"):
            client.force_login(scene.users[name], "dashebao.kernel.identity.backends.PasswordBackend")
        return client

    return enter
