"""Views of the pension's pages: statement of rights, estimate, award sheet, overpayments."""

from fractions import Fraction
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from dashebao.business.insurance.common.api import Overpayment, Recovery, Return, book_return, open_overpayments
from dashebao.business.insurance.pension.comparing import from_estimate
from dashebao.business.insurance.pension.estimate import Estimate, estimate
from dashebao.business.insurance.pension.items.parts import CATEGORY_CHOICES, today
from dashebao.business.insurance.pension.models import Award, Category
from dashebao.business.insurance.pension.provinces import province_choices
from dashebao.business.insurance.pension.queries import award, current_award, explained
from dashebao.business.insurance.pension.sheet import spoken_age
from dashebao.business.insurance.pension.statement import statement
from dashebao.business.insurance.pension.views_compare import own_month, side_by_side
from dashebao.kernel.identity.api import actor_of
from dashebao.kernel.legal_time.api import month_of
from dashebao.kernel.money.api import format_yuan, half_up, parse_yuan
from dashebao.kernel.registry.api import id_number_of, person, persons, region_name
from dashebao.platform.screens.api import Chart, Column, Series, Table, Tag, TraceSheet, paged

PART_NAMES = {
    "worker_principal": gettext_lazy("Own contributions"),
    "worker_interest": gettext_lazy("Interest on own contributions"),
    "employer_principal": gettext_lazy("Transferred by employers"),
    "employer_interest": gettext_lazy("Interest on employers' part"),
}
CHOICE_NAMES = {
    "earliest": gettext_lazy("Earliest"),
    "statutory": gettext_lazy("Statutory"),
    "latest": gettext_lazy("Latest"),
    "between": "",
    "now": gettext_lazy("Now"),
}
YEAR_LINE = "pension.year_index"
SHELLS = {"portal": "screens/portal.html", "counter": "screens/staff.html"}


def province_name(code: str) -> str:
    """A province's name in the reader's language."""
    return dict(province_choices(get_language() or "zh")).get(f"{code[:2]}0000", code)


def my_statement(request: HttpRequest) -> HttpResponse:
    """The signed-in citizen's statement."""
    return _statement(request, request.user.person_id, "portal")


def statement_of(request: HttpRequest, person_id: int) -> HttpResponse:
    """A person's statement at the counter."""
    return _statement(request, person_id, "counter")


def _statement(request: HttpRequest, person_id: int, face: str) -> HttpResponse:
    this_year = today().year
    wanted = request.GET.get("year", "")
    year = int(wanted) if wanted.isdecimal() and 1992 <= int(wanted) <= this_year else this_year
    found = statement(person_id, year)
    months = Table(
        [Column(_("Month"), "month"), Column(_("Base paid on"), "money", total=True)],
        [(row.month, row.base_fen) for row in found.months],
        empty=_("No month of this year has been paid."),
    )
    account = Table(
        [
            Column(_("Part of the account")),
            Column(_("Opening"), "money", total=True),
            Column(_("Closing"), "money", total=True),
        ],
        [(str(PART_NAMES[part]), opening, closing) for part, opening, closing in found.parts],
    )
    context = {
        "shell": SHELLS[face],
        "found": found,
        "months": months,
        "account": account,
        "years": range(this_year, this_year - 10, -1),
        "human": person(person_id),
        "number": id_number_of(person_id),
        "on": today(),
    }
    return render(request, "pension/statement.html", context)


class EstimateForm(forms.Form):
    """The question an estimate may need: a woman's kind of post."""

    category = forms.ChoiceField(label=gettext_lazy("Kind of post (women)"), choices=CATEGORY_CHOICES, required=False)


def my_estimate(request: HttpRequest) -> HttpResponse:
    """The signed-in citizen's comparison of months of retirement."""
    return _estimate(request, request.user.person_id, "portal")


def estimate_of(request: HttpRequest, person_id: int) -> HttpResponse:
    """A person's comparison at the counter."""
    return _estimate(request, person_id, "counter")


def _estimate(request: HttpRequest, person_id: int, face: str) -> HttpResponse:
    human = person(person_id)
    form = EstimateForm(request.GET or None)
    category = form.cleaned_data["category"] if form.is_bound and form.is_valid() else ""
    context: dict[str, Any] = {"shell": SHELLS[face], "human": human, "form": form if human.sex == "2" else None}
    running = current_award(person_id)
    if running is not None:
        return render(request, "pension/estimate.html", context | {"awarded": running})
    found = estimate(person_id, today(), category)
    own = own_month(request)
    beside = from_estimate(found, own)
    shown = next((row for row in beside if row.retire_month == own), None)
    shown = shown or next((row for row in beside if row.kind == "statutory"), beside[0])
    context |= side_by_side(beside, found.facts.birth_month, own) | {
        "found": found,
        "category": Category(found.category).label,
        "table": _compared(found),
        "chart": _drawn(found),
        "shown": shown,
        "sheet": award_lines(shown.sheet.traces, shown.sheet.monthly_fen),
        "years": year_table(shown.sheet.traces),
    }
    return render(request, "pension/estimate.html", context)


