"""Reads of payment lines, batches and their results."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db import connection

from dashebao.kernel.secrecy.api import open_

from ..models import BatchSignature, BatchState, PaymentBatch

REISSUE = "reissue"  # the kind of a line that pays a returned payment again
STATES_FOR = {"maker": BatchState.DRAFTED, "checker": BatchState.MADE, "approver": BatchState.CHECKED}


@dataclass(frozen=True)
class LineView:
    """One payment line of a person; state is waiting, batched, sent, paid, failed, returned or withdrawn."""

    month: int
    run_month: int
    line_id: int
    scheme: str
    benefit_kind: str
    seq: int
    amount_fen: int
    state: str
    source: str
    paid_on: date | None
    reason: str
    end_to_end_id: str
    attempt: int = 0


@dataclass(frozen=True)
class SignatureView:
    """One signature under a batch."""

    stage: int
    user_id: int
    user_name: str
    signed_at: object


@dataclass(frozen=True)
class BatchView:
    """One payment batch with its signatures."""

    id: int
    msg_id: str
    run_month: int
    fund: str
    pool_region: str
    region_code: str
    bank_code: str
    attempt: int
    line_count: int
    total_fen: int
    digest: str
    state: str
    note: str
    signatures: tuple[SignatureView, ...]


@dataclass(frozen=True)
class RunTotals:
    """A payment run in figures: lines and fen owed, and how many lines are where."""

    lines: int
    amount_fen: int
    batched: int
    paid: int
    paid_fen: int
    failed: int
    waiting: int
    withdrawn: int


_STATE = """case
    when w.line_id is not null then 'withdrawn'
    when r.status is not null then r.status
    when b.state in ('sent', 'answered') then 'sent'
    when p.batch_id is not null then 'batched'
    else 'waiting' end"""
_JOINED = """
from fund_paymentline l
left join fund_paymentwithdrawal w on w.line_month = l.month and w.line_id = l.id
left join lateral (select p.batch_id, p.attempt from fund_paymentbatchline p
                   where p.month = l.month and p.line_id = l.id
                   order by p.attempt desc limit 1) p on true
left join fund_paymentbatch b on b.id = p.batch_id
left join lateral (select x.status, x.on_date, x.reason from fund_paymentresult x where x.month = l.month
                   and x.line_id = l.id and x.attempt = p.attempt order by x.id desc limit 1) r on true"""


def lines_of(person_id: int, scheme: str | None = None, month_from: int = 0) -> list[LineView]:
    """The payment lines of a person, newest month first; one query, one index read."""
    sql = f"""
select l.month, l.run_month, l.id, l.scheme, l.benefit_kind, l.seq, l.amount_fen, {_STATE}, l.source,
  case when r.status = 'paid' then r.on_date end, coalesce(r.reason, ''), l.end_to_end_id, coalesce(p.attempt, 0) {_JOINED}
where l.person_id = %s and l.month >= %s and (%s::text is null or l.scheme = %s)
order by l.month desc, l.run_month desc, l.id desc"""
    with connection.cursor() as cursor:
        cursor.execute(sql, [person_id, month_from, scheme, scheme])
        return [LineView(*row) for row in cursor.fetchall()]


_TOTALS = """
with run as materialized (select month, id, amount_fen from fund_paymentline where run_month = %(run)s),
tried as (select p.month, p.line_id, max(p.attempt) as attempt from fund_paymentbatchline p
          join run on run.month = p.month and run.id = p.line_id group by p.month, p.line_id),
last as (
  select distinct on (r.month, r.line_id) r.month, r.line_id, r.status from fund_paymentresult r
  join tried t on t.month = r.month and t.line_id = r.line_id and t.attempt = r.attempt
  order by r.month, r.line_id, r.id desc)
select count(*), coalesce(sum(run.amount_fen), 0)::bigint, count(t.line_id), count(*) filter (where l.status = 'paid'),
  coalesce(sum(run.amount_fen) filter (where l.status = 'paid'), 0)::bigint,
  count(*) filter (where l.status <> 'paid'), count(*) filter (where t.line_id is null and w.line_id is null),
  count(w.line_id)
