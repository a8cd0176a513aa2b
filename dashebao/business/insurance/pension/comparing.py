"""Retirement choices side by side: earliest, statutory, latest and the own one, with the age at which each is ahead."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise

from dashebao.business.insurance.pension.estimate import ACCOUNT_SHARE, Assumptions, Choice, Estimate, projected
from dashebao.business.insurance.pension.queries import own_province
from dashebao.business.insurance.pension.sheet import (
    ACCOUNT_RATE,
    AGES_SINCE,
    INDEX_WAGE,
    WINDOW,
    AwardFacts,
    PaidYear,
    Side,
    age_text,
    award_sheet,
    month_number,
)
from dashebao.kernel.legal_time.api import month_of, month_plus, month_text, months_apart
from dashebao.kernel.money.api import half_up
from dashebao.kernel.rules.api import evaluate, parameters, ratio_text

KINDS = ("earliest", "statutory", "latest")
LAST_AGE = 90


@dataclass(frozen=True)
class Situation:
    """What somebody types into the public calculator; money in fen, the index exact."""

    category: str
    birth_month: int
    region: str
    paid_months: int
    index: Fraction
    balance_fen: int
    base_fen: int


@dataclass(frozen=True)
class Ahead:
    """A later month of retirement against an earlier one: from which month on it has paid more in all, and the age then."""

    earlier: Choice
    later: Choice
    month: int | None
    age: str

    @property
    def more_fen(self) -> int:
        """How much more the later one pays a month."""
        return self.later.sheet.monthly_fen - self.earlier.sheet.monthly_fen


def window_of(birth_month: int, category: str, region: str, on: date) -> dict[str, int]:
    """The earliest, statutory and latest month of retirement by law (弹性退休, 人社部发〔2024〕94号)."""
    inputs = {"category": category, "birth": month_text(birth_month)}
    window = evaluate(WINDOW, inputs, on=max(on, AGES_SINCE), region=region)
    return {kind: month_number(window[kind]) for kind in KINDS}


def longest_record(region: str, on: date) -> int:
    """How many months back the wages are known that an index is measured against."""
    first = min(parameters(region, on).series(INDEX_WAGE))
    return months_apart(first * 100 + 1, month_of(on)) + 1


def typed_facts(given: Situation, on: date) -> tuple[AwardFacts, Assumptions]:
    """Facts and assumptions of an estimate from typed data: the months are taken as the last ones, at the index given."""
    law = parameters(given.region, on)
    lag = law["pension.index_wage_lag"].whole() if "pension.index_wage_lag" in law else 0
    home = own_province()
    years, left, year, room = [], given.paid_months, on.year, on.month
    while left > 0:
        months = min(left, room)
        wage = law.for_year(year - lag).latest(INDEX_WAGE).whole()
        years.append(PaidYear(year, months, half_up(given.index * wage * months), home))
        left, year, room = left - months, year - 1, 12
    share = half_up(given.base_fen * law[ACCOUNT_SHARE].fraction())
    facts = AwardFacts(
        region=given.region,
        category=given.category,
        birth_month=given.birth_month,
        retire_month=month_of(on),
        years=tuple(reversed(years)),
        deemed=(),
        worker=Side(given.balance_fen, {}),
        employer=Side(),
    )
    return facts, Assumptions(given.base_fen, share, ratio_text(law.latest(ACCOUNT_RATE)), month_of(on))


def from_estimate(found: Estimate, own: int = 0) -> list[Choice]:
    """Earliest, statutory and latest of a person's estimate, with the own month beside them, in order of time."""
    named = {row.retire_month: row for row in found.choices if row.kind != "between"}
    if not named:
        named = {found.choices[0].retire_month: found.choices[0]}
    if own and own not in named and min(named) <= own <= max(named):
        sheet = award_sheet(projected(found.facts, found.assumed, own))
        named[own] = Choice(own, "own", age_text(found.facts.birth_month, own), sheet)
    return [named[month] for month in sorted(named)]


def choices(facts: AwardFacts, assumed: Assumptions, own: int = 0) -> list[Choice]:
    """Earliest, statutory, latest and the own month (yyyymm, 0 for none), none in the past, in order of time."""
    on = date(assumed.from_month // 100, assumed.from_month % 100, 1)
    window = window_of(facts.birth_month, facts.category, facts.region, on)
    months = {month: kind for kind, month in window.items()}
    months[window["statutory"]] = "statutory"
    if own and window["earliest"] <= own <= window["latest"]:
        months.setdefault(own, "own")
    ahead = {month: kind for month, kind in months.items() if month >= assumed.from_month}
    found = ahead or {assumed.from_month: "now"}
    return [
        Choice(month, kind, age_text(facts.birth_month, month), award_sheet(projected(facts, assumed, month)))
        for month, kind in sorted(found.items())
    ]


def ahead_of(rows: Sequence[Choice], birth_month: int) -> list[Ahead]:
    """For each month of retirement after the first: when it has paid more in all than the one before it."""
    return [_ahead(earlier, later, birth_month) for earlier, later in pairwise(rows)]


def _ahead(earlier: Choice, later: Choice, birth_month: int) -> Ahead:
    less, more = earlier.sheet.monthly_fen, later.sheet.monthly_fen
    if more <= less or not earlier.enough or not later.enough:
        return Ahead(earlier, later, None, "")
    waited = months_apart(earlier.retire_month, later.retire_month)
    months = -(-less * waited // (more - less))
    month = month_plus(later.retire_month, months)
    return Ahead(earlier, later, month, age_text(birth_month, month))


def received(row: Choice, birth_month: int, age: int) -> int:
    """All that was paid until the birthday of that age, without later increases (fen)."""
    until = month_plus(birth_month, age * 12)
    months = months_apart(row.retire_month, until)
    return max(0, months) * row.sheet.monthly_fen


def ages(rows: Sequence[Choice], birth_month: int) -> range:
    """The ages the comparison runs over: from the first retirement to ninety."""
    first = months_apart(birth_month, rows[0].retire_month) // 12
    return range(first, LAST_AGE + 1)
