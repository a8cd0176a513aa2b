"""The rows around one case that several parts of its page ask for: read once while a page is drawn."""

from __future__ import annotations

from dashebao.kernel.cases.errors import NotFound
from dashebao.kernel.cases.models import Case, CaseParty, CaseStep, ClockSuspension, PartyAct, Reentry, Signature
from dashebao.kernel.records.api import read_once


@read_once
def case_row(case_no: str) -> Case:
    """The row of a case in the reader's scope; raises NotFound."""
    case: Case | None = Case.objects.filter(case_no=case_no).first()
    if case is None:
        raise NotFound
    return case


@read_once
def parties_of(case: Case) -> tuple[CaseParty, ...]:
    """Everybody in a case, those who have left it too, as they came."""
    return tuple(CaseParty.objects.filter(case=case).order_by("id"))


def active_parties(case: Case) -> tuple[CaseParty, ...]:
    """The parties who have not left the case."""
    return tuple(party for party in parties_of(case) if party.state == "active")


@read_once
def confirmed_in(step: CaseStep) -> frozenset[int]:
    """The parties who have confirmed in a step."""
    return frozenset(PartyAct.objects.filter(step=step, act="confirm").values_list("party_id", flat=True))


@read_once
def signatures_of(case: Case) -> tuple[Signature, ...]:
    """Every signature of a case, as they were given."""
    return tuple(Signature.objects.filter(case=case).order_by("id"))


@read_once
def entries_of(case: Case) -> tuple[Reentry, ...]:
    """Every field of a case that is typed a second time, as they were asked for."""
    return tuple(Reentry.objects.filter(case=case).order_by("id"))


@read_once
def open_pauses(case: Case) -> tuple[ClockSuspension, ...]:
    """Why the clock of a case stands still now; empty while it runs."""
    return tuple(ClockSuspension.objects.filter(case=case, until_on__isnull=True).order_by("id"))
