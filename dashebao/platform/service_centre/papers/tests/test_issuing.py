"""Papers of cases: drawn, sealed, issued once, and only for those they belong to."""

import os
from pathlib import Path

import pytest
from django.urls import reverse

from dashebao.kernel.cases.api import case_view
from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.platform.identity_centre.api import examined
from dashebao.platform.service_centre.papers.models import IssuedPaper
from dashebao.platform.service_centre.papers.tests.reading import text_of

pytestmark = pytest.mark.django_db


def kept(pdf: bytes, name: str) -> bytes:
    folder = os.environ.get("DASHEBAO_KEEP_PAPERS")
    if folder:
        (Path(folder) / f"{name}.pdf").write_bytes(pdf)
    return pdf


def letters(no):
    with acting(SYSTEM, "test"):
        return {letter.kind: letter.id for letter in case_view(no).letters}


def test_the_decision_letter_is_a_sealed_pdf_with_reasons_articles_and_how_to_appeal(as_user, granted):
    answer = as_user("citizen").get(
        reverse("portal_case_paper", args=[granted, letters(granted)["grant"]]) + "?lang=zh"
    )
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/pdf"
    pdf = kept(answer.content, "grant-zh")
    assert examined(pdf).good
    text = text_of(pdf)
    for words in ("准予决定书", "林小岚", "社会保险法", "行政复议", "行政诉讼", "示例待遇申领", granted):
        assert words in text, (words, text)


def test_the_result_of_an_item_without_a_template_of_its_own_prints_answers_decision_and_calculation(as_user, granted):
    client = as_user("citizen")
    pdf = client.get(reverse("portal_case_paper", args=[granted, "result"]) + "?lang=zh").content
    text = text_of(kept(pdf, "result-zh"))
    for words in ("林小岚", granted, "基础养老金", "3405.27", "《社会保险法》第十五条"):
        assert words in text, (words, text)
    english = text_of(
        kept(client.get(reverse("portal_case_paper", args=[granted, "result"]) + "?lang=en").content, "result-en")
    )
    for words in ("Examplesheet", "Basicpension", "Identitynumber", "Checkcode"):
        assert words in english, (words, english)


def test_a_paper_that_says_the_same_is_issued_once(as_user, granted):
    address = reverse("portal_case_paper", args=[granted, "result"]) + "?lang=zh"
    client = as_user("citizen")
    first, second = client.get(address).content, client.get(address).content
    assert first == second
    with acting(SYSTEM, "test"):
        assert IssuedPaper.objects.count() == 1


def test_nobody_elses_paper_can_be_had(as_user, granted, scene):
    as_user("citizen").get(reverse("portal_case_paper", args=[granted, "result"]))
    with acting(SYSTEM, "test"):
        paper = IssuedPaper.objects.get()
        from dashebao.kernel.registry.api import PersonEntry, register_person
        from dashebao.platform.screens.tests.scene import make_user

        other = register_person(PersonEntry("王二", "440106", "110105194912310038"))
        scene.users["other"] = make_user("other", "citizen", name=other.name, person_id=other.pk)
    stranger, operator = as_user("other"), as_user("operator")
    assert stranger.get(reverse("portal_issued_paper", args=[paper.pk])).status_code == 404
    assert stranger.get(reverse("portal_case_paper", args=[granted, "result"])).status_code == 404
    assert operator.get(reverse("employer_issued_paper", args=[paper.pk])).status_code == 404
    assert operator.get(reverse("employer_case_paper", args=[granted, "result"])).status_code == 404
    assert as_user("citizen").get(reverse("portal_issued_paper", args=[paper.pk])).status_code == 200
