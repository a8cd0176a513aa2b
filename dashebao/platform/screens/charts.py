"""Geometry of server-drawn charts: scales, ticks, lines and bars as numbers for an SVG template."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language, pgettext

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
    title: str = ""


@dataclass(frozen=True)
class Dot:
    """One point of a line with the words a pointer shows."""

    x: float
    y: float
    title: str


@dataclass(frozen=True)
class Line:
    """One series: a path with the area below it and its points, or bars."""

    name: str
    css: str
    path: str
    area: str
    bars: tuple[Bar, ...]
    dots: tuple[Dot, ...] = ()


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
    unit: str = ""


def drawn(chart: Chart) -> Drawing:
    """The drawing of a chart; an empty chart has neither ticks nor lines."""
    known = [float(value) for series in chart.series for value in series.values if value is not None]
    kind = "money" if chart.unit == "fen" else "number"
    columns = [Column(""), *(Column(series.name, kind) for series in chart.series)]
    rows = [[label, *(s.values[i] for s in chart.series)] for i, label in enumerate(chart.labels)]
    table = Table(columns, rows)
    if not known:
        return Drawing((), (), (), table)
    steps = scale(min(known), max(known), from_zero=chart.kind == "bars" or 0 <= min(known) < 0.6 * max(known))
    axis = _Axis(steps[0], steps[-1], max(1, len(chart.labels)), chart.kind == "bars")
    divisor, unit = money_scale(max(map(abs, steps))) if chart.unit == "fen" else (1, str(chart.unit))
    ticks = tuple(Tick(axis.y(step), _short(step / divisor), step == 0) for step in steps)
    every = max(1, math.ceil(len(chart.labels) / 9))
    labels = tuple(Label(axis.x(i), str(text)) for i, text in enumerate(chart.labels) if i % every == 0)
    lines = tuple(
        _bars(axis, chart, number) if chart.kind == "bars" else _path(axis, chart, number)
        for number in range(len(chart.series))
    )
    return Drawing(ticks, labels, lines, table, unit=unit)


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
    dots = tuple(
        Dot(axis.x(index), axis.y(float(value)), _told(chart, number, index))
        for index, value in enumerate(series.values)
        if value is not None
    )
    return Line(str(series.name), f"s{number % 6 + 1}", path, area, (), dots)


def _told(chart: Chart, number: int, index: int) -> str:
    series = chart.series[number]
    value = series.values[index] or 0
    text = "{} {}".format(*large_money(int(value))) if chart.unit == "fen" else f"{value:,}"
    return f"{chart.labels[index]} · {series.name}: {text}"


def _bars(axis: _Axis, chart: Chart, number: int) -> Line:
    band = (WIDTH - LEFT) / axis.count * 0.72
    width = min(36.0, band / len(chart.series))
    start = -width * len(chart.series) / 2 + width * number
    bars = []
    for index, value in enumerate(chart.series[number].values):
        if value is not None:
            top, foot = sorted((axis.y(float(value)), axis.y(0.0)))
            bars.append(
                Bar(
                    round(axis.x(index) + start + 1, 1), top, round(max(1.0, width - 2), 1), round(foot - top, 1),
                    _told(chart, number, index),
                )
            )  # fmt: skip
    return Line(str(chart.series[number].name), f"s{number % 6 + 1}", "", "", tuple(bars))


def _short(number: float) -> str:
    if abs(number - round(number)) < 1e-9:
        return f"{round(number):,}"
    return f"{number:,.2f}".rstrip("0")


def money_scale(fen: float) -> tuple[int, str]:
    """How many fen one unit of large amounts has, and its name, as the reader's language counts them."""
    if (get_language() or "zh").startswith("zh"):
        steps = (
            (10_000_000_000, pgettext("money", "hundred million yuan")),
            (1_000_000, pgettext("money", "ten thousand yuan")),
        )
    else:
        steps = ((100_000_000, pgettext("money", "million yuan")), (100_000, pgettext("money", "thousand yuan")))
    return next(((size, name) for size, name in steps if fen >= size), (100, pgettext("money", "yuan")))