def _compared(found: Estimate) -> Table:
    rows = []
    for row in found.choices:
        enough = Tag(_("Enough"), "ok") if row.enough else Tag(_("Too few"), "warn")
        name = CHOICE_NAMES[row.kind]
        rows.append(
            (
                row.retire_month,
                str(name),
                spoken_age(row.age),
                row.sheet.total_months,
                row.sheet.minimum_months,
                enough,
                row.sheet.account_balance_fen,
                row.sheet.payout_months,
                row.sheet.monthly_fen,
            )
        )
    columns = [
        Column(_("Month of retirement"), "month"),
        Column(""),
        Column(_("Age")),
        Column(_("Months"), "number"),
        Column(_("Months needed"), "number"),
        Column("", "tag"),
        Column(_("Account then"), "money"),
        Column(_("Payout months")),
        Column(_("Monthly pension"), "money"),
    ]
    return Table(columns, rows)


def _drawn(found: Estimate) -> Chart:
    rows = found.choices
    labels = [f"{row.retire_month // 100}-{row.retire_month % 100:02d}" for row in rows]
    return Chart(
        title=_("Monthly pension by month of retirement"),
        labels=labels,
        series=[Series(_("Monthly pension"), [row.sheet.monthly_fen for row in rows])],
        kind="bars",
        unit="fen",
        source=_("Estimate"),
        as_of=today(),
    )


def award_lines(traces: tuple[dict[str, Any], ...], total_fen: int) -> TraceSheet:
    """The lines of all traces of an award as one explanation, the yearly indices left to their table."""
    last = dict(traces[-1])
    last["lines"] = [line for trace in traces for line in trace["lines"] if line["name"] != YEAR_LINE]
    return TraceSheet(last, total_fen, _("Monthly pension"))


def year_table(traces: tuple[dict[str, Any], ...]) -> Table | None:
    """The index of every year as a table, instead of a line of explanation for each."""
    trace = next((row for row in traces if row["formula"] == "pension.average_index"), None)
    if trace is None:
        return None
    columns = [
        Column(_("Year")),
        Column(_("Months"), "number"),
        Column(_("Base a month (yuan)"), "number"),
        Column(_("Average wage (yuan)"), "number"),
        Column(_("Index of the year"), "number"),
    ]
    rows = [
        (str(row["year"]), row["months"], _yuan(row["monthly_base"]), _yuan(row["average_wage"]), index)
        for row, index in zip(trace["inputs"]["years"], trace["results"]["year_indices"], strict=True)
    ]
    return Table(columns, rows)


def _yuan(number: str) -> str:
    return format_yuan(half_up(Fraction(number) * 100))


def my_award(request: HttpRequest) -> HttpResponse:
    """The signed-in citizen's award sheet."""
    row = current_award(request.user.person_id)
    return _award(request, row, "portal")


def award_of(request: HttpRequest, award_id: int) -> HttpResponse:
    """An award sheet at the counter."""
    try:
        return _award(request, award(award_id), "counter")
    except Award.DoesNotExist:
        raise Http404 from None


def _award(request: HttpRequest, row: Award | None, face: str) -> HttpResponse:
    context: dict[str, Any] = {"shell": SHELLS[face], "award": row}
    if row is not None:
        traces = explained(row)
        context |= {
            "human": person(row.person_id),
            "number": id_number_of(row.person_id),
            "place": region_name(row.region_code),
            "category": row.get_category_display(),
            "index": f"{row.average_index_e4 // 10_000}.{row.average_index_e4 % 10_000:04d}",
            "payout": f"{row.payout_months_e1 // 10}.{row.payout_months_e1 % 10}",
            "sheet": award_lines(traces, row.monthly_fen),
            "years": year_table(traces),
            "months": row.paid_months + row.deemed_months,
        }
    return render(request, "pension/award.html", context)


class ReturnForm(forms.Form):
    """Money that came back: against which overpayment, how much, on which receipt."""

    overpayment = forms.IntegerField(widget=forms.HiddenInput)
    amount = forms.DecimalField(label=gettext_lazy("Amount (yuan)"), min_value=0, decimal_places=2)
    receipt = forms.CharField(label=gettext_lazy("Receipt number"), max_length=40)


def overpayments(request: HttpRequest) -> HttpResponse:
    """Overpayments still owed, with the booking of money that came back."""
    form = ReturnForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        back = Return(
            overpayment_id=form.cleaned_data["overpayment"],
            way=Recovery.Way.REPAID,
            month=month_of(today()),
            amount_fen=parse_yuan(str(form.cleaned_data["amount"])),
            source=form.cleaned_data["receipt"],
        )
        book_return(back, by=actor_of(request.user))
        messages.success(request, _("The money has been booked."))
        return redirect("pension_overpayments")
    page = paged(request, open_overpayments())
    names = persons([row.person_id for row in page.rows])
    rows = [(row, names.get(row.person_id), row.amount_fen - row.recovered_fen) for row in page.rows]
    status = 422 if request.method == "POST" else 200
    context = {"shell": SHELLS["counter"], "rows": rows, "paged": page, "form": form, "open": Overpayment.State.OPEN}
    return render(request, "pension/overpayments.html", context, status=status)
