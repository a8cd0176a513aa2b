"""Puts the fund accountant's pages at the counter, and the payments panel of a person."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from dashebao.kernel.identity.api import has_role
from dashebao.kernel.ledger.api import LedgerError
from dashebao.platform.screens.api import (
    Ask,
    Column,
    Content,
    Face,
    Figure,
    Figures,
    Group,
    Page,
    Panel,
    Subject,
    Table,
    register_group,
    register_page,
    register_panel,
)

from . import api
from .screens_batches import batch_view, batches_view
from .screens_books import account_view, journal_view, journals_view, ledger_view, statements_view
from .screens_orders import budget_entry_view, budget_view, reconciliation_view, reissues_view
from .screens_shared import line_tag, short_name
from .words import BENEFIT_KINDS

ROLES = ("fund.maker", "fund.checker", "fund.approver")
TOLD = (api.FundError, LedgerError, api.DoesNotTie)


def payments_of_person(ask: Ask) -> Content | None:
    """What was paid to a person, newest first."""
    found = api.lines_of(ask.subject_id)
    if not found:
        return None
    rows = [
        [line.month, line.scheme_name, line.benefit, line.amount_fen, line.paid_on, line_tag(line.state, line.reason)]
        for line in map(_PersonLine, found[:24])
    ]
    columns = [
        Column(_("For month"), "month"), Column(_("Fund")), Column(_("Benefit")), Column(_("Amount"), "money"),
        Column(_("Paid on"), "date"), Column(_("State"), "tag"),
    ]  # fmt: skip
    return Table(columns, rows)


class _PersonLine:
    """A payment line with the words a reader needs."""

    def __init__(self, line: api.LineView) -> None:
        self.month, self.amount_fen, self.paid_on = line.month, line.amount_fen, line.paid_on
        self.state, self.reason = line.state, line.reason
        self.scheme_name = short_name(api.fund_of(line.scheme))
        self.benefit = BENEFIT_KINDS.get(line.benefit_kind, line.benefit_kind)


def waiting_signatures(ask: Ask) -> Content | None:
    """How many batches wait for this officer's signature."""
    items = [
        Figure(label, len(api.batches_waiting(stage)), href=reverse("fund_batches"))
        for stage, label in (("maker", _("To make")), ("checker", _("To check")), ("approver", _("To approve")))
        if has_role(ask.user, f"fund.{stage}")
    ]
    return Figures(items) if items else None


def _pages() -> list[tuple[str, str, Any, str, Any]]:
    """Address, name, title, icon and view of every page; one with a number in its address is in no menu."""
    return [
        ("batches/", "fund_batches", gettext_lazy("Payment batches"), "stamp", batches_view),
        ("batches/<int:batch>/", "fund_batch", gettext_lazy("Payment batch"), "stamp", batch_view),
        ("ledger/", "fund_ledger", gettext_lazy("Books and trial balance"), "book-open", ledger_view),
        ("ledger/<int:account>/", "fund_account", pgettext_lazy("ledger", "Account"), "book-open", account_view),
        ("journals/", "fund_journals", gettext_lazy("Journals"), "scroll-text", journals_view),
        ("journals/<uuid:journal>/", "fund_journal", gettext_lazy("Journal"), "scroll-text", journal_view),
        ("statements/", "fund_statements", gettext_lazy("Statements"), "sheet", statements_view),
        ("reconciliation/", "fund_reconciliation", gettext_lazy("Reconciliation"), "scale", reconciliation_view),
        ("budget/", "fund_budget", gettext_lazy("Budget"), "chart-column", budget_view),
        ("budget/entry/", "fund_budget_entry", gettext_lazy("Enter a budget"), "chart-column", budget_entry_view),
        ("again/", "fund_reissues", gettext_lazy("Payments to make again"), "rotate-ccw", reissues_view),
    ]


def register() -> None:
    """Put the fund's pages and panels into the faces."""
    register_group(Group("fund", gettext_lazy("Fund accounts"), order=40))
    for order, (path, name, title, icon, view) in enumerate(_pages()):
        register_page(
            Page(
                face=Face.COUNTER, path=f"fund/{path}", name=name, title=title, icon=icon, order=order * 10,
                group="" if "<" in path or "entry" in path else "fund", roles=ROLES, view=view, told=TOLD,
            )
        )  # fmt: skip
    both = frozenset({Face.COUNTER, Face.PORTAL})
    register_panel(
        Panel(
            code="fund.payments", subject=Subject.PERSON, title=gettext_lazy("Payments"), icon="banknote", order=60,
            faces=both, provide=payments_of_person,
        )
    )  # fmt: skip
    register_panel(
        Panel(
            code="fund.signatures", subject=Subject.DESK, title=gettext_lazy("Payment batches to sign"), icon="stamp",
            order=10, roles=ROLES, provide=waiting_signatures,
        )
    )  # fmt: skip


register()
