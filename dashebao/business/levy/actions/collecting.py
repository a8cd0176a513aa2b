"""Taking in what the tax office tells: vouchers (T03), paid detail (T04), totals (T07); money set against bills."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection

from dashebao.business.fund.api import pool_region
from dashebao.business.levy.models import CollectionClose, DebitResult, TaxTotals
from dashebao.business.levy.rates import late_fee_capped, late_fee_rate
from dashebao.kernel.legal_time.api import month_plus
from dashebao.kernel.records.api import audit, ensure_partition

ITEM_PREFIX = "BI-"


@dataclass
class TaxRows:
    """The readable rows of a tax message as columns."""

    columns: dict[str, list[Any]] = field(default_factory=dict)
    refused: list[tuple[int, str]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), []))


def item_number(text: str) -> int | None:
    """ "BI-000123" -> 123; None for anything else."""
    digits = text.removeprefix(ITEM_PREFIX)
    return int(digits) if text.startswith(ITEM_PREFIX) and digits.isdecimal() else None


def booking_month(treasury_month: int) -> int:
    """The month a receipt is booked in: its treasury month, or the first later one whose posting has not begun."""
    closed = set(CollectionClose.objects.filter(month__gte=treasury_month).values_list("month", flat=True))
    month = treasury_month
    while month in closed:
        month = month_plus(month, 1)
    return month


INSERT_VOUCHERS = """
insert into levy_taxvoucher (item_id, unit_id, person_id, region_code, accepted, voucher, problem)
select i.id, i.unit_id, i.person_id, i.region_code, x.accepted, x.voucher, x.problem
from unnest(%(items)s::bigint[], %(accepted)s::bool[], %(vouchers)s::text[], %(problems)s::text[])
  as x(item, accepted, voucher, problem)
join levy_billitem i on i.id = x.item
"""


def take_vouchers(rows: TaxRows) -> int:
    """Keep the tax office's answer to each item (T03); returns how many items were known."""
    with connection.cursor() as cursor:
        cursor.execute(INSERT_VOUCHERS, rows.columns)
        return int(cursor.rowcount)


