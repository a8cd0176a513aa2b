"""The check page: for everybody, by code or by file, telling no more than it must, and not to be guessed."""

import secrets

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.platform.service_centre.papers import checking
from dashebao.platform.service_centre.papers.api import IssuedPaper, PaperError, revoke
from dashebao.platform.service_centre.papers.codes import ALPHABET, grouped, new_code, read_code

pytestmark = pytest.mark.django_db


@pytest.fixture
def paper(as_user, granted):
    as_user("citizen").get(reverse("portal_case_paper", args=[granted, "result"]) + "?lang=zh")
    with acting(SYSTEM, "test"):
        return IssuedPaper.objects.get()


@pytest.fixture
def anybody():
    return Client(headers={"accept-language": "en"})


def asked(client, code, status=200):
    answer = client.get(reverse("paper_check_code", args=[code]))
    assert answer.status_code == status
    return answer.content.decode()


def handed_in(client, content, status=200):
    file = SimpleUploadedFile("paper.pdf", content, "application/pdf")
    answer = client.post(reverse("paper_check"), {"file": file})
    assert answer.status_code == status
    return answer.content.decode()


def test_the_code_shows_kind_number_date_and_a_masked_name_and_nothing_else(anybody, paper):
    page = asked(anybody, paper.code)
    assert "genuine and holds" in page
    for words in (paper.number, paper.title_en, "林*岚", paper.office):
        assert words in page
    for secret in ("林小岚", "11010519491231002X", "3405.27", paper.case_no):
        assert secret not in page


def test_a_code_is_read_as_people_type_it(anybody, paper):
    typed = grouped(paper.code).lower().replace("0", "o").replace("1", "l")
    assert read_code(f" {typed} ") == paper.code
    assert anybody.get(reverse("paper_check"), {"code": typed}).url == reverse("paper_check_code", args=[paper.code])
    wrong = anybody.get(reverse("paper_check"), {"code": "<b>no</b>"})
    assert wrong.status_code == 422
    assert "sixteen letters" in wrong.content.decode()
    assert "<b>no" not in wrong.content.decode()


def test_a_code_nobody_was_given_is_no_paper_of_ours(anybody, paper):
    code = new_code(secrets.token_bytes(10))
    assert "No paper has this code" in asked(anybody, code, 404)
    assert len(code) == 16
    assert set(code) <= set(ALPHABET)


def test_codes_are_not_made_from_numbers(as_user, granted, paper):
    as_user("citizen").get(reverse("portal_case_paper", args=[granted, "result"]) + "?lang=en")
    with acting(SYSTEM, "test"):
        first, second = IssuedPaper.objects.order_by("id")
    assert sum(one == other for one, other in zip(first.code, second.code, strict=True)) < 8


def test_a_revoked_paper_is_said_to_be_void_and_its_successor_holds(anybody, as_user, granted, paper, scene):
    clerk = scene.users["pension.clerk"]
    with pytest.raises(PaperError):
        revoke(paper.pk, "no", by=clerk)
    revoke(paper.pk, "姓名打印有误", by=clerk)
    page = asked(anybody, paper.code)
    assert "was revoked on" in page
    assert "姓名打印有误" not in page
    with pytest.raises(PaperError):
        revoke(paper.pk, "姓名打印有误", by=clerk)
    as_user("citizen").get(reverse("portal_case_paper", args=[granted, "result"]) + "?lang=zh")
    with acting(SYSTEM, "test"):
        newest = IssuedPaper.objects.order_by("-id").first()
    assert newest.pk != paper.pk
    assert newest.code != paper.code
    assert "genuine and holds" in asked(anybody, newest.code)


def test_the_file_itself_proves_that_nothing_was_changed(anybody, paper):
    content = bytes(paper.pdf)
    page = handed_in(anybody, content)
    assert "byte for byte" in page
    assert "Its seal is intact" in page
    changed = bytearray(content)
    changed[len(content) // 3] ^= 1
    assert "was changed after it was sealed" in handed_in(anybody, bytes(changed))
    assert "was not issued by this office" in handed_in(anybody, b"%PDF-1.7\n%%EOF")
    assert "not a PDF file" in handed_in(anybody, b"GIF89a", 422)
    assert "5 MB" in handed_in(anybody, b"%PDF-" + bytes(checking.LARGEST), 422)
    assert "Choose the PDF" in anybody.post(reverse("paper_check"), {}).content.decode()


def test_trying_codes_is_stopped_after_thirty_a_minute(anybody, paper, monkeypatch):
    for _try in range(checking.CHECKS_A_MINUTE):
        asked(anybody, new_code(secrets.token_bytes(10)), 404)
    assert "Too many checks" in asked(anybody, paper.code, 429)
    elsewhere = Client(headers={"accept-language": "en"}, REMOTE_ADDR="10.9.8.7")
    assert "genuine and holds" in asked(elsewhere, paper.code)
