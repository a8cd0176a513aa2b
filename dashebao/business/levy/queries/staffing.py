"""A unit's staff list as its portal shows it, and the checks of lists of people who join or leave."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import connection

from dashebao.business.levy.queries.checks import CheckedRows, DeclaredRow
from dashebao.business.levy.queries.enrolments import conflicts, registration_of, staff_with
from dashebao.business.levy.schemes import EMPLOYEE_SCHEMES, codes
from dashebao.business.levy.workbooks import SheetRow
from dashebao.kernel.codes.api import CodeError, check_resident_id
from dashebao.kernel.legal_time.api import first_day_of, month_of, month_plus
from dashebao.kernel.secrecy.api import Family, digests, open_

STATES = {
    "active": "e.valid_during @> %(day)s::date",
    "leaving": "e.valid_during @> %(day)s::date and not upper_inf(e.valid_during)",
    "joining": "lower(e.valid_during) > %(day)s::date",
    "left": "upper(e.valid_during) <= %(day)s::date and upper(e.valid_during) > %(year_ago)s::date",
}
PAGE = """
select e.person_id, p.name, coalesce(i.value, ''), e.schemes, e.identity, lower(e.valid_during),
       upper(e.valid_during), coalesce(w.wage_fen, 0)
from levy_enrolment e
join registry_person p on p.id = e.person_id
left join lateral (
  select value from registry_personidentifier i
  where i.person_id = e.person_id and upper_inf(i.valid_during) order by i.kind = 'resident_id' desc, i.id limit 1
) i on true
left join lateral (
  select wage_fen from levy_wage w
  where w.unit_id = e.unit_id and w.person_id = e.person_id and w.from_month <= %(month)s
  order by w.from_month desc, w.id desc limit 1
) w on true
where e.unit_id = %(unit)s and {state}
  and (%(scheme)s = 0 or e.schemes @> array[%(scheme)s]::int[])
  and (%(text)s = '' or p.name like %(like)s or e.person_id = any(%(numbered)s::bigint[]))
order by p.name, e.person_id, lower(e.valid_during)
limit %(limit)s offset %(offset)s
"""


NUMBERS = """
select e.person_id, i.value from (select distinct person_id from levy_enrolment where unit_id = %(unit)s) e
join registry_personidentifier i on i.person_id = e.person_id and upper_inf(i.valid_during)
"""


@dataclass(frozen=True)
class StaffFilter:
    """What of a unit's list is wanted: state (a key of STATES), scheme code ("" = any), part of name or number."""

    unit_id: int
    month: int
    state: str = "active"
    scheme: str = ""
    text: str = ""


@dataclass(frozen=True)
class StaffLine:
    """One row of the list; `until_month` None = goes on."""

    person_id: int
    name: str
    id_number: str
    schemes: tuple[str, ...]
    identity: int
    from_month: int
    until_month: int | None
    wage_fen: int


class StaffLines(Sequence[StaffLine]):
    """The rows a filter finds, read slice by slice; never counted."""

    def __init__(self, wanted: StaffFilter) -> None:
        self.wanted = wanted

    def __len__(self) -> int:
        raise TypeError("the list is read page by page")

    @cached_property
    def numbered(self) -> list[int]:
        """Whose number holds the wanted text: numbers lie sealed, so those of the unit are opened and looked through."""
        text = self.wanted.text.upper()
        if not any(sign.isdecimal() for sign in text):
            return []
        with connection.cursor() as cursor:
            cursor.execute(NUMBERS, {"unit": self.wanted.unit_id})
            return [person for person, sealed in cursor.fetchall() if text in open_(sealed)]

    def __getitem__(self, part: Any) -> Any:
        wanted = self.wanted
        day = first_day_of(wanted.month)
        escaped = wanted.text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        values = {
            "unit": wanted.unit_id,
            "month": wanted.month,
            "day": day,
            "year_ago": day.replace(year=day.year - 1),
            "scheme": int(wanted.scheme or 0),
            "text": wanted.text,
            "like": f"%{escaped}%",
            "numbered": self.numbered,
            "limit": (part.stop or 1_000_000) - (part.start or 0),
            "offset": part.start or 0,
        }
        with connection.cursor() as cursor:
            cursor.execute(PAGE.format(state=STATES.get(wanted.state, STATES["active"])), values)
            return [_line(*row) for row in cursor.fetchall()]


def _line(*row: Any) -> StaffLine:
    person, name, number, held, identity, since, until, wage = row
    last = month_plus(month_of(until), -1) if until else None
    return StaffLine(person, name, open_(number), codes(held), identity, month_of(since), last, wage)


PEOPLE = """
select x.place, p.id, p.name, p.died_on is not null
from unnest(%s::text[]) with ordinality x(digest, place)
join registry_personidentifier i on i.digest = x.digest
join registry_person p on p.id = coalesce(
  (select q.merged_into_id from registry_person q where q.id = i.person_id), i.person_id)
where i.kind = 'resident_id' and upper_inf(i.valid_during)
"""


def check_joining(unit_id: int, month: int, rows: Sequence[SheetRow]) -> CheckedRows:
    """Rows of people who join: number, name, twice, on the list already, insured elsewhere; three queries for any number."""
    here = staff_with(unit_id, month, [row.id_number for row in rows])
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE, [digests(Family.IDENTITY, (row.id_number for row in rows))])
        known = {rows[place - 1].id_number: (person, name, dead) for place, person, name, dead in cursor.fetchall()}
    registration = registration_of(unit_id)
    schemes = codes(registration.schemes) if registration else EMPLOYEE_SCHEMES
    clash = conflicts([person for person, _name, _dead in known.values()], unit_id, schemes, month)
    seen: set[str] = set()
    checked = []
    for row in rows:
        person, name, dead = known.get(row.id_number, (None, "", False))
        problem = row.problem or _joining_problem(row, name, seen)
        if not problem and row.id_number in here:
            problem = "already_here"
        elif not problem and dead:
            problem = "dead"
        elif not problem and person in clash:
            problem = "insured_elsewhere"
        seen.add(row.id_number)
        checked.append(DeclaredRow(row.row_no, row.id_number, row.name, person, row.wage_fen, problem))
    return CheckedRows(tuple(checked), ())


def _joining_problem(row: SheetRow, known_name: str, seen: set[str]) -> str:
    try:
        check_resident_id(row.id_number)
    except CodeError:
        return "bad_number"
    if not row.name:
        return "name_missing"
    if row.id_number in seen:
        return "duplicate"
    return "name_differs" if known_name and known_name != row.name else ""


def check_leaving(unit_id: int, month: int, rows: Sequence[SheetRow]) -> CheckedRows:
    """Rows of people who leave: they must be on the staff list of the month, once, under their name; one query."""
    staff = staff_with(unit_id, month, [row.id_number for row in rows])
    seen: set[str] = set()
    checked = []
    for row in rows:
        person, problem = staff.get(row.id_number), row.problem
        if not problem and person is None:
            problem = "unknown_person"
        elif not problem and row.id_number in seen:
            problem = "duplicate"
        elif not problem and person and row.name and row.name != person.name:
            problem = "name_differs"
        seen.add(row.id_number)
        name = row.name or (person.name if person else "")
        checked.append(
            DeclaredRow(row.row_no, row.id_number, name, person.person_id if person else None, None, problem)
        )
    return CheckedRows(tuple(checked), ())
