"""A step's chunks, done as the product does them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings

from dashebao.kernel.batches.api import Counts, Step, side_by_side
from dashebao.kernel.records.api import SYSTEM, acting, refresh_statistics

Args = dict[str, Any]


def planned(step: Step, period: int) -> list[Args]:
    """The arguments of a step's chunks."""
    with acting(SYSTEM, f"plan {step.name}"):
        return [chunk.args for chunk in step.plan(period)]


def done(step: Step, period: int, chunks: Sequence[Args]) -> list[Counts]:
    """What each chunk did, each in its own transaction, side by side where the step's may be; statistics included."""

    def execute(args: Args) -> Counts:
        with acting(SYSTEM, f"{step.name} {period}"):
            return step.execute(period, args)

    workers = settings.BATCH_WORKERS if all(step.beside(args) for args in chunks) else 1
    told = list(side_by_side(execute, chunks, workers))
    refresh_statistics(step.fills(period))
    return told
