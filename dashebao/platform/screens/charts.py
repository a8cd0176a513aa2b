"""Geometry of server-drawn charts: scales, ticks, lines and bars as numbers for an SVG template."""

from __future__ import annotations

import math
from dataclasses import dataclass

from dashebao.platform.screens.values import Chart, Column, Table

WIDTH, HEIGHT = 720, 260
LEFT, TOP, BOTTOM = 64, 10, 28
TICKS = 5


@dataclass(frozen=True)
class Tick:
    """One horizontal line with its number."""

    y: float
    text: str
    zero: bool


@dataclass(frozen=True)
class Label:
    """One label of the horizontal axis."""

    x: float
    text: str


@dataclass(frozen=True)
class Bar:
    """One bar."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Line:
    """One series: a path with the area below it, or bars."""

    name: str
    css: str
    path: str
    area: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Drawing:
    """Everything the template needs, and the table with the same numbers."""

    ticks: tuple[Tick, ...]
    labels: tuple[Label, ...]
    lines: tuple[Line, ...]
    table: Table
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT


def drawn(chart: Chart) -> Drawing:
    """The drawing of a chart; an empty chart has neither ticks nor lines."""
    known = [float(value) for series in chart.series for value in series.values if value is not None]
    kind = "money" if chart.unit == "fen" else "number"
    columns = [Column(""), *(Column(series.name, kind) for series in chart.series)]
    rows = [[label, *(s.values[i] for s in chart.series)] for i, label in enumerate(chart.labels)]
    table = Table(columns, rows)
    if not known:
        return Drawing((), (), (), table)
    steps = scale(min(known), max(known), from_zero=chart.kind == "bars")
    axis = _Axis(steps[0], steps[-1], max(1, len(chart.labels)), chart.kind == "bars")
    ticks = tuple(Tick(axis.y(step), _short(step, chart.unit == "fen"), step == 0) for step in steps)
    every = max(1, math.ceil(len(chart.labels) / 9))
    labels = tuple(Label(axis.x(i), str(text)) for i, text in enumerate(chart.labels) if i % every == 0)
    lines = tuple(
        _bars(axis, chart, number) if chart.kind == "bars" else _path(axis, chart, number)
        for number in range(len(chart.series))
    )
    return Drawing(ticks, labels, lines, table)


def scale(low: float, high: float, *, from_zero: bool) -> list[float]:
    """Round steps that contain the values; bars start at zero."""
    if from_zero:
        low, high = min(low, 0.0), max(high, 0.0)
    if high == low:
        high = low + (abs(low) or 1)
    rough = (high - low) / (TICKS - 1)
    magnitude = 10 ** math.floor(math.log10(rough))
    step = next(m * magnitude for m in (1, 2, 2.5, 5, 10) if m * magnitude >= rough)
    first, last = math.floor(low / step), math.ceil(high / step)
    return [index * step for index in range(first, last + 1)]


@dataclass(frozen=True)
class _Axis:
    low: float
    high: float
    count: int
    banded: bool

    def x(self, index: int) -> float:
        width = WIDTH - LEFT
        if self.banded:
            return round(LEFT + width * (index + 0.5) / self.count, 1)
        return round(LEFT + 8 + (width - 24) * index / max(1, self.count - 1), 1)

    def y(self, value: float) -> float:
        return round(TOP + (HEIGHT - TOP - BOTTOM) * (self.high - value) / (self.high - self.low), 1)


def _path(axis: _Axis, chart: Chart, number: int) -> Line:
    series = chart.series[number]
    parts: list[str] = []
    pen = "M"
    for index, value in enumerate(series.values):
        if value is None:
            pen = "M"
            continue
        parts.append(f"{pen}{axis.x(index)} {axis.y(float(value))}")
        pen = "L"
    path = "".join(parts)
    area = ""
    if path.count("M") == 1 and len(parts) > 1 and len(chart.series) < 3:
        first = next(i for i, v in enumerate(series.values) if v is not None)
        floor = axis.y(max(axis.low, 0.0)) if axis.low >= 0 else axis.y(0.0)
        area = f"{path}L{axis.x(first + len(parts) - 1)} {floor}L{axis.x(first)} {floor}Z"
    return Line(str(series.name), f"s{number % 6 + 1}", path, area, ())


def _bars(axis: _Axis, chart: Chart, number: int) -> Line:
    band = (WIDTH - LEFT) / axis.count * 0.72
    width = min(36.0, band / len(chart.series))
    start = -width * len(chart.series) / 2 + width * number
    bars = []
    for index, value in enumerate(chart.series[number].values):
        if value is not None:
            top, foot = sorted((axis.y(float(value)), axis.y(0.0)))
            bars.append(
                Bar(round(axis.x(index) + start + 1, 1), top, round(max(1.0, width - 2), 1), round(foot - top, 1))
            )
    return Line(str(chart.series[number].name), f"s{number % 6 + 1}", "", "", tuple(bars))


def _short(value: float, money: bool) -> str:
    number = value / 100 if money else value
    if number == int(number):
        return f"{int(number):,}"
    return f"{number:,.2f}".rstrip("0")
