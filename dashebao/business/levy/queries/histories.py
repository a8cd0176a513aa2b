"""What was contributed: a person's rows, years for the pension, a payer's bills."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import connection

from dashebao.business.levy.columns import Column, read_columns
from dashebao.business.levy.schemes import SCHEMES

# A row counts as paid from the month it was taken over as paid, or from the month its person's part of the bill item
# or the whole item was paid in full (AAE078, AAE079).
PAID_MONTH = """
coalesce(l.paid_month, (
  select coalesce(d.month, s.month)
  from levy_bill b
  join levy_billitem i on i.bill_id = b.id and i.scheme = {scheme}
  left join levy_settlement s on s.item_id = i.id
  left join levy_paidline d on d.item_id = i.id and d.person_id = l.person_id
  where b.unit_id = l.unit_id and b.person_id = case when l.unit_id = 0 then l.person_id else 0 end
    and b.month = l.month and b.kind = l.kind and b.seq = l.seq
))
"""


@dataclass(frozen=True)
class PensionHistory:
    """One row per person and calendar year with paid pension contributions, by person and year.

    `base_total_fen` is the sum of the monthly bases, differences included; `first_month` and `last_month` are yyyymm
    (0 for years that came as a summary).
    """

    person_id: Column
    year: Column
    months: Column
    base_total_fen: Column
    first_month: Column
    last_month: Column


@dataclass(frozen=True)
class PaidMonths:
    """One row per person and paid pension month, with the base it was paid on."""

    person_id: Column
    month: Column
    base_fen: Column


HISTORY_KINDS = {
    "person_id": "int8",
    "year": "int4",
    "months": "int4",
    "base_total_fen": "int8",
    "first_month": "int4",
    "last_month": "int4",
}
PAID_ROWS = f"""
select l.person_id, l.for_month, l.pension_base_fen
from levy_contributionline l
where l.person_id = any(%(people)s) and l.pension_base_fen <> 0
  and {PAID_MONTH.format(scheme="'110'")} <= %(until)s
"""  # noqa: S608
PAID_BY_MONTH = f"""
select person_id, for_month, sum(pension_base_fen) as base from ({PAID_ROWS}) paid
group by person_id, for_month having sum(pension_base_fen) > 0
"""  # noqa: S608
HISTORY = f"""
select person_id, year::int4, least(12, sum(months))::int4, sum(base)::int8, min(first)::int4, max(last)::int4
from (
  select person_id, for_month / 100 as year, count(*) as months, sum(base) as base, min(for_month) as first,
         max(for_month) as last
  from ({PAID_BY_MONTH}) monthly group by person_id, for_month / 100
  union all
  select person_id, year, sum(months), sum(pension_base_total_fen), 0, 0
  from levy_contributionyear where person_id = any(%(people)s) and months > 0 group by person_id, year
) years
group by person_id, year order by person_id, year
"""  # noqa: S608
MONTHS = f"""
select person_id, for_month, base::int8 from ({PAID_BY_MONTH}) monthly
where for_month between %(first)s and %(last)s order by person_id, for_month
"""  # noqa: S608
FOREVER = 999912


def pension_history(person_ids: Sequence[int] | Column, *, until: int = FOREVER) -> PensionHistory:
    """Paid pension months and base totals per person and year, of months posted up to `until` (yyyymm); one query.

    Months before monthly rows begin and months brought in by transfer come from the yearly summaries.
    """
    values: dict[str, Any] = {"people": [int(person) for person in person_ids], "until": until}
    return PensionHistory(**read_columns(HISTORY, values, HISTORY_KINDS))


def paid_months(person_ids: Sequence[int] | Column, first: int, last: int, *, until: int = FOREVER) -> PaidMonths:
    """Every paid pension month between two months with its base; one query."""
    values: dict[str, Any] = {
        "people": [int(person) for person in person_ids],
        "first": first,
        "last": last,
        "until": until,
    }
    kinds = {"person_id": "int8", "month": "int4", "base_fen": "int8"}
    return PaidMonths(**read_columns(MONTHS, values, kinds))


@dataclass(frozen=True)
class LineView:
    """One contribution row as screens show it: amounts in fen by scheme code, paid month by scheme code (0 = unpaid)."""

    month: int
    for_month: int
    unit_id: int
    unit_name: str
    person_id: int
    kind: int
    wage_fen: int
    parameter_set_id: int
    base_fen: dict[str, int]
    employer_fen: dict[str, int]
    worker_fen: dict[str, int]
    paid_month: dict[str, int]

    @property
    def by_unit_fen(self) -> int:
        """What the unit pays; nothing where the person pays alone, whichever fund the money goes to."""
        return sum(self.employer_fen.values()) if self.unit_id else 0

    @property
    def by_person_fen(self) -> int:
        """What the person pays: the worker's part, or all of it without a unit."""
        return sum(self.worker_fen.values()) + (0 if self.unit_id else sum(self.employer_fen.values()))


