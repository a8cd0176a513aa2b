"""What the leader's overview shows of a region, fund and month: figures, charts and tables from the same values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path

import yaml
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dashebao.business.fund.rules import funds
from dashebao.kernel.legal_time.api import last_day_of
from dashebao.kernel.registry.api import Region, region_name, scope_prefix
from dashebao.platform.screens.api import Chart, Column, Link, Place, Series, Table, tile_map

from .queries import by_region, computed_at, history, readings, structure
from .register import Indicator, indicators
from .writing import Card, age_name, card, joined

KEY_FIGURES = (
    "insured", "pensioners", "dependency", "average_pension", "income_year", "expense_year", "balance",
    "months_payable", "collected", "collection_rate", "pension_due", "on_time",
)  # fmt: skip
# Shown only where the books are not kept in this region: the ledger says the same better.
INSTEAD_OF_BOOKS = {"collected": "income_year", "pension_due": "expense_year"}
COMPARED = ("insured", "pensioners", "dependency", "average_pension", "collected", "collection_rate", "months_payable")
MAP_METRICS = ("insured", "dependency", "average_pension", "collection_rate", "collected", "months_payable")
WITHOUT_SCHEME = ("on_time",)
COLUMNS = 6


@dataclass(frozen=True)
class Asked:
    """What is looked at: a region, a fund ("" = all), a month (yyyymm), the metric of the map."""

    region: str
    scheme: str
    month: int
    metric: str

    def query(self, **changed: str) -> str:
        """The address of this view with something changed."""
        values = {"region": self.region, "scheme": self.scheme, "month": str(self.month), "metric": self.metric}
        return "&".join(f"{name}={value}" for name, value in {**values, **changed}.items())


def fund_title(scheme: str) -> str:
    """The name of a fund in the reader's language, or of all of them."""
    if not scheme:
        return _("All funds")
    found = funds()[scheme]
    return found.name if (get_language() or "zh").startswith("zh") else found.name_en


def source_line(month: int, region: str) -> tuple[datetime | None, date]:
    """When the values were computed, and the day they stand for."""
    return computed_at(month, region), last_day_of(month)


def key_figures(asked: Asked) -> list[Card]:
    """The cards of the page in their order; a figure without a value is left out."""
    found = readings(KEY_FIGURES, asked.region, asked.scheme, asked.month)
    found |= readings(WITHOUT_SCHEME, asked.region, "", asked.month)
    known = indicators()
    return [
        card(known[code], found[code])
        for code in KEY_FIGURES
        if code in found and INSTEAD_OF_BOOKS.get(code) not in found
    ]


def flow_chart(asked: Asked, count: int = 24) -> Chart:
    """Income and expense by month from the ledger; contributions and pensions where the region keeps no books."""
    codes = ("income", "expense")
    found = history(codes, asked.region, asked.scheme, asked.month, count)
    if not any(found.values()):
        codes = ("collected", "pension_due")
        found = history(codes, asked.region, asked.scheme, asked.month, count)
    title = _("Income and expense by month") if codes[0] == "income" else _("Contributions and pensions by month")
    return _lines(asked, title, found, "fen")


def people_chart(asked: Asked, count: int = 24) -> Chart:
    """Insured people and pensioners by month."""
    found = history(("insured", "pensioners"), asked.region, asked.scheme, asked.month, count)
    return _lines(asked, _("Insured and pensioners by month"), {code: line for code, line in found.items() if line}, "")


def _lines(asked: Asked, title: str, found: dict[str, dict[int, int]], unit: str) -> Chart:
    months = sorted({month for line in found.values() for month in line})
    known = indicators()
    source = _("Source: %(source)s") % {"source": known[next(iter(found))].source} if found else ""
    return Chart(
        title=title,
        labels=[f"{month // 100}-{month % 100:02d}" for month in months],
        series=[Series(known[code].title, [line.get(month) for month in months]) for code, line in found.items()],
        unit=unit,
        source=source,
        as_of=source_line(asked.month, asked.region)[1],
    )


def age_chart(asked: Asked) -> Chart:
    """Insured people and pensioners by age."""
    found = {
        code: structure(f"{code}_age", asked.region, asked.scheme, asked.month) for code in ("insured", "pensioners")
    }
    parts = sorted({part for groups in found.values() for part in groups})
    known = indicators()
    return Chart(
        title=_("Insured and pensioners by age"),
        labels=[age_name(part) for part in parts],
        series=[Series(known[code].title, [groups.get(part, 0) for part in parts]) for code, groups in found.items() if groups],
        kind="bars",
        source=_("Source: %(source)s") % {"source": known["insured_age"].source},
        as_of=source_line(asked.month, asked.region)[1],
    )  # fmt: skip


@dataclass(frozen=True)
class Part:
    """A region inside the one looked at, with its values."""

    code: str
    name: str
    values: dict[str, int]
    further: bool


def parts(asked: Asked) -> list[Part]:
    """The regions directly inside, in the order of their codes; none below a county."""
    inside = list(
        Region.objects.filter(parent_code=asked.region, valid_during__upper_inf=True).order_by("code").values_list("code", "level")
    )  # fmt: skip
    found = by_region(COMPARED, [code for code, _level in inside], asked.scheme, asked.month)
    return [Part(code, _short(code), found[code], level != "county") for code, level in inside]


def _short(code: str) -> str:
    name = region_name(code)
    if code.endswith("00"):
        return name.removesuffix("市")
    return name.removesuffix(" District").removesuffix(" County").removesuffix(" City")


def comparison(asked: Asked, inside: Sequence[Part], address: str) -> Table:
    """The regions inside side by side, with links into them."""
    known = indicators()
    shown = [known[code] for code in COMPARED if any(code in part.values for part in inside)]
    columns = [Column(_("Place"), "link"), *(Column(one.title, _kind(one)) for one in shown)]
    rows = [
        [
            Link(part.name, f"{address}?{asked.query(region=part.code)}") if part.further else part.name,
            *(_raw(one, part.values.get(one.code)) for one in shown),
        ]
        for part in inside
    ]
    return Table(columns, rows, empty=_("There is nothing to compare below this place."))


def _kind(one: Indicator) -> str:
    return "money" if one.unit == "fen" else "percent" if one.unit == "percent" else "number"


def _raw(one: Indicator, value: int | None) -> str | int | float | None:
    if value is None or one.unit == "fen" or not one.digits:
        return value
    return f"{value / 10**one.digits:,.{one.digits}f}"


@cache
def _grid() -> dict[str, dict[str, tuple[int, int]]]:
    read = yaml.safe_load((Path(__file__).parent / "tiles.yaml").read_text(encoding="utf-8"))
    return {prefix: {code: (at[0], at[1]) for code, at in rows.items()} for prefix, rows in read.items()}


def tiles(asked: Asked, inside: Sequence[Part], address: str) -> object:
    """The tile map of the regions inside."""
    one = indicators()[asked.metric]
    grid = _grid().get(scope_prefix(asked.region), {})
    places = []
    for number, part in enumerate(inside):
        column, row = grid.get(part.code, (number % COLUMNS + 1, number // COLUMNS + 1))
        value = part.values.get(one.code)
        href = f"{address}?{asked.query(region=part.code)}" if part.further else ""
        places.append(Place(part.name, column, row, value, joined(one, value), href))
    told = {place.value: place.text for place in places if place.value is not None}
    return tile_map(str(one.title), places, told)
