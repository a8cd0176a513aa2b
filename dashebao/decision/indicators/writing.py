"""How indicator values are written: in their natural unit, with the change on a year before."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from dashebao.platform.screens.api import large_money, sparkline

from .queries import Reading
from .register import UNITS, Indicator

AMOUNTS_OF_ONE = ("average_pension",)  # written in yuan, not in millions


@dataclass(frozen=True)
class Card:
    """One key figure as the page shows it."""

    indicator: Indicator
    text: str
    unit: str
    change: str
    up: bool
    tone: str
    spark: object
    colour: str


def written(one: Indicator, value: int | None) -> tuple[str, str]:
    """A stored value and its unit for reading; a dash where there is none."""
    if value is None:
        return "—", ""
    if one.unit == "fen" and one.code not in AMOUNTS_OF_ONE:
        return large_money(value)
    sign, size = ("−" if value < 0 else ""), abs(value)
    power = 10**one.digits
    text = f"{sign}{size // power:,}" + (f".{size % power:0{one.digits}d}" if one.digits else "")
    return text, str(UNITS[one.unit])


def joined(one: Indicator, value: int | None) -> str:
    """A value with its unit as one text, as tables and maps show it."""
    text, unit = written(one, value)
    if one.unit in ("persons", "person_times", "workers", "months", "units", "cases"):
        return text
    return text + unit if unit == "%" else f"{text} {unit}".strip()


def card(one: Indicator, reading: Reading) -> Card:
    """The key figure of an indicator with its line and its change on the same month a year before."""
    text, unit = written(one, reading.value)
    change, up, tone = _change(one, reading)
    good = one.rising_is_good is not False
    return Card(one, text, unit, change, up, tone, sparkline(reading.line), "s1" if good else "s2")


def _change(one: Indicator, reading: Reading) -> tuple[str, bool, str]:
    before = reading.year_before
    if before is None or before == reading.value or (one.ratio is None and before <= 0):
        return "", True, ""
    up = reading.value > before
    sign = "+" if up else "−"
    if one.ratio is not None and one.unit != "fen":
        power = 10**one.digits
        gap = abs(reading.value - before)
        text = f"{sign}{gap // power}" + (f".{gap % power:0{one.digits}d}" if one.digits else "")
        text += pgettext("difference of percentages", " pts") if one.unit == "percent" else ""
    else:
        tenths = (2_000 * abs(reading.value - before) + before) // (2 * before)
        text = f"{sign}{tenths // 10}.{tenths % 10}%"
    tone = "" if one.rising_is_good is None else "good" if up == one.rising_is_good else "bad"
    return text, up, tone


def age_name(part: str) -> str:
    """The name of an age group."""
    low = int(part)
    if low == 10:
        return _("under 20")
    return _("80 and over") if low >= 80 else f"{low}–{low + 9}"