LINE_COLUMNS = ", ".join(
    f"l.{scheme.base}, l.{scheme.employer}, {f'l.{scheme.worker}' if scheme.worker_pays else '0'}, "
    f"coalesce({PAID_MONTH.format(scheme=repr(scheme.code))}, 0)"
    for scheme in SCHEMES
)
LINES = f"""
select l.month, l.for_month, l.unit_id, coalesce(u.name, ''), l.person_id, l.kind, l.wage_fen, l.parameter_set_id,
       {LINE_COLUMNS}
from levy_contributionline l left join registry_unit u on u.id = l.unit_id
where l.person_id = %(person)s and l.for_month between %(first)s and %(last)s
order by l.for_month desc, l.month, l.kind, l.seq
"""  # noqa: S608


def contributions_of(person_id: int, first: int = 0, last: int = FOREVER) -> list[LineView]:
    """A person's contribution rows for a span of months, newest first; one query, one index read per month."""
    with connection.cursor() as cursor:
        cursor.execute(LINES, {"person": person_id, "first": first, "last": last})
        return [_line(row) for row in cursor.fetchall()]


def contributions_known(person_id: int, first: int, last: int, known_month: int) -> list[LineView]:
    """The same as known by a month: rows billed by then, with what was posted by then."""
    return [
        replace(
            line, paid_month={code: month if month <= known_month else 0 for code, month in line.paid_month.items()}
        )
        for line in contributions_of(person_id, first, last)
        if line.month <= known_month
    ]


def _line(row: Sequence[object]) -> LineView:
    head, rest = row[:8], row[8:]
    parts = [rest[place : place + 4] for place in range(0, len(rest), 4)]
    columns = [
        {scheme.code: int(str(part[index])) for scheme, part in zip(SCHEMES, parts, strict=True)} for index in range(4)
    ]
    return LineView(*head, *columns)  # type: ignore[arg-type]


@dataclass(frozen=True)
class ItemView:
    """One scheme of a bill: due and paid in fen; `settled_month` 0 while it is not paid in full."""

    item_id: int
    scheme: str
    employer_fen: int
    worker_fen: int
    paid_fen: int
    late_fee_fen: int
    settled_month: int
    voucher: str
    problem: str

    @property
    def due_fen(self) -> int:
        """Both parts."""
        return self.employer_fen + self.worker_fen


@dataclass(frozen=True)
class BillView:
    """A bill with its items."""

    bill_id: int
    month: int
    kind: int
    headcount: int
    due_on: date
    cancelled: bool
    items: tuple[ItemView, ...]

    @property
    def due_fen(self) -> int:
        """Sum of the items."""
        return sum(item.due_fen for item in self.items)

    @property
    def paid_fen(self) -> int:
        """What was paid on it, without late fees."""
        return sum(item.paid_fen for item in self.items)

    @property
    def settled(self) -> bool:
        """Whether every item is paid in full."""
        return all(item.settled_month for item in self.items)


BILLS = """
select b.id, b.month, b.kind, b.headcount, b.due_on,
       exists (select 1 from levy_billcancellation c where c.bill_id = b.id),
       i.id, i.scheme, i.employer_fen, i.worker_fen, coalesce(a.paid, 0)::bigint, coalesce(a.fee, 0)::bigint,
       coalesce(s.month, 0), coalesce(v.voucher, ''), coalesce(v.problem, '')
from levy_bill b
join levy_billitem i on i.bill_id = b.id
left join lateral (select sum(employer_fen + worker_fen) as paid, sum(late_fee_fen) as fee
                   from levy_allocation a where a.item_id = i.id) a on true
left join levy_settlement s on s.item_id = i.id
left join lateral (select voucher, problem from levy_taxvoucher v where v.item_id = i.id order by v.id desc limit 1) v
  on true
where b.unit_id = %(unit)s and b.person_id = %(person)s and b.month between %(first)s and %(last)s
order by b.month desc, b.id desc, i.scheme
"""


def bills_of(unit_id: int, person_id: int = 0, first: int = 0, last: int = FOREVER) -> list[BillView]:
    """A payer's bills, newest first; one query."""
    values: dict[str, Any] = {"unit": unit_id, "person": person_id, "first": first, "last": last}
    with connection.cursor() as cursor:
        cursor.execute(BILLS, values)
        rows = cursor.fetchall()
    grouped: dict[int, list[Any]] = {}
    for row in rows:
        grouped.setdefault(row[0], []).append(row)
    return [
        BillView(*found[0][:6], tuple(ItemView(*row[6:]) for row in found))  # type: ignore[call-arg]
        for found in grouped.values()
    ]


def contribution_years_before(person_id: int) -> list[tuple[int, int, int]]:
    """Years that came as summaries: (year, months, base total in fen), oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select year, sum(months)::int, sum(pension_base_total_fen)::bigint from levy_contributionyear"
            " where person_id = %s group by year order by year",
            [person_id],
        )
        return [tuple(row) for row in cursor.fetchall()]
