"""Chunks that touch different rows are done at once, each still exactly once."""

import threading

import pytest
from django.db import connection, transaction

from dashebao.kernel.batches.api import Chunk, ChunkPlan, Counts, Step, register_pipeline, run, side_by_side
from dashebao.kernel.events.models import EventRow

TOGETHER = 30  # seconds until chunks that should meet give up


class Meet(Step):
    """Chunks 0 and 1 wait for each other; the last one is done alone."""

    name, title = "meet", "Meet"

    def __init__(self, chunks=3):
        self.chunks, self.seen, self.meeting = chunks, [], threading.Barrier(2)

    def plan(self, period):
        return [ChunkPlan(str(n), {"n": n}) for n in range(self.chunks)]

    def beside(self, args):
        return args["n"] < self.chunks - 1

    def execute(self, period, args):
        if args["n"] < 2:
            self.meeting.wait(TOGETHER)
        EventRow.objects.create(name=f"meet-{args['n']}", content={})
        self.seen.append((args["n"], EventRow.objects.filter(name__startswith="meet-").count()))
        return Counts(rows=1)


def written():
    return sorted(EventRow.objects.filter(name__startswith="meet-").values_list("name", flat=True))


@pytest.fixture(autouse=True)
def _two_workers(settings):
    settings.BATCH_WORKERS = 2


@pytest.mark.django_db(transaction=True)
def test_two_chunks_are_done_at_once_and_what_follows_waits_for_both():
    step = Meet()
    register_pipeline("p", [step])
    told = []
    assert run("p", 202611, told.append).state == "done"
    assert step.seen[-1] == (2, 3)
    assert sorted(t.chunks_done for t in told) == [1, 2, 3]
    assert sum(t.rows for t in told[-1:]) == 3


@pytest.mark.django_db(transaction=True)
def test_an_error_lets_what_was_begun_end_and_begins_nothing_more():
    class Breaks(Meet):
        broken = True

        def execute(self, period, args):
            if args["n"] == 0 and self.broken:
                self.meeting.wait(TOGETHER)
                raise RuntimeError("broken")
            return super().execute(period, args)

    step = Breaks(chunks=20)
    register_pipeline("p", [step])
    with pytest.raises(RuntimeError, match="broken"):
        run("p", 202611)
    done = Chunk.objects.filter(state="done").count()
    assert 1 <= done < 19
    assert len(written()) == done
    step.broken, step.meeting = False, threading.Barrier(1)
    assert run("p", 202611).state == "done"
    assert len(written()) == 20


@pytest.mark.django_db(transaction=True)
def test_chunks_that_wait_for_each_other_are_tried_again():
    first, second = (EventRow.objects.create(name=f"row-{n}", content={}).pk for n in range(2))

    class Crossing(Meet):
        tries = 0

        def execute(self, period, args):
            self.tries += 1
            held = [first, second] if args["n"] == 0 else [second, first]
            EventRow.objects.select_for_update().get(pk=held[0])
            if self.tries <= 2:
                self.meeting.wait(TOGETHER)
            EventRow.objects.select_for_update().get(pk=held[1])
            EventRow.objects.create(name=f"meet-{args['n']}", content={})
            return Counts(rows=1)

        def beside(self, args):
            return True

    step = Crossing(chunks=2)
    register_pipeline("p", [step])
    assert run("p", 202611).state == "done"
    assert written() == ["meet-0", "meet-1"]
    assert sorted(Chunk.objects.values_list("attempts", flat=True)) == [1, 2]
    assert list(Chunk.objects.values_list("error", flat=True)) == ["", ""]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("ending", [SystemExit, RuntimeError])
def test_however_a_worker_ends_its_work_is_not_taken_for_done(ending):
    def work(number):
        if number == 1:
            raise ending
        return number

    with pytest.raises(ending):
        list(side_by_side(work, range(4), 2))


@pytest.mark.django_db
def test_a_run_within_a_transaction_keeps_to_its_connection():
    step = Meet()
    step.meeting = threading.Barrier(1)
    register_pipeline("p", [step])
    with transaction.atomic():
        run("p", 202611)
        assert connection.in_atomic_block
    assert step.seen == [(0, 1), (1, 2), (2, 3)]
