"""A step's chunks, done as the product does them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
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

    told: list[Counts] = []
    for beside, together in groupby(chunks, step.beside):
        told += side_by_side(execute, list(together), settings.BATCH_WORKERS if beside else 1)
    refresh_statistics(step.fills(period))
    return told
