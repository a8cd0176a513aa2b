"""Closes months and years, publishes the statements and keeps the budget."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext as _

from dashebao.kernel.ledger import api as ledger
from dashebao.kernel.records.api import audit

from ..errors import FundError, NotReconciled
from ..models import BatchState, Budget, FundBook, PaymentBatch, Reconciliation, StoredStatement, YearEnd
from ..queries.statements import both_statements
from ..rules import account_kind, year_end_lines
from ..rules_statements import Statement, content_digest, month_end
from .books import account_in

UNFINISHED = (BatchState.DRAFTED, BatchState.MADE, BatchState.CHECKED, BatchState.APPROVED, BatchState.SENT)


def close_month(fund: str, pool: str, month: int) -> str:
    """Close a month of a set of books; "closed", or "already".

    Refused (NotReconciled) while a batch of the month is unfinished or the last reconciliation has open items, and
    (DoesNotTie) while the statements do not tie. In December the year-end entries are posted first.
    """
    book = FundBook.objects.get(fund=fund, region_code=pool).book
    if ledger.is_closed(book, month):
        return "already"
    batches = PaymentBatch.objects.filter(run_month=month, fund=fund, pool_region=pool, state__in=UNFINISHED)
    if open_batches := batches.count():
        text = _("%(count)d payment batches of %(month)s are not finished; the month cannot be closed.")
        raise NotReconciled(text % {"count": open_batches, "month": month})
    last = Reconciliation.objects.filter(month=month, fund=fund, region_code=pool).order_by("-id").first()
    if last is None or not last.agreed:
        raise NotReconciled(_unreconciled_text(month, last))
    if month % 100 == 12:
        close_year(fund, pool, month // 100)
    both_statements(book, month)
    outcome = ledger.close_period(book, month)
    audit("fund.month_closed", ("fund.book", book), region=pool, fund=fund, month=month)
    return outcome


def _unreconciled_text(month: int, last: Reconciliation | None) -> str:
    if last is None:
        return _("%(month)s has not been reconciled yet; reconcile it first.") % {"month": month}
    names = ", ".join(item["reference"] for item in last.open_items[:5])
    text = _("%(month)s has %(count)d items that are not reconciled (%(names)s); settle them first.")
    return text % {"month": month, "count": len(last.open_items), "names": names}


def close_year(fund: str, pool: str, year: int) -> str:
    """Post the year-end entries: income and expense of the year go to the general fund balance 3001; exactly once."""
    book = FundBook.objects.get(fund=fund, region_code=pool).book
    month, on = year * 100 + 12, month_end(year * 100 + 12)
    if YearEnd.objects.filter(fund=fund, region_code=pool, year=year).exists():
        return "exists"
    rows = {(row.code, row.detail): row.closing_fen for row in ledger.trial_balance(book, month)}
    lines = year_end_lines(rows, on)
    by_code: dict[str, int] = {}
    for (code, _detail), fen in lines.items():
        by_code[code] = by_code.get(code, 0) + fen
    if lines:
        drawn = tuple(ledger.Line(account_in(book, fund, *at), fen) for at, fen in lines.items())
        ledger.post(ledger.Journal(book, "fund.year_end", f"year-{year}", month, drawn))
    YearEnd.objects.create(fund=fund, region_code=pool, year=year, lines=by_code)
    audit("fund.year_closed", ("fund.book", book), region=pool, fund=fund, year=year)
    return "posted"


def publish_statements(fund: str, pool: str, month: int) -> list[Statement]:
    """Store both statements of a closed month, frozen with a digest; FundError if the month is still open."""
    book = FundBook.objects.get(fund=fund, region_code=pool).book
    if not ledger.is_closed(book, month):
        raise FundError(_("%(month)s is not closed; statements are published after the close.") % {"month": month})
    statements = list(both_statements(book, month))
    for statement in statements:
        content = statement.as_json()
        StoredStatement.objects.get_or_create(
            month=month, fund=fund, region_code=pool, form=statement.form,
            defaults={"content": content, "digest": content_digest(content)},
        )  # fmt: skip
    audit("fund.statements_published", ("fund.book", book), region=pool, fund=fund, month=month)
    return statements


def set_budget(fund: str, pool: str, year: int, amounts_fen: Mapping[str, int]) -> None:
    """Set the approved budget of a fund for a year, by income and expense account (预算法; 社会保险法 arts 65-66)."""
    for code, amount in amounts_fen.items():
        if account_kind(code, month_end(year * 100 + 1)) not in ("income", "expense") or amount < 0:
            raise FundError(_("A budget names income and expense accounts with amounts of zero or more."))
    for code, amount in amounts_fen.items():
        Budget.objects.update_or_create(
            fund=fund, region_code=pool, year=year, code=code, defaults={"amount_fen": amount}
        )
    audit("fund.budget_set", ("fund.budget", f"{fund}-{pool}-{year}"), region=pool, rows=len(amounts_fen))
