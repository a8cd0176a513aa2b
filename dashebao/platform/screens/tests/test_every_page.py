"""Every registered page and panel, whichever system it belongs to: opens for its user (tests/security refuses the others)."""

import re
import zipfile
from functools import cache
from pathlib import Path

import lucide
import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from dashebao.kernel.identity.api import Office, User
from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.platform.screens.api import Face, Subject, pages, panels
from dashebao.platform.screens.tests import scene as scenes
from dashebao.platform.screens.tests.test_faces import INLINE

pytestmark = pytest.mark.usefixtures("taken_back")
OWN = "http://testserver"
OPEN = [page for face in Face for page in pages(face) if "<" not in page.path]


@pytest.fixture(scope="module")
def scene(module_db) -> scenes.Scene:
    return scenes.build()


@cache
def icons() -> frozenset:
    packed = next(Path(lucide.__file__).parent.glob("*.zip"))
    with zipfile.ZipFile(packed) as archive:
        return frozenset(name.removesuffix(".svg") for name in archive.namelist())


def user_for(scene: scenes.Scene, page) -> User:
    if page.face is not Face.COUNTER:
        return scene.users[{Face.PORTAL: "citizen", Face.EMPLOYER: "operator"}[page.face]]
    known = next((scene.users[role] for role in page.roles if role in scene.users), None)
    if known is not None:
        return known
    with acting(SYSTEM, "test"):
        return scenes.officer(page.roles[0], "某官员", Office.objects.get(code="440106-si"))


def client_of(user: User) -> Client:
    client = Client(headers={"accept-language": "en"})
    with acting(SYSTEM, "test"):
        client.force_login(user, "dashebao.kernel.identity.backends.PasswordBackend")
    return client


@pytest.mark.parametrize("page", OPEN, ids=lambda page: page.name)
def test_the_page_opens_for_its_user_with_nothing_inline(scene, page):
    answer = client_of(user_for(scene, page)).get(reverse(page.name))
    assert answer.status_code in (200, 302, 409)  # 409: told that there is nothing to show yet
    if answer.status_code != 302 and "html" in answer.headers["Content-Type"]:
        assert not INLINE.search(answer.content.decode().replace(OWN, ""))


@pytest.mark.parametrize(
    ("subject", "face", "name"),
    [(Subject.PERSON, Face.COUNTER, "counter_person"), (Subject.UNIT, Face.COUNTER, "counter_unit")],
)
def test_the_page_of_a_subject_opens_with_all_its_panels(scene, subject, face, name):
    key = scene.person_id if subject is Subject.PERSON else scene.unit_id
    answer = client_of(scene.users["pension.clerk"]).get(reverse(name, args=[key]))
    assert answer.status_code == 200
    assert not INLINE.search(answer.content.decode())


def test_every_icon_exists():
    named = {page.icon for face in Face for page in pages(face)}
    named |= {panel.icon for subject in Subject for face in Face for panel in panels(subject, face)}
    for config in apps.get_app_configs():
        if config.name.startswith("dashebao."):
            for path in Path(config.path).rglob("templates/**/*.html"):
                named |= set(re.findall(r'\{% lucide "([^"]+)"', path.read_text()))
    assert named - icons() == set()
