"""Acts and citations."""

from datetime import date

import pytest

from dashebao.kernel.law.api import (
    CIVIL_CODE,
    DIBAO_RULES,
    GUANGDONG_FLEXIBLE,
    LABOUR_INSPECTION_RULES,
    PENSION_2005,
    SOCIAL_INSURANCE_LAW,
    Act,
    UnknownAct,
    act,
    acts,
    chinese_number,
    register,
)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "一"),
        (10, "十"),
        (16, "十六"),
        (20, "二十"),
        (86, "八十六"),
        (105, "一百零五"),
        (1077, "一千零七十七"),
        (1110, "一千一百一十"),
    ],
)
def test_articles_are_numbered_in_chinese(number: int, text: str):
    assert chinese_number(number) == text


def test_a_citation_names_act_article_paragraph_and_item():
    assert str(SOCIAL_INSURANCE_LAW[16]) == "《中华人民共和国社会保险法》第十六条"
    assert str(SOCIAL_INSURANCE_LAW[16, 2]) == "《中华人民共和国社会保险法》第十六条第二款"
    assert SOCIAL_INSURANCE_LAW[14, 1, 3].citation("en") == "Social Insurance Law, art. 14(1)(3)"
    assert PENSION_2005["第六条"].citation("en").endswith("Enterprise Workers, art. 6")
    assert PENSION_2005["附件"].citation("en").endswith(", annex")
    assert str(PENSION_2005["第六条"]) == "《国务院关于完善企业职工基本养老保险制度的决定》第六条"
    assert str(CIVIL_CODE[1077]) == "《中华人民共和国民法典》第一千零七十七条"


@pytest.mark.parametrize("number", [0, 99])
def test_an_article_beyond_the_act_is_refused(number: int):
    with pytest.raises(KeyError):
        SOCIAL_INSURANCE_LAW[number]


def test_an_act_binds_from_its_day_until_its_end():
    assert not GUANGDONG_FLEXIBLE.is_in_force(date(2026, 4, 30))
    assert GUANGDONG_FLEXIBLE.is_in_force(date(2026, 5, 1))
    assert not GUANGDONG_FLEXIBLE.is_in_force(date(2028, 5, 1))
    assert SOCIAL_INSURANCE_LAW.is_in_force(date(2026, 11, 21))


def test_every_act_has_both_titles_and_a_code_of_its_own():
    known = acts()
    assert len({a.code for a in known}) == len(known) > 40
    assert all(a.title and a.title_en and a.number for a in known)
    assert {act(code) for code in ("DB", "JC")} == {DIBAO_RULES, LABOUR_INSPECTION_RULES}


def test_unknown_codes_and_taken_codes_are_refused():
    with pytest.raises(UnknownAct):
        act("nothing")
    with pytest.raises(ValueError, match="taken"):
        register(Act("SIL", "x", "x", "x", date(2020, 1, 1)))