from run
left join tried t on t.month = run.month and t.line_id = run.id
left join last l on l.month = run.month and l.line_id = run.id
left join fund_paymentwithdrawal w on w.line_month = run.month and w.line_id = run.id"""


def run_totals(run_month: int) -> RunTotals:
    """Figures of a payment run; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_TOTALS, {"run": run_month})
        return RunTotals(*(int(value) for value in cursor.fetchone()))


def batches(run_month: int | None = None, region: str = "", state: str = "") -> list[BatchView]:
    """Payment batches with their signatures, newest first; two queries."""
    rows = PaymentBatch.objects.order_by("-run_month", "fund", "region_code", "id")
    if run_month:
        rows = rows.filter(run_month=run_month)
    if region:
        rows = rows.filter(region_code__startswith=region)
    if state:
        rows = rows.filter(state=state)
    return _views(list(rows[:2000]))


def cities_paid(run_month: int) -> list[tuple[str, str, str]]:
    """Fund, pooling region and city of the payment lines of a run."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select fund, pool_region, left(region_code, 4) || '00' from fund_paymentline where run_month = %s"
            " group by 1, 2, 3 order by 1, 2, 3",
            [run_month],
        )
        return [(str(fund), str(pool), str(city)) for fund, pool, city in cursor.fetchall()]


def batches_to_send(run_month: int, lines: int) -> Iterator[list[PaymentBatch]]:
    """The approved batches of a run in groups of one fund, pooling region and try, of some `lines` each or one batch."""
    rows = PaymentBatch.objects.filter(run_month=run_month, state=BatchState.APPROVED)
    ordered = rows.order_by("fund", "pool_region", "attempt", "region_code", "part")
    for _place, batches in groupby(ordered, lambda batch: (batch.fund, batch.pool_region, batch.attempt)):
        group, held = list[PaymentBatch](), 0
        for batch in batches:
            if group and held + batch.line_count > lines:
                yield group
                group, held = [], 0
            group.append(batch)
            held += batch.line_count
        yield group


def batches_waiting(stage: str, run_month: int | None = None, region: str = "") -> list[BatchView]:
    """Batches that wait for the maker's, checker's or approver's signature."""
    return batches(run_month, region, STATES_FOR[stage])


def batch_view(batch_id: int) -> BatchView | None:
    """One batch, or None."""
    views = _views(list(PaymentBatch.objects.filter(pk=batch_id)))
    return views[0] if views else None


def _views(rows: Sequence[PaymentBatch]) -> list[BatchView]:
    signed: dict[int, list[SignatureView]] = {}
    for s in BatchSignature.objects.filter(batch_id__in=[row.pk for row in rows]).order_by("stage"):
        signed.setdefault(s.batch_id, []).append(SignatureView(s.stage, s.user_id, s.user_name, s.signed_at))
    return [
        BatchView(
            row.pk, row.msg_id, row.run_month, row.fund, row.pool_region, row.region_code, row.bank_code, row.attempt,
            row.line_count, row.total_fen, row.digest, row.state, row.note, tuple(signed.get(row.pk, ())),
        )
        for row in rows
    ]  # fmt: skip


@dataclass(frozen=True)
class BatchLineView:
    """One payment of a batch, the account masked but for its last digits."""

    line_id: int
    person_id: int
    benefit_kind: str
    month: int
    amount_fen: int
    account_name: str
    account_end: str
    status: str
    reason: str


