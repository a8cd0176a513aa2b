"""Runs of long jobs and their chunks."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from dashebao.kernel.batches.telling import counts_told, why_waiting
from dashebao.kernel.records.api import History, Mark, Record, Scope


class Run(Record):
    """One run of a pipeline for one period, e.g. the month 202611."""

    history: ClassVar[History] = History.TRACKED
    scope: ClassVar[Scope] = Scope.STAFF
    personal: ClassVar[dict[str, Mark]] = {}

    pipeline = models.CharField(max_length=40)
    period = models.IntegerField()
    state = models.CharField(max_length=10, default="running")  # running | waiting | done
    waits_for = models.JSONField(default=dict)  # what `Waiting` kept
    started_at = models.DateTimeField(db_default=Now())
    ended_at = models.DateTimeField(null=True)
    wanted_at = models.DateTimeField(null=True)  # somebody asked the worker to carry it on

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pipeline", "period"], name="batches_run_once")]

    @property
    def waiting_for(self) -> str:
        """What the run waits for, in the reader's language; "" where it does not wait."""
        return why_waiting(self.waits_for)


class StepState(Record):
    """How far one step of a run is; its chunks exist once it is planned."""

    history: ClassVar[History] = History.NONE
    scope: ClassVar[Scope] = Scope.STAFF
    personal: ClassVar[dict[str, Mark]] = {}

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="steps")
    position = models.IntegerField()
    name = models.CharField(max_length=60)
    state = models.CharField(max_length=10, default="planned")  # planned | done
    seconds = models.FloatField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "name"], name="batches_step_once")]


class Chunk(Record):
    """One piece of work that succeeds or fails as a whole; its state changes in the transaction of its work."""

    history: ClassVar[History] = History.NONE
    scope: ClassVar[Scope] = Scope.STAFF
    personal: ClassVar[dict[str, Mark]] = {}

    step = models.ForeignKey(StepState, on_delete=models.CASCADE, related_name="chunks")
    key = models.CharField(max_length=80)
    args = models.JSONField(default=dict)
    state = models.CharField(max_length=10, default="open")  # open | done
    attempts = models.IntegerField(default=0)
    rows = models.BigIntegerField(default=0)
    fen = models.BigIntegerField(default=0)
    counted = models.JSONField(default=dict)  # what was counted beside the rows: words of the program -> how many
    error = models.CharField(max_length=500, blank=True)
    seconds = models.FloatField(default=0)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["step", "key"], name="batches_chunk_once")]

    @property
    def note(self) -> str:
        """What was counted beside the rows, in the reader's language."""
        return counts_told(self.counted)