# Each ticket once; the payer and region of a matched row come from our own item, not from the message.
INSERT_RECEIPTS = """
insert into levy_receipt (ticket, item_id, unit_id, person_id, region_code, scheme, month, treasury_on, principal_fen,
                          late_fee_fen, channel, memo, message_key)
select x.ticket, i.id, coalesce(i.unit_id, case when x.payer_kind = 'unit' then x.payer else 0 end, 0),
       coalesce(i.person_id, case when x.payer_kind = 'person' then x.payer else 0 end, 0),
       coalesce(i.region_code, x.region), coalesce(i.scheme, x.scheme), %(month)s, x.treasury_on, x.principal,
       x.fee, x.channel, x.memo, %(key)s
from unnest(%(tickets)s::text[], %(items)s::bigint[], %(payer_kinds)s::text[], %(payers)s::bigint[], %(regions)s::text[],
            %(schemes)s::text[], %(days)s::date[], %(principals)s::bigint[], %(fees)s::bigint[], %(channels)s::text[],
            %(memos)s::text[])
  as x(ticket, item, payer_kind, payer, region, scheme, treasury_on, principal, fee, channel, memo)
left join levy_billitem i on i.id = x.item
on conflict (ticket) do nothing
"""
# What is left of each item before these receipts; then each receipt, in the order of its day, takes what is left.
# Inside an item the worker's part is filled first, as the tax office does.
INSERT_ALLOCATIONS = """
with fresh as (
  select r.*, i.pool_code, i.employer_fen - paid.employer as rest_employer, i.worker_fen - paid.worker as rest_worker,
         coalesce(sum(r.principal_fen) over (partition by i.id order by r.treasury_on, r.id
                  rows between unbounded preceding and 1 preceding), 0)::bigint as ahead
  from levy_receipt r
  join levy_billitem i on i.id = r.item_id
  cross join lateral (select coalesce(sum(a.employer_fen), 0)::bigint as employer,
                             coalesce(sum(a.worker_fen), 0)::bigint as worker
                      from levy_allocation a where a.item_id = i.id) paid
  where r.message_key = %(key)s and r.month = %(month)s
    and not exists (select 1 from levy_allocation a where a.receipt_id = r.id)
    and not exists (select 1 from levy_billcancellation c where c.bill_id = i.bill_id)
), spans as (
  select f.*, least(rest_employer + rest_worker, ahead) as start,
         least(rest_employer + rest_worker, ahead + principal_fen) as stop
  from fresh f
)
insert into levy_allocation (receipt_id, item_id, month, unit_id, person_id, region_code, scheme, pool_code,
                             employer_fen, worker_fen, late_fee_fen, source)
select id, item_id, month, unit_id, person_id, region_code, scheme, pool_code,
       (stop - least(stop, rest_worker)) - (start - least(start, rest_worker)),
       least(stop, rest_worker) - least(start, rest_worker), late_fee_fen, 'receipt'
from spans where stop > start or late_fee_fen > 0
"""
INSERT_UNALLOCATED = """
insert into levy_unallocated (receipt_id, unit_id, person_id, region_code, scheme, pool_code, month, amount_fen, reason)
select r.id, r.unit_id, r.person_id, r.region_code, r.scheme, p.pool_code, r.month,
       r.principal_fen + case when a.rows = 0 then r.late_fee_fen else 0 end - a.principal,
       case when r.item_id is null then 'no_bill' else 'overpaid' end
from levy_receipt r
cross join lateral (
  select coalesce(sum(employer_fen + worker_fen), 0)::bigint as principal, count(*) as rows
  from levy_allocation where receipt_id = r.id
) a
join unnest(%(pool_regions)s::text[], %(pool_schemes)s::text[], %(pools)s::text[]) as p(region_code, scheme, pool_code)
  on p.region_code = r.region_code and p.scheme = r.scheme
where r.message_key = %(key)s and r.month = %(month)s
  and r.principal_fen + case when a.rows = 0 then r.late_fee_fen else 0 end > a.principal
  and not exists (select 1 from levy_unallocated u where u.receipt_id = r.id)
"""
# Late fee as the law gives it, half up, on the principal this receipt paid; no fee during a deferral (社会保险法 63).
INSERT_LATE_FEES = """
insert into levy_latefee (item_id, receipt_id, unit_id, person_id, region_code, principal_fen, due_on, until_on, days,
                          owed_fen)
select i.id, r.id, i.unit_id, i.person_id, i.region_code, x.principal, d.due_on, r.treasury_on, x.days,
       least(((x.principal * x.days)::numeric * 2 * %(rate_n)s + %(rate_d)s)::bigint / (2 * %(rate_d)s),
             case when %(capped)s then x.principal end)
from levy_receipt r
join levy_allocation a on a.receipt_id = r.id
join levy_billitem i on i.id = a.item_id
cross join lateral (
  select coalesce(max(f.valid_until_on), i.due_on) as due_on from levy_deferral f
  where f.unit_id = i.unit_id and i.unit_id > 0 and i.month between f.from_month and f.until_month
    and f.schemes ? i.scheme and f.ended_on is null and f.valid_until_on > i.due_on
) d
cross join lateral (select a.employer_fen + a.worker_fen as principal, r.treasury_on - d.due_on as days) x
where r.message_key = %(key)s and r.month = %(month)s and x.days > 0 and x.principal > 0
"""
INSERT_SETTLEMENTS = """
insert into levy_settlement (item_id, month, unit_id, person_id, region_code, scheme, settled_on)
select i.id, %(month)s, i.unit_id, i.person_id, i.region_code, i.scheme, max(r.treasury_on)
from levy_billitem i
join levy_allocation a on a.item_id = i.id
join levy_receipt r on r.id = a.receipt_id
where i.id = any(%(touched)s)
group by i.id
having sum(a.employer_fen + a.worker_fen) = i.employer_fen + i.worker_fen
on conflict (item_id) do nothing
"""


@dataclass(frozen=True)
class Taken:
    """What a paid detail brought."""

    receipts: int
    unallocated: int
    settled: int


def take_receipts(rows: TaxRows, key: str, month: int) -> Taken:
    """Keep paid rows (T04) as receipts and set them against their items; `month` is the booking month.

    A fixed number of statements for any number of rows; the same ticket a second time is passed over.
    """
    if not len(rows):
        return Taken(0, 0, 0)
    values: dict[str, Any] = {**rows.columns, "key": key, "month": month}
    with connection.cursor() as cursor:
        cursor.execute(INSERT_RECEIPTS, values)
        receipts = int(cursor.rowcount)
        cursor.execute(INSERT_ALLOCATIONS, {"key": key, "month": month})
        cursor.execute(INSERT_UNALLOCATED, {"key": key, "month": month, **_pools(rows)})
        unallocated = int(cursor.rowcount)
        region, day = str(rows.columns["regions"][0]), max(rows.columns["days"])
        rate = late_fee_rate(region, day)
        cursor.execute(
            INSERT_LATE_FEES,
            {
                "key": key,
                "month": month,
                "rate_n": rate.numerator,
                "rate_d": rate.denominator,
                "capped": late_fee_capped(region, day),
            },
        )
    settled = settle([item for item in rows.columns["items"] if item is not None], month)
    return Taken(receipts, unallocated, settled)


