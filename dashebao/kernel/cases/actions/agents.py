"""Agents leave a case when their mandate ends."""

from __future__ import annotations

from dashebao.kernel.cases.actions.common import at_desk
from dashebao.kernel.cases.errors import NotAllowed
from dashebao.kernel.cases.hands import By
from dashebao.kernel.cases.models import Case, CaseParty
from dashebao.kernel.cases.states import PartyState
from dashebao.kernel.catalogue.api import PartyRole


def open_cases_of_agent(person_id: int, agent_id: int) -> list[str]:
    """The numbers of a person's open cases in which that agent takes part."""
    with_agent = CaseParty.objects.filter(role=PartyRole.AGENT, person_id=agent_id, state=PartyState.ACTIVE)
    found = Case.objects.filter(person_id=person_id, closed_at__isnull=True, pk__in=with_agent.values("case_id"))
    return list(found.order_by("id").values_list("case_no", flat=True))


def release_agent(case_no: str, by: By, agent_id: int) -> Case:
    """End an agent's part in a case: the agent no longer sees it. Only the applicant (or the system) may. Raises NotAllowed."""
    with at_desk(case_no, by) as desk:
        party = CaseParty.objects.filter(
            case=desk.case, role=PartyRole.AGENT, person_id=agent_id, state=PartyState.ACTIVE
        ).first()
        actor = desk.hand.actor
        if party is None or not (desk.hand.is_system or (actor.kind == "person" and actor.id == desk.case.person_id)):
            raise NotAllowed
        party.state = PartyState.WITHDRAWN
        party.save()
        desk.note("agent_left", party=party.pk)
        desk.case.party_person_ids = [one for one in desk.case.party_person_ids if one != agent_id]
        desk.save()
        return desk.case
