"""The door of the batches system."""

from dashebao.kernel.batches.models import Chunk, Run, StepState
from dashebao.kernel.batches.running import (
    AlreadyRunning,
    ChunkPlan,
    Counts,
    Progress,
    Step,
    Waiting,
    pipeline,
    register_pipeline,
    run,
)

__all__ = [
    "AlreadyRunning",
    "Chunk",
    "ChunkPlan",
    "Counts",
    "Progress",
    "Run",
    "Step",
    "StepState",
    "Waiting",
    "pipeline",
    "register_pipeline",
    "run",
]
