"""Who holds the pen: the officer, citizen, unit operator or system behind an act, and whether the act is theirs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from dashebao.kernel.cases.errors import FourEyes, NotAllowed, OwnCase, TakenByOther
from dashebao.kernel.cases.models import Case, CaseParty, CaseStep
from dashebao.kernel.cases.rows import active_parties, parties_of, signatures_of
from dashebao.kernel.catalogue.api import Applicant, PartyRole, ServiceItem, StepKind, item
from dashebao.kernel.identity.api import MAIN_OPERATOR, User, actor_of, rights_of, roles_of
from dashebao.kernel.records.api import Actor

By: TypeAlias = User | Actor


@dataclass(frozen=True)
class Hand:
    """An actor with what decides about standing: roles, the office's level and the natural person behind.

    `rights` are those a unit's operator holds; None where the actor does not act through an operator's account.
    """

    actor: Actor
    roles: frozenset[str] = frozenset()
    level: str = ""
    person_id: int = 0
    rights: frozenset[str] | None = None

    @property
    def is_officer(self) -> bool:
        """Whether an officer acts."""
        return self.actor.kind == "officer"

    @property
    def is_system(self) -> bool:
        """Whether the system itself acts."""
        return self.actor.kind == "system"

    def covers(self, region_code: str) -> bool:
        """Whether the place lies in the officer's scope; an empty scope covers nothing."""
        return bool(self.actor.region) and region_code.startswith(self.actor.region)


def hand_of(by: By) -> Hand:
    """The hand of a signed-in user, or of an actor without roles (a citizen, a unit, the system)."""
    if isinstance(by, Actor):
        return Hand(by, person_id=by.id if by.kind == "person" else 0)
    level = by.office.level if by.office is not None else ""
    roles = roles_of(by) if by.kind == "officer" else frozenset()
    rights = rights_of(by) if by.kind == "operator" else None
    return Hand(actor_of(by), roles, level, by.person_id or 0, rights)


def require_right(hand: Hand, found: ServiceItem) -> None:
    """Raise NotAllowed where a unit's operator lacks the right this item needs; the main operator holds all."""
    if hand.rights is not None and not hand.rights & {MAIN_OPERATOR, found.operator_right}:
        raise NotAllowed


def require_standing(hand: Hand, applicant: Applicant) -> None:
    """Raise NotAllowed unless this hand may apply for this applicant.

    Officers apply for anybody in their scope (never for themselves), partners' programs likewise, persons where they
    sign or act as agent, unit operators for their unit.
    """
    actor = hand.actor
    if hand.is_system:
        return
    if hand.is_officer:
        if hand.person_id and hand.person_id in applicant.person_ids:
            raise OwnCase
        if not hand.covers(applicant.region_code):
            raise NotAllowed
        return
    signing = [party for party in applicant.parties if party.role in (PartyRole.APPLICANT, PartyRole.AGENT)]
    if actor.kind == "person" and any(party.person_id == actor.id for party in signing):
        return
    if actor.kind == "unit" and any(party.unit_id == actor.unit_id for party in signing if party.unit_id):
        return
    if actor.kind == "partner" and hand.covers(applicant.region_code):
        return
    raise NotAllowed


def require_step(hand: Hand, case: Case, step: CaseStep, role: str = "", held: bool = True) -> None:
    """Raise unless this officer may act on this step now: role, scope, level, own case, four eyes, another's task.

    ``role`` replaces the step's own role (for acts another duty allows, such as a longer time limit); ``held`` False
    asks only whether the officer could do the step, whoever has it.
    """
    if hand.is_system and (step.automatic or step.kind == StepKind.PAY):
        return
    needed = role or step.role
    if not hand.is_officer or needed not in hand.roles or not hand.covers(case.region_code):
        raise NotAllowed
    if step.level and not role and hand.level != step.level:
        raise NotAllowed
    if hand.person_id and _is_in(hand.person_id, case):
        raise OwnCase
    if role:
        return
    if held and step.taken_by is not None and step.taken_by != hand.actor.id:
        raise TakenByOther
    if StepKind(step.kind).four_eyes and signed_elsewhere(case, step, hand):
        raise FourEyes


def signed_elsewhere(case: Case, step: CaseStep, hand: Hand) -> bool:
    """Whether this officer already signed another four-eyes step of the case."""
    return any(
        one.four_eyes and one.officer_id == hand.actor.id and one.step_key != step.key for one in signatures_of(case)
    )


def require_party_or_officer(hand: Hand, case: Case, party: CaseParty, role: str) -> None:
    """Raise NotAllowed unless this is the party itself, or an officer of ``role`` who records it."""
    actor = hand.actor
    if hand.is_system:
        return
    if actor.kind == "person" and party.person_id == actor.id:
        return
    if actor.kind == "unit" and party.unit_id is not None and party.unit_id == actor.unit_id:
        require_right(hand, item(case.item_code))
        return
    if handed_in(hand, case):
        return
    if hand.is_officer and role in hand.roles and hand.covers(case.region_code):
        if hand.person_id and _is_in(hand.person_id, case):
            raise OwnCase
        return
    raise NotAllowed


def _is_in(person_id: int, case: Case) -> bool:
    return any(party.person_id == person_id for party in parties_of(case))


def require_standing_in(hand: Hand, case: Case, step: CaseStep) -> None:
    """Raise NotAllowed unless this is an applicant or agent of the case, or the officer of its open step."""
    if hand.is_officer or hand.is_system:
        require_step(hand, case, step)
        return
    signing = [party for party in active_parties(case) if party.role in (PartyRole.APPLICANT, PartyRole.AGENT)]
    actor = hand.actor
    if actor.kind == "person" and any(party.person_id == actor.id for party in signing):
        return
    if actor.kind == "unit" and any(party.unit_id == actor.unit_id for party in signing if party.unit_id):
        require_right(hand, item(case.item_code))
        return
    if handed_in(hand, case):
        return
    raise NotAllowed


def handed_in(hand: Hand, case: Case) -> bool:
    """Whether this partner's program handed the case in for its applicant."""
    actor = hand.actor
    return actor.kind == "partner" and (case.submitted_kind, case.submitted_by) == ("partner", actor.id)
