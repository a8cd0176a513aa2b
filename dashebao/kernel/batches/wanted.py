"""Runs somebody asked to carry on: kept in the table, done by the worker process."""

import logging

from django.utils import timezone

from dashebao.kernel.batches.models import Chunk, Run
from dashebao.kernel.batches.running import AlreadyRunning, run
from dashebao.kernel.records.api import SYSTEM, acting

log = logging.getLogger(__name__)


def ask_for(found: Run) -> None:
    """Let the worker carry this run on: failed chunks are tried again, done ones never; in the caller's transaction."""
    Run.objects.filter(pk=found.pk).exclude(state="done").update(wanted_at=timezone.now())


def failed_chunks(found: Run) -> int:
    """How many chunks of a run ended with an error and are still to do."""
    return Chunk.objects.filter(step__run=found, state="open").exclude(error="").count()


def carry_on_wanted() -> int:
    """Carry every wanted run on until it is done, waits or fails; returns how many were tried.

    A run that waits stays wanted; an error is stored with its chunk and ends the wish, because trying again without a
    person looking would fail again.
    """
    with acting(SYSTEM, "wanted runs"):
        wanted = list(
            Run.objects.filter(wanted_at__isnull=False).exclude(state="done").values_list("pk", "pipeline", "period")
        )
    for key, pipeline, period in wanted:
        try:
            state = run(pipeline, period).state
        except AlreadyRunning:
            continue
        except Exception:
            log.exception("run %s of %s failed", pipeline, period)
            state = "failed"
        if state != "waiting":
            with acting(SYSTEM, "wanted runs"):
                Run.objects.filter(pk=key).update(wanted_at=None)
    return len(wanted)
