"""Persons, units, numbers and accounts are registered once, checked, found, and changed from a day on."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from dashebao.kernel.events.models import EventRow
from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.kernel.registry import api as registry
from dashebao.kernel.registry.rules import id_facts, near_id_numbers, normal_id_number, wrong_id_numbers
from dashebao.kernel.registry.tests.people import BIRTH, id_number, somebody

CREDIT_CODE = "914401010000000TEQ"
ACCOUNT = registry.AccountEntry("102", "6222 0000 1234 5678", "欧阳测")


@pytest.fixture(autouse=True)
def _acting(db):
    with acting(SYSTEM, "test"):
        yield


def test_a_person_is_registered_with_what_the_number_says():
    person = somebody(1)
    assert (person.sex, person.birth_on) == ("1", BIRTH)
    assert registry.person_by_id_number(id_number(1)).pk == person.pk
    assert registry.id_number_of(person.pk) == id_number(1)
    assert EventRow.objects.get(name="PersonRegistered").content == {"person_id": person.pk}


@pytest.mark.parametrize("number", ["440106198005170011", "44010619800230001X", "", "44010619800517"])
def test_a_wrong_number_is_refused(number):
    with pytest.raises(registry.BadIdentifier, match="not valid"):
        somebody(number=number)


def test_sex_at_odds_with_the_number_is_refused():
    with pytest.raises(registry.BadIdentifier, match="do not fit"):
        somebody(1, sex="2")


def test_a_number_is_registered_once():
    first = somebody(1)
    with pytest.raises(registry.AlreadyRegistered) as caught:
        somebody(1, name="别人")
    assert caught.value.holder == first.pk


def test_the_database_refuses_one_number_for_two_persons_at_a_time():
    somebody(1)
    other = somebody(3)
    row = registry.PersonIdentifier.objects.get(person=other)
    row.value = id_number(1)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()


def test_an_old_15_digit_number_finds_the_person():
    person = somebody(1)
    old = id_number(1)[:6] + id_number(1)[8:17]
    assert registry.find_person(old).pk == person.pk


def test_a_foreigner_is_registered_by_passport():
    with pytest.raises(registry.BadIdentifier, match="sex and date of birth"):
        somebody(number="E123", number_kind="passport")
    person = somebody(number="E123", number_kind="passport", sex="2", birth_on=BIRTH)
    assert registry.find_person("E123").pk == person.pk


def test_a_changed_number_is_found_by_day():
    person = somebody(1)
    registry.change_number(person.pk, id_number(5), date(2026, 1, 1))
    assert registry.id_number_of(person.pk, date(2025, 12, 31)) == id_number(1)
    assert registry.id_number_of(person.pk, date(2026, 1, 1)) == id_number(5)
    assert registry.find_person(id_number(1)).pk == person.pk


def test_changes_are_checked_told_and_kept():
    person = somebody(1)
    registry.change_person(person.pk, name="欧阳新", mobile="13800000000")
    assert registry.person(person.pk).name == "欧阳新"
    assert EventRow.objects.filter(name="PersonChanged").get().content["fields"] == ["mobile", "name"]
    with pytest.raises(ValueError, match="died_on"):
        registry.change_person(person.pk, died_on=date(2026, 1, 1))
    with pytest.raises(registry.NoSuchRegion):
        registry.change_person(person.pk, region_code="999999")


def test_one_account_at_a_time_and_the_old_one_stays_on_record():
    person = somebody(1)
    registry.set_bank_account(person.pk, ACCOUNT, date(2025, 1, 1))
    registry.set_bank_account(person.pk, registry.AccountEntry("105", "62170000999", "欧阳测"), date(2026, 1, 1))
    assert registry.bank_account_of(person.pk, date(2025, 6, 1)).number == "6222000012345678"
    assert registry.bank_account_of(person.pk, date(2026, 6, 1)).bank_code == "105"
    registry.set_bank_account(person.pk, ACCOUNT, date(2025, 6, 1))
    assert registry.bank_account_of(person.pk, date(2026, 6, 1)).bank_code == "102"
    with pytest.raises(registry.BadIdentifier):
        registry.set_bank_account(person.pk, registry.AccountEntry("102", "abc", "x"), date(2026, 1, 1))


def test_an_account_shared_by_two_persons_is_counted():
    for count in (1, 3):
        registry.set_bank_account(somebody(count).pk, ACCOUNT, date(2025, 1, 1))
    from dashebao.kernel.registry.queries import account_sharers

    assert account_sharers("6222000012345678") == 2


def test_search_by_number_name_and_place():
    for count, name in ((1, "欧阳一"), (3, "欧阳二"), (5, "司马三")):
        somebody(count, name=name, region_code="440106" if count < 5 else "440303")
    assert [found.name for found in registry.search_persons("欧阳")] == ["欧阳一", "欧阳二"]
    assert [found.number for found in registry.search_persons(id_number(5)[:17])] == [id_number(5)]
    assert len(registry.search_persons(id_number(1)[:14])) == 3
    assert [found.name for found in registry.search_persons("司马", region="4401")] == []
    assert registry.search_persons("  ") == []


def test_units_are_registered_found_changed_and_closed():
    entry = registry.UnitEntry("广州测试有限公司", "enterprise", "440106", CREDIT_CODE, founded_on=date(2010, 3, 1))
    unit = registry.register_unit(entry)
    assert registry.find_unit(CREDIT_CODE.lower()).pk == unit.pk
    assert registry.credit_code_of(unit.pk) == CREDIT_CODE
    assert [found.number for found in registry.search_units("广州测试")] == [CREDIT_CODE]
    assert [found.id for found in registry.search_units(CREDIT_CODE[:10])] == [unit.pk]
    registry.set_unit_account(unit.pk, ACCOUNT, date(2020, 1, 1))
    assert registry.bank_account_of_unit(unit.pk).number == "6222000012345678"
    registry.change_unit(unit.pk, name="广州新名有限公司")
    registry.close_unit(unit.pk, date(2026, 6, 30))
    assert (registry.unit(unit.pk).name, registry.unit(unit.pk).closed_on) == ("广州新名有限公司", date(2026, 6, 30))
    with pytest.raises(registry.AlreadyRegistered):
        registry.register_unit(entry)
    with pytest.raises(registry.BadIdentifier):
        registry.register_unit(registry.UnitEntry("x", "enterprise", "440106", "914401010000000TEX"))


def test_households_change_from_a_day_on():
    one, other = somebody(1), somebody(3)
    home = registry.form_household("欧阳测家", "440106", [(one.pk, "head")], since=date(2020, 1, 1))
    registry.join_household(home.pk, other.pk, "spouse", date(2021, 1, 1))
    registry.leave_household(home.pk, other.pk, date(2022, 1, 1))
    assert [m.person_id for m in registry.members_of(home.pk, date(2021, 6, 1))] == [one.pk, other.pk]
    assert [m.person_id for m in registry.members_of(home.pk, date(2022, 1, 1))] == [one.pk]
    assert registry.household_of(other.pk, date(2023, 1, 1)) is None


def test_number_rules_on_columns_and_single_values_agree():
    good = [id_number(count) for count in range(1, 50)]
    bad = ["", "1" * 18, id_number(1)[:17] + "A", "44010619800230001X", "４４" + id_number(1)[2:], id_number(1)[:17]]
    assert wrong_id_numbers(good) == []
    assert wrong_id_numbers(good + bad) == [49, 50, 51, 52, 53, 54]
    assert wrong_id_numbers([]) == []
    assert normal_id_number(" 11010519491231002x ") == "11010519491231002X"
    assert id_facts("11010519491231002X").sex == "2"
    near = near_id_numbers(good[0])
    assert (len(set(near)), good[2] in near, good[0] in near) == (17 * 9, True, False)


def people_columns(count):
    numbers = [id_number(place) for place in range(1, count + 1)]
    return registry.PersonColumns(
        name=[f"人{n}" for n in range(count)], id_number=numbers, region_code=["440106"] * count,
        sex=["1" if int(n[16]) % 2 else "2" for n in numbers], birth_on=[BIRTH] * count,
        account_bank=["102"] * count, account_number=[f"62220000{n:06d}" if n else "" for n in range(count)],
        account_since=date(2020, 1, 1),
    )  # fmt: skip


def test_many_are_registered_in_few_queries(django_assert_max_num_queries):
    columns = people_columns(400)
    numbers = columns.id_number
    with django_assert_max_num_queries(12):
        keys = registry.register_many(columns)
    assert registry.person(keys[7]).name == "人7"
    assert registry.person_by_id_number(numbers[399]).pk == keys[399]
    assert (registry.bank_account_of(keys[0]), registry.bank_account_of(keys[1]).name) == (None, "人1")
    with pytest.raises(registry.AlreadyRegistered):
        registry.register_many(columns)
    with pytest.raises(registry.BadIdentifier, match="Row 2"):
        registry.register_many(
            registry.PersonColumns(["甲", "乙"], [id_number(900), "1" * 18], ["440106"] * 2, ["2", "1"], [BIRTH] * 2)
        )


def test_many_units_are_registered(django_assert_max_num_queries):
    columns = registry.UnitColumns(
        ["甲厂"], [CREDIT_CODE], ["enterprise"], ["440106"], founded_on=[date(2000, 1, 1)],
        account_bank=["102"], account_number=["6222000000"], account_since=date(2020, 1, 1),
    )  # fmt: skip
    with django_assert_max_num_queries(12):
        (key,) = registry.register_many_units(columns)
    assert registry.find_unit(CREDIT_CODE).pk == key
    assert registry.bank_account_of_unit(key).name == "甲厂"
