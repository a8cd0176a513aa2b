"""The parameters of the law under headings people know: the insurance, and within it the topic, by the start of a name."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

Text = str | Promise


@dataclass(frozen=True)
class Insurance:
    """A heading of the list."""

    code: str
    title: Text


INSURANCES = (
    Insurance("pension", _("Employees' pension")),
    Insurance("residents", pgettext_lazy("insurance", "Residents' pension")),
    Insurance("medical", _("Medical and maternity")),
    Insurance("unemployment", pgettext_lazy("insurance", "Unemployment")),
    Insurance("injury", pgettext_lazy("insurance", "Work injury")),
    Insurance("all", _("Every insurance")),
    Insurance("service", pgettext_lazy("of the office", "Services")),
)

CONTRIBUTIONS = _("Rates and bases of contributions")
RETIREMENT = _("Retirement age")
SPECIAL = _("Early retirement for special work")
AWARD = _("Award of the pension")
AMOUNTS = _("Wages and bases by year")
GUANGDONG = _("Guangdong's own rules of the award")
FLEXIBLE = pgettext_lazy("insurance", "Flexible workers")
DEEMED = _("Deemed contributions")
ACCOUNT = _("Personal accounts")
COLLECTING = _("Collection and late payment")

TOPICS: dict[str, tuple[str, Text]] = {
    "levy": ("all", COLLECTING),
    "levy.minimum_wage": ("all", AMOUNTS),
    "levy.allocation_rank": ("all", _("Order in which a payment settles the insurances")),
    "levy.pension": ("pension", CONTRIBUTIONS),
    "levy.supplementary": ("pension", CONTRIBUTIONS),
    "levy.flexible": ("pension", FLEXIBLE),
    "levy.medical": ("medical", pgettext_lazy("insurance", "Medical")),
    "levy.maternity": ("medical", pgettext_lazy("insurance", "Maternity")),
    "levy.unemployment": ("unemployment", CONTRIBUTIONS),
    "levy.injury": ("injury", CONTRIBUTIONS),
    "levy.injury.base_rate": ("injury", _("Rates of the industry classes")),
    "levy.injury.float_steps": ("injury", _("Rates by experience")),
    "pension": ("pension", AWARD),
    "pension.retirement": ("pension", RETIREMENT),
    "pension.retirement.M60": ("pension", _("Retirement age of men")),
    "pension.retirement.F55": ("pension", _("Retirement age of women, formerly 55")),
    "pension.retirement.F50": ("pension", _("Retirement age of women, formerly 50")),
    "pension.choice": ("pension", RETIREMENT),
    "pension.special_trade": ("pension", SPECIAL),
    "pension.calc_base": ("pension", AMOUNTS),
    "pension.index_wage": ("pension", AMOUNTS),
    "pension.index_wage_lag": ("pension", AMOUNTS),
    "pension.limits_wage": ("pension", AMOUNTS),
    "pension.deemed_index": ("pension", DEEMED),
    "pension.deemed_until": ("pension", DEEMED),
    "pension.guangdong": ("pension", GUANGDONG),
    "pension.uses_guangdong_award": ("pension", GUANGDONG),
    "pension.interest_rate": ("pension", ACCOUNT),
    "pension.interest_by_month_product": ("pension", ACCOUNT),
    "pension.annual_method_factor": ("pension", ACCOUNT),
    "pension.payout_months": ("pension", ACCOUNT),
    "pension.payout_by_month": ("pension", ACCOUNT),
    "pension.adjustment": ("pension", _("Yearly increase")),
    "pension.disability": ("pension", _("Disability allowance")),
    "pension.survivor": ("pension", pgettext_lazy("benefit", "Survivors and funeral")),
    "pension.survivor_scope": ("pension", pgettext_lazy("benefit", "Survivors and funeral")),
    "pension.transfer": ("pension", _("Transfer between provinces")),
    "pension.qualification_months": ("pension", _("Proof of life and reports")),
    "pension.report_stop_days": ("pension", _("Proof of life and reports")),
    "residents": ("residents", _("Joining, paying and drawing")),
    "cases": ("service", _("Cases and ratings")),
    "service": ("service", _("Cases and ratings")),
}
OTHERS: tuple[str, Text] = ("service", pgettext_lazy("parameters", "Others"))


def topic_of(name: str) -> tuple[str, Text]:
    """Insurance and topic of a parameter: those of the longest known start of its name."""
    start = name
    while start:
        if start in TOPICS:
            return TOPICS[start]
        start = start.rpartition(".")[0]
    return OTHERS
