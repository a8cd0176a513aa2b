"""The books at the counter: trial balance, journals, statements, reconciliation, budget."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dashebao.kernel.ledger import api as ledger
from dashebao.kernel.registry.api import region_name
from dashebao.platform.screens.api import Column, Figure, Figures, Link, Table

from . import api
from .rules import chart, funds, templates
from .rules_statements import last_day, month_end
from .screens_shared import chosen, named, page_of, short_name
from .words import SECTIONS, details


def ledger_view(request: HttpRequest) -> HttpResponse:
    """Trial balance of one set of books and month."""
    choice = chosen(request)
    names = {a.code: named(a) for a in chart(choice.row.fund, month_end(choice.month))}
    rows = [
        [r.code, names.get(r.code, ""), details(r.detail), r.opening_fen, r.debit_fen, r.credit_fen, r.closing_fen]
        for r in ledger.trial_balance(choice.row.book, choice.month)
        if r.opening_fen or r.debit_fen or r.credit_fen
    ]
    columns = [
        Column(_("Code")), Column(pgettext("ledger", "Account")), Column(pgettext("ledger", "Detail")), Column(pgettext("balance", "Opening"), "money", total=True),
        Column(pgettext("ledger", "Debit"), "money", total=True), Column(pgettext("ledger", "Credit"), "money", total=True),
        Column(pgettext("balance", "Closing"), "money", total=True),
    ]  # fmt: skip
    table = Table(columns, rows, empty=_("Nothing was posted up to this month."))
    closed = ledger.is_closed(choice.row.book, choice.month)
    return render(request, "fund/ledger.html", {"choice": choice, "table": table, "closed": closed})


def journals_view(request: HttpRequest) -> HttpResponse:
    """The journal entries of a month, newest first."""
    choice = chosen(request)
    page = page_of(request)
    entries = ledger.entries_of(book=choice.row.book, month=choice.month, page=page, size=51)
    names = {f"fund.{t.code}": named(t) for t in templates().values()}
    rows = [
        [
            e.posted_at, Link(e.key, reverse("fund_journal", args=[e.journal_id])), names.get(e.kind, e.kind),
            e.code, details(e.detail), max(e.amount_fen, 0), max(-e.amount_fen, 0),
        ]
        for e in entries[:50]
    ]  # fmt: skip
    columns = [
        Column(pgettext("ledger", "Posted"), "moment"), Column(_("Journal"), "link"), Column(_("Voucher")), Column(pgettext("ledger", "Account")),
        Column(pgettext("ledger", "Detail")), Column(pgettext("ledger", "Debit"), "money"), Column(pgettext("ledger", "Credit"), "money"),
    ]  # fmt: skip
    context = {"choice": choice, "table": Table(columns, rows), "number": page, "more": len(entries) > 50}
    return render(request, "fund/journals.html", context)


def journal_view(request: HttpRequest, journal: UUID) -> HttpResponse:
    """One journal with its lines."""
    found = ledger.journal_of(journal)
    if found is None:
        raise Http404(_("There is no such journal."))
    return render(request, "fund/journal.html", {"journal": found, "table": _journal_lines(found)})


def _journal_lines(found: ledger.JournalView) -> Table:
    accounts = {row.account: row for row in ledger.trial_balance(found.book, found.month)}
    names = {a.code: named(a) for fund in funds() for a in chart(fund, month_end(found.month))}
    rows = []
    for line in found.lines:
        code, detail = accounts[line.account].code, accounts[line.account].detail
        rows.append([code, names.get(code, ""), details(detail), max(line.amount_fen, 0), max(-line.amount_fen, 0)])
    columns = [
        Column(_("Code")), Column(pgettext("ledger", "Account")), Column(pgettext("ledger", "Detail")), Column(pgettext("ledger", "Debit"), "money", total=True),
        Column(pgettext("ledger", "Credit"), "money", total=True),
    ]  # fmt: skip
    return Table(columns, rows)


def statements_view(request: HttpRequest) -> HttpResponse:
    """Balance sheet and income statement of a month, ready to print."""
    choice = chosen(request)
    sheet, income = api.both_statements(choice.row.book, choice.month)
    left = [r for r in sheet.rows if r.section in ("asset", "assets_total")]
    right = [r for r in sheet.rows if r.section not in ("asset", "assets_total")]
    context = {
        "choice": choice, "left": sheet_rows(left), "right": sheet_rows(right), "income": sheet_rows(income.rows),
        "closed": ledger.is_closed(choice.row.book, choice.month), "day": last_day(choice.month),
        "fund_name": named(funds()[choice.row.fund]), "place": region_name(choice.row.region_code),
    }  # fmt: skip
    return render(request, "fund/statements.html", context)


def sheet_rows(rows: Any) -> list[dict[str, Any]]:
    """Statement rows as the printed form shows them: totals are marked, empty accounts kept."""
    return [
        {
            "code": r.code, "name": named(r) if r.code else str(SECTIONS.get(r.section, r.name)), "total": not r.code,
            "first": r.first_fen, "second": r.second_fen,
        }
        for r in rows
    ]  # fmt: skip


def reconciliation_view(request: HttpRequest) -> HttpResponse:
    """Every item of a month on which ledger, bank and finance office do not agree."""
    choice = chosen(request)
    if request.method == "POST":
        number = api.ask_statements(choice.month, again=True)
        messages.success(request, _("The statements are asked for (number %(number)d).") % {"number": number})
        return HttpResponseRedirect(request.get_full_path())
    open_books = api.unreconciled(choice.month)
    sides = {
        "ledger": _("Ledger only"),
        "bank": _("Bank only"),
        "finance": _("Finance office only"),
        "both": _("Amounts differ"),
    }
    rows = [
        [f"{short_name(c.fund)} · {region_name(c.region)}", i.account, i.reference, sides[i.side], i.ledger_fen,
         i.outside_fen, i.ledger_fen - i.outside_fen]
        for c in open_books for i in c.items
    ]  # fmt: skip
    columns = [
        Column(_("Books")), Column(pgettext("ledger", "Account")), Column(_("Reference")), Column(_("Found where")),
        Column(_("Ledger"), "money"), Column(_("Outside"), "money"), Column(_("Difference"), "money", total=True),
    ]  # fmt: skip
    context = {
        "choice": choice, "table": Table(columns, rows, empty=_("Ledger, bank and finance office agree.")),
        "complete": api.statements_in(choice.month),
    }  # fmt: skip
    return render(request, "fund/reconciliation.html", context)


def budget_view(request: HttpRequest) -> HttpResponse:
    """Budget against actual of the year so far."""
    choice = chosen(request)
    report = api.budget_report(choice.row.book, choice.month)
    rows = [
        [r.code, named(r), r.budget_fen, r.actual_fen, r.budget_fen - r.actual_fen, _percent(r.executed_bp)]
        for r in report.rows
    ]
    columns = [
        Column(_("Code")), Column(pgettext("ledger", "Account")), Column(_("Budget of the year"), "money"),
        Column(_("Actual so far"), "money"), Column(_("Remaining"), "money"), Column(_("Carried out")),
    ]  # fmt: skip
    payable = (
        f"{report.payable_tenths // 10}.{report.payable_tenths % 10}" if report.payable_tenths is not None else "–"
    )
    figures = Figures(
        [
            Figure(_("Rolling balance"), report.balance_fen, "money"),
            Figure(_("Months payable"), payable, "text", note=_("balance ÷ average monthly expense")),
        ]
    )
    context = {
        "choice": choice,
        "table": Table(columns, rows, empty=_("No budget and no movement.")),
        "figures": figures,
    }
    return render(request, "fund/budget.html", context)


def _percent(basis_points: int | None) -> str:
    return "–" if basis_points is None else f"{basis_points // 100}.{basis_points % 100:02d} %"
