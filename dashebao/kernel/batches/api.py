"""The door of the batches system."""

from dashebao.kernel.batches.beside import side_by_side
from dashebao.kernel.batches.models import Chunk, Run, StepState
from dashebao.kernel.batches.running import (
    AlreadyRunning,
    ChunkPlan,
    Counts,
    Progress,
    RangeStep,
    Step,
    each_chunk,
    people_in_a_chunk,
    pipeline,
    register_pipeline,
    run,
)
from dashebao.kernel.batches.telling import Waiting, counted_by_step
from dashebao.kernel.batches.wanted import ask_for, carry_on_wanted, failed_chunks

__all__ = [
    "AlreadyRunning",
    "Chunk",
    "ChunkPlan",
    "Counts",
    "Progress",
    "RangeStep",
    "Run",
    "Step",
    "StepState",
    "Waiting",
    "ask_for",
    "carry_on_wanted",
    "counted_by_step",
    "each_chunk",
    "failed_chunks",
    "people_in_a_chunk",
    "pipeline",
    "register_pipeline",
    "run",
    "side_by_side",
]
