"""Two citizens, a service desk and the declared items of the faces' tests, for tests of the portal."""

from __future__ import annotations

from dataclasses import dataclass

from django.test import Client

from dashebao.kernel.identity.api import Office, User
from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.kernel.registry.api import PersonEntry, register_person
from dashebao.platform.screens.tests import scene as scenes

AGENT_NUMBER = "440305197604120022"
STRANGER_NUMBER = "440101199003070018"
SERVICE = ("service.clerk", "service.inspector", "service.handler", "notices.editor", "notices.publisher", "levy.clerk")


@dataclass
class World:
    """The people of a test by name."""

    users: dict[str, User]

    def client(self, name: str) -> Client:
        """A browser of this user, in English."""
        client = Client(headers={"accept-language": "en"})
        with acting(SYSTEM, "test"):
            client.force_login(self.users[name], "dashebao.kernel.identity.backends.PasswordBackend")
        return client


def build() -> World:
    """Principal (林小岚, "citizen"), agent (黎安), stranger (常青) and the officers of the service desk."""
    found = scenes.build()
    users = dict(found.users)
    with acting(SYSTEM, "test world"):
        office = Office.objects.get(code="440106-si")
        for name, label, number in (("agent", "黎安", AGENT_NUMBER), ("stranger", "常青", STRANGER_NUMBER)):
            human = register_person(PersonEntry(label, "440106", number))
            users[name] = scenes.make_user(name, "citizen", name=human.name, person_id=human.pk)
        for role in SERVICE:
            users[role] = scenes.officer(role, f"官员{role[-6:]}", office)
    return World(users)
