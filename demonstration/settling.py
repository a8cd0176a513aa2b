"""Lets what people and units did before a month come to rest: claims decided, partners' answers in."""

import time

from dashebao.kernel.cases.models import Case, CaseEvent
from dashebao.kernel.exchange.api import turn
from dashebao.kernel.exchange.models import Delivery
from dashebao.kernel.records.api import SYSTEM, acting
from demonstration.officers import KEY

POLL_SECONDS = 0.3
QUIET_SECONDS = 1.2
GIVE_UP_SECONDS = 15.0
LONGEST_SECONDS = 180.0


def settle() -> None:
    """Exchange messages until nothing happens any more, so that a month holds the same acts on a slow machine as on a fast one.

    Officers and partners work in processes of their own. What nobody decides or takes is waited for a while only.
    """
    began = rested = time.monotonic()
    known = _happened()
    while time.monotonic() - began < LONGEST_SECONDS:
        delivered, fetched = turn()
        now, still = _happened(), time.monotonic()
        if delivered or fetched.handled or now != known:
            known, rested = now, still
        elif still - rested > (GIVE_UP_SECONDS if _pending() else QUIET_SECONDS):
            return
        time.sleep(POLL_SECONDS)


def _happened() -> int:
    """How much has been done on cases so far."""
    with acting(SYSTEM, "see whether cases rest"):
        return int(CaseEvent.objects.count())


def _pending() -> bool:
    """Whether a claim of the demonstration waits for its officers, or a message for its receipt."""
    with acting(SYSTEM, "see whether all is answered"):
        claims = Case.objects.filter(key__startswith=KEY, state__in=["submitted", "accepted"])
        return bool(claims.exists() or Delivery.objects.filter(receipt_at__isnull=True).exists())
