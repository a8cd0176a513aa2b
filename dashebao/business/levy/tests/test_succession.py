"""Staff that goes on elsewhere, records that become one, insurances that are added, relief: what the actions do."""

from datetime import date

import pytest

from dashebao.business.levy.actions.merging import paid_twice
from dashebao.business.levy.actions.relieving import instalments_of
from dashebao.business.levy.actions.succeeding import Adding, Succession, add_schemes, succeed
from dashebao.business.levy.api import (
    LevyRefused,
    Starting,
    contributions_of,
    enrol,
    open_month,
    relations_of,
    staff_of,
)
from dashebao.business.levy.errors import NotEnrolled
from dashebao.business.levy.models import Movement, UnitRegistration
from dashebao.business.levy.tests import tax_office
from dashebao.business.levy.tests.test_items import bill_october
from dashebao.kernel.cases.api import today
from dashebao.kernel.registry.api import merge, unmerge


def test_a_merged_unit_is_closed_and_its_staff_goes_on_with_wages_and_insurances(world):
    one, other = world.unit(), world.unit()
    people = world.staff(one, [600_000, 700_000], 202610)
    succeed(Succession(one, other, "merger", 202612, closes_on=date(2026, 11, 30)))
    staff = staff_of(other, 202612)
    assert {(row.person_id, row.wage_fen, len(row.schemes)) for row in staff} == {
        (people[0], 600_000, 5),
        (people[1], 700_000, 5),
    }
    assert staff_of(one, 202612) == []
    assert len(staff_of(one, 202611)) == 2
    assert UnitRegistration.objects.get(unit_id=one).closed_on == date(2026, 11, 30)


def test_only_who_is_named_is_split_off(world):
    one, other = world.unit(), world.unit()
    people = world.staff(one, [600_000, 700_000], 202610)
    made = succeed(Succession(one, other, "split", 202612, (people[0],)))
    assert made.people == 1
    assert [row.person_id for row in staff_of(one, 202612)] == [people[1]]


def test_somebody_who_is_not_on_the_list_cannot_be_carried_over(world):
    one, other = world.unit(), world.unit()
    with pytest.raises(NotEnrolled):
        succeed(Succession(one, other, "group", 202612, (world.people(1)[0],)))
    with pytest.raises(LevyRefused):
        succeed(Succession(one, one, "group", 202612))


def test_an_added_insurance_counts_from_its_month_for_all_staff(world, django_assert_max_num_queries):
    unit = world.unit(schemes=("110", "410"))
    people = world.people(5)
    enrol(unit, [Starting(person, 600_000, ("110", "410")) for person in people], 202610)
    with django_assert_max_num_queries(30):
        assert add_schemes(Adding(unit, ("510",), 202612)) == 5
    assert {row.schemes for row in staff_of(unit, 202612)} == {("110", "410", "510")}
    assert {row.schemes for row in staff_of(unit, 202611)} == {("110", "410")}
    assert Movement.objects.filter(kind="add_scheme").count() == 5


def active(person):
    return [(row.unit_id, row.schemes) for row in relations_of(person) if row.until_month is None]


def test_merged_records_hold_one_relation_and_parting_gives_it_back(world):
    unit = world.unit()
    keep, lose = world.people(2)
    enrol(unit, [Starting(lose, 600_000)], 202610)
    merge(keep, lose, "one person")
    assert active(lose) == []
    assert active(keep) == [(unit, ("110", "210", "310", "410", "510"))]
    assert staff_of(unit, open_month(today()))[0].wage_fen == 600_000
    unmerge(lose, "two after all")
    assert active(keep) == []
    assert active(lose)[0][0] == unit


def test_an_insurance_the_kept_record_has_is_not_doubled(world):
    here, there = world.unit(), world.unit(schemes=("110", "410"))
    keep, lose = world.people(2)
    enrol(here, [Starting(keep, 600_000)], 202610)
    enrol(there, [Starting(lose, 900_000, ("110", "410"))], 202610)
    merge(keep, lose, "one person")
    assert sorted(active(keep)) == sorted([(here, ("110", "210", "310", "410", "510")), (there, ("410",))])
    assert active(lose) == []


def test_months_paid_under_both_records_are_found(world):
    bill_october(world.unit(), "440101199003070018")
    bill_october(world.unit(), "440305197604120022")
    tax_office.pay_everything(202610)
    one, other = human_ids()
    found = paid_twice(one, other)
    assert {row.scheme for row in found} == {"110", "210", "310", "510"}
    assert {row.month for row in found} == {202610}
    line = contributions_of(other)[0]
    assert next(row for row in found if row.scheme == "110").worker_fen == line.worker_fen["110"]


def human_ids():
    """The two people of the examples."""
    from dashebao.kernel.registry.api import person_by_id_number

    return [person_by_id_number(number).pk for number in ("440101199003070018", "440305197604120022")]


def test_instalments_add_up_to_the_fen_and_lie_a_month_apart():
    parts = instalments_of(100_000, 3, date(2026, 12, 31))
    assert [fen for _day, fen in parts] == [33_333, 33_333, 33_334]
    assert [day for day, _fen in parts] == [date(2026, 12, 31), date(2027, 1, 31), date(2027, 2, 28)]
