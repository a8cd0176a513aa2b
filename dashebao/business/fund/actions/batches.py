"""Makes payment batches, has them signed by three officers, or rejects them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db import connection
from django.utils.translation import gettext as _

from dashebao.kernel.identity.api import User, actor_of, require_role
from dashebao.kernel.legal_time.api import month_plus
from dashebao.kernel.records.api import acting, audit, ensure_partition
from dashebao.kernel.registry.api import BankAccount

from ..errors import BatchNotOpen, SameOfficer
from ..models import BatchSignature, BatchState, PaymentBatch, PaymentBatchLine, Stage
from ..rules import payment_settings
from ..rules_statements import month_end

ROLES = {Stage.MAKER: "fund.maker", Stage.CHECKER: "fund.checker", Stage.APPROVER: "fund.approver"}
STAGES = {"maker": Stage.MAKER, "checker": Stage.CHECKER, "approver": Stage.APPROVER}
OPEN_FOR = {Stage.MAKER: BatchState.DRAFTED, Stage.CHECKER: BatchState.MADE, Stage.APPROVER: BatchState.CHECKED}


@dataclass(frozen=True)
class Drafted:
    """What was put into new batches: batches, lines, fen."""

    batches: int
    lines: int
    amount_fen: int


class _Lines(NamedTuple):
    """Which payment lines are looked at, and which batch lines tell that one of them is in a batch."""

    looked_at: str
    batched: str


_OF_BOOK = _Lines(
    """l.run_month between %(from_month)s and %(run_month)s and l.fund = %(fund)s and l.pool_region = %(pool)s""",
    """fund_paymentbatchline b where b.month = l.month and b.line_id = l.id""",
)
# A line of this run is in no batch of an earlier run: only this run's batches of the city need to be looked at.
_OF_CITY = _Lines(
    """l.run_month = %(run_month)s and l.fund = %(fund)s and l.pool_region = %(pool)s
      and l.region_code between left(%(city)s, 4) || '00' and left(%(city)s, 4) || '99'""",
    """fund_paymentbatchline b join fund_paymentbatch o on o.id = b.batch_id
        where b.month = l.month and b.line_id = l.id and o.run_month = %(run_month)s and o.region_code = %(city)s""",
)
_MONTHS = "select distinct l.month from fund_paymentline l where {lines.looked_at}"
# Nearly every line of the months before is in a batch: those are sorted out first, and accounts looked up for the rest only,
# one by one (why: actions/lines.py).
_FIRST = """
  with waiting as materialized (
    select * from fund_paymentline l
    where {lines.looked_at} and not exists (select 1 from {lines.batched})
      and not exists (select 1 from fund_paymentwithdrawal w where w.line_month = l.month and w.line_id = l.id)
  )
  select l.month, l.id, l.person_id, 1 as attempt, l.amount_fen, l.end_to_end_id, left(l.region_code, 4) || '00' as city,
    coalesce(a.bank_code, l.bank_code) as bank_code, coalesce(a.number, l.account_number) as account_number,
    coalesce(a.name, l.account_name) as account_name
  from waiting l
  left join lateral (
    select * from {accounts} b where l.account_number = '' and b.person_id = l.payee_person_id offset 0
  ) a on a.valid_during @> %(day)s::date
  where l.account_number <> '' or a.number is not null"""
_AGAIN = """
  select distinct on (l.month, l.id) l.month, l.id, l.person_id, 2 as attempt, l.amount_fen, l.end_to_end_id,
    left(l.region_code, 4) || '00' as city, coalesce(a.bank_code, p.bank_code) as bank_code,
    coalesce(a.number, p.account_number) as account_number, coalesce(a.name, p.account_name) as account_name
  from fund_paymentresult r
  join fund_paymentline l on l.month = r.month and l.id = r.line_id
  join fund_paymentbatchline p on p.month = r.month and p.line_id = r.line_id and p.attempt = 1
  left join lateral (
    select * from {accounts} b where b.person_id = l.payee_person_id offset 0) a on a.valid_during @> %(day)s::date
  where r.status <> 'paid' and r.attempt = 1 and l.fund = %(fund)s and l.pool_region = %(pool)s
    and not exists (
      select 1 from fund_paymentbatchline b where b.month = r.month and b.line_id = r.line_id and b.attempt = 2)
  order by l.month, l.id"""
_MAKE = """
with candidates as materialized ({candidates}
), earlier as (
  select region_code, count(*) as parts from fund_paymentbatch
  where run_month = %(run_month)s and fund = %(fund)s and pool_region = %(pool)s group by region_code
), filed as materialized (
  select c.*, (row_number() over (partition by city, bank_code order by month, id) - 1) / %(size)s as file from candidates c
), placed as materialized (
  select f.*, dense_rank() over (partition by city order by bank_code, file) + coalesce(e.parts, 0) as part
  from filed f left join earlier e on e.region_code = f.city
), made as (
  insert into fund_paymentbatch (run_month, fund, pool_region, region_code, bank_code, attempt, part,
    line_count, total_fen, digest, state, msg_id, note)
  select %(run_month)s, %(fund)s, %(pool)s, city, bank_code, attempt, part,
    count(*), sum(amount_fen), '', 'drafted', '', ''
  from placed group by city, bank_code, attempt, part order by city, bank_code, part
  returning id, region_code, part
)
insert into fund_paymentbatchline (batch_id, month, line_id, person_id, attempt, amount_fen, end_to_end_id, bank_code,
  account_number, account_name)
