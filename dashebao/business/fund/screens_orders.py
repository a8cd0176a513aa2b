"""Reconciliation, budget and payments made again, at the counter: what needs an officer's hand and a second one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dashebao.kernel.identity.api import has_role
from dashebao.kernel.ledger import api as ledger
from dashebao.kernel.legal_time.api import month_plus
from dashebao.kernel.money.api import parse_yuan
from dashebao.kernel.registry.api import bank_account_of, persons, region_name
from dashebao.platform.screens.api import Column, Figure, Figures, Link, Table, Tag, download, workbook

from . import api
from .models import Budget, BudgetProposal, FundAccount, FundBook, OpenItemNote, OrderState, Reissue
from .queries.reconciliation import SOURCES, closing_balance
from .rules import chart
from .rules_statements import month_end
from .screens_shared import Chosen, chosen, named, officer, page_of, short_name
from .words import BENEFIT_KINDS

OUTSIDE = ("1002", "1003", "1004", "1005")


def reconciliation_view(request: HttpRequest) -> HttpResponse:
    """Ledger, bank and finance office side by side, every open item by name, and what was found out about it."""
    choice = chosen(request)
    if request.method == "POST":
        return _handle_item(request, choice)
    open_books = api.unreconciled(choice.month)
    sides = {
        "ledger": _("Ledger only"),
        "bank": _("Bank only"),
        "finance": _("Finance office only"),
        "both": _("Amounts differ"),
    }
    notes = _notes(choice.month)
    items = [
        {
            "books": f"{short_name(c.fund)} · {region_name(c.region)}", "fund": c.fund, "pool": c.region, "item": i,
            "side": sides[i.side], "difference": i.ledger_fen - i.outside_fen,
            "note": notes.get((c.fund, c.region, i.account, i.reference)),
        }
        for c in open_books for i in c.items
    ]  # fmt: skip
    balances = _balances(choice)
    if request.GET.get("as") == "xlsx":
        sheets = [(_("Balances"), balances), (_("Items not reconciled"), _items_table(items))]
        return download(workbook(sheets, choice.heading), f"reconciliation-{choice.name}")
    silent = [f"{row[0]} {row[1]}" for row in balances.rows if row[0] not in SOURCES]
    context = {"choice": choice, "items": items, "balances": balances, "complete": api.statements_in(choice.month)}
    context["silent"] = _(", ").join(silent)
    return render(request, "fund/reconciliation.html", context)


def _handle_item(request: HttpRequest, choice: Chosen) -> HttpResponse:
    if request.POST.get("act") == "note":
        given = {name: request.POST.get(name, "") for name in ("fund", "pool", "account", "reference", "text")}
        api.note_item(api.ItemNote(month=choice.month, **given), officer(request))
        messages.success(request, _("The note is kept with the item."))
    else:
        number = api.ask_statements(choice.month, again=True)
        messages.success(request, _("The statements are asked for (number %(number)d).") % {"number": number})
    return HttpResponseRedirect(request.get_full_path())


def _notes(month: int) -> dict[tuple[str, str, str, str], OpenItemNote]:
    rows = OpenItemNote.objects.filter(month=month).order_by("id")
    return {(row.fund, row.region_code, row.account, row.reference): row for row in rows}


def _balances(choice: Chosen) -> Table:
    """The money accounts of the books: what the ledger says, what the outside says, the difference."""
    names = {a.code: named(a) for a in chart(choice.row.fund, month_end(choice.month))}
    own = {r.code: r.closing_fen for r in ledger.trial_balance(choice.row.book, choice.month) if not r.detail}
    numbers = dict(
        FundAccount.objects.filter(fund=choice.row.fund, region_code=choice.row.region_code).values_list(
            "code", "number"
        )
    )
    rows = []
    for code in OUTSIDE:
        if code not in numbers and not own.get(code):
            continue
        source, inside = SOURCES.get(code), own.get(code, 0)
        outside = closing_balance(source, numbers.get(code, ""), choice.month) if source else None
        agreed = Tag(_("Agrees"), "ok") if outside == inside else Tag(_("Differs"), "err")
        if outside is None:
            agreed = Tag(_("Must be empty"), "ok" if inside == 0 else "warn")
        who = {"bank": _("Bank"), "finance": _("Finance office")}.get(source or "", _("No statement is agreed"))
        gap = None if outside is None else inside - outside
        rows.append([code, names.get(code, ""), numbers.get(code, ""), inside, who, outside, gap, agreed])
    columns = [
        Column(_("Code")), Column(pgettext("ledger", "Account")), Column(_("Number outside")), Column(_("Ledger"), "money"),
        Column(_("Told by")), Column(_("Outside"), "money"), Column(_("Difference"), "money"), Column(_("Result"), "tag"),
    ]  # fmt: skip
    return Table(columns, rows, empty=_("These books have no accounts outside."))


def _items_table(items: list[dict[str, Any]]) -> Table:
    rows = [
        [row["books"], row["item"].account, row["item"].reference, row["side"], row["item"].ledger_fen, row["item"].outside_fen,
         row["difference"], row["note"].text if row["note"] else ""]
        for row in items
    ]  # fmt: skip
    columns = [
        Column(_("Books")), Column(pgettext("ledger", "Account")), Column(_("Reference")), Column(_("Found where")),
        Column(_("Ledger"), "money"), Column(_("Outside"), "money"), Column(_("Difference"), "money", total=True), Column(_("Note")),
    ]  # fmt: skip
    return Table(columns, rows)


def budget_view(request: HttpRequest) -> HttpResponse:
    """Budget against actual of the year so far; a budget is entered by the maker and put in force by another."""
    choice = chosen(request)
    if request.method == "POST":
        return _handle_budget(request, choice)
    report = api.budget_report(choice.row.book, choice.month)
    rows = [
        [r.code, named(r), r.budget_fen, r.actual_fen, r.budget_fen - r.actual_fen, _percent(r.executed_bp)]
        for r in report.rows
    ]
    columns = [
        Column(_("Code")), Column(pgettext("ledger", "Account")), Column(_("Budget of the year"), "money"),
        Column(_("Actual so far"), "money"), Column(_("Remaining"), "money"), Column(_("Carried out")),
    ]  # fmt: skip
    table = Table(columns, rows, empty=_("No budget and no movement."))
    if request.GET.get("as") == "xlsx":
        return download(workbook([(_("Budget against actual"), table)], choice.heading), f"budget-{choice.name}")
    tenths = report.payable_tenths
    payable = f"{tenths // 10}.{tenths % 10}" if tenths is not None else "–"
    figures = Figures(
        [
            Figure(_("Rolling balance"), report.balance_fen, "money"),
            Figure(_("Months payable"), payable, "text", note=_("balance ÷ average monthly expense")),
        ]
    )
    by = officer(request)
    orders = BudgetProposal.objects.filter(fund=choice.row.fund, region_code=choice.row.region_code).order_by("-id")[
        :10
    ]
    context = {
        "choice": choice, "table": table, "figures": figures, "orders": [_order(row, by) for row in orders],
        "may_enter": has_role(by, "fund.maker"),
    }  # fmt: skip
    return render(request, "fund/budget.html", context)


def _order(row: BudgetProposal, by: Any) -> dict[str, Any]:
    names = {a.code: named(a) for a in chart(row.fund, month_end(row.year * 100 + 1))}
    lines = [[code, names.get(code, ""), int(fen)] for code, fen in sorted(row.amounts.items())]
    columns = [Column(_("Code")), Column(pgettext("ledger", "Account")), Column(_("Amount"), "money")]
    decides = any(has_role(by, role) for role in ("fund.checker", "fund.approver"))
    return {
        "row": row, "table": Table(columns, lines), "state": order_tag(row.state),
        "may_decide": row.state == OrderState.PROPOSED and decides and row.proposed_by != by.pk,
    }  # fmt: skip


def order_tag(state: str) -> Tag:
    """The state of an order as a tag."""
    return Tag(OrderState(state).label, {"proposed": "warn", "approved": "ok"}.get(state, "err"))


def _handle_budget(request: HttpRequest, choice: Chosen) -> HttpResponse:
    number = request.POST.get("order", "")
    approve = request.POST.get("act") == "approve"
    if not number.isdecimal():
        raise Http404
    api.decide_budget(int(number), officer(request), approve=approve, reason=request.POST.get("reason", ""))
    messages.success(request, _("The budget is in force.") if approve else _("The budget is rejected."))
    return HttpResponseRedirect(f"{reverse('fund_budget')}?{choice.query}")


def _percent(basis_points: int | None) -> str:
    return "–" if basis_points is None else f"{basis_points // 100}.{basis_points % 100:02d} %"


def budget_entry_view(request: HttpRequest) -> HttpResponse:
    """The maker enters a year's budget: one amount for each income and expense account."""
    choice = chosen(request)
    year = _year_of(request, choice)
    accounts = [a for a in chart(choice.row.fund, month_end(year * 100 + 1)) if a.kind in ("income", "expense")]
    known = dict(
        Budget.objects.filter(fund=choice.row.fund, region_code=choice.row.region_code, year=year).values_list(
            "code", "amount_fen"
        )
    )
    errors: dict[str, str] = {}
    if request.method == "POST":
        amounts = _amounts(request, [a.code for a in accounts], errors)
        if not errors:
            order = api.BudgetOrder(
                choice.row.fund, choice.row.region_code, year, amounts, request.POST.get("note", "")
            )
            api.propose_budget(order, officer(request))
            messages.success(request, _("The budget is entered; another officer must approve it."))
            return HttpResponseRedirect(f"{reverse('fund_budget')}?{choice.query}")
    actual = {
        r.code: r.second_fen for r in api.income_statement(choice.row.book, _last_year(choice, year)).rows if r.code
    }
    rows = [
        {
            "code": a.code, "name": named(a), "kind": a.kind, "error": errors.get(a.code, ""), "actual": actual.get(a.code, 0),
            "value": request.POST.get(f"a{a.code}", _yuan_text(known.get(a.code))),
        }
        for a in accounts
    ]  # fmt: skip
    context = {"choice": choice, "year": year, "years": _years(choice), "rows": rows, "errors": errors}
    return render(request, "fund/budget_entry.html", context)


