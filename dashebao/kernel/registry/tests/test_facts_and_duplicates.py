"""Facts raise their events once; likely duplicates are found with reasons; a merge can be undone without loss."""

from datetime import date

import pytest

from dashebao.kernel.events import publishing
from dashebao.kernel.events.models import EventRow
from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.kernel.registry import api as registry
from dashebao.kernel.registry.tests.people import id_number, somebody

DAY = date(2026, 3, 1)


@pytest.fixture(autouse=True)
def _acting(db, monkeypatch):
    monkeypatch.setattr(publishing, "_listeners", {})  # what businesses do about a fact is their own test
    with acting(SYSTEM, "test"):
        yield


def told(name):
    return [row.content for row in EventRow.objects.filter(name=name).order_by("pk")]


def test_a_death_is_recorded_once_and_told():
    person = somebody(1)
    first = registry.died(person.pk, DAY)
    assert registry.died(person.pk, DAY).pk == first.pk
    assert registry.person(person.pk).died_on == DAY
    assert told("PersonDied") == [{"person_id": person.pk, "died_on": "2026-03-01"}]
    with pytest.raises(registry.FactConflict, match="on record"):
        registry.died(person.pk, date(2026, 4, 1))


def test_a_withdrawn_death_brings_the_person_back():
    person = somebody(1)
    registry.withdraw_fact(registry.died(person.pk, DAY).pk, "mistaken identity")
    assert registry.person(person.pk).died_on is None
    assert told("PersonFoundAlive") == [{"person_id": person.pk}]


def test_prison_begins_and_ends():
    person = somebody(1)
    fact = registry.record_fact(person.pk, "imprisonment", DAY, source="court")
    with pytest.raises(registry.FactConflict):
        registry.record_fact(person.pk, "imprisonment", date(2026, 5, 1), source="court")
    registry.end_fact(fact.pk, date(2026, 9, 1))
    assert told("PersonImprisoned") == [{"person_id": person.pk, "since": "2026-03-01"}]
    assert told("PersonReleased") == [{"person_id": person.pk, "on": "2026-09-01"}]
    assert registry.facts_of(person.pk, "imprisonment", date(2026, 9, 1)) == []
    assert [found.pk for found in registry.facts_of(person.pk, "imprisonment", DAY)] == [fact.pk]


def test_a_fact_before_birth_or_backwards_is_refused():
    person = somebody(1)
    with pytest.raises(registry.FactConflict, match="birth"):
        registry.died(person.pk, date(1970, 1, 1))
    with pytest.raises(registry.FactConflict, match="ends after"):
        registry.record_fact(person.pk, "military", DAY, DAY, source="army")


def test_a_fact_of_another_kind_raises_the_general_event():
    person = somebody(1)
    registry.record_fact(person.pk, "volunteer", DAY, source="civil", data={"hours": 8})
    assert told("FactRecorded") == [{"person_id": person.pk, "kind": "volunteer", "since": "2026-03-01"}]


def test_a_list_of_deaths_is_recorded_set_based(django_assert_max_num_queries):
    persons = [somebody(count).pk for count in range(1, 21)]
    registry.died(persons[0], DAY)
    with django_assert_max_num_queries(8):
        assert registry.record_facts("death", persons, [DAY] * 20, source="public_security") == 19
    assert registry.person(persons[19]).died_on == DAY
    assert len(told("PersonDied")) == 20
    assert registry.record_facts("death", persons, [DAY] * 20, source="public_security") == 0
    with pytest.raises(registry.NoSuchPerson):
        registry.record_facts("death", [0], [DAY], source="public_security")


def test_a_namesake_is_found_with_reasons():
    one = somebody(1)
    namesake = somebody(3)
    likeness = registry.possible_duplicates(one.pk)
    assert [(found.person_id, set(found.reasons)) for found in likeness] == [
        (namesake.pk, {"name_birth", "near_number", "region", "sex"})
    ]
    assert likeness[0].score == 100
    assert registry.possible_duplicates(somebody(7, name="无关人").pk) == []


def test_a_number_with_one_slip_is_found_by_both_ways():
    one = somebody(1)
    other = somebody(number=id_number(1, date(1980, 5, 27)))
    somebody(number=id_number(1, date(1980, 5, 7)), name="别人")
    (found,) = registry.possible_duplicates(one.pk)
    assert (found.person_id, found.reasons, found.score) == (other.pk, ("near_number", "region", "sex"), 95)
    assert registry.detect_duplicates() == 1
    pair = registry.Duplicate.objects.get()
    assert (pair.low_id, pair.high_id, pair.score) == (one.pk, other.pk, 95)
    assert pair.reasons == list(found.reasons)
    assert registry.detect_duplicates() == 0


def test_a_dismissed_pair_stays_dismissed():
    somebody(1), somebody(3)
    assert registry.detect_duplicates() == 1
    registry.dismiss_duplicate(registry.Duplicate.objects.get().pk, "two persons")
    assert registry.detect_duplicates() == 0
    assert registry.Duplicate.objects.get().state == "dismissed"


def test_a_merge_joins_reads_and_undoing_it_restores_everything():
    keep, lose = somebody(1), somebody(3)
    registry.record_fact(lose.pk, "employment", date(2020, 1, 1), source="levy")
    registry.detect_duplicates()
    before = list(registry.Person.objects.order_by("pk").values())
    registry.merge(keep.pk, lose.pk, "same person, two numbers")
    assert registry.person(lose.pk).pk == keep.pk
    assert registry.person_by_id_number(id_number(3)).pk == keep.pk
    assert registry.records_of(lose.pk) == [keep.pk, lose.pk]
    assert [fact.kind for fact in registry.facts_of(keep.pk)] == ["employment"]
    assert registry.Duplicate.objects.get().state == "merged"
    assert [found.id for found in registry.search_persons("欧阳")] == [keep.pk]
    registry.unmerge(lose.pk, "was wrong")
    assert list(registry.Person.objects.order_by("pk").values()) == before
    assert registry.person(lose.pk).pk == lose.pk
    assert told("PersonsUnmerged") == [{"keep_id": keep.pk, "lose_id": lose.pk}]
    with pytest.raises(registry.MergeRefused, match="not merged"):
        registry.unmerge(lose.pk, "again")


def test_a_death_is_carried_over_by_a_merge_and_given_back():
    keep, lose = somebody(1), somebody(3)
    registry.died(lose.pk, DAY)
    registry.merge(keep.pk, lose.pk, "same")
    assert registry.person(keep.pk).died_on == DAY
    assert told("PersonDied")[-1]["person_id"] == keep.pk
    registry.unmerge(lose.pk, "wrong")
    assert (registry.person(keep.pk).died_on, registry.person(lose.pk).died_on) == (None, DAY)


def test_contradicting_merges_are_refused():
    one, two, three = somebody(1), somebody(3), somebody(5)
    registry.merge(one.pk, two.pk, "same")
    for keep, lose in ((one.pk, two.pk), (two.pk, three.pk), (one.pk, one.pk)):
        with pytest.raises(registry.MergeRefused):
            registry.merge(keep, lose, "again")
    registry.died(one.pk, DAY)
    registry.died(three.pk, date(2026, 4, 1))
    with pytest.raises(registry.MergeRefused, match="different days"):
        registry.merge(one.pk, three.pk, "same")
