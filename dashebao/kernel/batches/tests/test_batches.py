"""Chunks are done exactly once, whatever happens between them."""

import threading

import pytest
from django.db import connection

from dashebao.kernel.batches.api import (
    AlreadyRunning,
    Chunk,
    ChunkPlan,
    Counts,
    Run,
    Step,
    Waiting,
    register_pipeline,
    run,
)
from dashebao.kernel.events.models import EventRow


class Count(Step):
    """Writes one row per chunk; fails or waits where told to."""

    title = "Count"

    def __init__(self, name, chunks=3, fail=(), wait=()):
        self.name, self.chunks, self.fail, self.wait = name, chunks, set(fail), set(wait)

    def plan(self, period):
        return [ChunkPlan(str(n), {"n": n}) for n in range(self.chunks)]

    def execute(self, period, args):
        EventRow.objects.create(name=f"{self.name}-{args['n']}", content={})
        if args["n"] in self.fail:
            raise RuntimeError("broken")
        if args["n"] in self.wait:
            raise Waiting("an answer is missing")
        return Counts(rows=1, fen=5)


def written(name):
    return list(EventRow.objects.filter(name__startswith=name).order_by("id").values_list("name", flat=True))


@pytest.mark.django_db(transaction=True)
def test_a_pipeline_runs_its_steps_in_order_and_counts():
    told = []
    register_pipeline("p", [Count("a", 2), Count("b", 1)])
    assert run("p", 202611, told.append).state == "done"
    assert written("a") + written("b") == ["a-0", "a-1", "b-0"]
    assert [(t.step, t.chunks_done, t.steps) for t in told] == [("a", 1, 2), ("a", 2, 2), ("b", 1, 2)]
    assert sorted(Chunk.objects.values_list("rows", "fen", "state")) == [(1, 5, "done")] * 3


@pytest.mark.django_db(transaction=True)
def test_running_again_does_nothing_twice():
    register_pipeline("p", [Count("a")])
    run("p", 202611)
    run("p", 202611)
    assert len(written("a")) == 3


@pytest.mark.django_db(transaction=True)
def test_a_failure_undoes_its_chunk_only_and_is_remembered():
    step = Count("a", fail=[1])
    register_pipeline("p", [step])
    with pytest.raises(RuntimeError):
        run("p", 202611)
    assert written("a") == ["a-0"]
    assert Chunk.objects.get(key="1").error == "RuntimeError: broken"
    step.fail.clear()
    assert run("p", 202611).state == "done"
    assert written("a") == ["a-0", "a-1", "a-2"]
    assert Chunk.objects.get(key="1").error == ""


@pytest.mark.django_db(transaction=True)
def test_a_step_that_waits_is_tried_again_and_the_next_one_is_not_planned():
    step = Count("a", wait=[2])
    register_pipeline("p", [step, Count("b")])
    waiting = run("p", 202611)
    assert (waiting.state, waiting.waiting_for) == ("waiting", "an answer is missing")
    assert written("a") == ["a-0", "a-1"]
    assert not Chunk.objects.filter(step__name="b").exists()
    step.wait.clear()
    assert run("p", 202611).state == "done"
    assert Run.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_processes_cannot_run_one_period():
    seen = []

    class Inside(Step):
        name, title = "inside", "Inside"

        def execute(self, period, args):
            other = threading.Thread(target=attempt)
            other.start()
            other.join()
            return Counts()

    def attempt():
        try:
            run("p", 202611)
        except AlreadyRunning as error:
            seen.append(str(error))
        finally:
            connection.close()

    register_pipeline("p", [Inside()])
    run("p", 202611)
    assert len(seen) == 1


def test_a_pipeline_does_not_name_a_step_twice():
    with pytest.raises(ValueError, match="twice"):
        register_pipeline("p", [Count("a"), Count("a")])
