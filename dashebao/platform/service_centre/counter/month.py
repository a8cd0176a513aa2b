"""Progress of the month and of other runs: steps, chunks, rows and seconds, refreshed while they run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Q, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from dashebao.kernel.batches.api import Chunk, Run, StepState, counted_by_step, pipeline
from dashebao.platform.screens.api import paged


@dataclass(frozen=True)
class StepLine:
    """One step of a run as the page shows it."""

    title: str
    name: str
    state: str
    done: int
    total: int
    rows: int
    fen: int
    seconds: float
    error: str
    note: str


def runs(request: HttpRequest) -> HttpResponse:
    """All runs, newest first."""
    found = Run.objects.order_by("-period", "pipeline")
    return render(request, "counter/months.html", {"paged": paged(request, found)})


def progress(request: HttpRequest, run: int) -> HttpResponse:
    """One run, step by step; the fragment asks again each second until the run ends."""
    found = get_object_or_404(Run, pk=run)
    lines = _lines(found)
    ended = found.ended_at or timezone.now()
    context = {
        "run": found,
        "lines": lines,
        "done": sum(1 for line in lines if line.state == "done"),
        "seconds": (ended - found.started_at).total_seconds() if found.state != "waiting" else None,
        "rows": sum(line.rows for line in lines),
        "worked": sum(line.seconds for line in lines),
        "menu_name": "counter_months",
    }
    fragment = bool(getattr(request, "htmx", False))
    return render(request, "counter/_month.html" if fragment else "counter/month.html", context)


def _lines(run: Run) -> list[StepLine]:
    totals = {
        row["step_id"]: row
        for row in Chunk.objects.filter(step__run=run)
        .values("step_id")
        .annotate(
            total=Count("id"),
            done=Count("id", filter=Q(state="done")),
            row_sum=Sum("rows"),
            fen_sum=Sum("fen"),
            time=Sum("seconds"),
            error=Max("error", filter=Q(state="open")),
        )
    }
    for step, told in counted_by_step(run.pk).items():
        totals[step]["note"] = told
    known = {state.name: state for state in StepState.objects.filter(run=run)}
    try:
        declared = [(step.name, str(step.title)) for step in pipeline(run.pipeline)]
    except KeyError:
        declared = [(state.name, state.name) for state in sorted(known.values(), key=lambda one: one.position)]
    return [_line(name, title, known.get(name), totals) for name, title in declared]


def _line(name: str, title: str, state: StepState | None, totals: dict[int, dict[str, Any]]) -> StepLine:
    if state is None:
        return StepLine(title, name, "ahead", 0, 0, 0, 0, 0.0, "", "")
    row = totals.get(state.pk, {})
    where = "done" if state.state == "done" else "now"
    return StepLine(
        title,
        name,
        where,
        row.get("done", 0),
        row.get("total", 0),
        row.get("row_sum") or 0,
        row.get("fen_sum") or 0,
        state.seconds or row.get("time") or 0.0,
        row.get("error") or "",
        row.get("note") or "",
    )
