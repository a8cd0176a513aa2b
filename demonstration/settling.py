"""Lets what people and units did before a month come to rest: claims decided, partners' answers in."""

import time

from dashebao.kernel.cases.models import CaseEvent
from dashebao.kernel.exchange.api import turn
from dashebao.kernel.exchange.models import Delivery
from dashebao.kernel.records.api import SYSTEM, acting

QUIET_SECONDS = 2.0
LONGEST_SECONDS = 120.0
POLL_SECONDS = 0.1


def settle() -> None:
    """Exchange messages until nothing happens any more, so that a month holds the same acts on a slow machine as on a fast one.

    Officers and partners work in processes of their own. A message that no partner takes is waited for a while only.
    """
    began = rested = time.monotonic()
    known = _happened()
    while time.monotonic() - rested < QUIET_SECONDS and time.monotonic() - began < LONGEST_SECONDS:
        time.sleep(POLL_SECONDS)
        delivered, fetched = turn()
        now = _happened()
        if delivered or fetched.handled or now != known or _unanswered():
            known, rested = now, time.monotonic()


def _happened() -> int:
    """How much has been done on cases so far."""
    with acting(SYSTEM, "see whether cases rest"):
        return int(CaseEvent.objects.count())


def _unanswered() -> bool:
    with acting(SYSTEM, "see whether partners have answered"):
        return bool(Delivery.objects.filter(receipt_at__isnull=True).exists())
