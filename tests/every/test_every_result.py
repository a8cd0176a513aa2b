"""Every service's result prints: as the paper its system registered, and always as the general sheet."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django.utils import translation

from dashebao.kernel.cases.api import answers_shown
from dashebao.kernel.catalogue.api import guide, items
from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.kernel.registry.api import load_regions
from dashebao.platform.screens.tests.declared import TRACE
from dashebao.platform.service_centre.papers.api import Wanted, result_kind
from dashebao.platform.service_centre.papers.of_cases import result_content
from dashebao.platform.service_centre.papers.printing import printed, qr
from dashebao.platform.service_centre.papers.register import SHEET
from dashebao.platform.service_centre.papers.tests.reading import text_of
from dashebao.platform.service_centre.papers.writing import written

ITEMS = items()
LANGUAGES = {"zh": "zh-hans", "en": "en"}
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def granted(item, example):
    """What the case machine would say of a granted application with the example's answers."""
    answers, rows = answers_shown(item, example.answers)
    decision = SimpleNamespace(outcome="granted", outcome_label="准予", decided_at=NOW, opinion="#同意", trace=TRACE)
    party = SimpleNamespace(person_id=1, state="active", role="applicant", name="林小岚")
    return SimpleNamespace(
        item_code=item.code, item_label=item.label, guide=guide(item), case_no="4401062026112200000001", person_id=0,
        unit_id=0, region_code="440106", submitted_at=NOW, applicant_name="林小岚", parties=(party,), answers=answers,
        rows=rows, decision=decision,
    )  # fmt: skip


@pytest.fixture
def places(db):
    with acting(SYSTEM, "test"):
        load_regions()


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.code)
def test_the_result_prints_in_both_languages(item, places):
    example = next(one for one in item.examples if one.expect == "granted")
    assert str(result_kind(item.code).title)
    for short, language in LANGUAGES.items():
        with translation.override(language), acting(SYSTEM, "test"):
            content = result_content(Wanted(subject_id=1, on=NOW.date(), case=granted(item, example)))
            named = dict.fromkeys(("number", "code", "check", "subtitle", "office", "seal", "date"), "章")
            words = dict.fromkeys(("code", "check", "number", "page", "qr"), "x")
            said = written(content)
            pdf = printed(SHEET, said | named | {"language": short, "words": words, "qr": qr("x")})
            name = item.label
        text = text_of(pdf)
        assert "".join(said["heading"].split()) in text
        assert "".join(name.split()) in text
        assert "3405.27" in text
