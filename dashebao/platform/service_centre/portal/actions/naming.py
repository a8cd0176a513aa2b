"""The person a citizen names by name and identity number: found by both together, and wrong guesses are counted."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from dashebao.kernel.records.api import SYSTEM, AuditEntry, acting, audit, current_actor
from dashebao.kernel.registry.api import BadIdentifier, Person, person_by_id_number
from dashebao.platform.service_centre.portal.errors import PortalRefused

WRONG_A_DAY = 10
WRONG = "portal.person_not_found"


def named_person(name: str, number: str) -> Person:
    """The living person with exactly this name and number; PortalRefused with one sentence for every reason.

    Looked up by the system, since the one who asks may not see the record. After ten wrong guesses within a day every
    answer is the same refusal, so numbers cannot be found out by trying.
    """
    if _wrong_today() >= WRONG_A_DAY:
        raise PortalRefused(
            _("Too many wrong names and numbers today. Try again tomorrow, or come to the service hall together.")
        )
    with acting(SYSTEM, "find the person a citizen names"):
        try:
            found = person_by_id_number(number)
        except BadIdentifier:
            found = None
    if found is None or found.name != name.strip() or found.died_on is not None:
        audit(WRONG, ("search", "portal"), began=number[:6])
        raise PortalRefused(_("Name and ID number do not fit any registered person. Check both and try again."))
    return found


def _wrong_today() -> int:
    actor = current_actor()
    if actor is None:
        return 0
    since = timezone.now() - timedelta(days=1)
    return AuditEntry.objects.filter(actor_kind=actor.kind, actor_id=actor.id, verb=WRONG, at__gte=since).count()