select m.id, p.month, p.id, p.person_id, p.attempt, p.amount_fen, p.end_to_end_id, p.bank_code, p.account_number,
  p.account_name
from placed p join made m on m.region_code = p.city and m.part = p.part"""
_FREEZE = """
update fund_paymentbatch b set line_count = c.line_count, total_fen = c.total_fen, digest = c.digest,
  msg_id = concat('B', b.run_month, b.fund, '-', b.pool_region, '-', b.region_code, '-', b.part)
from fund_paymentbatch o cross join lateral fund_batch_content(o.id) c
where o.id = b.id and b.run_month = %(run_month)s and b.fund = %(fund)s and b.pool_region = %(pool)s
  and b.state = 'drafted' and b.digest = ''
returning b.line_count, b.total_fen"""


def make_batches(run_month: int, fund: str, pool: str, *, city: str = "", only_again: bool = False) -> Drafted:
    """Put every waiting line of a fund and pool into batches by city and bank, and freeze their content by digest.

    First tries and the one re-sending of failed or returned payments go into batches of their own. Lines without any
    bank account wait. Running it again adds only what is new; `only_again` leaves first tries for the next run, `city`
    takes only first tries of the run's own lines of that city (each city can be done beside the others).
    """
    day = month_end(run_month)
    settings = payment_settings(day)
    values: dict[str, str | int | date] = {
        "run_month": run_month, "fund": fund, "pool": pool, "day": day, "size": settings.lines_per_batch,
        "from_month": month_plus(run_month, -settings.lookback_months), "city": city,
    }  # fmt: skip
    lines, accounts = _OF_CITY if city else _OF_BOOK, f'"{BankAccount._meta.db_table}"'
    wanted = [_FIRST] if city else [_AGAIN] if only_again else [_FIRST, _AGAIN]
    with connection.cursor() as cursor:
        cursor.execute(_MONTHS.format(lines=lines), values)
        for (month,) in cursor.fetchall():
            ensure_partition("fund_paymentbatchline", month)
        for candidates in wanted:
            cursor.execute(_MAKE.format(candidates=candidates.format(lines=lines, accounts=accounts)), values)
        cursor.execute(_FREEZE, values)
        frozen = cursor.fetchall()
    drafted = Drafted(len(frozen), sum(row[0] for row in frozen), sum(row[1] for row in frozen))
    if drafted.batches:
        audit("fund.batches_made", ("fund.run", run_month), region=pool, fund=fund, lines=drafted.lines)
    return drafted


def sign_batches(stage: str, batch_ids: Sequence[int], by: User) -> int:
    """Sign batches as "maker", "checker" or "approver"; total, count and digest are recomputed by the database.

    The officer needs the role of the stage and must not have signed any of them before. All are signed or none.
    Raises NotPermitted, BatchNotOpen, SameOfficer; the database refuses the same by itself.
    """
    at = STAGES[stage]
    require_role(by, ROLES[at])
    wanted = sorted(set(batch_ids))
    with acting(actor_of(by), f"fund.sign {stage}"):
        ready = PaymentBatch.objects.filter(pk__in=wanted, state=OPEN_FOR[at]).count()
        if ready != len(wanted):
            raise BatchNotOpen(_("Some of the batches are not open for this signature. Load the list again."))
        if BatchSignature.objects.filter(batch_id__in=wanted, user_id=by.pk).exists():
            raise SameOfficer(_("You have signed one of these batches already. Another officer must sign now."))
        with connection.cursor() as cursor:
            cursor.execute(
                "insert into fund_batchsignature (batch_id, stage, user_id, user_name, line_count, total_fen, digest)"
                " select b.id, %s, %s, %s, b.line_count, b.total_fen, b.digest from fund_paymentbatch b"
                " where b.id = any(%s) order by b.id",
                [int(at), by.pk, by.name, wanted],
            )
        audit("fund.batches_signed", ("fund.paymentbatch", len(wanted)), stage=stage, batches=wanted[:100])
    return len(wanted)


def reject_batch(batch_id: int, by: User, reason: str) -> None:
    """Reject a batch that was not sent: its lines are free for another batch. The signatures stay as evidence."""
    require_role(by, *ROLES.values())
    with acting(actor_of(by), f"fund.reject {reason}"):
        batch = PaymentBatch.objects.select_for_update().filter(pk=batch_id).first()
        if batch is None or batch.state not in (*OPEN_FOR.values(), BatchState.APPROVED):
            raise BatchNotOpen(_("Only a batch that was not sent can be rejected."))
        batch.state, batch.note = BatchState.REJECTED, reason[:300]
        batch.save(update_fields=["state", "note"])
        PaymentBatchLine.objects.filter(batch_id=batch_id).delete()
        audit("fund.batch_rejected", batch, region=batch.region_code, reason=reason[:300])
