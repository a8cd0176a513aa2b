"""The officer's pages: admit, issue, replace, revoke, suspend; a key is shown once; nobody else may."""

import re
from datetime import date

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client
from django.urls import reverse

from dashebao.kernel.identity.api import Grant, Office, User, roles
from dashebao.kernel.records.api import SYSTEM, AuditEntry, acting
from dashebao.platform.screens.tests import scene as scenes
from dashebao.platform.service_centre.open_api.models import ApiClient, ApiKey
from dashebao.platform.service_centre.open_api.tests.conftest import call

pytestmark = pytest.mark.django_db
GIVEN = {"name": "bank", "owner": "A bank", "regions": "440106", "purpose": "credit checks", "calls_per_minute": "60",
         "scopes": ["cases.read", "subjects.find"]}  # fmt: skip
KEY = re.compile(r"dsb_[a-z0-9]{10}_[A-Za-z0-9_-]{43}")


@pytest.fixture
def officer(db):
    scenes.build()
    with acting(SYSTEM, "test"):
        office = Office.objects.get(code="440106-si")
        user = scenes.make_user("interface", "officer", name="邓立", office=office)
        role = roles()["api.keys"]
        Grant.objects.create(
            user=user, role=role.code, family=role.family, valid_during=DateRange(date(2020, 1, 1), None)
        )
        client = Client(headers={"accept-language": "en"})
        client.force_login(user, "dashebao.kernel.identity.backends.PasswordBackend")
    return client


def admitted(officer):
    made = officer.post(reverse("open_api_new"), GIVEN)
    assert made.status_code == 302, made.content.decode()
    return made.url


def issued(officer, address, **more):
    form_key = re.search(r'name="form_key" value="([^"]+)"', officer.get(address).content.decode())[1]
    sent = {"act": "issue", "form_key": form_key, **more}
    return officer.post(address, sent), sent


def test_a_client_is_admitted_and_its_key_is_shown_once(officer):
    address = admitted(officer)
    page, sent = issued(officer, address)
    key = KEY.search(page.content.decode())[0]
    assert page.headers["Cache-Control"] == "no-store"
    assert call("GET", "cases", headers={"Authorization": f"Bearer {key}"}).status_code == 200
    assert not KEY.search(officer.get(address).content.decode())
    again = officer.post(address, sent, follow=True).content.decode()
    assert "issued and shown before" in again
    assert not KEY.search(again)
    assert ApiKey.objects.count() == 1
    verbs = set(AuditEntry.objects.filter(verb__startswith="open_api.").values_list("verb", flat=True))
    assert {"open_api.client_admitted", "open_api.key_issued"} <= verbs


def test_a_key_is_replaced_and_revoked(officer):
    address = admitted(officer)
    first = KEY.search(issued(officer, address)[0].content.decode())[0]
    public = first.split("_")[1]
    page, _sent = issued(officer, address, act="rotate", key=public)
    second = KEY.search(page.content.decode())[0]
    assert second != first
    officer.post(address, {"act": "revoke", "key": public})
    assert call("GET", "cases", headers={"Authorization": f"Bearer {first}"}).status_code == 401
    assert call("GET", "cases", headers={"Authorization": f"Bearer {second}"}).status_code == 200
    officer.post(address, {"act": "suspend"})
    assert call("GET", "cases", headers={"Authorization": f"Bearer {second}"}).status_code == 403
    officer.post(address, {"act": "end"})
    assert ApiClient.objects.get().state == "ended"
    assert ApiKey.objects.filter(revoked_at__isnull=True).count() == 0


def test_wrong_entries_are_told_and_kept(officer):
    page = officer.post(reverse("open_api_new"), GIVEN | {"regions": "440305", "purpose": "kept words"})
    assert page.status_code == 422
    text = page.content.decode()
    assert "lies outside your area" in text
    assert "kept words" in text
    empty = officer.post(reverse("open_api_new"), {})
    assert 'class="error-summary"' in empty.content.decode()
    admitted(officer)
    twice = officer.post(reverse("open_api_new"), GIVEN)
    assert "already" in twice.content.decode()


def test_what_a_client_may_do_is_changed(officer):
    address = admitted(officer)
    done = officer.post(f"{address}change/", GIVEN | {"scopes": ["cases.read"]})
    assert done.status_code == 302, done.content.decode()
    assert ApiClient.objects.get().scopes == ["cases.read"]
    for name in ("open_api_clients", "open_api_new"):
        page = officer.get(reverse(name))
        assert page.status_code == 200
        assert "style=" not in page.content.decode()
    assert officer.get(f"{address}change/").status_code == 200


def test_other_officers_are_refused(officer):
    client = Client(headers={"accept-language": "en"})
    with acting(SYSTEM, "test"):
        client.force_login(
            User.objects.get(username="pension.clerk"), "dashebao.kernel.identity.backends.PasswordBackend"
        )
    assert client.get(reverse("open_api_clients")).status_code == 403
