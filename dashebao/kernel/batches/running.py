"""Runs a pipeline: step after step, chunk after chunk, each chunk exactly once."""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import groupby
from typing import Any, TypeVar

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from psycopg.errors import DeadlockDetected

from dashebao.kernel.batches.beside import side_by_side
from dashebao.kernel.batches.models import Chunk, Run, StepState
from dashebao.kernel.batches.telling import Waiting
from dashebao.kernel.records.api import SYSTEM, acting, refresh_statistics

DEADLOCKS = 3  # a chunk is tried again so often after a deadlock


@dataclass(frozen=True)
class ChunkPlan:
    """One piece of a step: its key (unique in the step) and JSON arguments."""

    key: str
    args: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Counts:
    """What a chunk did: rows written, money moved (fen), and what else the progress page counts.

    `counted` holds words marked with `gettext_noop` and how many there were: {"bank files": 3}.
    """

    rows: int = 0
    fen: int = 0
    counted: Mapping[str, int] = field(default_factory=dict)


Piece = TypeVar("Piece", ChunkPlan, Chunk)
Answer = TypeVar("Answer")


class AlreadyRunning(Exception):
    """Another process is running this period."""


class Step(ABC):
    """One step of a pipeline. `plan` is computed once, when the step before is done."""

    name: str
    title: "str | Promise"

    def plan(self, period: int) -> Iterable[ChunkPlan]:
        """The chunks of this step; by default one."""
        return [ChunkPlan("all")]

    def fills(self, period: int) -> Sequence[str]:
        """The tables (partitions of the period) this step writes many rows to: their statistics are refreshed after it."""
        return ()

    def beside(self, args: dict[str, Any]) -> bool:
        """Whether this chunk and its neighbours of which this is true may be done at once, in any order."""
        return False

    @abstractmethod
    def execute(self, period: int, args: dict[str, Any]) -> Counts:
        """Do one chunk in the caller's transaction, acting as the system; may raise Waiting."""


class RangeStep(Step):
    """A step whose chunks are ranges (`low` to `high`) that touch different people; any other chunk waits for them."""

    def beside(self, args: dict[str, Any]) -> bool:
        """Ranges are done at once."""
        return "low" in args


@dataclass(frozen=True)
class Progress:
    """Told after every chunk and step: where the run is."""

    step: str
    title: "str | Promise"
    position: int
    steps: int
    chunks_done: int
    chunks: int
    rows: int
    seconds: float
    waiting_for: str = ""


def people_in_a_chunk(usual: int) -> int:
    """How many people a chunk takes: what the step finds usual, unless the installation says otherwise."""
    return settings.BATCH_PEOPLE or usual


_pipelines: dict[str, Sequence[Step]] = {}


def register_pipeline(name: str, steps: Sequence[Step]) -> None:
    """Make a pipeline known; a second registration replaces the first (start-up order does not matter)."""
    names = [step.name for step in steps]
    if len(set(names)) != len(names):
        raise ValueError(f"pipeline {name} names a step twice")
    _pipelines[name] = tuple(steps)


def pipeline(name: str) -> Sequence[Step]:
    """The steps of a registered pipeline; KeyError where there is none."""
    return _pipelines[name]


def run(name: str, period: int, tell: Callable[[Progress], None] = lambda progress: None) -> Run:
    """Carry pipeline `name` for `period` on from where it stands until it is done or waits.

    Safe to call again after any crash: done chunks are never done twice. Raises AlreadyRunning where another process
    holds the same period; any error of a chunk is stored with it and raised.
    """
    with connection.cursor() as cursor:
        lock = f"batch {name} {period}"
        cursor.execute("select pg_try_advisory_lock(hashtext(%s))", [lock])
        if not cursor.fetchone()[0]:
            raise AlreadyRunning(_("Another process is running this period; wait for it or stop it first."))
        try:
            return _carry_on(name, period, tell)
        finally:
            if connection.connection is not None and not connection.connection.closed:
                cursor.execute("select pg_advisory_unlock(hashtext(%s))", [lock])


