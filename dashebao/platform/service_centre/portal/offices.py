"""Offices as the public sees them."""

from __future__ import annotations

from dashebao.kernel.identity.api import Office


def nearest(region_code: str) -> Office | None:
    """The office of a county, or of its city; the first city's office without a region. One query."""
    rows = Office.objects.filter(level__in=("county", "city"))
    if region_code:
        rows = rows.filter(region_code__in=(region_code, f"{region_code[:4]}00"))
        return rows.order_by("-region_code").first()
    return rows.filter(level="city").order_by("region_code").first()


def offices_of(city: str) -> list[Office]:
    """The offices of a city (four digits of its code): its own first, then those of its counties."""
    return list(Office.objects.filter(region_code__startswith=city).order_by("region_code", "code")) if city else []