_OF_BATCH = """
from fund_paymentbatchline b
join fund_paymentline l on l.month = b.month and l.id = b.line_id
left join lateral (select x.status, x.reason from fund_paymentresult x where x.month = b.month
  and x.line_id = b.line_id and x.attempt = b.attempt order by x.id desc limit 1) r on true
where b.batch_id = %s"""
_LINES = """
select l.id, l.person_id, l.benefit_kind, l.month, b.amount_fen, b.account_name, right(b.account_number, 4),
  coalesce(r.status, ''), coalesce(r.reason, '') {of_batch} and (not %s or r.status in ('failed', 'returned'))
order by b.month, b.line_id limit %s offset %s"""
_FAILED_COUNT = "select count(*) {of_batch} and r.status in ('failed', 'returned')"


def batch_lines(batch_id: int, page: int = 1, size: int = 50, failed: bool = False) -> list[BatchLineView]:
    """One page of the payments of a batch; `failed` keeps those that failed, at once or by a later return."""
    with connection.cursor() as cursor:
        cursor.execute(_LINES.format(of_batch=_OF_BATCH), [batch_id, failed, size, (page - 1) * size])
        return [BatchLineView(*row) for row in cursor.fetchall()]


def failed_count(batch_id: int) -> int:
    """How many payments of a batch failed, at once or by a later return."""
    with connection.cursor() as cursor:
        cursor.execute(_FAILED_COUNT.format(of_batch=_OF_BATCH), [batch_id])
        return int(cursor.fetchone()[0])


@dataclass(frozen=True)
class FailedLine:
    """A payment line whose second try failed as well; `order` is the state of an order to pay it again, "" if none."""

    month: int
    line_id: int
    person_id: int
    payee_person_id: int
    region_code: str
    scheme: str
    benefit_kind: str
    amount_fen: int
    bank_code: str
    account_number: str
    account_name: str
    reason: str
    order: str
    order_id: int | None


_FAILED_TWICE = """
select l.month, l.id, l.person_id, l.payee_person_id, l.region_code, l.scheme, l.benefit_kind, l.amount_fen,
  b.bank_code, b.account_number, b.account_name, r.reason, coalesce(o.state, ''), o.id
from fund_paymentresult r
join fund_paymentline l on l.month = r.month and l.id = r.line_id
join fund_paymentbatchline b on b.month = r.month and b.line_id = r.line_id and b.attempt = 2
left join fund_reissue o on o.line_month = l.month and o.line_id = l.id and o.state <> 'rejected'
where r.attempt = 2 and r.status <> 'paid'
  and not exists (select 1 from fund_paymentline n where n.person_id = l.person_id and n.benefit_kind = 'reissue'
                  and n.source = 'line:' || l.month || ':' || l.id and o.id is null)
  and (%(month)s::int is null or (l.month = %(month)s and l.id = %(line)s))
order by l.month desc, l.id limit %(limit)s offset %(offset)s"""


def failed_twice(page: int = 1, size: int = 50) -> list[FailedLine]:
    """One page of the payments whose second try failed, newest month first."""
    return _failed(None, None, size, (page - 1) * size)


def failed_line(month: int, line_id: int) -> FailedLine | None:
    """One payment line if its second try failed."""
    found = _failed(month, line_id, 1, 0)
    return found[0] if found else None


def _failed(month: int | None, line: int | None, limit: int, offset: int) -> list[FailedLine]:
    with connection.cursor() as cursor:
        values = {"month": month, "line": line, "limit": limit, "offset": offset}
        cursor.execute(_FAILED_TWICE, values)
        return [FailedLine(*(*row[:9], open_(row[9]), *row[10:])) for row in cursor.fetchall()]


def reissued_fen(run_month: int, fund: str, pool: str) -> int:
    """Fen of the run's batches that pay returned money again: it still is on the expenditure account."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select coalesce(sum(b.amount_fen), 0)::bigint from fund_paymentbatch t"
            " join fund_paymentbatchline b on b.batch_id = t.id"
            " join fund_paymentline l on l.month = b.month and l.id = b.line_id"
            " where t.run_month = %s and t.fund = %s and t.pool_region = %s and t.attempt = 1 and t.state <> 'rejected'"
            " and l.benefit_kind = %s",
            [run_month, fund, pool, REISSUE],
        )
        return int(cursor.fetchone()[0])
