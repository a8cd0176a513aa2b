"""Brings approved changes into this process: parameters, code tables, calendars and texts."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from fractions import Fraction
from typing import Any

from dashebao.kernel.codes.api import Code, amend_tables
from dashebao.kernel.legal_time.api import YearCalendar, load_calendars, read_calendar
from dashebao.kernel.rules.api import STORE, Amendment, Reference
from dashebao.platform.administration import texts
from dashebao.platform.administration.models import Change, Enactment, Kind


def reload() -> None:
    """Read every approved change and lay them over what the files say; one query."""
    by_kind: dict[str, list[Enactment]] = defaultdict(list)
    for row in Enactment.objects.order_by("id"):
        by_kind[row.kind].append(row)
    STORE.amend([amendment_of(row) for row in by_kind[Kind.PARAMETER]])
    amend_tables(_codes(by_kind[Kind.CODE]))
    load_calendars([calendar_of(row) for row in by_kind[Kind.CALENDAR]])
    texts.replace_all([(row.subject, row.since, str(row.content["text"])) for row in by_kind[Kind.TEXT]])


def forget() -> None:
    """Go back to what the files say."""
    STORE.amend([])
    amend_tables({})
    load_calendars([])
    texts.replace_all([])


def amendment_of(row: Change) -> Amendment:
    """A change of a parameter as the rules take it."""
    return Amendment(
        name=row.subject,
        region=row.region_prefix,
        since=row.since,
        value=value_of(row.content),
        reference=Reference(row.act_title, row.act_article, row.act_url),
        threshold=Fraction(row.part) if row.part else None,
    )


def value_of(content: dict[str, Any]) -> Any:
    """The value a stored change holds: a Fraction, a tuple of them, or yes/no."""
    given = content["value"]
    if isinstance(given, bool):
        return given
    if isinstance(given, list):
        return tuple(Fraction(part) for part in given)
    return Fraction(given)


def stored(value: Any) -> Any:
    """A value as JSON that keeps it exact."""
    if isinstance(value, bool):
        return value
    return [str(part) for part in value] if isinstance(value, tuple) else str(value)


def code_of(row: Change) -> Code:
    """A change of a code table as the codes take it."""
    day = row.content.get
    since, until = (date.fromisoformat(day(key)) if day(key) else None for key in ("since", "until"))
    return Code(row.part, row.content["zh"], row.content["en"], since, until)


def _codes(rows: list[Enactment]) -> dict[str, list[Code]]:
    found: dict[str, list[Code]] = defaultdict(list)
    for row in rows:
        found[row.subject].append(code_of(row))
    return found


def calendar_of(row: Change) -> YearCalendar:
    """A loaded calendar as legal time takes it."""
    given = row.content
    return read_calendar(
        {
            "year": int(row.subject),
            "notice": given["notice"],
            "holidays": [
                {"name": h["name"], "from": date.fromisoformat(h["from"]), "to": date.fromisoformat(h["to"])}
                for h in given["holidays"]
            ],
            "worked": [date.fromisoformat(day) for day in given["worked"]],
        }
    )
