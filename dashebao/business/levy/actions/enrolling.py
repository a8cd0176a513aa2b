"""Starting and stopping enrolments, one person or many in the same number of statements."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from dashebao.business.levy.errors import AlreadyEnrolled, LevyRefused, NotEnrolled, NotRegistered
from dashebao.business.levy.events import PersonEnrolled, PersonLeft
from dashebao.business.levy.models import STOPPING, Identity, MovementKind, WageSource
from dashebao.business.levy.queries.enrolments import conflicts, registration_of
from dashebao.business.levy.schemes import EMPLOYEE_SCHEMES, FLEXIBLE_SCHEMES, codes, numbers
from dashebao.kernel.events.api import publish_many
from dashebao.kernel.legal_time.api import first_day_of
from dashebao.kernel.records.api import audit


@dataclass(frozen=True)
class Starting:
    """Somebody who joins: declared monthly wage in fen; `medical_wage_fen` only where another medical base is chosen."""

    person_id: int
    wage_fen: int
    schemes: tuple[str, ...] = EMPLOYEE_SCHEMES
    identity: int = Identity.EMPLOYEE
    medical_wage_fen: int | None = None


@dataclass(frozen=True)
class Leaving:
    """Somebody who leaves; no schemes = all of them. `month` is the first month no longer due."""

    person_id: int
    month: int
    schemes: tuple[str, ...] = ()
    kind: str = MovementKind.STOP
    reason_code: str = ""
    document: str = ""


@dataclass(frozen=True)
class Paper:
    """On what a movement rests: its kind ("" = first or resumed enrolment, as it is), reason code, document, case."""

    kind: str = ""
    reason_code: str = ""
    document: str = ""
    case_no: str = ""


@dataclass(frozen=True)
class Place:
    """Who pays: a unit in its region, or the person alone (`unit_id` 0) in the region of residence."""

    unit_id: int
    region_code: str
    month: int
    paper: Paper = field(default_factory=Paper)


def enrol(unit_id: int, people: Sequence[Starting], month: int, paper: Paper | None = None) -> int:
    """Enrol staff of a unit from a month on; returns how many. Refused as a whole if one of them cannot be enrolled.

    Raises NotRegistered, AlreadyEnrolled. The caller checks that the month is still open (else it is a back-payment).
    """
    registration = registration_of(unit_id)
    if not registration:
        raise NotRegistered(_("The unit is not registered for social insurance. Register it first."))
    beyond = {code for row in people for code in row.schemes} - set(codes(registration.schemes))
    if beyond:
        raise LevyRefused(_("The unit is not registered for scheme %(codes)s.") % {"codes": ", ".join(sorted(beyond))})
    return begin(Place(unit_id, registration.region_code, month, paper or Paper()), people)


def enrol_flexible(person: Starting, region_code: str, month: int, paper: Paper | None = None) -> int:
    """Enrol a flexible worker who pays alone (社会保险法 10, 23); pension and medical only."""
    if set(person.schemes) - set(FLEXIBLE_SCHEMES):
        raise LevyRefused(_("Flexible workers may join pension and medical insurance only."))
    return begin(Place(0, region_code, month, paper or Paper()), [person])


def stop(unit_id: int, people: Sequence[Leaving], *, case_no: str = "") -> int:
    """Stop enrolments with one payer (`unit_id` 0 = pays alone); returns how many relations ended.

    Set-based: the number of statements does not depend on the number of people. A relation that had not begun yet is
    deleted (its history row remains); schemes that are not stopped go on in a new row.
    """
    unknown = {row.kind for row in people} - set(STOPPING)
    if unknown:
        raise LevyRefused(_("This kind of movement does not end an enrolment."))
    with connection.cursor() as cursor:
        cursor.execute("drop table if exists levy_leaving")
        cursor.execute(FIND_LEAVING, {"unit": unit_id, **_leaving_arrays(people)})
        cursor.execute("select count(distinct person_id), count(*) from levy_leaving")
        persons, relations = cursor.fetchone()
        if persons < len({row.person_id for row in people}):
            raise NotEnrolled(_("At least one person has no active enrolment with this payer."))
        for statement in END_RELATIONS:
            cursor.execute(statement)
        cursor.execute(RECORD_LEAVING, {"unit": unit_id or None, "case": case_no})
        cursor.execute("select person_id, schemes, month, kind from levy_leaving order by person_id")
        events = [PersonLeft(p, unit_id, codes(s), m, k) for p, s, m, k in cursor.fetchall()]
        cursor.execute("drop table levy_leaving")
    publish_many(events)
    audit("levy.enrolments_stopped", ("levy.unit", unit_id), people=persons, case_no=case_no)
    return int(relations)


FIND_LEAVING = """
create temporary table levy_leaving on commit drop as
select e.id, e.person_id, e.region_code, e.identity, lower(e.valid_during) as since, x.month, x.kind, x.reason,
       x.document, x.first_day,
       case when x.schemes = '{}' then e.schemes else e.schemes & x.schemes end as schemes,
       case when x.schemes = '{}' then '{}'::int[] else e.schemes - x.schemes end as rest
from unnest(%(persons)s::bigint[], %(months)s::int[], %(days)s::date[], %(schemes)s::text[], %(kinds)s::text[],
            %(reasons)s::text[], %(documents)s::text[])
     as x0(person_id, month, first_day, scheme_text, kind, reason, document)
