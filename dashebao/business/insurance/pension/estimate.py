"""Comparison of choices: what a person's pension would be at different months of retirement, paying on as now."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from dashebao.business.insurance.pension.models import Category
from dashebao.business.insurance.pension.queries import award_facts, category_of, own_province
from dashebao.business.insurance.pension.sheet import (
    ACCOUNT_RATE,
    AGES_SINCE,
    INTEREST,
    WINDOW,
    AwardFacts,
    PaidYear,
    Sheet,
    Side,
    age_text,
    award_sheet,
    month_number,
)
from dashebao.kernel.legal_time.api import month_of, month_plus, month_text
from dashebao.kernel.money.api import format_yuan, half_up, parse_yuan
from dashebao.kernel.registry.api import Person, person
from dashebao.kernel.rules.api import evaluate, parameters, ratio_text

ACCOUNT_SHARE = "levy.pension.account_rate"


@dataclass(frozen=True)
class Choice:
    """One month of retirement a person could choose: its kind, the age then, and the sheet."""

    retire_month: int
    kind: str
    age: str
    sheet: Sheet

    @property
    def enough(self) -> bool:
        """Whether the months would be enough for a monthly pension."""
        return self.sheet.total_months >= self.sheet.minimum_months


@dataclass(frozen=True)
class Assumptions:
    """What an estimate assumes: the last base goes on, the last published rate and figures stay."""

    monthly_base_fen: int
    account_share_fen: int
    interest_rate: str
    from_month: int


@dataclass(frozen=True)
class Estimate:
    """All choices of a person with what they assume."""

    category: str
    assumed: Assumptions
    choices: tuple[Choice, ...]
    facts: AwardFacts


def estimate(person_id: int, on: date, category: str = "") -> Estimate:
    """The pension at every whole year of the window of flexible retirement, and at the statutory month.

    Months from `on` to the month chosen are paid at the person's last base; nothing is stored.
    """
    human = person(person_id)
    kind = category or category_of(human) or str(Category.F50)
    facts = award_facts(human, month_of(on), kind)
    assumed = _assumptions(facts, on)
    choices = []
    for month, name in _months(human, kind, on):
        sheet = award_sheet(projected(facts, assumed, month))
        choices.append(Choice(month, name, age_text(month_of(human.birth_on), month), sheet))
    return Estimate(kind, assumed, tuple(choices), facts)


def _assumptions(facts: AwardFacts, on: date) -> Assumptions:
    law = parameters(facts.region, on)
    last = max(facts.years, key=lambda row: row.year, default=None)
    base = half_up_div(last.base_total_fen, last.months) if last else 0
    share = half_up(base * law[ACCOUNT_SHARE].fraction())
    return Assumptions(base, share, ratio_text(law.latest(ACCOUNT_RATE)), month_of(on))


def half_up_div(amount: int, count: int) -> int:
    """A whole quotient of fen, half up."""
    return (2 * amount + count) // (2 * count)


def _months(human: Person, category: str, on: date) -> list[tuple[int, str]]:
    """The months to compare: earliest, statutory, latest, and every year of age in between; none in the past."""
    birth = month_of(human.birth_on)
    window = evaluate(
        WINDOW,
        {"category": category, "birth": month_text(birth)},
        on=max(on, AGES_SINCE),
        region=human.region_code,
    )
    first, middle, last = (month_number(window[key]) for key in ("earliest", "statutory", "latest"))
    found = {first: "earliest", last: "latest"}
    for age in range(45, 75):
        month = month_plus(birth, age * 12)
        if first < month < last:
            found.setdefault(month, "between")
    found[middle] = "statutory"
    now = month_of(on)
    return [(month, name) for month, name in sorted(found.items()) if month >= now] or [(now, "now")]


def projected(facts: AwardFacts, assumed: Assumptions, retire_month: int) -> AwardFacts:
    """The facts as they would stand in `retire_month` if contributions go on at the assumed base until then."""
    ahead: dict[int, int] = {}
    month = month_plus(assumed.from_month, 1)
    while month <= retire_month:
        ahead[month // 100] = ahead.get(month // 100, 0) + 1
        month = month_plus(month, 1)
    if not assumed.monthly_base_fen:
        ahead = {}
    home = own_province()
    years = facts.years + tuple(
        PaidYear(year, count, count * assumed.monthly_base_fen, home) for year, count in ahead.items()
    )
    worker = _carried(facts.worker, assumed, retire_month, assumed.account_share_fen if ahead else 0)
    employer = _carried(facts.employer, assumed, retire_month, 0)
    return replace(facts, retire_month=retire_month, years=years, worker=worker, employer=employer)


def _carried(side: Side, assumed: Assumptions, retire_month: int, share_fen: int) -> Side:
    """One side of the account carried forward year by year to the year of retirement."""
    opening, credits = side.opening_fen, dict(side.credits)
    year, first = assumed.from_month // 100, assumed.from_month % 100 + 1
    while True:
        last = 12 if year < retire_month // 100 else retire_month % 100
        if share_fen:
            for number in range(first, last + 1):
                credits[number] = credits.get(number, 0) + share_fen
        if year >= retire_month // 100:
            return Side(opening, credits)
        opening, credits, year, first = _closing(opening, credits, assumed), {}, year + 1, 1


def _closing(opening: int, credits: Mapping[int, int], assumed: Assumptions) -> int:
    if not opening and not credits:
        return 0
    inputs = {
        "opening": format_yuan(opening),
        "rate": assumed.interest_rate,
        "credits": {str(number): format_yuan(amount) for number, amount in credits.items()},
    }
    return parse_yuan(evaluate(INTEREST, inputs, on=AGES_SINCE, region=own_province())["closing"])
