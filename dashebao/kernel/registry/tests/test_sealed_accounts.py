"""An account in the database is sealed for its holder: found by the whole number, never by a part, never plain."""

from datetime import date

import pytest
from django.core.exceptions import FieldError
from django.db import IntegrityError, connection, transaction

from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.kernel.registry import api as registry
from dashebao.kernel.registry.models import BankAccount
from dashebao.kernel.registry.tests.people import somebody
from dashebao.kernel.secrecy.api import CannotOpen, Family, seal

NUMBER = "6222020000005550001"


@pytest.fixture
def two(db):
    with acting(SYSTEM, "test"):
        first, second = somebody(1), somebody(2)
        for who in (first, second):
            registry.set_bank_account(who.pk, registry.AccountEntry("102", NUMBER, who.name), date(2020, 1, 1))
        yield first, second


def stored(who):
    with connection.cursor() as cursor:
        cursor.execute("select number from registry_bankaccount where person_id = %s", [who.pk])
        return cursor.fetchone()[0]


def test_the_database_holds_it_sealed_and_finds_it_by_its_digest(two, django_assert_num_queries):
    assert all(NUMBER not in stored(who) for who in two)
    assert stored(two[0])[:23] == stored(two[1])[:23]
    with django_assert_num_queries(1):
        assert registry.account_sharers(NUMBER) == 2
    assert BankAccount.objects.filter(number__in=[NUMBER, "1"]).count() == 2
    assert not BankAccount.objects.filter(number=NUMBER[:-1]).exists()
    with django_assert_num_queries(1):
        assert {one.number for one in BankAccount.objects.all()} == {NUMBER}


@pytest.mark.parametrize("lookup", ["startswith", "contains", "gt", "regex", "iexact"])
def test_no_part_of_it_can_be_asked_for(two, lookup):
    with pytest.raises(FieldError, match="Unsupported lookup"):
        BankAccount.objects.filter(**{f"number__{lookup}": "6222"}).exists()


def test_nothing_plain_and_nothing_of_another_is_taken(two):
    first, second = two
    for value in (NUMBER, stored(first), f"~{NUMBER}"):
        refused = pytest.raises(IntegrityError, match="registry_account_sealed")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("update registry_bankaccount set number = %s where person_id = %s", [value, second.pk])
    with pytest.raises(TypeError, match="is sealed"), transaction.atomic():
        BankAccount.objects.filter(person_id=second.pk).update(number=NUMBER)
    BankAccount.objects.filter(person_id=second.pk).update(number=seal(Family.ACCOUNT, f"p{second.pk}", "12345678"))
    assert registry.bank_account_of(second.pk).number == "12345678"


def test_one_passed_off_as_anothers_does_not_open(two):
    """The holder's name in the value fits the row, so the database takes it; the value itself gives it away."""
    first, second = two
    forged = stored(first).replace(f".p{first.pk}.", f".p{second.pk}.")
    with connection.cursor() as cursor:
        cursor.execute("update registry_bankaccount set number = %s where person_id = %s", [forged, second.pk])
    with pytest.raises(CannotOpen):
        registry.bank_account_of(second.pk)
