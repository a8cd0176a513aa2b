"""Bills: one per payer, month and kind, with one item per scheme, made from contribution rows in two statements."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from dashebao.business.fund.api import pool_region
from dashebao.business.levy.columns import Columns, load_temporary
from dashebao.business.levy.models import LineKind
from dashebao.business.levy.queries.rosters import PayerRange
from dashebao.business.levy.rates import due_on
from dashebao.business.levy.schemes import SCHEMES
from dashebao.kernel.legal_time.api import first_day_of

SUMS = ", ".join(
    f"sum(l.{scheme.employer})::int8 as {scheme.prefix}_e, "
    + (f"sum(l.{scheme.worker})::int8" if scheme.worker_pays else "0::int8")
    + f" as {scheme.prefix}_w"
    for scheme in SCHEMES
)
VALUES = ", ".join(f"('{scheme.code}', s.{scheme.prefix}_e, s.{scheme.prefix}_w)" for scheme in SCHEMES)
BILLED = """
from levy_contributionline l
where l.month = %(month)s and l.kind = any(%(kinds)s) and l.paid_month is null and {where}
group by l.unit_id, case when l.unit_id = 0 then l.person_id else 0 end, l.kind, l.seq
"""
INSERT_BILLS = """
with sums as (
  select l.unit_id, case when l.unit_id = 0 then l.person_id else 0 end as person_id, l.kind, l.seq,
         min(l.region_code) as region_code, count(distinct l.person_id) as people {billed}
)
insert into levy_bill (month, unit_id, person_id, kind, seq, region_code, headcount, due_on)
select %(month)s, s.unit_id, s.person_id, s.kind, s.seq, s.region_code, s.people, r.due_on
from sums s join unnest(%(regions)s::text[], %(due)s::date[]) as r(region_code, due_on) using (region_code)
order by s.unit_id, s.person_id
on conflict (unit_id, person_id, month, kind, seq) do nothing
"""
INSERT_ITEMS = """
with sums as (
  select l.unit_id, case when l.unit_id = 0 then l.person_id else 0 end as person_id, l.kind, l.seq, {sums} {billed}
)
insert into levy_billitem (bill_id, month, unit_id, person_id, region_code, scheme, pool_code, due_on, employer_fen,
                           worker_fen)
select b.id, b.month, b.unit_id, b.person_id, b.region_code, v.scheme, p.pool_code, b.due_on, v.employer, v.worker
from sums s
join levy_bill b on b.unit_id = s.unit_id and b.person_id = s.person_id and b.month = %(month)s and b.kind = s.kind
  and b.seq = s.seq
cross join lateral (values {values}) as v(scheme, employer, worker)
join unnest(%(pool_regions)s::text[], %(pool_schemes)s::text[], %(pools)s::text[]) as p(region_code, scheme, pool_code)
  on p.region_code = b.region_code and p.scheme = v.scheme
where v.employer + v.worker > 0
order by b.unit_id, b.person_id, v.scheme
on conflict (bill_id, scheme) do nothing
"""
# A difference may be owed or a credit, scheme by scheme; a credit gets an item of zero that settles when it is returned.
INSERT_DIFFERENCE_ITEMS = """
with sums as (
  select l.unit_id, 0::bigint as person_id, l.kind, l.seq, {sums}
  from levy_contributionline l
  where l.month = %(month)s and l.unit_id = %(unit)s and l.kind = 3 and l.seq = %(seq)s
  group by l.unit_id, l.kind, l.seq
)
insert into levy_billitem (bill_id, month, unit_id, person_id, region_code, scheme, pool_code, due_on, employer_fen,
                           worker_fen)
select b.id, b.month, b.unit_id, 0, b.region_code, v.scheme, p.pool_code, b.due_on,
       case when v.employer + v.worker > 0 then v.employer else 0 end,
       case when v.employer + v.worker > 0 then v.worker else 0 end
from sums s
join levy_bill b on b.unit_id = s.unit_id and b.person_id = 0 and b.month = %(month)s and b.kind = 3 and b.seq = s.seq
cross join lateral (values {values}) as v(scheme, employer, worker)
join unnest(%(pool_regions)s::text[], %(pool_schemes)s::text[], %(pools)s::text[]) as p(region_code, scheme, pool_code)
  on p.region_code = b.region_code and p.scheme = v.scheme
where v.employer <> 0 or v.worker <> 0
on conflict (bill_id, scheme) do nothing
"""
DIFFERENCES = """
select i.id, i.unit_id, i.region_code, i.scheme, i.pool_code, i.month, v.employer, v.worker
from levy_billitem i join levy_bill b on b.id = i.bill_id
join (select l.unit_id, {sums} from levy_contributionline l
      where l.month = %(month)s and l.unit_id = %(unit)s and l.kind = 3 and l.seq = %(seq)s group by l.unit_id) s
  on s.unit_id = b.unit_id
