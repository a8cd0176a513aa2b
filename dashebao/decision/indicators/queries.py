"""Reads of indicator values; row-level security narrows them to the reader's area."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from .models import IndicatorValue


@dataclass(frozen=True)
class Reading:
    """One indicator now, a year ago (None if unknown) and its last values, oldest first."""

    code: str
    value: int
    year_before: int | None
    line: tuple[int, ...]


def months(region: str) -> list[int]:
    """The months with values for a region, newest first."""
    rows = IndicatorValue.objects.filter(region_code=region, code="insured", scheme="", part="")
    return list(rows.order_by("-month").values_list("month", flat=True))


def latest_month(region: str) -> int | None:
    """The newest month with values for a region."""
    return next(iter(months(region)), None)


def computed_at(month: int, region: str) -> datetime | None:
    """When the values of a month were computed."""
    found: datetime | None = IndicatorValue.objects.filter(month=month, region_code=region).aggregate(
        at=Max("computed_at")
    )["at"]
    return found


def history(codes: Sequence[str], region: str, scheme: str, through: int, count: int = 25) -> dict[str, dict[int, int]]:
    """Values by code and month for the last `count` months through one; one query."""
    first = through - 100 * (count // 12 + 1)
    rows = IndicatorValue.objects.filter(
        code__in=list(codes), region_code=region, scheme=scheme, part="", month__lte=through, month__gt=first
    ).order_by("month")
    found: dict[str, dict[int, int]] = {code: {} for code in codes}
    for code, month, value in rows.values_list("code", "month", "value"):
        found[code][month] = value
    return {code: dict(list(line.items())[-count:]) for code, line in found.items()}


def readings(codes: Sequence[str], region: str, scheme: str, month: int) -> dict[str, Reading]:
    """The indicators of a region and month with their past year; a code without a value is left out."""
    found = {}
    for code, line in history(codes, region, scheme, month, 13).items():
        if month in line:
            found[code] = Reading(code, line[month], line.get(month - 100), tuple(line.values()))
    return found


def by_region(codes: Sequence[str], inside: Sequence[str], scheme: str, month: int) -> dict[str, dict[str, int]]:
    """Values by region and code for these regions; one query."""
    rows = IndicatorValue.objects.filter(
        code__in=list(codes), region_code__in=list(inside), scheme=scheme, part="", month=month
    )
    found: dict[str, dict[str, int]] = {code: {} for code in inside}
    for region, code, value in rows.values_list("region_code", "code", "value"):
        found[region][code] = value
    return found


def structure(code: str, region: str, scheme: str, month: int) -> dict[str, int]:
    """The parts of an indicator of a region and month."""
    rows = IndicatorValue.objects.filter(code=code, region_code=region, scheme=scheme, month=month).exclude(part="")
    return dict(rows.order_by("part").values_list("part", "value"))
