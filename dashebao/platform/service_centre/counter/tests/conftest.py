"""A small office with items of every kind, and clients signed in as its officers."""

import pytest
from django.test import Client

from dashebao.kernel.cases.tests.declarations.account import ChangeAccount
from dashebao.kernel.catalogue.api import registered
from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.platform.screens.tests import scene as scenes
from dashebao.platform.screens.tests.declared import ClaimExample


@pytest.fixture
def scene(db):
    with registered(ClaimExample, ChangeAccount):
        yield scenes.build()


@pytest.fixture
def enter(scene):
    """`enter("pension.clerk")`: a client signed in as that officer, in English."""

    def signed_in(name: str) -> Client:
        client = Client(headers={"accept-language": "en"})
        with acting(SYSTEM, "test"):
            client.force_login(scene.users[name], "dashebao.kernel.identity.backends.PasswordBackend")
        return client

    return signed_in
