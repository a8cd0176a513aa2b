"""An award calculated again from facts found later: a new award, the difference of the months paid, or what is owed."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from dashebao.business.insurance.common.api import (
    Change,
    Owed,
    Reclaimed,
    change_benefit,
    live_benefit,
    owe,
    owe_back,
    paid_through,
)
from dashebao.business.insurance.pension.actions import SCHEME, Claim, PensionError, store_award
from dashebao.business.insurance.pension.models import Award
from dashebao.business.insurance.pension.queries import birth_of, career_of, current_award
from dashebao.business.insurance.pension.sheet import AwardFacts, Sheet, award_sheet
from dashebao.kernel.legal_time.api import month_of, months_apart
from dashebao.kernel.records.api import Actor, acting, audit
from dashebao.kernel.registry.api import person


@dataclass(frozen=True)
class Again:
    """What an award would be now beside what it is: the new sheet, and the monthly difference in fen."""

    award: Award
    facts: AwardFacts
    sheet: Sheet

    @property
    def difference_fen(self) -> int:
        """Monthly amount more (less if negative)."""
        return self.sheet.monthly_fen - self.award.monthly_fen


@dataclass(frozen=True)
class Reaward:
    """An order to award again: whose, why, on which case and day."""

    person_id: int
    reason: str
    case_no: str
    decided_on: date


def award_again(person_id: int) -> Again | None:
    """The award in force calculated again from years and months as they are known now.

    The month of retirement, the account on that day and the law of that day stay. None without an award of ours: one
    taken over from an older system has no facts to calculate from.
    """
    row = current_award(person_id)
    if row is None or "years" not in row.inputs:
        return None
    career = career_of(person_id)
    until = row.retire_month // 100
    facts = replace(
        AwardFacts.from_json(row.inputs),
        birth_month=month_of(birth_of(person(person_id))),
        years=tuple(year for year in career.years if year.year <= until),
        deemed=career.deemed,
    )
    return Again(row, facts, award_sheet(facts))


def re_award(order: Reaward, *, by: Actor) -> dict[str, Any]:
    """Replace the award; months paid since are made up for, or become an overpayment (社会保险经办条例 arts. 18, 46).

    Returns the new award's id and the difference a month. Raises PensionError where nothing changes.
    """
    with acting(by, why=f"award again {order.case_no}"):
        again = award_again(order.person_id)
        running = live_benefit(order.person_id, SCHEME)
        if again is None or running is None:
            raise PensionError(_("There is no award with its facts on record and a pension that is being paid."))
        if not again.difference_fen:
            raise PensionError(_("The award stays the same; nothing has changed."))
        old = again.award
        claim = Claim(order.person_id, old.retire_month, old.category, order.decided_on, order.case_no)
        row = store_award(claim, again.facts, again.sheet, supersedes=old, start_month=old.start_month)
        change_benefit(
            Change(running.id, int(row.pk), old.start_month, _differences(old, again.sheet), f"award:{row.pk}"), by=by
        )
        paid = paid_through(order.person_id, SCHEME)
        months = max(0, months_apart(old.start_month, paid) + 1) if paid else 0
        _settle(order, running.id, old.start_month, months * again.difference_fen, by)
        audit("pension.awarded_again", row, person=order.person_id, difference_fen=again.difference_fen)
        return {"award": int(row.pk), "difference_fen": again.difference_fen, "months": months}


def _differences(old: Award, sheet: Sheet) -> tuple[tuple[str, int], ...]:
    before = {str(kind): int(amount) for kind, amount in old.trace["parts"]}
    now = dict(sheet.parts)
    return tuple(
        (kind, now.get(kind, 0) - before.get(kind, 0))
        for kind in sorted({*before, *now})
        if now.get(kind, 0) != before.get(kind, 0)
    )


def _settle(order: Reaward, benefit_id: int, first_month: int, difference_fen: int, by: Actor) -> None:
    human = person(order.person_id)
    if difference_fen > 0:
        due = Owed(
            person_id=human.id,
            payee_person_id=human.id,
            region_code=human.region_code,
            scheme=SCHEME,
            benefit_kind="arrears",
            month=month_of(order.decided_on),
            amount_fen=difference_fen,
            source=f"case:{order.case_no}",
        )
        owe([due], by=by)
    elif difference_fen < 0:
        owe_back(Reclaimed(benefit_id, first_month, month_of(order.decided_on), -difference_fen), by=by)
