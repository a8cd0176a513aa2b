"""A control: the month run by a runner that marks a chunk done before it works, and that then dies or fails."""

import os
import signal
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashebao.site.settings")
django.setup()

from django.core.management import call_command  # noqa: E402  needs the settings
from django.db import OperationalError  # noqa: E402

from dashebao.kernel.batches import running  # noqa: E402
from dashebao.kernel.batches.models import Chunk  # noqa: E402
from dashebao.kernel.batches.running import Step  # noqa: E402
from dashebao.kernel.records.api import SYSTEM, acting  # noqa: E402
from drills.months import FAILED  # noqa: E402

STEP, MONTH, END = sys.argv[1:]
do_as_usual = running._do


def mark_first(chunk: Chunk, step: Step, period: int) -> int:
    """Break the rule for the wanted step: the mark in a transaction of its own, then the end."""
    if step.name != STEP:
        return do_as_usual(chunk, step, period)
    with acting(SYSTEM, "a control of a drill"):
        Chunk.objects.filter(pk=chunk.pk).update(state="done")
    if END == FAILED:
        raise OperationalError("the connection is gone, or the disk is full")
    os.kill(os.getpid(), signal.SIGKILL)
    return 0


running._do = mark_first
call_command("month", "run", MONTH)