def _carry_on(name: str, period: int, tell: Callable[[Progress], None]) -> Run:
    with acting(SYSTEM, f"{name} {period}"):
        current, _created = Run.objects.get_or_create(pipeline=name, period=period)
        if current.state == "waiting":
            current.state, current.waits_for = "running", {}
            current.save(update_fields=["state", "waits_for"])
    steps = pipeline(name)
    for position, step in enumerate(steps):
        state = _planned(current, position, step)
        if state.state == "done":
            continue
        try:
            _work_through(state, step, period, partial(_tell_placed, tell, position, len(steps)))
        except Waiting as waiting:
            _set_waiting(current, waiting)
            tell(Progress(step.name, step.title, position, len(steps), 0, 0, 0, 0.0, str(waiting)))
            return current
    with acting(SYSTEM, f"{name} {period}"):
        if current.state != "done":
            current.state, current.ended_at = "done", timezone.now()
            current.save(update_fields=["state", "ended_at"])
    return current


def _planned(current: Run, position: int, step: Step) -> StepState:
    found = StepState.objects.filter(run=current, name=step.name).first()
    if found:
        return found
    with acting(SYSTEM, f"plan {step.name}"):
        state = StepState.objects.create(run=current, position=position, name=step.name)
        plans = step.plan(current.period)
        Chunk.objects.bulk_create([Chunk(step=state, key=p.key, args=p.args) for p in plans], batch_size=5_000)
    return state


def _work_through(state: StepState, step: Step, period: int, tell: Callable[[Progress], None]) -> None:
    total, rows, started = Chunk.objects.filter(step=state).count(), 0, time.monotonic()
    done = Chunk.objects.filter(step=state, state="done").count()
    chunks = Chunk.objects.filter(step=state, state="open").order_by("id")
    for written in each_chunk(step, chunks, lambda chunk: _do(chunk, step, period)):
        rows += written
        done += 1
        tell(Progress(step.name, step.title, 0, 0, done, total, rows, time.monotonic() - started))
    refresh_statistics(step.fills(period))
    with acting(SYSTEM, f"end {step.name}"):
        state.state, state.seconds = "done", round(time.monotonic() - started, 3)
        state.save(update_fields=["state", "seconds"])


def each_chunk(step: Step, chunks: Iterable[Piece], work: Callable[[Piece], Answer]) -> Iterator[Answer]:
    """What `work` answers for each chunk of a step: neighbours that may be done at once are, the others one by one."""
    for beside, together in groupby(chunks, lambda chunk: step.beside(chunk.args)):
        yield from side_by_side(work, list(together), settings.BATCH_WORKERS if beside else 1)


def _do(chunk: Chunk, step: Step, period: int) -> int:
    """Do one chunk; where PostgreSQL ended it because it and another one waited for each other, once more."""
    for _time in range(DEADLOCKS):
        try:
            return _do_once(chunk, step, period)
        except OperationalError as error:
            if not isinstance(error.__cause__, DeadlockDetected):
                raise
    return _do_once(chunk, step, period)


def _do_once(chunk: Chunk, step: Step, period: int) -> int:
    started = time.monotonic()
    try:
        with acting(SYSTEM, f"{step.name} {period} {chunk.key}"):
            locked = Chunk.objects.select_for_update().get(pk=chunk.pk)
            if locked.state == "done":
                return 0
            counts = step.execute(period, chunk.args)
            locked.state, locked.attempts, locked.error = "done", locked.attempts + 1, ""
            locked.rows, locked.fen, locked.counted = counts.rows, counts.fen, dict(counts.counted)
            locked.seconds, locked.done_at = round(time.monotonic() - started, 3), timezone.now()
            locked.save()
            return counts.rows
    except Waiting:
        raise
    except Exception as error:
        with transaction.atomic():
            Chunk.objects.filter(pk=chunk.pk).update(
                error=f"{type(error).__name__}: {error}"[:500], attempts=F("attempts") + 1
            )
        raise


def _tell_placed(tell: Callable[[Progress], None], position: int, steps: int, progress: Progress) -> None:
    tell(replace(progress, position=position, steps=steps))


def _set_waiting(current: Run, waiting: Waiting) -> None:
    with acting(SYSTEM, "waiting"):
        current.state, current.waits_for = "waiting", waiting.kept
        current.save(update_fields=["state", "waits_for"])
