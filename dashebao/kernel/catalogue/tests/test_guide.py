"""The guide and the menus, in both languages."""

from __future__ import annotations

import pytest
from django.utils import translation

from dashebao.kernel.catalogue.api import (
    ApplicantKind,
    Channel,
    Material,
    Step,
    StepKind,
    UnknownItem,
    categories,
    guide,
    item,
    items_for,
    limit_text,
    register_category,
    registered,
)
from dashebao.kernel.catalogue.tests.test_declaration import DECIDE, INTAKE, declare
from dashebao.kernel.law.api import HANDLING_RULES
from dashebao.kernel.legal_time.api import Days, Months, WorkingDays

PAPERS = (
    Material("居民身份证", "Resident identity card", fetched_from="公安"),
    Material("申请表", "Application form", law=HANDLING_RULES[18], original=True, copies=2),
)
NOTICE = Step(kind=StepKind.NOTICE, title="Notice", limit=Days(7), law=HANDLING_RULES[18])


def test_the_guide_says_what_to_bring_how_long_and_by_which_law():
    shown = guide(declare(materials=PAPERS, steps=(INTAKE, NOTICE, DECIDE), promised_limit=WorkingDays(10))())
    assert [paper.must_bring for paper in shown.papers] == [False, True]
    assert shown.papers[1].note == "original; 2 copies"
    assert (shown.legal_limit, shown.promised_limit) == ("20 working days", "10 working days")
    assert [step.limit for step in shown.steps] == ["", "7 days", ""]
    assert "art. 32" in shown.law[0]
    assert shown.label == "Ask for a paper"


def test_the_guide_speaks_chinese():
    with translation.override("zh-hans"):
        shown = guide(declare(materials=PAPERS)())
    assert (shown.label, shown.legal_limit, shown.who) == ("要一份证明", "20个工作日", "个人")
    assert shown.papers[1].note == "原件；复印件2份"
    assert "第三十二条" in shown.law[0]


@pytest.mark.parametrize(
    ("limit", "words"),
    [(None, ""), (WorkingDays(0), "At once"), (Days(1), "1 day"), (Months(3), "3 months")],
)
def test_limits_in_words(limit, words):
    assert limit_text(limit) == words


def test_menus_group_the_items_of_a_channel_under_their_headings():
    register_category("test_papers", "Papers", order=1)
    paper, other = declare(category="test_papers"), declare(code="TT-901", channels=Channel.COUNTER)
    with registered(paper, other):
        portal = {category.code: [one.code for one in group] for category, group in categories(Channel.PORTAL)}
        assert portal["test_papers"] == ["TT-900"]
        assert "TT-901" not in [code for codes in portal.values() for code in codes]
        assert "TT-900" in [one.code for one in items_for(Channel.PORTAL, ApplicantKind.PERSON)]
        assert "TT-900" not in [one.code for one in items_for(Channel.PORTAL, ApplicantKind.UNIT)]
        assert item("TT-901").channels == Channel.COUNTER
    with pytest.raises(UnknownItem, match="TT-901"):
        item("TT-901")
