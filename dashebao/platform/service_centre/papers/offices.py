"""Which office issues a paper: the one of the holder's county, else of the city, else of the province."""

from __future__ import annotations

from dataclasses import dataclass

from dashebao.kernel.identity.api import Office
from dashebao.kernel.registry.api import city_of, region_name


@dataclass(frozen=True)
class Issuer:
    """The name under a paper and in its seal."""

    name: str
    name_en: str


def issuer_of(region_code: str) -> Issuer:
    """The office that serves a region; where none is set up, the region's agency by its usual name. One query."""
    places = [region_code, city_of(region_code), f"{region_code[:2]}0000"]
    rows = {row.region_code: row for row in Office.objects.filter(region_code__in=places).order_by("-id")}
    for place in places:
        if place in rows:
            return Issuer(rows[place].name, rows[place].name_en)
    return Issuer(f"{region_name(city_of(region_code))}社会保险基金管理局", "")
