"""The disability allowance: what it comes to, granting it, and its turn into a pension at the statutory age."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from dashebao.business.insurance.common.api import Grant, Part, StopReason, end_benefit, grant_benefit, live_benefit
from dashebao.business.insurance.pension.actions import SCHEME, Claim, PensionError, store_award
from dashebao.business.insurance.pension.models import Award, DisabilityAward
from dashebao.business.insurance.pension.queries import award_facts, category_of, current_award
from dashebao.business.insurance.pension.sheet import AwardFacts, Sheet, award_sheet, month_number
from dashebao.kernel.legal_time.api import add_months, month_of, month_plus, months_apart
from dashebao.kernel.money.api import format_yuan, parse_yuan
from dashebao.kernel.records.api import SYSTEM, Actor, acting, audit
from dashebao.kernel.registry.api import Person, person
from dashebao.kernel.rules.api import explain, parameters, ratio_text

KIND = "disability"
REVIEW_MONTHS = 12
MALE_OR_UNKNOWN = {"1": "M60", "2": "F50"}


@dataclass(frozen=True)
class AllowanceSheet:
    """What an allowance would be: band, monthly parts in fen, last month, statutory month, every line."""

    band: str
    parts: tuple[tuple[str, int], ...]
    start_month: int
    until_month: int | None
    statutory_month: int
    months: int
    facts: AwardFacts
    traces: tuple[dict[str, Any], ...]

    @property
    def monthly_fen(self) -> int:
        """The monthly allowance."""
        return sum(amount for _kind, amount in self.parts)


def allowance_sheet(human: Person, claimed_on: date) -> AllowanceSheet:
    """Calculate the allowance of a claim made on a day (人社部发〔2024〕72号); BadInput from the statutory age on."""
    month = month_of(claimed_on)
    facts = award_facts(human, month, category_of(human) or MALE_OR_UNKNOWN[human.sex])
    sheet = award_sheet(facts)
    statutory = month_number(sheet.window["statutory"])
    inputs = {
        "months_to_age": months_apart(month, statutory),
        "months": sheet.total_months,
        "minimum_months": int(sheet.window["min_months_if_statutory"]),
        "pension": format_yuan(sheet.monthly_fen),
        "basic": format_yuan(dict(sheet.parts).get("basic", 0)),
        "minimum_basic": format_yuan(_minimum_basic(sheet, facts, claimed_on)),
    }
    trace = explain("pension.disability_allowance", inputs, on=claimed_on, region=human.region_code).as_json()
    found: Mapping[str, Any] = trace["results"]
    parts = sheet.parts if found["band"] == DisabilityAward.Band.NEAR else (("basic", parse_yuan(found["monthly"])),)
    start = month_plus(month, 1)
    return AllowanceSheet(
        band=str(found["band"]),
        parts=parts,
        start_month=start,
        until_month=month_plus(start, int(found["term"]) - 1) if int(found["term"]) else None,
        statutory_month=statutory,
        months=sheet.total_months,
        facts=facts,
        traces=(*sheet.traces, trace),
    )


def _minimum_basic(sheet: Sheet, facts: AwardFacts, on: date) -> int:
    """The basic pension of the minimum years at the index the province's rule names, in fen."""
    law = parameters(facts.region, on)
    months = int(sheet.window["min_months_if_statutory"])
    inputs = {
        "calc_base": format_yuan(sheet.calc_base_fen),
        "average_index": ratio_text(law["pension.disability.index_of_minimum"]),
        "months": months,
        "account_balance": "0",
        "age": "60y0m",
    }
    return parse_yuan(explain("pension.award", inputs, on=on, region=facts.region).as_json()["results"]["basic"])


@dataclass(frozen=True)
class AllowanceClaim:
    """A claim to be granted: whose, on which case, claimed and decided when."""

    person_id: int
    case_no: str
    claimed_on: date
    decided_on: date