def large_money(fen: int) -> tuple[str, str]:
    """An amount in its natural unit with two decimals, and the unit: 123,456,789,012 fen -> 12.35, 亿元."""
    divisor, unit = money_scale(abs(fen))
    cents = (2 * abs(fen) * 100 + divisor) // (2 * divisor)
    return f"{'−' if fen < 0 else ''}{cents // 100:,}.{cents % 100:02d}", unit


@dataclass(frozen=True)
class Spark:
    """A small line without axes in a box of 100 by 30: the points of the line, and of the area below it."""

    points: str
    area: str


def sparkline(values: Sequence[int]) -> Spark | None:
    """A small line of the values; None for fewer than two."""
    if len(values) < 2:
        return None
    low, high = min(values), max(values)
    span = (high - low) or 1
    found = [
        f"{round(100 * index / (len(values) - 1), 1)},{round(27 - 24 * (value - low) / span, 1)}"
        for index, value in enumerate(values)
    ]
    points = " ".join(found)
    return Spark(points, f"0,30 {points} 100,30")


TILE_WIDTH, TILE_HEIGHT, TILE_GAP = 84, 56, 6
CLASSES = 5


@dataclass(frozen=True)
class Tile:
    """One place of a tile map: where it stands, its class of shade (0 to 5, None without a value), name and value."""

    x: int
    y: int
    name: str
    text: str
    shade: int | None
    href: str = ""

    @property
    def middle(self) -> int:
        """The horizontal centre."""
        return self.x + TILE_WIDTH // 2

    @property
    def long(self) -> bool:
        """Whether the name needs smaller letters."""
        return len(self.name.encode()) > 12 or len(self.text) > 10


@dataclass(frozen=True)
class Shade:
    """One class of a tile map's legend."""

    number: int
    text: str


@dataclass(frozen=True)
class TileMap:
    """Places of one size on a grid, shaded by value, with the legend of the shades."""

    title: str
    tiles: tuple[Tile, ...]
    legend: tuple[Shade, ...]
    width: int
    height: int
    tile_width: int = TILE_WIDTH
    tile_height: int = TILE_HEIGHT


@dataclass(frozen=True)
class Place:
    """What a tile map is asked to show of one place: grid column and row from 1, raw value and its text."""

    name: str
    column: int
    row: int
    value: int | None
    text: str
    href: str = ""


def tile_map(title: str, places: Sequence[Place], told: Mapping[int, str]) -> TileMap:
    """The tiles of these places in shades by fifths of their values; `told` is how a value of a limit is written."""
    limits = _limits([place.value for place in places if place.value is not None])
    step_x, step_y = TILE_WIDTH + TILE_GAP, TILE_HEIGHT + TILE_GAP
    tiles = tuple(
        Tile(
            (place.column - 1) * step_x, (place.row - 1) * step_y, place.name, place.text,
            None if place.value is None else sum(place.value >= limit for limit in limits), place.href,
        )
        for place in places
    )  # fmt: skip
    legend = [Shade(0, f"< {told[limits[0]]}")] if limits else []
    legend += [Shade(number, f"≥ {told[limit]}") for number, limit in enumerate(limits, 1)]
    width = max((place.column for place in places), default=1) * step_x - TILE_GAP
    height = max((place.row for place in places), default=1) * step_y - TILE_GAP
    return TileMap(title, tiles, tuple(legend), width, height)


def _limits(values: Sequence[int]) -> list[int]:
    """The lower limits of the upper classes: values that stand at equal counts, each once, not the smallest."""
    ordered = sorted(values)
    found = {ordered[len(ordered) * number // CLASSES] for number in range(1, CLASSES)} if ordered else set()
    return sorted(found - set(ordered[:1]))
