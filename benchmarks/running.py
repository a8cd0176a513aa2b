"""A step's chunks, done as the product does them."""

from __future__ import annotations

from collections.abc import Sequence

from dashebao.kernel.batches.api import ChunkPlan, Counts, Step, each_chunk
from dashebao.kernel.records.api import SYSTEM, acting, refresh_statistics


def planned(step: Step, period: int) -> list[ChunkPlan]:
    """A step's chunks."""
    with acting(SYSTEM, f"plan {step.name}"):
        return list(step.plan(period))


def done(step: Step, period: int, chunks: Sequence[ChunkPlan]) -> list[Counts]:
    """What each chunk did, each in its own transaction, side by side where the step's may be; statistics included."""

    def execute(chunk: ChunkPlan) -> Counts:
        with acting(SYSTEM, f"{step.name} {period}"):
            return step.execute(period, chunk.args)

    told = list(each_chunk(step, chunks, execute))
    refresh_statistics(step.fills(period))
    return told
