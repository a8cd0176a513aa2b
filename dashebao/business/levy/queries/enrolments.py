"""Who is enrolled where."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import Max

from dashebao.business.levy.models import Bill, Enrolment, LineKind, UnitInjuryRate, UnitRegistration
from dashebao.business.levy.schemes import INJURY, codes, numbers
from dashebao.kernel.legal_time.api import first_day_of, month_of, month_plus
from dashebao.kernel.records.api import as_known
from dashebao.kernel.secrecy.api import DIGEST_LENGTH, Family, digests, open_


@dataclass(frozen=True)
class Relation:
    """One enrolment as others may see it; `unit_id` 0 = pays alone; months yyyymm, `until_month` None = active."""

    person_id: int
    unit_id: int
    schemes: tuple[str, ...]
    identity: int
    region_code: str
    from_month: int
    until_month: int | None


@dataclass(frozen=True)
class StaffRow:
    """One row of a unit's staff list: who, in which schemes, since when, and the wage that counts.

    `number` is sealed: thousands of rows are told apart by `digest`, without opening one.
    """

    person_id: int
    name: str
    number: str
    schemes: tuple[str, ...]
    identity: int
    from_month: int
    wage_fen: int

    @property
    def digest(self) -> str:
        """What `digests` of the family IDENTITY makes of the identity number."""
        return self.number[:DIGEST_LENGTH]

    @cached_property
    def id_number(self) -> str:
        """The identity number, opened when it is asked for."""
        return open_(self.number)


def open_month(today: date) -> int:
    """The first month not yet assessed, at the earliest the current one: staff may be added and declared for it."""
    last = Bill.objects.filter(kind=LineKind.NORMAL, seq=0).aggregate(last=Max("month"))["last"]
    current = month_of(today)
    return max(current, month_plus(last, 1)) if last else current


def registration_at(unit_id: int, on: date, known_at: datetime | None = None) -> UnitRegistration | None:
    """The registration of a unit that was open on a day, as recorded now or at an earlier moment."""
    recorded = (
        as_known(UnitRegistration, known_at, of=("unit", unit_id))
        if known_at
        else UnitRegistration.objects.filter(unit_id=unit_id)
    )
    open_then = [row for row in recorded if row.registered_on <= on and (row.closed_on is None or row.closed_on > on)]
    return max(open_then, key=lambda row: row.pk, default=None)


def injury_rate_at(unit_id: int, on: date, known_at: datetime | None = None) -> tuple[int, int] | None:
    """Risk class and float percent of a unit on a day, as recorded now or at an earlier moment."""
    if known_at is None:
        return injury_rate_of(unit_id, month_of(on))
    found = next(iter(as_known(UnitInjuryRate, known_at, on, of=("unit", unit_id))), None)
    return (found.risk_class, found.float_percent) if found else None


def registration_of(unit_id: int) -> UnitRegistration | None:
    """The open registration of a unit."""
    return UnitRegistration.objects.filter(unit_id=unit_id, closed_on__isnull=True).first()


def injury_rate_of(unit_id: int, month: int) -> tuple[int, int] | None:
    """Risk class (1-8) and float percent of a unit in a month."""
    found = UnitInjuryRate.objects.filter(unit_id=unit_id, valid_during__contains=first_day_of(month)).first()
    return (found.risk_class, found.float_percent) if found else None


def relations_of(person_id: int, known_at: datetime | None = None) -> list[Relation]:
    """All enrolments of a person, newest first; as recorded now or at an earlier moment."""
    if known_at is None:
        rows = Enrolment.objects.filter(person_id=person_id).order_by("-valid_during", "unit_id")
        return [_relation(row) for row in rows]
    found = [_relation(row) for row in as_known(Enrolment, known_at, of=("person", person_id))]
    return sorted(found, key=lambda row: (-row.from_month, row.unit_id))


def enrolled(person_id: int, scheme: str, month: int) -> bool:
    """Whether the person is enrolled in a scheme in a month."""
    return Enrolment.objects.filter(
        person_id=person_id,
        schemes__contains=[int(scheme)],
        valid_during__contains=first_day_of(month),
    ).exists()


def conflicts(person_ids: Sequence[int], unit_id: int, schemes: Sequence[str], month: int) -> dict[int, list[int]]:
    """Person id -> ids of the payers (0 = alone) with whom one of these schemes is still active in or after `month`.

    Injury conflicts only with the same unit (法释〔2014〕9号 art 3).
    """
    wanted = numbers(list(schemes))
    once = [number for number in wanted if number != int(INJURY)]
    rows = Enrolment.objects.filter(
        person_id__in=list(person_ids),
        valid_during__overlap=(first_day_of(month), None),
    ).values_list("person_id", "unit_id", "schemes")
    found: dict[int, list[int]] = {}
    for person_id, unit, held in rows:
        clash = set(held) & set(wanted if (unit or 0) == unit_id else once)
        if clash:
            found.setdefault(person_id, []).append(unit or 0)
    return found


STAFF_LIST = """
select e.person_id, p.name, coalesce(i.value, ''), e.schemes, e.identity, lower(e.valid_during), coalesce(w.wage_fen, 0)
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
where e.unit_id = %(unit)s and e.valid_during @> %(day)s::date
order by e.person_id
limit %(limit)s offset %(offset)s
"""


def staff_of(unit_id: int, month: int, *, limit: int = 50_000, offset: int = 0) -> list[StaffRow]:
    """Everybody a unit pays for in a month, by person id; one query."""
    values: dict[str, Any] = {
        "unit": unit_id,
        "month": month,
        "day": first_day_of(month),
        "limit": limit,
        "offset": offset,
    }
    with connection.cursor() as cursor:
        cursor.execute(STAFF_LIST, values)
        rows = cursor.fetchall()
    return [
        StaffRow(person, name, number, codes(held), identity, month_of(since), wage)
        for person, name, number, held, identity, since, wage in rows
    ]


def staff_with(unit_id: int, month: int, id_numbers: Sequence[str]) -> dict[str, StaffRow]:
    """Those of a unit's staff who have one of these identity numbers, by the number; found by digest, none is opened."""
    staff = {row.digest: row for row in staff_of(unit_id, month)}
    asked = zip(id_numbers, digests(Family.IDENTITY, id_numbers), strict=True)
    return {number: staff[digest] for number, digest in asked if digest in staff}


def headcount_of(unit_id: int, month: int) -> int:
    """How many people a unit pays for in a month."""
    return (
        Enrolment.objects.filter(unit_id=unit_id, valid_during__contains=first_day_of(month))
        .values("person_id")
        .distinct()
        .count()
    )


def _relation(row: Enrolment) -> Relation:
    upper = row.valid_during.upper
    return Relation(
        row.person_id,
        row.unit_id or 0,
        codes(row.schemes),
        row.identity,
        row.region_code,
        month_of(row.valid_during.lower),
        month_plus(month_of(upper), -1) if upper else None,
    )