def grant_allowance(claim: AllowanceClaim, *, by: Actor) -> int:
    """Grant the allowance from the month after the claim; a basic part is replaced when five years are left.

    Returns the award's id. Raises PensionError on a pension, or on an allowance that cannot be replaced yet.
    """
    human = person(claim.person_id)
    with acting(by, why=f"disability allowance {claim.case_no}"):
        if current_award(human.id) is not None or live_benefit(human.id) is not None:
            raise PensionError(_("This person already has a pension."))
        sheet = allowance_sheet(human, claim.claimed_on)
        running = live_benefit(human.id, SCHEME, KIND)
        if running is not None:
            last = DisabilityAward.objects.get(pk=running.award_id)
            if last.band != DisabilityAward.Band.FAR or sheet.band != DisabilityAward.Band.NEAR:
                raise PensionError(_("A disability allowance is being paid already."))
            end_benefit(running.id, month_plus(sheet.start_month, -1), StopReason.TERM, by=by)
        row = _stored(claim, human, sheet)
        grant_benefit(
            Grant(
                person_id=human.id,
                scheme=SCHEME,
                region_code=human.region_code,
                award_id=int(row.pk),
                start_month=sheet.start_month,
                parts=tuple(Part(kind, amount) for kind, amount in sheet.parts),
                qualified_until_on=add_months(claim.decided_on, REVIEW_MONTHS),
                case_no=claim.case_no,
                kind=KIND,
                until_month=sheet.until_month,
            ),
            by=by,
        )
        audit("pension.allowance_granted", row, person=human.id, monthly_fen=sheet.monthly_fen, band=sheet.band)
        return int(row.pk)


def _stored(claim: AllowanceClaim, human: Person, sheet: AllowanceSheet) -> DisabilityAward:
    row: DisabilityAward = DisabilityAward.objects.create(
        person_id=human.id,
        region_code=human.region_code,
        case_no=claim.case_no,
        band=sheet.band,
        claimed_on=claim.claimed_on,
        start_month=sheet.start_month,
        until_month=sheet.until_month,
        statutory_month=sheet.statutory_month,
        months=sheet.months,
        monthly_fen=sheet.monthly_fen,
        inputs=sheet.facts.as_json(),
        trace={"sheet": list(sheet.traces), "parts": [list(part) for part in sheet.parts]},
        parameters_digest=sheet.traces[-1]["parameter_digest"],
    )
    return row


def turn_into_pensions(month: int, low: int, high: int) -> int:
    """Allowances of those who reached the statutory age before `month` become pensions of the same amount.

    Each in its own few statements: a year's cases of one range are counted on one hand. Returns how many.
    """
    due = DisabilityAward.objects.filter(
        person_id__range=(low, high), statutory_month__lt=month, until_month__isnull=True
    ).order_by("id")
    turned = 0
    for row in due:
        running = live_benefit(row.person_id, SCHEME, KIND)
        if running is None or running.award_id != row.pk or running.state == "suspended":
            continue
        end_benefit(running.id, row.statutory_month, StopReason.TERM, by=SYSTEM)
        award = _pension_of(row)
        parts = tuple(Part(kind, amount) for kind, amount in row.trace["parts"])
        grant_benefit(
            Grant(
                person_id=row.person_id,
                scheme=SCHEME,
                region_code=row.region_code,
                award_id=int(award.pk),
                start_month=month_plus(row.statutory_month, 1),
                parts=parts,
                qualified_until_on=running.qualified_until_on,
                case_no=row.case_no,
            ),
            by=SYSTEM,
        )
        audit("pension.allowance_turned", award, person=row.person_id, monthly_fen=row.monthly_fen)
        turned += 1
    return turned


def _pension_of(row: DisabilityAward) -> Award:
    """An award with the allowance's own facts and amount: it is not calculated again."""
    facts = AwardFacts.from_json(row.inputs)
    sheet = award_sheet(facts)
    claim = Claim(row.person_id, facts.retire_month, facts.category, row.claimed_on, row.case_no)
    parts = tuple((str(kind), int(amount)) for kind, amount in row.trace["parts"])
    return store_award(claim, facts, sheet, parts=parts, start_month=month_plus(row.statutory_month, 1))
