"""Every service item: its guide, forms and examples hold together in both languages."""

import re

import pytest
from django.utils import translation

from dashebao.kernel.catalogue.api import Channel, StepKind, categories, guide, items
from dashebao.kernel.identity.api import roles

ITEMS = items()
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def name(item):
    return item.code


def test_there_are_items():
    assert len(ITEMS) >= 9


@pytest.mark.parametrize("item", ITEMS, ids=name)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_guide_is_complete_in_both_languages(item, language):
    with translation.override(language):
        shown = guide(item)
    texts = [shown.label, shown.result, shown.who, *shown.channels, *shown.law, *(step.title for step in shown.steps)]
    assert all(texts)
    if language == "zh-hans":
        assert [text for text in texts if not CHINESE.search(text)] == []
    else:
        assert [text for text in [shown.label, shown.result, shown.who, *shown.channels] if CHINESE.search(text)] == []


@pytest.mark.parametrize("item", ITEMS, ids=name)
def test_every_question_has_a_chinese_and_an_english_label(item):
    forms = [item.Form, *([item.Row] if item.Row else []), *(step.form for step in item.steps if step.form)]
    for form in forms:
        with translation.override("zh-hans"):
            chinese = {field: str(form()[field].label) for field in form.base_fields}
        with translation.override("en"):
            english = {field: str(form()[field].label) for field in form.base_fields}
        assert {field for field, label in chinese.items() if not CHINESE.search(label)} == set()
        assert {field for field, label in english.items() if CHINESE.search(label)} == set()


@pytest.mark.django_db
@pytest.mark.parametrize("item", ITEMS, ids=name)
def test_the_examples_fit_the_form(item):
    for example in item.examples:
        assert set(item.clean(example.answers)) >= set(item.Form.base_fields), example.title


@pytest.mark.parametrize("item", ITEMS, ids=name)
def test_every_step_is_somebodys_duty_and_different_eyes_are_possible(item):
    for step in item.steps:
        assert step.role in roles() or step.automatic or step.kind in (StepKind.WAIT, StepKind.NOTICE)
    assert item.channels & (Channel.COUNTER | Channel.PORTAL | Channel.EMPLOYER)


@pytest.mark.parametrize("item", ITEMS, ids=name)
def test_every_item_stands_under_a_named_heading(item):
    headings = {category.code: str(category.title) for category, group in categories() if item in group}
    assert headings.get(item.category, item.category) != item.category
