"""Sends approved batches to the bank and takes in its answers, exactly once."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.utils import timezone

from dashebao.kernel.exchange import api as exchange
from dashebao.kernel.records.api import audit, ensure_partition
from dashebao.kernel.secrecy.api import open_, person_holder

from ..bank_files import pain_001, pain_002
from ..bank_files.stream import BadBankFile
from ..models import BankFile, BatchState, PaymentBatch
from ..rules import benefit_template, payment_settings
from ..rules_statements import month_end
from .books import fund_account
from .posting import Entries, Entry, post_entries, post_entry

PURPOSES = {"transfer": "GOVT", "refund": "GOVT"}


@dataclass(frozen=True)
class Moved:
    """How many batches and payments went to the bank, and the money."""

    batches: int
    lines: int
    amount_fen: int


_TRANSFERS = """
select b.end_to_end_id, b.attempt, b.amount_fen, b.bank_code, b.account_number,
  coalesce(nullif(l.payee_person_id, 0), l.person_id), b.account_name, l.benefit_kind,
  case when l.benefit_kind = 'transfer' then l.source else l.benefit_kind || ' ' || l.month end
from fund_paymentbatchline b join fund_paymentline l on l.month = b.month and l.id = b.line_id
where b.batch_id = %s order by b.month, b.line_id"""


def send_batches(run_month: int, fund: str, pool: str, attempt: int, only: Sequence[int] | None = None) -> Moved:
    """Send every approved batch of a fund, pool and try: one pain.001 each, and its vouchers, in one transaction.

    First tries are booked Dr5001 Cr1004 by benefit kind, re-sendings Dr2001 Cr1004. `only` names the batches to send.
    """
    at = PaymentBatch.objects.filter(run_month=run_month, fund=fund, pool_region=pool, attempt=attempt)
    if only is not None:
        at = at.filter(pk__in=only)
    batches = list(at.filter(state=BatchState.APPROVED).select_for_update().order_by("pk"))
    sums: list[tuple[PaymentBatch, str, int]] = []
    for batch in batches:
        content, by_kind = _bank_file(batch)
        sums += [(batch, kind, fen) for kind, fen in sorted(by_kind.items())]
        data = {"message": batch.msg_id, "transactions": batch.line_count, "amount_fen": batch.total_fen}
        name = f"pain.001-{batch.pk}-0001.xml"
        exchange.send("bank", "pain.001", data, key=f"pain.001:{batch.msg_id}", file=content, name=name)
    if not batches:
        return Moved(0, 0, 0)
    _post_sent(run_month, sums)
    PaymentBatch.objects.filter(pk__in=[b.pk for b in batches]).update(state=BatchState.SENT, sent_at=timezone.now())
    moved = Moved(len(batches), sum(b.line_count for b in batches), sum(b.total_fen for b in batches))
    audit("fund.batches_sent", ("fund.run", run_month), region=pool, fund=fund, lines=moved.lines, fen=moved.amount_fen)
    return moved


def _bank_file(batch: PaymentBatch) -> tuple[bytes, Counter[str]]:
    """The file, and the fen in it by kind of benefit."""
    debtor = fund_account(batch.fund, batch.pool_region, "1004")
    header = pain_001.Header(
        batch.msg_id, timezone.localtime().replace(tzinfo=None), batch.line_count, batch.total_fen,
        execution_day(batch.run_month), debtor.name, debtor.number, debtor.bank_code,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_TRANSFERS, [batch.pk])
        rows = cursor.fetchall()
    by_kind = Counter[str]()
    transfers = []
    for end, attempt, fen, bank, number, payee, name, kind, text in rows:
        by_kind[kind] += fen
        account = open_(number, person_holder(payee))
        transfers.append(pain_001.Transfer(end, attempt, fen, bank, account, name, PURPOSES.get(kind, "PENS"), text))
    return pain_001.write(header, transfers), by_kind


def execution_day(run_month: int) -> date:
    """The day the bank is asked to pay a run on."""
    return date(run_month // 100, run_month % 100, payment_settings(month_end(run_month)).execution_day)


def _post_sent(run_month: int, sums: list[tuple[PaymentBatch, str, int]]) -> None:
    by_template: dict[str, list[tuple[PaymentBatch, str, int]]] = {}
    for batch, kind, fen in sums:
        rule = benefit_template(kind) if batch.attempt == 1 else "resent"
        by_template.setdefault(rule, []).append((batch, kind, fen))
    for rule, group in by_template.items():
        columns = (
            [b.fund for b, _k, _f in group], [b.pool_region for b, _k, _f in group], [b.msg_id for b, _k, _f in group],
            [f for _b, _k, f in group], [k for _b, k, _f in group],
        )  # fmt: skip
        post_entries(Entries(rule, run_month, *columns))


_MARK = """
with given as (select * from unnest(%s::text[], %s::text[], %s::text[]) g(end_to_end_id, status, reason))
insert into fund_paymentresult (month, batch_id, line_id, person_id, attempt, status, reason, message, on_date)
select l.month, l.batch_id, l.line_id, l.person_id, l.attempt,
  case when coalesce(g.status, %s) = 'ACSC' then 'paid' else 'failed' end,
  coalesce(g.reason, %s), %s, %s