cross join lateral (select x0.*, x0.scheme_text::int[] as schemes) x
join levy_enrolment e on e.person_id = x.person_id and coalesce(e.unit_id, 0) = %(unit)s
where upper_inf(e.valid_during) and (x.schemes = '{}' or e.schemes && x.schemes)
"""
END_RELATIONS = (
    "delete from levy_enrolment e using levy_leaving l where e.id = l.id and l.since >= l.first_day",
    "update levy_enrolment e set valid_during = daterange(l.since, l.first_day)"
    " from levy_leaving l where e.id = l.id and l.since < l.first_day",
    "insert into levy_enrolment (person_id, unit_id, region_code, schemes, identity, valid_during)"
    " select l.person_id, e.unit_id, l.region_code, l.rest, l.identity, daterange(l.first_day, null)"
    " from levy_leaving l join levy_enrolment e on e.id = l.id where l.rest <> '{}'",
)
RECORD_LEAVING = """
insert into levy_movement (kind, person_id, unit_id, region_code, schemes, effective_month, reason_code, document,
                           case_no, moved_at)
select kind, person_id, %(unit)s, region_code, schemes, month, reason, document, %(case)s, now() from levy_leaving
"""
INSERT_ENROLMENTS = """
insert into levy_enrolment (person_id, unit_id, region_code, schemes, identity, valid_during)
select x.person_id, %(unit)s, %(region)s, x.schemes::int[], x.identity, daterange(%(day)s, null)
from unnest(%(persons)s::bigint[], %(schemes)s::text[], %(identities)s::int[]) as x(person_id, schemes, identity)
"""
INSERT_MOVEMENTS = """
insert into levy_movement (kind, person_id, unit_id, region_code, schemes, effective_month, reason_code, document,
                           case_no, moved_at)
select case when %(kind)s <> '' then %(kind)s
            when exists (select 1 from levy_movement m where m.person_id = x.person_id and m.kind = 'new')
                 then 'resume' else 'new' end,
       x.person_id, %(unit)s, %(region)s, x.schemes::int[], %(month)s, %(reason)s, %(document)s, %(case)s, now()
from unnest(%(persons)s::bigint[], %(schemes)s::text[]) as x(person_id, schemes)
"""
INSERT_WAGES = """
insert into levy_wage (unit_id, person_id, region_code, from_month, wage_fen, medical_wage_fen, source)
select %(payer)s, x.person_id, %(region)s, %(month)s, x.wage, x.medical, %(source)s
from unnest(%(persons)s::bigint[], %(wages)s::bigint[], %(medical)s::bigint[]) as x(person_id, wage, medical)
"""


def begin(place: Place, people: Sequence[Starting]) -> int:
    """Enrol people with a payer, its registration already checked; returns how many. Raises AlreadyEnrolled."""
    _refuse_conflicts(place, people)
    texts = ["{" + ",".join(str(n) for n in numbers(list(row.schemes))) + "}" for row in people]
    values: dict[str, Any] = {
        "unit": place.unit_id or None,
        "payer": place.unit_id,
        "region": place.region_code,
        "month": place.month,
        "day": first_day_of(place.month),
        "persons": [row.person_id for row in people],
        "schemes": texts,
        "identities": [int(row.identity) for row in people],
        "wages": [row.wage_fen for row in people],
        "medical": [row.medical_wage_fen for row in people],
        "source": int(WageSource.ENROLMENT if place.unit_id else WageSource.CHOSEN),
        "kind": place.paper.kind,
        "reason": place.paper.reason_code,
        "document": place.paper.document,
        "case": place.paper.case_no,
    }
    with connection.cursor() as cursor:
        for statement in (INSERT_ENROLMENTS, INSERT_MOVEMENTS, INSERT_WAGES):
            cursor.execute(statement, values)
    publish_many(PersonEnrolled(row.person_id, place.unit_id, row.schemes, place.month) for row in people)
    audit(
        "levy.enrolled",
        ("levy.unit", place.unit_id),
        region=place.region_code,
        person=people[0].person_id if len(people) == 1 else None,
        people=len(people),
        month=place.month,
        case_no=place.paper.case_no,
    )
    return len(people)


def _refuse_conflicts(place: Place, people: Sequence[Starting]) -> None:
    if len({row.person_id for row in people}) < len(people):
        raise LevyRefused(_("The same person is on the list twice. Keep one row for each person."))
    by_schemes: dict[tuple[str, ...], list[int]] = {}
    for row in people:
        by_schemes.setdefault(row.schemes, []).append(row.person_id)
    for schemes, persons in by_schemes.items():
        clash = conflicts(persons, place.unit_id, schemes, place.month)
        if clash:
            raise AlreadyEnrolled(
                _("Already enrolled with another payer: person %(persons)s. The former payer must stop first.")
                % {"persons": ", ".join(str(person) for person in sorted(clash)[:10])}
            )


def _leaving_arrays(people: Sequence[Leaving]) -> dict[str, list[Any]]:
    return {
        "persons": [row.person_id for row in people],
        "months": [row.month for row in people],
        "days": [first_day_of(row.month) for row in people],
        "schemes": ["{" + ",".join(str(n) for n in numbers(list(row.schemes))) + "}" for row in people],
        "kinds": [str(row.kind) for row in people],
        "reasons": [row.reason_code for row in people],
        "documents": [row.document for row in people],
    }
