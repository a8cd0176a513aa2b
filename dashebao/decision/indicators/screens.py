"""Puts the leader's overview and the catalogue of indicators at the counter."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from dashebao.business.fund.rules import funds
from dashebao.kernel.identity.api import actor_of
from dashebao.kernel.registry.api import Region, region_name, region_path
from dashebao.platform.screens.api import (
    Chart,
    Column,
    Face,
    Group,
    Page,
    Table,
    download,
    drawn,
    register_group,
    register_page,
    workbook,
)

from .overview import (
    MAP_METRICS,
    Asked,
    age_chart,
    comparison,
    flow_chart,
    fund_title,
    key_figures,
    parts,
    people_chart,
    source_line,
    tiles,
)
from .queries import months
from .register import UNITS, indicators

ROLES = ("leader.viewer", "supervision.viewer", "supervision.officer", "audit.reader")
DEFAULT_SCHEME = "110"


class NoFigures(Exception):
    """Nothing has been computed for the place yet; the message is for the reader."""


def asked_of(request: HttpRequest) -> tuple[Asked, list[int]]:
    """What the address asks for, inside the reader's area; 404 for a place outside it. And the months there are."""
    own = actor_of(request.user).region  # type: ignore[arg-type]
    region = request.GET.get("region", "") or own.ljust(6, "0")
    if not (region.isdecimal() and len(region) == 6 and region.startswith(own)):
        raise Http404(_("This place lies outside your area."))
    known = months(region)
    wanted = request.GET.get("month", "").replace("-", "")
    month = int(wanted) if wanted.isdecimal() and int(wanted) in known else (known[0] if known else 0)
    scheme = request.GET.get("scheme", DEFAULT_SCHEME)
    metric = request.GET.get("metric", "")
    asked = Asked(
        region, scheme if scheme in funds() else "", month, metric if metric in MAP_METRICS else MAP_METRICS[0]
    )
    return asked, known


def overview_view(request: HttpRequest) -> HttpResponse:
    """The leader's overview: key figures, trends, places side by side, structure by age."""
    asked, known = asked_of(request)
    address = reverse("overview")
    if request.GET.get("as") == "xlsx":
        return _file(asked, known)
    if not known:
        return render(request, "indicators/overview.html", {"asked": asked, "places": [], "known": known})
    inside = parts(asked)
    at, as_of = source_line(asked.month, asked.region)
    own = actor_of(request.user).region  # type: ignore[arg-type]
    context: dict[str, Any] = {
        "asked": asked, "known": known, "cards": key_figures(asked), "flow": flow_chart(asked),
        "people": people_chart(asked), "ages": age_chart(asked), "inside": inside, "wall": request.GET.get("wall") == "1",
        "table": comparison(asked, inside, address),
        "tiles": tiles(asked, inside, address), "metrics": _metrics(asked, inside), "metric": indicators()[asked.metric],
        "places": _places(own, asked.region), "schemes": [("", fund_title("")), *((c, fund_title(c)) for c in funds())],
        "fund": fund_title(asked.scheme), "place": region_path(asked.region), "computed_at": at, "as_of": as_of,
        "up": _above(own, asked.region), "definitions": list(indicators().values()),
    }  # fmt: skip
    return render(request, "indicators/overview.html", context)


def _metrics(asked: Asked, inside: Any) -> list[dict[str, Any]]:
    return [
        {"code": code, "title": indicators()[code].title, "query": asked.query(metric=code)}
        for code in MAP_METRICS
        if any(code in part.values for part in inside)
    ]


def _places(own: str, chosen: str) -> list[tuple[str, str]]:
    """The reader's own place and what lies directly inside it, and the chosen one."""
    top = own.ljust(6, "0")
    rows = Region.objects.filter(parent_code=top, valid_during__upper_inf=True).order_by("code")
    codes = [top, *rows.values_list("code", flat=True)]
    return [(code, region_name(code)) for code in (codes if chosen in codes else [*codes, chosen])]


def _above(own: str, chosen: str) -> str:
    """The next larger place, if the reader may see it."""
    parent = (
        Region.objects.filter(code=chosen, valid_during__upper_inf=True).values_list("parent_code", flat=True).first()
    )
    return parent if parent and parent.startswith(own) else ""


def _file(asked: Asked, known: list[int]) -> HttpResponse:
    """The overview as an Excel file: every table of the page."""
    if not known:
        raise NoFigures(_("There are no figures yet."))
    inside = parts(asked)
    cards = key_figures(asked)
    figures = Table(
        [Column(_("Indicator")), Column(_("Value")), Column(_("Unit")), Column(_("On a year before")), Column(_("Definition")), Column(_("Source"))],
        [[c.indicator.title, c.text, c.unit, c.change, c.indicator.formula, c.indicator.source] for c in cards],
    )  # fmt: skip
    charts: list[Chart] = [flow_chart(asked), people_chart(asked), age_chart(asked)]
    sheets = [(_("Key figures"), figures), *((str(chart.title), drawn(chart).table) for chart in charts)]
    sheets.append((_("Places side by side"), comparison(asked, inside, "")))
    month = f"{asked.month // 100}-{asked.month % 100:02d}"
    heading = " · ".join((region_path(asked.region), fund_title(asked.scheme), month))
    return download(workbook(sheets, heading), f"overview-{asked.region}-{asked.scheme or 'all'}-{asked.month}")


def definitions_view(request: HttpRequest) -> HttpResponse:
    """The catalogue of indicators: what each counts, from where, by which law."""
    rows = [[one.title, one.formula, UNITS[one.unit], one.source, one.period, one.law] for one in indicators().values()]
    columns = [
        Column(_("Indicator")), Column(pgettext("indicator", "Formula")), Column(_("Unit")), Column(_("Source")), Column(_("Period")),
        Column(pgettext("indicator", "Law")),
    ]  # fmt: skip
    return render(request, "indicators/definitions.html", {"table": Table(columns, rows)})


def register() -> None:
    """Put the pages into the counter."""
    register_group(Group("decision", gettext_lazy("Decision support"), order=60))
    for order, (path, name, title, icon, view, group) in enumerate(
        (
            ("", "overview", pgettext_lazy("decision", "Overview"), "layout-dashboard", overview_view, "decision"),
            ("indicators/", "indicators", pgettext_lazy("menu", "Indicators"), "ruler", definitions_view, "decision"),
        )
    ):
        register_page(
            Page(
                face=Face.COUNTER, path=f"decision/{path}", name=name, title=title, icon=icon, view=view, group=group,
                order=order * 10, roles=ROLES, told=(NoFigures,),
            )
        )  # fmt: skip


register()