cross join lateral (values {values}) as v(scheme, employer, worker)
where b.month = %(month)s and b.unit_id = %(unit)s and b.kind = 3 and b.seq = %(seq)s and v.scheme = i.scheme
order by i.id
"""
BY_UNIT = "l.unit_id between %(low)s and %(high)s"
BY_PERSON = "l.unit_id = 0 and l.person_id between %(low)s and %(high)s"


@dataclass(frozen=True)
class Credit:
    """What a scheme's differences owe back to a unit, in fen by payer's part, and the item that settles it."""

    item_id: int
    unit_id: int
    region_code: str
    scheme: str
    pool_code: str
    month: int
    employer_fen: int
    worker_fen: int


def bill_differences(unit_id: int, month: int, seq: int) -> tuple[int, list[Credit]]:
    """Bill a unit's difference rows; returns what is owed in fen, and the credits of schemes that come out negative."""
    values: dict[str, Any] = {
        "month": month,
        "kinds": [3],
        "low": unit_id,
        "high": unit_id,
        "unit": unit_id,
        "seq": seq,
    }
    values |= _places(PayerRange(unit_id, unit_id), month)
    with connection.cursor() as cursor:
        cursor.execute(INSERT_BILLS.format(billed=BILLED.format(where=BY_UNIT)), values)
        cursor.execute(INSERT_DIFFERENCE_ITEMS.format(sums=SUMS, values=VALUES), values)
        cursor.execute(DIFFERENCES.format(sums=SUMS, values=VALUES), values)
        rows = cursor.fetchall()
    owed = sum(row[6] + row[7] for row in rows if row[6] + row[7] > 0)
    return owed, [
        Credit(*row[:6], -row[6], -row[7])  # type: ignore[call-arg]
        for row in rows
        if row[6] + row[7] <= 0
    ]


def bill_range(payers: PayerRange, month: int, kinds: Iterable[int] = (LineKind.NORMAL,)) -> int:
    """Make the bills of a month for these payers; returns how many bills exist newly. Running it again adds nothing."""
    where = BY_PERSON if payers.alone else BY_UNIT
    billed = BILLED.format(where=where)
    values: dict[str, Any] = {
        "month": month,
        "kinds": [int(kind) for kind in kinds],
        "low": payers.low,
        "high": payers.high,
        **_places(payers, month),
    }
    with connection.cursor() as cursor:
        cursor.execute(INSERT_BILLS.format(billed=billed), values)
        made = int(cursor.rowcount)
        cursor.execute(INSERT_ITEMS.format(sums=SUMS, billed=billed, values=VALUES), values)
    return made


ESTIMATE_BILLS = """
insert into levy_bill (month, unit_id, person_id, kind, seq, region_code, headcount, due_on)
select distinct %(month)s, e.unit_id, 0::bigint, %(kind)s, 0, e.region_code, e.people, r.due_on
from levy_estimate e join unnest(%(regions)s::text[], %(due)s::date[]) as r(region_code, due_on) using (region_code)
order by e.unit_id
on conflict (unit_id, person_id, month, kind, seq) do nothing
"""
ESTIMATE_ITEMS = """
insert into levy_billitem (bill_id, month, unit_id, person_id, region_code, scheme, pool_code, due_on, employer_fen,
                           worker_fen)
select b.id, b.month, b.unit_id, 0, b.region_code, e.scheme::text, p.pool_code, b.due_on, e.employer_fen, e.worker_fen
from levy_estimate e
join levy_bill b on b.unit_id = e.unit_id and b.person_id = 0 and b.month = %(month)s and b.kind = %(kind)s
join unnest(%(pool_regions)s::text[], %(pool_schemes)s::text[], %(pools)s::text[]) as p(region_code, scheme, pool_code)
  on p.region_code = b.region_code and p.scheme = e.scheme::text
where e.employer_fen + e.worker_fen > 0
on conflict (bill_id, scheme) do nothing
"""
ESTIMATE = {
    "unit_id": "int8",
    "region_code": "code6",
    "people": "int8",
    "scheme": "int8",
    "employer_fen": "int8",
    "worker_fen": "int8",
}


def insert_estimates(items: Columns, month: int) -> int:
    """Bills of units that did not declare; rows of `items` are unit x scheme. Returns how many bills are new."""
    regions = sorted({str(code) for code in items["region_code"]})
    values: dict[str, Any] = {"month": month, "kind": int(LineKind.ESTIMATE), **terms_of_regions(regions, month)}
    load_temporary("levy_estimate", items, ESTIMATE)
    with connection.cursor() as cursor:
        cursor.execute(ESTIMATE_BILLS, values)
        made = int(cursor.rowcount)
        cursor.execute(ESTIMATE_ITEMS, values)
        cursor.execute("drop table levy_estimate")
    return made


def terms_of_regions(regions: Iterable[str], month: int) -> dict[str, list[str] | list[date]]:
    """Due dates by region and pooling regions by region and scheme, as arrays for the statements here."""
    codes = list(regions)
    pairs = [(code, scheme.code) for code in codes for scheme in SCHEMES]
    on = first_day_of(month)
    return {
        "regions": codes,
        "due": [due_on(code, month) for code in codes],
        "pool_regions": [code for code, _scheme in pairs],
        "pool_schemes": [scheme for _code, scheme in pairs],
        "pools": [pool_region(scheme, code, on) for code, scheme in pairs],
    }


def _places(payers: PayerRange, month: int) -> dict[str, list[str] | list[date]]:
    where = BY_PERSON if payers.alone else BY_UNIT
    with connection.cursor() as cursor:
        cursor.execute(
            f"select distinct region_code from levy_contributionline l where l.month = %(month)s and {where}",  # noqa: S608
            {"month": month, "low": payers.low, "high": payers.high},
        )
        return terms_of_regions(sorted(code for (code,) in cursor.fetchall()), month)