def _years(choice: Chosen) -> list[int]:
    year = timezone.localdate().year
    return sorted({year, year + 1, choice.month // 100})


def _year_of(request: HttpRequest, choice: Chosen) -> int:
    text = request.GET.get("year", "")
    return int(text) if text.isdecimal() and int(text) in _years(choice) else choice.month // 100


def _last_year(choice: Chosen, year: int) -> int:
    """The month whose figures of the year stand beside the new budget: December before, or the newest."""
    before = (year - 1) * 100 + 12
    return min(before, choice.month) if before >= (choice.row.first_month or 0) else choice.month


def _yuan_text(fen: int | None) -> str:
    return "" if fen is None else f"{fen // 100}.{fen % 100:02d}"


def _amounts(request: HttpRequest, codes: list[str], errors: dict[str, str]) -> dict[str, int]:
    found = {}
    for code in codes:
        text = request.POST.get(f"a{code}", "").replace(",", "").strip()
        if not text:
            continue
        try:
            found[code] = parse_yuan(text)
        except ValueError:
            errors[code] = _("Enter an amount like 1234.56.")
            continue
        if found[code] < 0:
            errors[code] = _("A budget names amounts of zero or more.")
    if not found and not errors:
        errors[codes[0]] = _("Enter at least one amount.")
    return found


def reissues_view(request: HttpRequest) -> HttpResponse:
    """Payments that failed twice: one officer corrects the account, another releases them into the next batch."""
    by = officer(request)
    if request.method == "POST":
        return _handle_reissue(request)
    page = page_of(request)
    lines = api.failed_twice(page, 51)
    orders = {row.pk: row for row in Reissue.objects.filter(pk__in=[line.order_id for line in lines if line.order_id])}
    names = {pk: human.name for pk, human in persons([line.person_id for line in lines[:50]]).items()}
    rows = [
        {
            "line": line, "name": names.get(line.person_id, str(line.person_id)), "fund": short_name(api.fund_of(line.scheme)),
            "place": region_name(line.region_code), "order": orders.get(line.order_id or 0),
            "benefit": BENEFIT_KINDS.get(line.benefit_kind, line.benefit_kind),
            "state": order_tag(line.order) if line.order else None,
            "current": bank_account_of(line.payee_person_id) if not line.order else None,
            "person": Link(names.get(line.person_id, ""), reverse("counter_person", args=[line.person_id])),
        }
        for line in lines[:50]
    ]  # fmt: skip
    context = {
        "rows": rows, "number": page, "more": len(lines) > 50, "may_propose": has_role(by, "fund.maker"),
        "may_decide": any(has_role(by, role) for role in ("fund.checker", "fund.approver")), "me": by.pk,
    }  # fmt: skip
    return render(request, "fund/reissues.html", context)


def _handle_reissue(request: HttpRequest) -> HttpResponse:
    act, given = request.POST.get("act", ""), request.POST
    numbers = [given.get(name, "") for name in (("month", "line") if act == "propose" else ("order",))]
    if not all(number.isdecimal() for number in numbers):
        raise Http404
    if act == "propose":
        account = api.NewAccount(given.get("bank_code", ""), given.get("number", ""), given.get("name", ""))
        api.propose_reissue((int(numbers[0]), int(numbers[1])), account, officer(request), given.get("note", ""))
        messages.success(request, _("The order is entered; another officer must release it."))
    else:
        approve = act == "approve"
        run = _next_run()
        api.decide_reissue(int(numbers[0]), run, officer(request), approve=approve, reason=given.get("reason", ""))
        done = _("The payment goes into the batches of %(month)s.") % {"month": f"{run // 100}-{run % 100:02d}"}
        messages.success(request, done if approve else _("The order is rejected."))
    return HttpResponseRedirect(reverse("fund_reissues"))


def _next_run() -> int:
    """The first month that no books have closed: its run takes the payment."""
    books = FundBook.objects.filter(first_month__isnull=False)
    closed = max((ledger.closed_through(row.book) for row in books), default=0)
    first = max((row.first_month or 0 for row in books), default=0)
    return max(month_plus(closed, 1) if closed else 0, first)
