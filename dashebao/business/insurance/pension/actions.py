"""Writes of the employees' pension: categories, deemed service, the award with everything that follows from it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from dashebao.business.insurance.common.api import (
    BenefitError,
    EarlyInterest,
    Grant,
    Part,
    credit_part_year,
    grant_benefit,
    linked_out,
    live_benefit,
)
from dashebao.business.insurance.pension.models import Award, DeemedService, RetirementCategory
from dashebao.business.insurance.pension.queries import award_facts, current_award
from dashebao.business.insurance.pension.sheet import AwardFacts, Sheet, award_sheet, month_number, scaled
from dashebao.business.levy.api import Leaving, relations_of, stop
from dashebao.kernel.legal_time.api import add_months
from dashebao.kernel.records.api import Actor, acting, audit
from dashebao.kernel.registry.api import person

SCHEME = "110"


class PensionError(BenefitError):
    """A pension cannot be granted or changed in the way asked; the message says why and what to do."""


@dataclass(frozen=True)
class CategoryDecision:
    """Which retirement age applies to a person, and what proves it."""

    person_id: int
    category: str
    evidence: str
    decided_on: date
    case_no: str = ""


def decide_category(decision: CategoryDecision, *, by: Actor) -> None:
    """Store the retirement category with its evidence, replacing an earlier one (history keeps it)."""
    human = person(decision.person_id)
    with acting(by, why="retirement category"):
        row, _created = RetirementCategory.objects.update_or_create(
            person_id=decision.person_id,
            defaults={
                "region_code": human.region_code,
                "category": decision.category,
                "evidence": decision.evidence,
                "decided_on": decision.decided_on,
                "case_no": decision.case_no,
            },
        )
        audit("pension.category_decided", row, person=decision.person_id, category=decision.category)


@dataclass(frozen=True)
class ServiceMonths:
    """Months to be counted as paid: which, at what index (x 10000), and what proves them."""

    person_id: int
    kind: str
    from_month: int
    to_month: int
    months: int
    index_e4: int
    evidence: str
    case_no: str = ""


def recognise_service(service: ServiceMonths, *, by: Actor) -> int:
    """Count months without payment as paid (视同缴费年限); returns the row's id."""
    human = person(service.person_id)
    with acting(by, why="deemed service"):
        row = DeemedService.objects.create(
            person_id=service.person_id,
            region_code=human.region_code,
            kind=service.kind,
            from_month=service.from_month,
            to_month=service.to_month,
            months=service.months,
            index_e4=service.index_e4,
            evidence=service.evidence,
            case_no=service.case_no,
        )
        audit("pension.service_recognised", row, person=service.person_id, months=service.months)
        return int(row.pk)


@dataclass(frozen=True)
class Claim:
    """A retirement to be awarded: who, in which month, by which category, on which case and day.

    `earliest_month` (yyyymm) opens the window earlier where a hard trade allows it.
    """

    person_id: int
    retire_month: int
    category: str
    decided_on: date
    case_no: str = ""
    earliest_month: int = 0


def award_pension(claim: Claim, *, by: Actor) -> int:
    """Award a pension: freeze the facts, calculate, credit the part year's interest, start the benefit.

    Returns the award's id. Raises PensionError if the person is dead, already awarded, outside the window of flexible
    retirement or short of the minimum years (社会保险法 art. 16, 国务院关于渐进式延迟法定退休年龄的办法 arts. 2, 3).
    """
    human = person(claim.person_id)
    with acting(by, why=f"award pension {claim.case_no}"):
        if current_award(claim.person_id) is not None or live_benefit(claim.person_id) is not None:
            raise PensionError(
                _("This person already has a pension. Recalculate the award instead of granting another.")
            )
        if human.died_on is not None:
            raise PensionError(_("The person has died; use the claim for survivors."))
        if linked_out(human.id, SCHEME):
            raise PensionError(_("The relation has gone over to the residents' scheme."))
        facts = award_facts(human, claim.retire_month, claim.category)
        sheet = award_sheet(facts)
        _entitled(sheet, claim)
        row = store_award(claim, facts, sheet)
        _credit_interest(claim, facts, sheet, by)
        grant_benefit(
            Grant(
                person_id=claim.person_id,
                scheme=SCHEME,
                region_code=human.region_code,
                award_id=int(row.pk),
                start_month=sheet.start_month,
                parts=tuple(Part(kind, amount) for kind, amount in sheet.parts),
                qualified_until_on=add_months(claim.decided_on, 12),
                case_no=claim.case_no,
            ),
            by=by,
        )
        for relation in relations_of(claim.person_id):
            if relation.until_month is None:
                leaving = Leaving(claim.person_id, sheet.start_month, kind="retire")
                stop(relation.unit_id, [leaving], case_no=claim.case_no)
        audit("pension.awarded", row, person=claim.person_id, monthly_fen=row.monthly_fen, digest=row.parameters_digest)
        return int(row.pk)


def _entitled(sheet: Sheet, claim: Claim) -> None:
    earliest, latest = (month_number(sheet.window[key]) for key in ("earliest", "latest"))
    if not (claim.earliest_month or earliest) <= claim.retire_month <= latest:
        raise PensionError(
            _("Retirement is possible from %(first)s to %(last)s. Choose a month in between.")
            % {"first": sheet.window["earliest"], "last": sheet.window["latest"]}
        )
    if sheet.total_months < sheet.minimum_months:
        raise PensionError(
            _("%(have)d months are paid or deemed, %(need)d are needed. Go on paying, or choose a later month.")
            % {"have": sheet.total_months, "need": sheet.minimum_months}
        )


def store_award(
    claim: Claim,
    facts: AwardFacts,
    sheet: Sheet,
    *,
    parts: tuple[tuple[str, int], ...] = (),
    **changed: Any,
) -> Award:
    """Store an award with its frozen facts and lines; `parts` stand where they are not calculated again."""
    kept = parts or sheet.parts
    values: dict[str, Any] = {
        "person_id": claim.person_id,
        "region_code": facts.region,
        "case_no": claim.case_no,
        "variant": sheet.variant,
        "category": claim.category,
        "retire_month": claim.retire_month,
        "start_month": sheet.start_month,
        "paid_months": sheet.paid_months,
        "deemed_months": sheet.deemed_months,
        "average_index_e4": scaled(sheet.average_index, 10_000),
        "calc_base_fen": sheet.calc_base_fen,
        "account_balance_fen": sheet.account_balance_fen,
        "payout_months_e1": scaled(sheet.payout_months, 10),
        "monthly_fen": sum(amount for _kind, amount in kept),
        "inputs": facts.as_json(),
        "trace": {"sheet": list(sheet.traces), "parts": [list(part) for part in kept]},
        "parameters_digest": sheet.digest,
        "law_on": sheet.law_on,
        "decided_on": claim.decided_on,
    }
    row: Award = Award.objects.create(**(values | changed))
    return row


def _credit_interest(claim: Claim, facts: AwardFacts, sheet: Sheet, by: Actor) -> None:
    if not sheet.interest_worker_fen and not sheet.interest_employer_fen:
        return
    credit_part_year(
        EarlyInterest(
            person_id=claim.person_id,
            region_code=facts.region,
            year=claim.retire_month // 100,
            month=claim.decided_on.year * 100 + claim.decided_on.month,
            worker_fen=sheet.interest_worker_fen,
            employer_fen=sheet.interest_employer_fen,
            key=f"award:{claim.person_id}",
        ),
        by=by,
    )
