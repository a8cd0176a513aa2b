"""Forged, hostile and oversized requests against the faces."""

import re

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from dashebao.kernel.cases.models import Case, PaperFile
from dashebao.kernel.catalogue.api import registered
from dashebao.kernel.identity.api import Grant, User
from dashebao.kernel.records.api import SYSTEM, AuditEntry, acting
from dashebao.platform.screens.applying import PAPER_BYTES
from dashebao.platform.screens.tests import scene as scenes
from dashebao.platform.screens.tests.declared import ClaimExample

pytestmark = pytest.mark.django_db
BACKEND = "dashebao.kernel.identity.backends.PasswordBackend"
ANSWERS = {"retire_on": "2026-11-06", "manner": "card", "note": ""}


@pytest.fixture
def scene():
    with registered(ClaimExample):
        yield scenes.build()


def entered(user, **options) -> Client:
    client = Client(headers={"accept-language": "en"}, **options)
    with acting(SYSTEM, "test"):
        client.force_login(user, BACKEND)
    return client


def test_a_session_from_before_the_sign_in_is_worth_nothing_after_it(scene):
    client = Client()
    client.post(reverse("portal_apply", args=["TT-101"]), ANSWERS)  # keeps answers in a session of nobody
    before = client.cookies["sessionid"].value
    client.post(reverse("sign_in"), {"username": "citizen", "password": scenes.PASSWORD})
    assert client.cookies["sessionid"].value != before
    planted = Client()
    planted.cookies["sessionid"] = before
    assert planted.get(reverse("account")).status_code == 302


def test_a_session_ends_with_the_sign_out_and_when_the_password_changes(scene):
    client, thief = Client(), Client()
    client.post(reverse("sign_in"), {"username": "citizen", "password": scenes.PASSWORD})
    thief.cookies["sessionid"] = client.cookies["sessionid"].value
    assert thief.get(reverse("account")).status_code == 200
    other = Client()
    other.post(reverse("sign_in"), {"username": "citizen", "password": scenes.PASSWORD})
    new = "another-Garden-43"
    other.post(
        reverse("change_password"), {"old_password": scenes.PASSWORD, "new_password1": new, "new_password2": new}
    )
    assert thief.get(reverse("account")).status_code == 302
    assert other.get(reverse("account")).status_code == 200
    key = other.cookies["sessionid"].value
    other.post(reverse("sign_out"))
    other.cookies["sessionid"] = key
    assert other.get(reverse("account")).status_code == 302


def test_a_form_of_another_site_changes_nothing(scene):
    client = entered(scene.users["citizen"], enforce_csrf_checks=True)
    for name in ("portal_profile", "change_password", "sign_out", "portal_agents"):
        assert client.post(reverse(name), {}).status_code == 403
    assert client.post(reverse("portal_apply", args=["TT-101"]), ANSWERS).status_code == 403
    page = client.get(reverse("portal_profile")).content.decode()
    token = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    evil = {"HTTP_ORIGIN": "https://evil.example"}
    assert client.post(reverse("portal_profile"), {"csrfmiddlewaretoken": token}, **evil).status_code == 403
    assert client.post(reverse("portal_profile"), {"csrfmiddlewaretoken": token}).status_code != 403


def test_cookies_and_headers_leave_nothing_to_scripts_frames_and_caches(scene):
    client = Client()
    answer = client.post(reverse("sign_in"), {"username": "citizen", "password": scenes.PASSWORD})
    assert answer.cookies["sessionid"]["httponly"]
    assert answer.cookies["sessionid"]["samesite"] == "Lax"
    page = client.get(reverse("portal_insurance"))
    told = {name: page.headers[name] for name in ("X-Frame-Options", "X-Content-Type-Options", "Referrer-Policy")}
    assert told == {"X-Frame-Options": "DENY", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"}
    assert "no-store" in page.headers["Cache-Control"]
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]


