"""An identity number in the database is sealed for its person: found whole or from its 14th digit on, never read in SQL."""

import pytest
from django.db import IntegrityError, connection, transaction

from dashebao.kernel.registry import api as registry
from dashebao.kernel.registry.models import PersonIdentifier
from dashebao.kernel.registry.tests.people import id_number, somebody
from dashebao.kernel.secrecy.api import Family, person_holder, seal

pytestmark = pytest.mark.django_db


def write(person_id, value):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "insert into registry_personidentifier (person_id, kind, value, valid_during) values (%s, 'passport', %s, '[,)')",
            [person_id, value],
        )


def test_the_database_holds_it_sealed_with_no_digit_to_be_read():
    who = somebody(1)
    with connection.cursor() as cursor:
        cursor.execute("select value from registry_personidentifier where person_id = %s", [who.pk])
        (stored,) = cursor.fetchone()
        cursor.execute("select after::text from records_change where table_name = 'registry_personidentifier'")
        (kept,) = cursor.fetchone()
    assert stored.endswith(".****")
    assert stored in kept
    assert not any(
        part in text for text in (stored, kept) for part in (id_number(1), id_number(1)[6:14], id_number(1)[-4:])
    )
    assert PersonIdentifier.objects.get(person=who).value == id_number(1)


def test_it_is_found_whole_and_from_the_day_of_birth_on():
    one, other = somebody(1), somebody(2)
    assert registry.person_by_id_number(id_number(1)).pk == one.pk
    assert registry.person_by_id_number(id_number(1).lower()).pk == one.pk
    assert registry.person_by_id_number(id_number(9)) is None
    assert {found.id for found in registry.search_persons(id_number(1)[:14])} == {one.pk, other.pk}
    assert [found.id for found in registry.search_persons(id_number(2)[:17])] == [other.pk]
    assert registry.search_persons(id_number(1)[:13]) == []
    assert registry.search_persons("44010619801399") == []  # no such day


def test_one_number_has_one_holder_though_no_two_of_its_seals_are_alike():
    somebody(1)
    other = somebody(2)
    number = seal(Family.IDENTITY, person_holder(other.pk), "E12345678")
    write(other.pk, number)
    again = seal(Family.IDENTITY, person_holder(other.pk), "E12345678")
    assert again != number
    with pytest.raises(IntegrityError, match="registry_identifier_once"):
        write(other.pk, again)


def test_nothing_plain_and_nothing_of_another_is_taken():
    one, other = somebody(1), somebody(2)
    for value in ("E12345678", seal(Family.IDENTITY, person_holder(one.pk), "E12345678")):
        with pytest.raises(IntegrityError, match="registry_identifier_sealed"):
            write(other.pk, value)
