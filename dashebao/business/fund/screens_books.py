"""The books at the counter: trial balance, entries of an account, journals, statements."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dashebao.kernel.ledger import api as ledger
from dashebao.kernel.legal_time.api import last_day_of
from dashebao.kernel.registry.api import region_name
from dashebao.platform.screens.api import Column, Link, Table, download, workbook

from . import api
from .rules import chart, funds
from .rules_statements import month_end
from .screens_shared import Chosen, book_title_of, chosen, named, page_of, source_of, voucher_name
from .words import SECTIONS, details


def ledger_view(request: HttpRequest) -> HttpResponse:
    """Trial balance of one set of books and month; every account leads to its entries."""
    choice = chosen(request)
    names = {a.code: named(a) for a in chart(choice.row.fund, month_end(choice.month))}
    rows = [
        [
            Link(r.code, f"{reverse('fund_account', args=[r.account])}?month={choice.month}"), names.get(r.code, ""),
            details(r.detail), r.opening_fen, r.debit_fen, r.credit_fen, r.closing_fen,
        ]
        for r in ledger.trial_balance(choice.row.book, choice.month)
        if r.opening_fen or r.debit_fen or r.credit_fen
    ]  # fmt: skip
    columns = [
        Column(_("Code"), "link"), Column(pgettext("ledger", "Account")), Column(pgettext("ledger", "Detail")), Column(pgettext("balance", "Opening"), "money", total=True),
        Column(pgettext("ledger", "Debit"), "money", total=True), Column(pgettext("ledger", "Credit"), "money", total=True),
        Column(pgettext("balance", "Closing"), "money", total=True),
    ]  # fmt: skip
    table = Table(columns, rows, empty=_("Nothing was posted up to this month."))
    if request.GET.get("as") == "xlsx":
        return download(workbook([(_("Trial balance"), table)], choice.heading), f"trial-balance-{choice.name}")
    closed = ledger.is_closed(choice.row.book, choice.month)
    return render(request, "fund/ledger.html", {"choice": choice, "table": table, "closed": closed})


def journals_view(request: HttpRequest) -> HttpResponse:
    """The journal entries of a month, newest first."""
    choice = chosen(request)
    page = page_of(request)
    entries = ledger.entries_of(book=choice.row.book, month=choice.month, page=page, size=51)
    rows = [
        [
            e.posted_at, Link(e.key, reverse("fund_journal", args=[e.journal_id])), voucher_name(e.kind),
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
    """One journal with its lines, and what it came from."""
    found = ledger.journal_of(journal)
    if found is None:
        raise Http404(_("There is no such journal."))
    context = {"journal": found, "table": _journal_lines(found), "voucher": voucher_name(found.kind)}
    return render(request, "fund/journal.html", {**context, "source": source_of(found.key)})


def _journal_lines(found: ledger.JournalView) -> Table:
    accounts = {row.account: row for row in ledger.trial_balance(found.book, found.month)}
    names = {a.code: named(a) for fund in funds() for a in chart(fund, month_end(found.month))}
    rows = []
    for line in found.lines:
        code, detail = accounts[line.account].code, accounts[line.account].detail
        link = Link(code, f"{reverse('fund_account', args=[line.account])}?month={found.month}")
        rows.append([link, names.get(code, ""), details(detail), max(line.amount_fen, 0), max(-line.amount_fen, 0)])
    columns = [
        Column(_("Code"), "link"), Column(pgettext("ledger", "Account")), Column(pgettext("ledger", "Detail")), Column(pgettext("ledger", "Debit"), "money", total=True),
        Column(pgettext("ledger", "Credit"), "money", total=True),
    ]  # fmt: skip
    return Table(columns, rows)


def statements_view(request: HttpRequest) -> HttpResponse:
    """Balance sheet and income statement of a month, ready to print."""
    choice = chosen(request)
    sheet, income = api.both_statements(choice.row.book, choice.month)
    if request.GET.get("as") == "xlsx":
        return _statements_file(choice, sheet, income)
    left = [r for r in sheet.rows if r.section in ("asset", "assets_total")]
    right = [r for r in sheet.rows if r.section not in ("asset", "assets_total")]
    context = {
        "choice": choice, "left": sheet_rows(left), "right": sheet_rows(right), "income": sheet_rows(income.rows),
        "closed": ledger.is_closed(choice.row.book, choice.month), "day": last_day_of(choice.month),
        "fund_name": named(funds()[choice.row.fund]), "place": region_name(choice.row.region_code),
    }  # fmt: skip
    return render(request, "fund/statements.html", context)


def _statements_file(choice: Chosen, sheet: api.Statement, income: api.Statement) -> HttpResponse:
    """Both statements as an Excel file."""

    def table(statement: api.Statement, first: str, second: str) -> Table:
        rows = [[row["code"], row["name"], row["first"], row["second"]] for row in sheet_rows(statement.rows)]
        return Table([Column(_("Code")), Column(_("Item")), Column(first, "money"), Column(second, "money")], rows)

    sheets = [
        (_("Balance sheet"), table(sheet, _("Year opening"), pgettext("balance", "Closing"))),
        (_("Income and expense statement"), table(income, _("This month"), _("This year"))),
    ]
    return download(workbook(sheets, choice.heading), f"statements-{choice.name}")


def sheet_rows(rows: Any) -> list[dict[str, Any]]:
    """Statement rows as the printed form shows them: totals are marked, empty accounts kept."""
    return [
        {
            "code": r.code, "name": named(r) if r.code else str(SECTIONS.get(r.section, r.name)), "total": not r.code,
            "first": r.first_fen, "second": r.second_fen,
        }
        for r in rows
    ]  # fmt: skip


def account_view(request: HttpRequest, account: int) -> HttpResponse:
    """The entries of one account in a month, each leading to its journal; from here to the source in two steps."""
    text = request.GET.get("month", "").replace("-", "")
    month = int(text) if text.isdecimal() and len(text) == 6 and 1 <= int(text) % 100 <= 12 else 0
    found = api.account_place(account)
    if found is None or not month:
        raise Http404(_("There is no such account."))
    page = page_of(request)
    entries = ledger.entries_of(account=account, month=month, page=page, size=51)
    rows = [
        [
            e.posted_at, Link(e.key, reverse("fund_journal", args=[e.journal_id])), voucher_name(e.kind), e.memo,
            max(e.amount_fen, 0), max(-e.amount_fen, 0),
        ]
        for e in entries[:50]
    ]  # fmt: skip
    columns = [
        Column(pgettext("ledger", "Posted"), "moment"), Column(_("Journal"), "link"), Column(_("Voucher")), Column(_("Memo")),
        Column(pgettext("ledger", "Debit"), "money", total=True), Column(pgettext("ledger", "Credit"), "money", total=True),
    ]  # fmt: skip
    balance = next((r for r in ledger.trial_balance(found.book, month) if r.account == account), None)
    names = {a.code: named(a) for a in chart(found.fund, month_end(month))}
    context = {
        "place": found, "month": month, "name": names.get(found.code, ""), "detail": details(found.detail),
        "balance": balance, "number": page, "more": len(entries) > 50, "query": f"month={month}", "book": book_title_of(found.book),
        "table": Table(columns, rows, empty=_("Nothing was posted on this account in the month.")),
    }  # fmt: skip
    return render(request, "fund/account.html", context)