def test_fields_nobody_asked_for_are_ignored(scene):
    """Mass assignment: columns of the tables behind a form, sent along with it."""
    citizen = scene.users["citizen"]
    client = entered(citizen)
    extra = {
        "kind": "officer", "is_active": "0", "person_id": "1", "unit_id": str(scene.unit_id), "role": "audit.reader",
        "office": "1", "state": "granted", "applicant_id": "1", "region_code": "440300", "submitted_by": "1",
    }  # fmt: skip
    client.post(reverse("portal_profile"), {"language": "en", "mobile": "13800002046"} | extra)
    client.post(reverse("portal_apply", args=["TT-101"]), ANSWERS | extra)
    client.post(reverse("portal_check", args=["TT-101"]), extra)
    with acting(SYSTEM, "look"):
        now, case = User.objects.get(pk=citizen.pk), Case.objects.get()
        assert (now.kind, now.is_active, now.person_id, now.unit_id) == ("citizen", True, citizen.person_id, None)
        assert not Grant.objects.filter(user=citizen).exists()
        assert (case.state, case.applicant_id, case.region_code) == ("submitted", scene.person_id, "440106")
        assert set(case.answers) == set(ClaimExample.Form.base_fields)


def handed_in(client, file):
    client.post(reverse("portal_apply", args=["TT-101"]), ANSWERS)
    return client.post(reverse("portal_check", args=["TT-101"]), {"paper-1": file})


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.4 " + b"x" * PAPER_BYTES, "application/pdf"),
        (b"<script src=/x></script>", "text/html"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='x'/>", "image/svg+xml"),
        (b"<script src=/x></script>", "application/pdf"),
        (b"MZ\x90\x00", "image/png"),
        (b"%PDF-1.4", "image/jpeg"),
        (b"", "application/pdf"),
    ],
)
def test_a_file_that_is_too_large_or_not_what_it_says_is_not_taken(scene, content, kind):
    answer = handed_in(entered(scene.users["citizen"]), SimpleUploadedFile("card.pdf", content, kind))
    assert answer.status_code == 422
    assert not PaperFile.objects.exists()


def test_a_file_is_known_by_its_case_and_paper_and_by_no_path(scene):
    file = SimpleUploadedFile("../../../etc/passwd.pdf", b"%PDF-1.4 card", "application/pdf")
    assert handed_in(entered(scene.users["citizen"]), file).status_code == 302
    with acting(SYSTEM, "look"):
        number, kept = Case.objects.get().case_no, PaperFile.objects.get()
    assert "/" not in kept.file_name
    clerk = entered(scene.users["pension.clerk"])
    answer = clerk.get(reverse("counter_file", args=[number, "人事档案"]))
    assert (answer.status_code, answer.content, answer.headers["Content-Type"]) == (
        200,
        b"%PDF-1.4 card",
        "application/pdf",
    )
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    for path in ("../settings.py", "..%2f..%2fsecrets.json", "%2e%2e/%2e%2e/etc/passwd"):
        for before in ("/static/", f"/counter/case/{number}/file/", "/seals/"):
            found = clerk.get(before + path)
            assert found.status_code == 404, before + path
            assert b"secret_key" not in found.content


def test_a_form_larger_than_the_limit_is_refused(scene):
    client = entered(scene.users["citizen"])
    answer = client.post(reverse("portal_apply", args=["TT-101"]), {"note": "x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE})
    assert answer.status_code == 400


def test_a_search_cannot_be_turned_into_a_statement(scene):
    clerk = entered(scene.users["pension.clerk"])
    for text in ("' or '1'='1", "%", "_", "'; delete from registry_person; --", "\\", "林%' or name like '%"):
        for name in ("counter_people", "counter_find", "counter_cases"):
            page = clerk.get(reverse(name), {"q": text})
            assert page.status_code == 200
            assert "110105********002X" not in page.content.decode()
    assert "林小岚" in clerk.get(reverse("counter_people"), {"q": "林小"}).content.decode()


def test_numbers_are_masked_and_every_look_is_told_to_the_person(scene):
    clerk = entered(scene.users["pension.clerk"])
    for name, args in (("counter_person", [scene.person_id]), ("counter_person_past", [scene.person_id])):
        page = clerk.get(reverse(name, args=args)).content.decode()
        assert scenes.ID_NUMBER not in re.sub(r'href="[^"]*"', "", page)
    shown = clerk.post(reverse("counter_reveal", args=[scene.person_id])).content.decode()
    assert scenes.ID_NUMBER in shown
    with acting(SYSTEM, "look"):
        looks = AuditEntry.objects.filter(subject_person_id=scene.person_id, actor_kind="officer")
        assert {"person.viewed", "person.history_viewed", "person.number_shown"} <= set(
            looks.values_list("verb", flat=True)
        )
    log = entered(scene.users["citizen"]).get(reverse("portal_access")).content.decode()
    told = ("Opened your record", "Read the history of your record", "Looked at your whole ID number")
    assert [words for words in told if words not in log] == []
