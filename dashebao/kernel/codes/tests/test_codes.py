"""Code tables and the numbers that identify people and units."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashebao.kernel.codes.api import (
    CodeError,
    UnknownCode,
    check_resident_id,
    check_uscc,
    make_resident_id,
    make_uscc,
    masked,
    organisation_check_digit,
    resident_id_18,
    resident_id_facts,
    table,
    tables,
)


@pytest.mark.parametrize("name", tables())
def test_every_table_is_labelled_in_both_languages(name: str):
    found = table(name)
    assert found.codes
    assert found.zh
    assert found.standard
    assert all(c.zh and c.en and c.en.isascii() for c in found.codes.values())


def test_the_tables_of_the_handbook_are_shipped():
    wanted = "scheme medical_scheme fund_pay_type person_type medical_type insured_status payment_status birth_kind"
    wanted += " family_planning sex marriage personal_status employment_form nation hukou_kind education industry"
    wanted += " occupation province guangdong_city injury_ground hospital_grade pay_type"
    assert set(wanted.split()) <= set(tables())
    assert len(table("nation").codes) == 58
    assert len(table("guangdong_city").codes) == 21
    assert table("guangdong_city").label("440100") == "广州市"


def test_a_code_is_looked_up_on_a_day():
    assert table("scheme").get("170", date(2026, 1, 1)).label("en") == "residents' basic pension"
    with pytest.raises(UnknownCode) as caught:
        table("scheme").get("170", date(2013, 1, 1))
    assert "2013-01-01" in caught.value.text("zh")
    assert ("380", "新型农村合作医疗") not in table("medical_scheme").choices("zh", date(2026, 1, 1))
    assert ("380", "新型农村合作医疗") in table("medical_scheme").choices("zh")


def test_unknown_codes_and_tables_are_refused():
    assert "3" not in table("sex")
    with pytest.raises(UnknownCode):
        table("sex").label("3")
    with pytest.raises(UnknownCode):
        table("../sex")


@pytest.mark.parametrize(
    ("number", "birth", "sex"),
    [
        ("11010519491231002X", date(1949, 12, 31), "2"),
        ("11010519491231002x", date(1949, 12, 31), "2"),
        ("440101199003070018", date(1990, 3, 7), "1"),
        ("440305197604120022", date(1976, 4, 12), "2"),
    ],
)
def test_citizen_numbers_say_birth_and_sex(number: str, birth: date, sex: str):
    facts = resident_id_facts(number)
    assert (facts.birth_on, facts.sex, facts.region_code) == (birth, sex, number[:6])


def test_old_numbers_are_completed():
    assert resident_id_18("110105491231002") == "11010519491231002X"
    assert check_resident_id("110105491231002") == "11010519491231002X"


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("11010519491231002", "length"),
        ("1101051949123100A1", "characters"),
        ("110105194902300021", "birth"),
        ("110105194912310021", "check_digit"),
        (make_resident_id("440101", date(2030, 1, 1), 1), "future"),
    ],
)
def test_a_wrong_citizen_number_says_which_part(number: str, reason: str):
    with pytest.raises(CodeError) as caught:
        check_resident_id(number, date(2026, 11, 21))
    assert caught.value.reason == reason
    assert caught.value.text("zh") != caught.value.text("en")


@pytest.mark.parametrize(
    ("region", "kind"),
    [("810000", "hong_kong_macao"), ("820000", "hong_kong_macao"), ("830000", "taiwan"), ("911001", "foreigner")],
)
def test_permits_follow_the_same_rule(region: str, kind: str):
    assert resident_id_facts(make_resident_id(region, date(1980, 5, 6), 12)).kind == kind


@given(st.dates(date(1900, 1, 1), date(2026, 1, 1)), st.integers(1, 999), st.integers(0, 16))
def test_one_changed_digit_is_always_found(birth: date, sequence: int, place: int):
    number = make_resident_id("440106", birth, sequence)
    assert check_resident_id(number) == number
    other = number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]
    with pytest.raises(CodeError):
        check_resident_id(other)


@pytest.mark.parametrize("code", ["91350100M000100Y43", "914401010000000TEQ", "914401010000000teq"])
def test_credit_codes_are_checked(code: str):
    assert check_uscc(code) == code.upper()


@pytest.mark.parametrize(
    ("code", "reason"),
    [("91350100M000100Y4", "length"), ("91350100M000100Y44", "check_digit"), ("9135010OM000100Y43", "characters")],
)
def test_a_wrong_credit_code_says_which_part(code: str, reason: str):
    with pytest.raises(CodeError) as caught:
        check_uscc(code)
    assert caught.value.reason == reason


@given(st.integers(0, 99_999_999))
def test_made_credit_codes_are_right(number: int):
    code = make_uscc("91", "440106", f"{number:08d}")
    assert check_uscc(code) == code
    assert code[16] == organisation_check_digit(f"{number:08d}")


def test_numbers_are_masked_for_lists():
    assert masked("440101199003070018") == "440*************18"
    assert masked("123") == "***"