def settle(items: Iterable[int], month: int) -> int:
    """Mark items that are now paid in full, and the people paid within items that are paid in part."""
    touched = list(items)
    with connection.cursor() as cursor:
        cursor.execute(INSERT_SETTLEMENTS, {"touched": touched, "month": month})
        settled = int(cursor.rowcount)
        cursor.execute(PARTLY_PAID, {"touched": touched})
        partly = cursor.fetchall()
    for line_month in sorted({line_month for _item, line_month in partly}):
        _pay_lines([item for item, of_month in partly if of_month == line_month], line_month, month)
    return settled


PARTLY_PAID = """
select i.id, i.month from levy_billitem i
where i.id = any(%(touched)s) and i.unit_id > 0
  and not exists (select 1 from levy_settlement s where s.item_id = i.id)
"""
# Person by person in the order of person ids: whose row is covered by what has been paid on the item so far.
PAY_LINES = """
insert into levy_paidline (item_id, person_id, month, unit_id, region_code)
select x.item_id, x.person_id, %(month)s, x.unit_id, x.region_code
from (
  select i.id as item_id, l.person_id, i.unit_id, i.region_code, paid.fen as paid,
         sum(v.amount) over (partition by i.id order by l.person_id, l.for_month) as needed
  from levy_billitem i
  join levy_bill b on b.id = i.bill_id
  join levy_contributionline l on l.month = %(line_month)s and l.unit_id = b.unit_id and l.kind = b.kind
    and l.seq = b.seq and l.paid_month is null
  cross join lateral (select coalesce(sum(a.employer_fen + a.worker_fen), 0) as fen from levy_allocation a
                      where a.item_id = i.id) paid
  cross join lateral (select case i.scheme
      when '110' then l.pension_employer_fen + l.pension_worker_fen
      when '310' then l.medical_employer_fen + l.medical_worker_fen
      when '510' then l.maternity_employer_fen
      when '210' then l.unemployment_employer_fen + l.unemployment_worker_fen
      when '410' then l.injury_employer_fen end as amount) v
  where i.id = any(%(items)s)
) x
group by x.item_id, x.person_id, x.unit_id, x.region_code, x.paid
having max(x.needed) <= x.paid and max(x.needed) > 0
on conflict (item_id, person_id) do nothing
"""


def _pay_lines(items: list[int], line_month: int, month: int) -> None:
    ensure_partition("levy_contributionline", line_month)
    with connection.cursor() as cursor:
        cursor.execute(PAY_LINES, {"items": items, "line_month": line_month, "month": month})


def take_debit_results(items: list[int], codes: list[str]) -> int:
    """Keep failed bank debits (01 no funds, 02 account closed, 03 name mismatch); unknown codes raise ValueError."""
    for code in codes:
        DebitResult(code)
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into levy_debitattempt (item_id, unit_id, person_id, region_code, result)"
            " select i.id, i.unit_id, i.person_id, i.region_code, x.code"
            " from unnest(%s::bigint[], %s::text[]) as x(item, code) join levy_billitem i on i.id = x.item",
            [items, codes],
        )
        return int(cursor.rowcount)


def take_totals(month: int, run: str, told: dict[str, int]) -> None:
    """Keep the tax office's totals of a run (T07); `totals_of` sets them against what has come in when it is asked."""
    totals: TaxTotals = TaxTotals.objects.create(
        month=month,
        run=run,
        row_count=told["rows"],
        principal_fen=told["principal_fen"],
        late_fee_fen=told["late_fee_fen"],
    )
    audit("levy.totals_reported", totals, month=month, run=run)


def _pools(rows: TaxRows) -> dict[str, list[str]]:
    pairs = sorted(set(zip(rows.columns["regions"], rows.columns["schemes"], strict=True)))
    on: date = max(rows.columns["days"])
    return {
        "pool_regions": [region for region, _scheme in pairs],
        "pool_schemes": [scheme for _region, scheme in pairs],
        "pools": [pool_region(scheme, region, on) for region, scheme in pairs],
    }
