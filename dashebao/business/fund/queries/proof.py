"""Recomputes what was signed, sent and published in a month, and names every difference."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ..models import StoredStatement
from ..rules_statements import DoesNotTie, content_digest
from .statements import both_statements, running_books

MOST_NAMED = 100  # of each question


@dataclass(frozen=True)
class Question:
    """What the database is asked of a month; every row it answers is a difference."""

    title: str | Promise
    statement: str


QUESTIONS = (
    Question(_("The payments of a batch are not those that were frozen"), """
        select b.msg_id from fund_paymentbatch b cross join lateral fund_batch_content(b.id) c
         where b.run_month = %(month)s and b.state <> 'rejected'
           and (b.line_count, b.total_fen, b.digest) is distinct from (c.line_count, c.total_fen, c.digest)"""),
    Question(_("A signature stands under another content than the batch has"), """
        select b.msg_id || ' ' || s.stage from fund_batchsignature s join fund_paymentbatch b on b.id = s.batch_id
         where b.run_month = %(month)s
           and (b.line_count, b.total_fen, b.digest) is distinct from (s.line_count, s.total_fen, s.digest)"""),
    Question(_("A payment in a batch is not the payment that was decided"), """
        select s.month || '-' || s.line_id from fund_paymentbatchline s
          join fund_paymentbatch b on b.id = s.batch_id and b.run_month = %(month)s
          left join fund_paymentline l on l.month = s.month and l.id = s.line_id
         where (l.amount_fen, l.person_id) is distinct from (s.amount_fen, s.person_id)"""),
    Question(_("An outside statement does not lead from its opening to its closing balance"), """
        select s.source || ' ' || s.account_number || ' ' || s.statement_id from fund_externalstatement s
          left join fund_externalentry e on e.statement_id = s.id where s.month = %(month)s
         group by s.id having s.opening_fen + coalesce(sum(e.amount_fen), 0) <> s.closing_fen"""),
    Question(_("A reconciliation agreed on other balances than ledger and statements have"), """
        select r.fund || '-' || r.region_code || ' ' || r.id from fund_reconciliation r
         where r.month = %(month)s and r.agreed and r.ledger_fen <> r.bank_fen + r.finance_fen"""),
)  # fmt: skip


def proof(month: int) -> list[str]:
    """Every difference of a month between what was decided, signed, sent, stated and published; needs a login that sees all."""
    return [*_asked(month), *_statements(month)]


def _asked(month: int) -> Iterator[str]:
    with connection.cursor() as cursor:
        for question in QUESTIONS:
            cursor.execute(question.statement, {"month": month})
            for (subject,) in cursor.fetchmany(MOST_NAMED):
                yield f"{question.title}: {subject}"


def _statements(month: int) -> Iterator[str]:
    wanted = {(row.fund, row.region_code): row.book for row in running_books()}
    recomputed: dict[tuple[str, str], dict[str, str]] = {}
    for stored in StoredStatement.objects.filter(month=month).order_by("fund", "region_code", "form"):
        at = stored.fund, stored.region_code
        if at not in recomputed:
            recomputed[at] = _recomputed(wanted[at], month)
        if {content_digest(stored.content), recomputed[at].get(stored.form)} != {stored.digest}:
            title = _("A published statement is not what the books say")
            yield f"{title}: {stored.form} {stored.fund}-{stored.region_code}"


def _recomputed(book: int, month: int) -> dict[str, str]:
    """The digests of both statements as they would be published now; none where the books do not even tie."""
    try:
        return {statement.form: content_digest(statement.as_json()) for statement in both_statements(book, month)}
    except DoesNotTie:
        return {}
