"""Reads of suspicious items; row-level security narrows them to the officer's area."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet, Sum

from .models import OPEN, Finding, FindingState, RuleRun
from .register import rules


@dataclass(frozen=True)
class Wanted:
    """What a list is asked for; empty = everything. `state` may be "open" for everything not finished."""

    state: str = "open"
    rule: str = ""
    area: str = ""
    officer: int | None = None


def findings(wanted: Wanted) -> QuerySet[Finding]:
    """The items asked for, gravest and newest first."""
    rows = Finding.objects.order_by("-gravity", "-id")
    if wanted.state == "open":
        rows = rows.filter(state__in=OPEN)
    elif wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.area:
        rows = rows.filter(rule__in=[code for code, rule in rules().items() if rule.area == wanted.area])
    if wanted.rule:
        rows = rows.filter(rule=wanted.rule)
    return rows.filter(assigned_to=wanted.officer) if wanted.officer else rows


@dataclass(frozen=True)
class Totals:
    """How many items are where, and the money of those open and put right."""

    fresh: int
    at_work: int
    proposed: int
    confirmed: int
    closed: int
    open_fen: int
    recovered_fen: int


def totals() -> Totals:
    """Counts over all items the reader may see; one query."""
    at_work = Q(state=FindingState.CHECKED)
    found = Finding.objects.aggregate(
        fresh=Count("id", filter=Q(state=FindingState.NEW)),
        at_work=Count("id", filter=at_work),
        proposed=Count("id", filter=Q(state=FindingState.PROPOSED)),
        confirmed=Count("id", filter=Q(state=FindingState.CONFIRMED)),
        closed=Count("id", filter=~Q(state__in=OPEN)),
        open_fen=Sum("amount_fen", filter=Q(state__in=OPEN)),
        recovered_fen=Sum("recovered_fen"),
    )
    return Totals(**{name: int(value or 0) for name, value in found.items()})


def counts_by_rule() -> dict[str, int]:
    """Open items by rule; one query."""
    rows = Finding.objects.filter(state__in=OPEN).values("rule").annotate(n=Count("id"))
    return {row["rule"]: row["n"] for row in rows}


def last_runs() -> dict[str, RuleRun]:
    """The newest run of each rule; one query."""
    return {run.rule: run for run in RuleRun.objects.order_by("rule", "-id").distinct("rule")}


def open_of_person(person_id: int) -> list[Finding]:
    """Open items about a person, gravest first."""
    return list(Finding.objects.filter(person_id=person_id, state__in=OPEN).order_by("-gravity", "-id")[:20])
