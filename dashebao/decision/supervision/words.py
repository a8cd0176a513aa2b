"""Words for the facts of a finding and the acts on it."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dashebao.business.fund.rules import fund_of, funds
from dashebao.platform.screens.api import Fact

Text = str | Promise

FACTS: dict[str, tuple[Text, str]] = {
    "died_on": (_("Died on"), "text"),
    "for_month": (_("For month"), "month"),
    "paid_on": (_("Paid on"), "text"),
    "scheme": (_("Insurance"), "scheme"),
    "schemes": (_("Insurances"), "schemes"),
    "since": (_("Since"), "text"),
    "account_end": (_("Account ends in"), "text"),
    "people": (_("People"), "list"),
    "birth_on": (_("Born on"), "text"),
    "median_fen": (_("Median of the benefit"), "money"),
    "times": (_("Times the median"), "text"),
    "changed_on": (_("Account changed on"), "text"),
    "months": (_("Contribution months"), "number"),
    "needed": (_("Months needed"), "number"),
    "start_month": (_("First month"), "month"),
    "new_staff": (_("New staff"), "number"),
    "near": (_("Near retirement"), "number"),
    "officer": (pgettext_lazy("supervision", "Officer"), "text"),
    "related": (_("Relation"), "related"),
    "day": (_("Day"), "text"),
    "acts": (pgettext_lazy("count", "Acts"), "number"),
}
PARAMETERS: dict[str, Text] = {
    "men_years": pgettext_lazy("parameter", "youngest man, years"),
    "women_years": pgettext_lazy("parameter", "youngest woman, years"),
    "resident_years": pgettext_lazy("parameter", "youngest resident, years"),
    "times": pgettext_lazy("parameter", "times the median"),
    "at_least": pgettext_lazy("parameter", "at least so many"),
    "days": pgettext_lazy("parameter", "days before the payment"),
    "from_fen": pgettext_lazy("parameter", "from so many fen"),
    "least_months": pgettext_lazy("parameter", "months needed"),
    "since_month": pgettext_lazy("parameter", "awards since"),
    "months": pgettext_lazy("parameter", "months"),
    "years": pgettext_lazy("parameter", "age in years"),
    "from_hour": pgettext_lazy("parameter", "day begins at"),
    "to_hour": pgettext_lazy("parameter", "day ends after"),
    "people": pgettext_lazy("parameter", "people in a day"),
}
RELATED: dict[str, Text] = {"self": _("the officer"), "household": _("same household")}
ACT_NAMES: dict[str, Text] = {
    "take": pgettext_lazy("finding", "Take over"),
    "check": pgettext_lazy("finding", "Checked, carry on"),
    "confirm": pgettext_lazy("finding", "Confirm"),
    "propose": pgettext_lazy("finding", "Propose to dismiss"),
    "dismiss": pgettext_lazy("finding", "Dismiss"),
    "keep": pgettext_lazy("finding", "Do not dismiss"),
    "recover": pgettext_lazy("finding", "Put right"),
}


def scheme_name(scheme: str) -> str:
    """The short name of the fund that keeps a scheme, in the reader's language."""
    fund = funds()[fund_of(scheme)]
    return fund.short if translated("English") != "English" else fund.short_en


def fact_list(facts: dict[str, Any]) -> list[Fact]:
    """The facts of a finding with their words, in the order of FACTS."""
    out = []
    for name, (label, kind) in FACTS.items():
        if name in facts and facts[name] not in (None, ""):
            out.append(_fact(label, kind, facts[name]))
    return out


def _fact(label: Text, kind: str, value: Any) -> Fact:
    if kind == "scheme":
        return Fact(label, scheme_name(str(value)))
    if kind == "schemes":
        return Fact(label, " / ".join(scheme_name(str(one)) for one in value))
    if kind == "list":
        count = value if isinstance(value, int) else len(value)
        return Fact(label, count, "number")
    if kind == "related":
        return Fact(label, RELATED.get(str(value), str(value)))
    return Fact(label, value, kind)
