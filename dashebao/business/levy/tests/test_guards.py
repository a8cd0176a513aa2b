"""The guards against overlapping enrolments guard, and nothing is read by them."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from dashebao.business.levy.models import Enrolment
from dashebao.business.levy.queries.enrolments import STAFF_LIST

DAY = "2026-11-01"
READ_BY_INDEX = "set local enable_seqscan = off"


def plan_of(statement, values):
    """How PostgreSQL would read it, were every index as welcome as can be."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(READ_BY_INDEX)
        cursor.execute(f"explain {statement}", values)
        return "\n".join(line for (line,) in cursor.fetchall())


def test_no_query_by_a_day_reads_a_guard(world):
    """It would read everybody enrolled that day: PostgreSQL expects few, as row-level security hides the statistics."""
    by_day = plan_of("select 1 from levy_enrolment where valid_during @> %s::date", [DAY])
    values = {"unit": world.unit(), "month": 202611, "day": DAY, "limit": 10, "offset": 0}
    staff = plan_of(STAFF_LIST, values)
    assert "levy_one_" not in by_day + staff
    assert "levy_enrolment_of_unit" in staff


@pytest.mark.parametrize(
    ("began", "ended"), [("2026-10-01", None), (None, "2026-12-01"), (None, None), ("2027-01-01", "2027-02-01")]
)
def test_a_second_enrolment_at_once_is_refused_whatever_its_ends(world, began, ended):
    (person,) = world.staff(world.unit(), [400_000])
    other = world.unit()
    row = Enrolment.objects.get(person_id=person)
    fields = {"person_id": person, "unit_id": other, "region_code": row.region_code}
    with pytest.raises(IntegrityError, match="levy_one_enrolment_per_scheme"), transaction.atomic():
        Enrolment.objects.create(
            **fields, schemes=row.schemes, identity=row.identity, valid_during=DateRange(began, ended)
        )


def test_an_empty_period_and_one_that_ended_before_stand_beside_it(world):
    (person,) = world.staff(world.unit(), [400_000])
    row = Enrolment.objects.get(person_id=person)
    for span in (DateRange(empty=True), DateRange("2020-01-01", "2020-02-01")):
        Enrolment.objects.create(
            person_id=person, unit_id=world.unit(), region_code=row.region_code, schemes=row.schemes,
            identity=row.identity, valid_during=span,
        )  # fmt: skip
    assert Enrolment.objects.filter(person_id=person).count() == 3
