"""A control: the month run by a process that does not ask for the month's lock; it stops after its first step."""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dashebao.site.settings")
django.setup()

from dashebao.kernel.batches.running import _carry_on  # noqa: E402  needs the settings


class Enough(Exception):
    """The control has seen what it wanted."""


def stop(progress: object) -> None:
    """The run is inside: it was not refused."""
    raise Enough


try:
    _carry_on("month", int(sys.argv[1].replace("-", "")), stop)
except Enough:
    sys.exit(0)
