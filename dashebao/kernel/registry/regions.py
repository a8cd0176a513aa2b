"""Administrative divisions: the shipped list, and lookups on a day through a small cache."""

import time
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.db import connections
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dashebao.kernel.registry.errors import NoSuchRegion
from dashebao.kernel.registry.models import Region

SHIPPED = Path(__file__).parent / "parameters" / "regions.yaml"
CACHE_SECONDS = 60.0
LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the same rules, parsed by libyaml where it is there


@dataclass(frozen=True)
class RegionView:
    """A division while its code is in force: [since, until)."""

    code: str
    name: str
    name_en: str
    level: str
    parent_code: str
    since: date | None
    until: date | None
    successors: tuple[str, ...]

    @property
    def title(self) -> str:
        """The name in the language of the reader."""
        return self.name_en if reader_language() == "en" else self.name

    @property
    def scope(self) -> str:
        """The code without its trailing pairs of zeros: the prefix of all divisions inside."""
        return scope_prefix(self.code)

    def holds(self, on: date) -> bool:
        """Whether the code is in force on a day."""
        return (self.since is None or self.since <= on) and (self.until is None or on < self.until)


@dataclass
class _Book:
    read_at: float = 0.0
    by_code: dict[str, list[RegionView]] | None = None


_book = _Book()


def load_regions() -> int:
    """Write the shipped divisions that the database lacks; returns how many were new. Changes none that is there."""
    known = set(Region.objects.values_list("code", flat=True))
    fresh = [_row(entry) for entry in _shipped() if entry["code"] not in known]
    Region.objects.bulk_create(fresh)
    forget_regions()
    return len(fresh)


def fill_in_regions(sender: Any, using: str = "default", **_options: Any) -> None:
    """Signal receiver: load the divisions after a migration, and after a test database was emptied."""
    if Region._meta.db_table in connections[using].introspection.table_names():
        load_regions()


@cache
def _shipped() -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = yaml.load(SHIPPED.read_text(encoding="utf-8"), LOADER)["regions"]  # noqa: S506
    return read


def _row(entry: dict[str, Any]) -> Region:
    return Region(
        code=entry["code"],
        name=entry["name"],
        name_en=entry["name_en"],
        level=entry["level"],
        parent_code=entry["parent"],
        valid_during=DateRange(entry.get("since"), entry.get("until")),
        successors=entry.get("successors", []),
    )


def forget_regions() -> None:
    """Read the divisions anew at the next lookup; after a change."""
    _book.by_code = None


def region(code: str, on: date | None = None) -> RegionView:
    """The division with `code` on a day (today without one).

    A code that is no longer (or not yet) in force is given as it was last; NoSuchRegion for one that never was.
    """
    views = _all().get(code)
    if not views:
        raise NoSuchRegion(_("There is no division with the code %(code)s.") % {"code": code})
    day = on or timezone.localdate()
    return next((view for view in views if view.holds(day)), views[-1])


def region_name(code: str, on: date | None = None) -> str:
    """The name of a division in the reader's language; the bare code where it is not known."""
    try:
        return region(code, on).title
    except NoSuchRegion:
        return code


def region_path(code: str, on: date | None = None) -> str:
    """Province, city and county down to `code`, in the reader's language."""
    view = region(code, on)
    names = [view.title]
    while view.parent_code:
        view = region(view.parent_code, on)
        names.append(view.title)
    return ", ".join(names) if reader_language() == "en" else "".join(reversed(names))


def regions(level: str = "", within: str = "", on: date | None = None) -> list[RegionView]:
    """Divisions in force on a day, by code; of one level, and inside a code or scope prefix where given."""
    day, prefix = on or timezone.localdate(), scope_prefix(within)
    found = (view for views in _all().values() for view in views if view.holds(day))
    return sorted(
        (view for view in found if (not level or view.level == level) and view.code.startswith(prefix)),
        key=lambda view: view.code,
    )


def home_province() -> RegionView:
    """The province this installation serves: the one whose cities are on record."""
    cities = regions("city")
    if not cities:
        raise NoSuchRegion(_("No division of the province is on record; load the divisions first."))
    return region(cities[0].parent_code)


def current_codes(code: str, on: date | None = None) -> list[str]:
    """The codes in force on a day that stand for `code`: itself, or its successors, followed as far as needed."""
    day = on or timezone.localdate()
    view = region(code, day)
    if view.holds(day) or not view.successors:
        return [code] if view.holds(day) else []
    return sorted({new for successor in view.successors for new in current_codes(successor, day)})


def reader_language() -> str:
    """ "en" where the active language is English, else "zh"."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def city_of(code: str) -> str:
    """The code of the city a division belongs to; a province gives itself."""
    return code if code.endswith("0000") else f"{code[:4]}00"


def scope_prefix(code: str) -> str:
    """A code without trailing pairs of zeros: "440000" -> "44", "440100" -> "4401"."""
    while code.endswith("00") and len(code) % 2 == 0:
        code = code[:-2]
    return code


def _all() -> dict[str, list[RegionView]]:
    now = time.monotonic()
    if _book.by_code is None or now - _book.read_at > CACHE_SECONDS:
        by_code: dict[str, list[RegionView]] = {}
        for row in Region.objects.order_by("code", "valid_during"):
            span = row.valid_during
            view = RegionView(
                row.code,
                row.name,
                row.name_en,
                row.level,
                row.parent_code,
                span.lower,
                span.upper,
                tuple(row.successors),
            )
            by_code.setdefault(row.code, []).append(view)
        _book.by_code, _book.read_at = by_code, now
    return _book.by_code