from fund_paymentbatchline l left join given g on g.end_to_end_id = l.end_to_end_id
where l.batch_id = %s"""
_WRONG = """
select g.end_to_end_id from unnest(%s::text[], %s::bigint[]) g(end_to_end_id, amount_fen)
left join fund_paymentbatchline l on l.batch_id = %s and l.end_to_end_id = g.end_to_end_id
  and (g.amount_fen < 0 or g.amount_fen = l.amount_fen)
where l.id is null limit 1"""
_FAILED = """
select coalesce(sum(l.amount_fen), 0)::bigint, count(*) from fund_paymentresult r
join fund_paymentbatchline l on l.month = r.month and l.line_id = r.line_id and l.attempt = r.attempt
where r.batch_id = %s and r.status = 'failed'"""
_STORED = """
select l.end_to_end_id from fund_paymentresult r
join fund_paymentbatchline l on l.month = r.month and l.line_id = r.line_id and l.attempt = r.attempt
where r.batch_id = %s and r.status = 'failed'"""


def take_answer(content: bytes, name: str) -> None:
    """Take in a pain.002: a result for every payment of its batch, and Dr1004 Cr2001 for what failed; exactly once.

    A repeated answer that says the same is kept and changes nothing. Anything that does not fit the batch it names
    (unknown message, other count or sum, a stranger's payment, another answer than before) is Refused as a whole.
    """
    try:
        report = pain_002.read(content)
    except BadBankFile as bad:
        raise exchange.Refused("FF01", str(bad)) from bad
    batch = PaymentBatch.objects.select_for_update().filter(msg_id=report.original_msg_id).first()
    if batch is None or batch.state not in (BatchState.SENT, BatchState.ANSWERED):
        raise exchange.Refused("E21", f"no batch {report.original_msg_id} waits for an answer")
    if (report.original_count, report.original_total_fen) != (batch.line_count, batch.total_fen):
        raise exchange.Refused("AM10", f"{batch.msg_id}: count or control sum is not the batch's")
    _check_payments(report, batch)
    rest = _status_of_the_rest(report, batch)
    if batch.state == BatchState.ANSWERED:
        _same_as_before(report, batch, rest)
        _keep_file("pain.002", name, content, batch, repeated=True)
        return
    _mark(report, batch, rest)
    _keep_file("pain.002", name, content, batch, repeated=False)


def _check_payments(report: pain_002.StatusReport, batch: PaymentBatch) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_WRONG, [report.end_to_end_ids, report.amounts_fen, batch.pk])
        stranger = cursor.fetchone()
    if stranger:
        raise exchange.Refused("E22", f"{batch.msg_id}: {stranger[0]} is not in the batch with this amount")


def _status_of_the_rest(report: pain_002.StatusReport, batch: PaymentBatch) -> str:
    """What the transactions are that the answer does not itemise; Refused if it does not say."""
    missing = batch.line_count - len(report.end_to_end_ids)
    if report.whole_file_refused:
        return "RJCT"
    if missing == 0 or report.group_status == "ACSC":
        return "ACSC"
    accepted = report.tallies.get("ACSC", (0, None))[0]
    if accepted == missing + report.statuses.count("ACSC"):
        return "ACSC"
    raise exchange.Refused("E23", f"{batch.msg_id}: {missing} payments are not answered")


def _mark(report: pain_002.StatusReport, batch: PaymentBatch, rest: str) -> None:
    day = execution_day(batch.run_month)
    with connection.cursor() as cursor:
        cursor.execute("select distinct month from fund_paymentbatchline where batch_id = %s", [batch.pk])
        for (month,) in cursor.fetchall():
            ensure_partition("fund_paymentresult", month)
        reason = report.group_reason if rest == "RJCT" else ""
        given = [report.end_to_end_ids, report.statuses, report.reasons]
        cursor.execute(_MARK, [*given, rest, reason, report.msg_id, day, batch.pk])
        cursor.execute(_FAILED, [batch.pk])
        failed_fen, failed = cursor.fetchone()
    if failed_fen:
        place = (batch.run_month, batch.fund, batch.pool_region)
        post_entry(Entry("returned", *place, batch.msg_id, int(failed_fen)))
    batch.state, batch.answered_at = BatchState.ANSWERED, timezone.now()
    batch.save(update_fields=["state", "answered_at"])
    audit("fund.batch_answered", batch, region=batch.pool_region, failed=int(failed), failed_fen=int(failed_fen))


def _same_as_before(report: pain_002.StatusReport, batch: PaymentBatch, rest: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_STORED, [batch.pk])
        before = {row[0] for row in cursor.fetchall()}
    pairs = zip(report.end_to_end_ids, report.statuses, strict=True)
    now = {end for end, status in pairs if status == "RJCT"}
    same = len(before) == batch.line_count if rest == "RJCT" else before == now
    if not same:
        raise exchange.Refused("AM05", f"{batch.msg_id} was answered before, with another result")


def _keep_file(kind: str, name: str, content: bytes, batch: PaymentBatch, *, repeated: bool) -> None:
    BankFile.objects.create(
        kind=kind, name=name[:120], sha256=hashlib.sha256(content).hexdigest(), month=batch.run_month,
        rows=batch.line_count, repeated=repeated,
    )  # fmt: skip
