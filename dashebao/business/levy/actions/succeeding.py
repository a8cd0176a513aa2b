"""Staff that goes on at another unit: transfer in a group, merger and split; and insurances added for a whole unit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from dashebao.business.levy.actions.enrolling import Leaving, Paper, Starting, enrol, stop
from dashebao.business.levy.actions.registering import close_unit
from dashebao.business.levy.errors import LevyRefused, NotEnrolled, NotRegistered
from dashebao.business.levy.events import PersonEnrolled
from dashebao.business.levy.models import Identity, MovementKind, SuccessionKind, UnitSuccession
from dashebao.business.levy.queries.enrolments import registration_of, staff_of
from dashebao.business.levy.schemes import codes, numbers
from dashebao.kernel.events.api import publish_many
from dashebao.kernel.legal_time.api import first_day_of
from dashebao.kernel.records.api import audit


@dataclass(frozen=True)
class Succession:
    """Who goes from one unit to another, from which month; nobody named = all staff. `closes_on` ends the first unit."""

    unit_id: int
    successor_id: int
    kind: str
    from_month: int
    person_ids: tuple[int, ...] = ()
    case_no: str = ""
    closes_on: date | None = None


def succeed(given: Succession) -> UnitSuccession:
    """Carry staff over with its insurances and wages; a merged unit is closed. Statements do not grow with people.

    Raises NotRegistered, NotEnrolled, LevyRefused (same unit), and what closing a unit raises.
    """
    giving, taking = registration_of(given.unit_id), registration_of(given.successor_id)
    if giving is None or taking is None:
        raise NotRegistered(_("Both units must be registered for social insurance."))
    if given.unit_id == given.successor_id:
        raise LevyRefused(_("The other unit must be a different one."))
    people = _carried(given, codes(taking.schemes))
    paper = Paper(reason_code=given.kind, document=f"unit {given.unit_id}", case_no=given.case_no)
    leaving = [Leaving(row.person_id, given.from_month, reason_code=given.kind) for row in people]
    if people:
        stop(given.unit_id, leaving, case_no=given.case_no)
        enrol(given.successor_id, people, given.from_month, paper)
    if given.kind == SuccessionKind.MERGER and given.closes_on:
        close_unit(given.unit_id, given.closes_on, case_no=given.case_no)
    made: UnitSuccession = UnitSuccession.objects.create(
        unit_id=given.unit_id,
        successor_id=given.successor_id,
        region_code=giving.region_code,
        kind=given.kind,
        from_month=given.from_month,
        people=len(people),
        case_no=given.case_no,
    )
    audit("levy.staff_carried_over", made, people=len(people), successor=given.successor_id, kind=given.kind)
    return made


def _carried(given: Succession, held: Sequence[str]) -> list[Starting]:
    wanted = set(given.person_ids)
    rows: dict[int, Starting] = {}
    for row in staff_of(given.unit_id, given.from_month):
        if not wanted or row.person_id in wanted:
            before = rows[row.person_id].schemes if row.person_id in rows else ()
            schemes = tuple(sorted({*before, *row.schemes} & set(held)))
            rows[row.person_id] = Starting(row.person_id, row.wage_fen, schemes, row.identity)
    if wanted - set(rows):
        raise NotEnrolled(_("At least one person has no active enrolment with this payer."))
    return [row for row in rows.values() if row.schemes]


@dataclass(frozen=True)
class Adding:
    """Insurances a registered unit joins from a month on, for itself and all its staff."""

    unit_id: int
    schemes: tuple[str, ...]
    month: int
    case_no: str = ""


def add_schemes(given: Adding) -> int:
    """Widen a unit's registration and the relations of its staff; returns how many people. A fixed number of statements.

    Staff above retirement age stays insured for injury alone. Raises NotRegistered; LevyRefused if nothing is new.
    """
    registration = registration_of(given.unit_id)
    if registration is None:
        raise NotRegistered(_("The unit is not registered for social insurance. Register it first."))
    new = set(numbers(list(given.schemes))) - set(registration.schemes)
    if not new:
        raise LevyRefused(_("The unit is registered for these insurances already."))
    registration.schemes = sorted({*registration.schemes, *new})
    registration.case_no = given.case_no
    registration.save(update_fields=["schemes", "case_no"])
    values: dict[str, Any] = {
        "unit": given.unit_id,
        "new": sorted(new),
        "month": given.month,
        "day": first_day_of(given.month),
        "over_age": int(Identity.OVER_AGE),
        "kind": str(MovementKind.ADD_SCHEME),
        "case": given.case_no,
    }
    with connection.cursor() as cursor:
        for statement in WIDEN:
            cursor.execute(statement, values)
        cursor.execute("select distinct person_id from levy_adding order by 1")
        people = [int(row[0]) for row in cursor.fetchall()]
        cursor.execute("drop table levy_adding")
    publish_many(PersonEnrolled(person, given.unit_id, codes(sorted(new)), given.month) for person in people)
    audit("levy.schemes_added", registration, schemes=sorted(new), people=len(people), month=given.month)
    return len(people)


WIDEN = (
    """
create temporary table levy_adding on commit drop as
select id, person_id, region_code, identity, schemes, lower(valid_during) as since from levy_enrolment
where unit_id = %(unit)s and upper_inf(valid_during) and identity <> %(over_age)s
""",
    "update levy_enrolment e set schemes = e.schemes | %(new)s::int[] from levy_adding a"
    " where e.id = a.id and a.since >= %(day)s",
    "update levy_enrolment e set valid_during = daterange(a.since, %(day)s) from levy_adding a"
    " where e.id = a.id and a.since < %(day)s",
    """
insert into levy_enrolment (person_id, unit_id, region_code, schemes, identity, valid_during)
select person_id, %(unit)s, region_code, schemes | %(new)s::int[], identity, daterange(%(day)s, null)
from levy_adding where since < %(day)s
""",
    """
insert into levy_movement (kind, person_id, unit_id, region_code, schemes, effective_month, reason_code, document,
                           case_no, moved_at)
select %(kind)s, person_id, %(unit)s, region_code, %(new)s::int[], %(month)s, '', '', %(case)s, now() from levy_adding
""",
)
