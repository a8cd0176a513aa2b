"""Retirement choices side by side, for a person's own record and for data typed into the public calculator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, cast

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from dashebao.business.insurance.pension.comparing import (
    Ahead,
    Situation,
    ages,
    ahead_of,
    choices,
    longest_record,
    received,
    typed_facts,
)
from dashebao.business.insurance.pension.estimate import Choice
from dashebao.business.insurance.pension.items.parts import today
from dashebao.business.insurance.pension.models import Category
from dashebao.business.insurance.pension.sheet import spoken_age
from dashebao.kernel.legal_time.api import month_of, month_text
from dashebao.kernel.money.api import MoneyError, parse_yuan
from dashebao.kernel.registry.api import home_province, region_name, regions
from dashebao.kernel.rules.api import RulesError
from dashebao.platform.screens.api import Chart, Column, Series, Table

NAMES = {
    "earliest": pgettext_lazy("retirement", "Earliest"),
    "statutory": pgettext_lazy("retirement", "Statutory age"),
    "latest": pgettext_lazy("retirement", "Latest"),
    "own": pgettext_lazy("retirement", "My choice"),
    "between": pgettext_lazy("retirement", "My choice"),
    "now": pgettext_lazy("retirement", "Now"),
}
PARTS = {
    "basic": gettext_lazy("Basic pension"),
    "account": pgettext_lazy("part of a pension", "Account pension"),
    "transitional": gettext_lazy("Transitional pension"),
    "adjustment": gettext_lazy("Difference of the methods"),
}
EVERY = 5


def own_month(request: HttpRequest) -> int:
    """The month of retirement in the address (2031-05 or 203105), 0 without one."""
    text = request.GET.get("month", "").replace("-", "")
    return int(text) if text.isdecimal() and len(text) == 6 and 1 <= int(text[4:]) <= 12 else 0


def side_by_side(rows: Sequence[Choice], birth_month: int, own: int = 0) -> dict[str, Any]:
    """Context of the comparison: a card for each choice, who is ahead when, and what was received by age."""
    return {
        "cards": [_card(row, own) for row in rows],
        "ahead": _ahead_table(ahead_of(rows, birth_month)) if len(rows) > 1 else None,
        "received": _chart(rows, birth_month),
        "own": f"{own // 100}-{own % 100:02d}" if own else "",
        "first": rows[0].retire_month,
        "last": rows[-1].retire_month,
    }


def _card(row: Choice, own: int) -> dict[str, Any]:
    return {
        "name": NAMES[row.kind],
        "own": row.retire_month == own,
        "month": row.retire_month,
        "age": spoken_age(row.age),
        "enough": row.enough,
        "missing": max(0, row.sheet.minimum_months - row.sheet.total_months),
        "months": row.sheet.total_months,
        "needed": row.sheet.minimum_months,
        "monthly_fen": row.sheet.monthly_fen,
        "parts": [(PARTS.get(part, part), amount) for part, amount in row.sheet.parts],
        "balance_fen": row.sheet.account_balance_fen,
        "payout": row.sheet.payout_months,
    }


def _ahead_table(found: Sequence[Ahead]) -> Table:
    columns = [
        Column(pgettext("retirement", "Earlier")),
        Column(_("Later")),
        Column(_("More a month (yuan)"), "money"),
        Column(_("Later one is ahead from"), "month"),
        Column(_("Age then")),
    ]
    rows = [
        (
            month_text(one.earlier.retire_month),
            month_text(one.later.retire_month),
            one.more_fen,
            one.month,
            spoken_age(one.age) if one.age else _("Not comparable"),
        )
        for one in found
    ]
    return Table(columns, rows)


def _chart(rows: Sequence[Choice], birth_month: int) -> Chart | None:
    """What each choice has paid in all by age, every few years."""
    paying = [row for row in rows if row.enough]
    if not paying:
        return None
    span = ages(paying, birth_month)
    marks = [age for age in span if age % EVERY == 0 or age == span[0]]
    return Chart(
        title=_("Received in all, by age"),
        labels=[_("age %(age)d") % {"age": age} for age in marks],
        series=[
            Series(
                f"{NAMES[row.kind]} {month_text(row.retire_month)}", [received(row, birth_month, age) for age in marks]
            )
            for row in paying
        ],
        kind="lines",
        unit="fen",
        source=_("Estimate without later increases"),
        as_of=today(),
    )


class CalculatorForm(forms.Form):
    """What the public calculator asks."""

    category = forms.ChoiceField(label=gettext_lazy("Who you are"), choices=Category.choices)
    birth = forms.RegexField(
        r"^(19|20)\d{2}-(0[1-9]|1[0-2])$",
        label=gettext_lazy("Month of birth"),
        widget=forms.TextInput(attrs={"placeholder": "1975-06", "inputmode": "numeric"}),
        error_messages={
            "required": gettext_lazy("Enter the month of birth, for example 1975-06"),
            "invalid": gettext_lazy("Write the month of birth as 1975-06"),
        },
    )
    city = forms.ChoiceField(label=gettext_lazy("City of insurance"))
    months = forms.IntegerField(
        label=gettext_lazy("Months paid so far"),
        min_value=0,
        max_value=600,
        error_messages={"required": gettext_lazy("Enter how many months you have paid; 0 if none")},
    )
    index = forms.DecimalField(
        label=gettext_lazy("Average index of your contributions"),
        min_value=Decimal("0.3"),
        max_value=5,
        decimal_places=4,
        initial="1.0",
        help_text=gettext_lazy(
            "Your wage against the average wage: 0.6 at the lowest base, 1 at the average, 3 at most"
        ),
        error_messages={"required": gettext_lazy("Enter your average index; 1 if you do not know it")},
    )
    balance = forms.CharField(
        label=gettext_lazy("Personal account today (yuan)"),
        max_length=16,
        error_messages={"required": gettext_lazy("Enter the balance of your account; 0 if you do not know it")},
    )
    base = forms.CharField(
        label=gettext_lazy("Monthly base from now on (yuan)"),
        max_length=16,
        help_text=gettext_lazy("Your monthly wage, between the lower and the upper limit; 0 if you stop paying"),
        error_messages={"required": gettext_lazy("Enter the monthly base; 0 if you stop paying")},
    )
    month = forms.RegexField(
        r"^20\d{2}-(0[1-9]|1[0-2])$",
        label=gettext_lazy("Month you would like to retire"),
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "2036-01", "inputmode": "numeric"}),
        error_messages={"invalid": gettext_lazy("Write the month as 2036-01")},
    )

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        cities = [(row.code, region_name(row.code)) for row in regions("city", home_province().code, today())]
        cast("forms.ChoiceField", self.fields["city"]).choices = cities

    def clean_balance(self) -> int:
        """Fen."""
        return self._fen("balance")

    def clean_base(self) -> int:
        """Fen."""
        return self._fen("base")

    def _fen(self, name: str) -> int:
        try:
            amount = parse_yuan(str(self.cleaned_data[name]))
        except MoneyError as error:
            raise forms.ValidationError(_("Write the amount in yuan, for example 86423.17")) from error
        if not 0 <= amount <= 100_000_000_00:
            raise forms.ValidationError(_("The amount must not be below 0 nor above 100 million yuan."))
        return amount

    def clean(self) -> dict[str, Any]:
        """The months paid must lie after the sixteenth birthday and in the years whose wages are known."""
        cleaned: dict[str, Any] = super().clean() or {}
        if "months" in cleaned and "city" in cleaned:
            most = longest_record(cleaned["city"], today())
            if cleaned["months"] > most:
                self.add_error("months", _("At most %(most)d months: wages before are not published.") % {"most": most})
        return cleaned


def calculator(request: HttpRequest) -> HttpResponse:
    """The public calculator: typed data in the address, nothing is stored."""
    asked = any(name in request.GET for name in ("birth", "months", "category"))
    form = CalculatorForm(request.GET if asked else None)
    context: dict[str, Any] = {"shell": "screens/portal.html", "form": form}
    status = 200
    if asked and form.is_valid():
        try:
            context |= _calculated(form.cleaned_data)
        except RulesError as error:
            form.add_error(None, str(error))
    if form.errors:
        status = 422
    return render(request, "pension/calculator.html", context, status=status)


def _calculated(given: Mapping[str, Any]) -> dict[str, Any]:
    birth = int(given["birth"].replace("-", ""))
    facts, assumed = typed_facts(
        Situation(
            category=given["category"],
            birth_month=birth,
            region=given["city"],
            paid_months=given["months"],
            index=Fraction(given["index"]),
            balance_fen=given["balance"],
            base_fen=given["base"],
        ),
        today(),
    )
    own = int(given["month"].replace("-", "")) if given["month"] else 0
    rows = choices(facts, assumed, own)
    outside = bool(own) and all(row.retire_month != own for row in rows)
    return side_by_side(rows, birth, own) | {"assumed": assumed, "outside": outside, "now": month_of(today())}
