"""Agents (代办): offer, accept, decline and revoke a mandate, and find the one an agent acts under."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q
from django.utils.translation import gettext as _

from dashebao.kernel.cases.api import now, open_cases_of_agent, release_agent, today
from dashebao.kernel.identity.api import User, actor_of
from dashebao.kernel.records.api import SYSTEM, acting, audit
from dashebao.kernel.registry.api import person
from dashebao.platform.service_centre.portal.actions.inbox import Told, tell
from dashebao.platform.service_centre.portal.actions.naming import named_person
from dashebao.platform.service_centre.portal.errors import PortalRefused
from dashebao.platform.service_centre.portal.models import Mandate

LONGEST = timedelta(days=3 * 366)


@dataclass(frozen=True)
class Offer:
    """Who shall act, for which services, from when until when (last day included)."""

    agent_name: str
    agent_number: str
    relation: str
    item_codes: Sequence[str]
    from_on: date
    until_on: date


def offer(given: Offer, *, by: User) -> Mandate:
    """Offer a mandate to somebody named by name and identity number; both must fit one living person.

    Raises PortalRefused, with the same sentence whether the name or the number is wrong.
    """
    if given.until_on < given.from_on or given.until_on < today() or given.until_on - given.from_on > LONGEST:
        raise PortalRefused(_("A mandate ends after it begins, not in the past, and runs three years at most."))
    agent = named_person(given.agent_name, given.agent_number)
    mine = person(by.person_id or 0)
    if agent.pk == mine.pk:
        raise PortalRefused(_("You need no mandate to act for yourself. Name another person."))
    try:
        with transaction.atomic():
            row = Mandate.objects.create(
                principal_id=mine.pk,
                principal_name=mine.name,
                agent_id=agent.pk,
                agent_name=agent.name,
                person_ids=[mine.pk, agent.pk],
                region_code=mine.region_code,
                relation=given.relation,
                item_codes=list(given.item_codes),
                valid_during=DateRange(given.from_on, given.until_on + timedelta(days=1)),
            )
    except IntegrityError as error:
        if "portal_mandate_once" not in str(error):
            raise
        raise PortalRefused(
            _("This person already has a mandate from you in that time. Revoke it first, then give a new one.")
        ) from error
    audit("portal.mandate_offered", row, region=row.region_code, person=mine.pk, agent=agent.name)
    tell(agent.pk, Told("mandate", f"mandate {row.pk} offered", values={"name": mine.name}))
    return row


def answer(mandate_id: int, accepts: bool, *, by: User) -> Mandate:
    """Accept or decline a mandate as the agent; an accepted one may be given up later in the same way."""
    row = _open(mandate_id)
    if row.agent_id != by.person_id or (accepts and row.state != Mandate.State.OFFERED):
        raise PortalRefused(_("Only the person named as agent can answer this mandate."))
    row.state = Mandate.State.ACCEPTED if accepts else Mandate.State.DECLINED
    row.answered_at = now()
    if not accepts:
        row.ended_at = now()
    row.save()
    verb = "portal.mandate_accepted" if accepts else "portal.mandate_declined"
    audit(verb, row, region=row.region_code, person=row.principal_id, agent=row.agent_name)
    source = f"mandate {row.pk} {row.state}"
    tell(row.principal_id, Told(f"mandate_{row.state}", source, values={"name": row.agent_name}))
    if not accepts:
        _leave_cases(row, by=None)
    return row


def revoke(mandate_id: int, *, by: User) -> Mandate:
    """End a mandate as the principal; the agent loses sight of open cases at once."""
    row = _open(mandate_id)
    if row.principal_id != by.person_id:
        raise PortalRefused(_("Only the person who gave a mandate can revoke it."))
    row.state, row.ended_at = Mandate.State.REVOKED, now()
    row.save()
    audit("portal.mandate_revoked", row, region=row.region_code, person=row.principal_id, agent=row.agent_name)
    tell(row.agent_id, Told("mandate_revoked", f"mandate {row.pk} revoked", values={"name": row.principal_name}))
    _leave_cases(row, by=by)
    return row


def _leave_cases(row: Mandate, by: User | None) -> None:
    actor = actor_of(by) if by is not None else SYSTEM
    with acting(actor, "a mandate ended"):
        for case_no in open_cases_of_agent(row.principal_id, row.agent_id):
            release_agent(case_no, actor, row.agent_id)


def _open(mandate_id: int) -> Mandate:
    row = Mandate.objects.select_for_update().filter(pk=mandate_id, state__in=("offered", "accepted")).first()
    if row is None:
        raise PortalRefused(_("This mandate has ended already. Load the page again."))
    return row


def mandates_of(person_id: int) -> tuple[list[Mandate], list[Mandate]]:
    """Mandates a person gave and mandates a person received, newest first, in one query."""
    rows = Mandate.objects.filter(Q(principal_id=person_id) | Q(agent_id=person_id)).order_by("-id")[:100]
    found = list(rows)
    return [row for row in found if row.principal_id == person_id], [row for row in found if row.agent_id == person_id]


def principals_for(agent_id: int, item_code: str) -> list[Mandate]:
    """The mandates in force today under which this agent may apply for this service."""
    rows = Mandate.objects.filter(
        agent_id=agent_id,
        state=Mandate.State.ACCEPTED,
        valid_during__contains=today(),
        item_codes__contains=[item_code],
    )
    return list(rows.order_by("principal_name", "id"))


def mandate_in_force(mandate_id: int, agent_id: int, item_code: str) -> Mandate:
    """The mandate an agent applies under; raises PortalRefused unless it is in force today for this service."""
    found = next((row for row in principals_for(agent_id, item_code) if row.pk == mandate_id), None)
    if found is None:
        raise PortalRefused(_("You hold no mandate for this service today. Ask the person for a new one."))
    return found
