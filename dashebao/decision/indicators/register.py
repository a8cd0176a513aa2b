"""The register of indicators: definition, unit, source, period and law of every figure a leader sees."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise

UNITS: dict[str, Text] = {
    "person_times": _("person-times"),
    "persons": _("persons"),
    "units": _("units"),
    "cases": _("cases"),
    "fen": _("yuan"),
    "months": _("months"),
    "workers": _("insured to 1 pensioner"),
    "percent": "%",
}


@dataclass(frozen=True)
class Ratio:
    """A quotient of two measures times `scale`; `by_month` multiplies by the number of the month in the year.

    `of_one_fund`: it has no meaning for all funds together.
    """

    above: str
    below: str
    scale: int
    by_month: bool = False
    of_one_fund: bool = False


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """One indicator: `sql` (a measure) or `ratio` says how it is computed, the words say the same to a reader.

    `sql` selects region_code, scheme, part, value over subjects, with the parameters month (yyyymm), january, first and
    last (days). `digits` of the stored whole number stand after the decimal point (money: 2, fen).
    `rising_is_good`: None where neither direction is good or bad in itself.
    """

    code: str
    title: Text
    formula: Text
    unit: str
    source: Text
    period: Text
    law: Text
    sql: str = ""
    ratio: Ratio | None = None
    digits: int = 0
    rising_is_good: bool | None = None

    def __post_init__(self) -> None:
        if bool(self.sql) == (self.ratio is not None):
            raise ValueError(f"indicator {self.code} needs either sql or ratio")
        if self.unit not in UNITS:
            raise ValueError(f"indicator {self.code}: unknown unit {self.unit}")


_indicators: dict[str, Indicator] = {}


def register_indicator(indicator: Indicator) -> Indicator:
    """Make an indicator known at start-up; the same code twice with other content is an error."""
    known = _indicators.setdefault(indicator.code, indicator)
    if known != indicator:
        raise ValueError(f"indicator {indicator.code} is registered twice")
    return known


def indicators() -> dict[str, Indicator]:
    """Every registered indicator by code, in the order of registration."""
    return dict(_indicators)
