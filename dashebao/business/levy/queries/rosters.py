"""Who must be assessed for a month: the roster of a range of units, or of people who pay alone, as columns."""

from dataclasses import dataclass
from typing import Any

from django.db import connection

from dashebao.business.levy.assessment import ROSTER
from dashebao.business.levy.columns import Columns, read_columns
from dashebao.business.levy.schemes import SCHEMES
from dashebao.kernel.legal_time.api import first_day_of

FLAGS = ", ".join(f"bool_or({scheme.number} = any(e.schemes)) as {scheme.prefix}" for scheme in SCHEMES)
NAMES = ", ".join(f"r.{scheme.prefix}" for scheme in SCHEMES)
ROSTER_OF = f"""
select r.unit_id, r.person_id, r.region_code, r.identity::int2, coalesce(w.wage_fen, 0)::int8,
       coalesce(w.medical_wage_fen, 0)::int8, coalesce(j.risk_class, 1)::int2, coalesce(j.float_percent, 100)::int2,
       exists (select 1 from levy_declaration d
               where d.unit_id = r.unit_id and d.month = %(month)s and d.kind = 'monthly') as declared,
       {NAMES}
from (
  select coalesce(e.unit_id, 0)::int8 as unit_id, e.person_id, min(e.region_code) as region_code,
         min(e.identity) as identity, {FLAGS}
  from levy_enrolment e
  where e.valid_during @> %(day)s::date and {{where}}
  group by e.unit_id, e.person_id
) r
left join lateral (
  select wage_fen, medical_wage_fen from levy_wage w
  where w.unit_id = r.unit_id and w.person_id = r.person_id and w.from_month <= %(month)s
  order by w.from_month desc, w.id desc limit 1
) w on true
left join levy_unitinjuryrate j on j.unit_id = r.unit_id and j.valid_during @> %(day)s::date
order by r.unit_id, r.person_id
"""  # noqa: S608
BY_UNIT = "e.unit_id between %(low)s and %(high)s"
BY_PERSON = "e.unit_id is null and e.person_id between %(low)s and %(high)s"


@dataclass(frozen=True)
class PayerRange:
    """A piece of work: units with ids low..high, or (`alone`) self payers with person ids low..high."""

    low: int
    high: int
    alone: bool = False

    def as_args(self) -> dict[str, int | bool]:
        """JSON arguments of a chunk."""
        return {"low": self.low, "high": self.high, "alone": self.alone}

    @property
    def key(self) -> str:
        """Key of a chunk."""
        return f"{'persons' if self.alone else 'units'} {self.low}-{self.high}"


def roster_of(payers: PayerRange, month: int, *, person_id: int = 0) -> Columns:
    """Everybody enrolled with these payers in `month`, with the wage that counts and the unit's injury rate; one query.

    `person_id` narrows it to one person, with the same columns.
    """
    where = BY_PERSON if payers.alone else BY_UNIT
    values: dict[str, Any] = {
        "month": month,
        "day": first_day_of(month),
        "low": payers.low,
        "high": payers.high,
        "person": person_id,
    }
    if person_id:
        where += " and e.person_id = %(person)s"
    return read_columns(ROSTER_OF.format(where=where), values, ROSTER)


UNIT_RANGES = """
select min(unit_id), max(unit_id) from (
  select unit_id, ((sum(people) over (order by unit_id) - people)::bigint / %(size)s) as place from (
    select unit_id, count(*) as people from levy_enrolment
    where valid_during @> %(day)s::date and unit_id is not null group by unit_id
  ) counted
) placed group by place order by 1
"""
PERSON_RANGES = """
select min(person_id), max(person_id) from (
  select person_id, (row_number() over (order by person_id) - 1) / %(size)s as place
  from levy_enrolment where valid_during @> %(day)s::date and unit_id is null
) placed group by place order by 1
"""


LAST_ID = 1 << 62


def payer_ranges(month: int, size: int) -> list[PayerRange]:
    """Ranges of about `size` people each that cover every unit and every self payer there can be; two queries."""
    out: list[PayerRange] = []
    with connection.cursor() as cursor:
        for statement, alone in ((UNIT_RANGES, False), (PERSON_RANGES, True)):
            cursor.execute(statement, {"day": first_day_of(month), "size": size})
            bounds = [low for low, _high in cursor.fetchall()][1:]
            lows, highs = [0 if alone else 1, *bounds], [bound - 1 for bound in bounds] + [LAST_ID]
            out += [PayerRange(low, high, alone) for low, high in zip(lows, highs, strict=True)]
    return out
