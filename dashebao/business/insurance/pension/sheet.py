"""The award sheet: the formulas from frozen facts to a monthly pension, every line kept for replay."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from dashebao.kernel.legal_time.api import Age, month_plus, month_text, months_apart
from dashebao.kernel.money.api import format_yuan, parse_yuan
from dashebao.kernel.rules.api import Law, explain, parameters, replay

CALC_BASE = "pension.calc_base"
WINDOW = "pension.flexible_window"
# Who reached the age before the delay began has no delay under its formula, so the same rule gives the old age.
AGES_SINCE = date(2025, 1, 1)
INTEREST = "pension.account_interest_monthly"
GUANGDONG = "pension.uses_guangdong_award"
INDEX_WAGE = "pension.index_wage"
INCOME_BASE = "pension.survivor.income_base"
ACCOUNT_RATE = "pension.interest_rate"


@dataclass(frozen=True)
class PaidYear:
    """A calendar year paid at one place: months and the sum of the bases in fen."""

    year: int
    months: int
    base_total_fen: int
    place: str


@dataclass(frozen=True)
class DeemedMonths:
    """Months that count without payment, at an index (x 10000)."""

    kind: str
    from_month: int
    months: int
    index_e4: int


@dataclass(frozen=True)
class Side:
    """One side of the personal account in the year of retirement: opening balance, credits by month (fen)."""

    opening_fen: int = 0
    credits: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class AwardFacts:
    """Everything an award rests on, as it stood when the decision was made."""

    region: str
    category: str
    birth_month: int
    retire_month: int
    years: tuple[PaidYear, ...]
    deemed: tuple[DeemedMonths, ...]
    worker: Side
    employer: Side
    deemed_account_fen: int = 0

    def as_json(self) -> dict[str, Any]:
        """Plain values for storing beside the award."""
        plain: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return plain

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "AwardFacts":
        """The facts as they were stored."""
        values = dict(stored)
        values["years"] = tuple(PaidYear(**row) for row in values["years"])
        values["deemed"] = tuple(DeemedMonths(**row) for row in values["deemed"])
        for side in ("worker", "employer"):
            row = values[side]
            values[side] = Side(row["opening_fen"], {int(n): amount for n, amount in row["credits"].items()})
        return cls(**values)


@dataclass(frozen=True)
class Sheet:
    """The result: monthly parts in fen, the figures of the sheet, the traces in the order of calculation."""

    variant: str
    law_on: date
    start_month: int
    paid_months: int
    deemed_months: int
    minimum_months: int
    window: Mapping[str, Any]
    average_index: str
    calc_base_fen: int
    interest_worker_fen: int
    interest_employer_fen: int
    account_balance_fen: int
    payout_months: str
    parts: tuple[tuple[str, int], ...]
    traces: tuple[dict[str, Any], ...]

    @property
    def total_months(self) -> int:
        """Paid and deemed months together."""
        return self.paid_months + self.deemed_months

    @property
    def monthly_fen(self) -> int:
        """The monthly pension."""
        return sum(amount for _, amount in self.parts)

    @property
    def digest(self) -> str:
        """SHA-256 over the digests of all parameters used."""
        used = [trace["parameter_digest"] for trace in self.traces]
        return hashlib.sha256(json.dumps(used).encode()).hexdigest()


def scaled(number: str, factor: int) -> int:
    """A decimal as a whole number of parts, e.g. 0.4665 in 1/10000; ValueError if it does not come out even."""
    value = Fraction(number) * factor
    if value.denominator != 1:
        raise ValueError(f"{number} has more decimals than 1/{factor}")
    return value.numerator


def month_number(text: str) -> int:
    """A month of a formula's result (yyyy-mm) as yyyymm."""
    year, month = str(text).split("-")
    return int(year) * 100 + int(month)


def age_text(birth_month: int, month: int) -> str:
    """Age reached in `month` as formulas take it, e.g. 60y3m."""
    return str(Age.from_months(months_apart(birth_month, month)))


def spoken_age(text: str) -> str:
    """An age of the formulas (60y3m) in words."""
    age = Age.parse(text)
    told = _("%(years)s years %(months)s months") if age.months else _("%(years)s years")
    return told % {"years": age.years, "months": age.months}


def law_day(month: int) -> date:
    """The day whose law decides a retirement in `month`."""
    return date(month // 100, month % 100, 1)


def counted_months(years: Iterable[PaidYear]) -> int:
    """Distinct paid months: a year counts at most twelve, whatever was paid at two places (handbook 2.4)."""
    by_year: dict[int, int] = {}
    for row in years:
        by_year[row.year] = min(12, by_year.get(row.year, 0) + row.months)
    return sum(by_year.values())


class _Calculation:
    """Runs formulas under one law and keeps their traces in order."""

    def __init__(self, region: str, on: date) -> None:
        self.region, self.on = region, on
        self.traces: list[dict[str, Any]] = []

    def run(self, name: str, inputs: dict[str, Any]) -> dict[str, Any]:
        on = max(self.on, AGES_SINCE) if name == WINDOW else self.on
        trace = explain(name, inputs, on=on, region=self.region).as_json()
        self.traces.append(trace)
        return dict(trace["results"])


def award_sheet(facts: AwardFacts) -> Sheet:
    """Calculate an award (国发〔2005〕38号 part 6; the province's variant and parameters by the award's region).

    Raises the rules' NoParameter if a figure of the law is missing for the date.
    """
    on = law_day(facts.retire_month)
    law = parameters(facts.region, on)
    steps = _Calculation(facts.region, on)
    window = steps.run(WINDOW, {"category": facts.category, "birth": month_text(facts.birth_month)})
    index = _average_index(facts, law, steps)
    worker, employer = (_part_year(side, facts.retire_month, law, steps) for side in (facts.worker, facts.employer))
    balance = sum(_held(side) for side in (facts.worker, facts.employer)) + worker + employer
    age = age_text(facts.birth_month, facts.retire_month)
    payout = str(steps.run("pension.payout_months", {"ages": [age]})["months"][age])
    deemed = sum(row.months for row in facts.deemed)
    paid = counted_months(facts.years)
    base = law.latest(CALC_BASE).whole()
    inputs: dict[str, Any] = {
        "average_index": index,
        "months": paid + deemed,
        "account_balance": format_yuan(balance),
    }
    if CALC_BASE not in law:  # this year's figure is not published yet: the last one counts
        inputs["calc_base"] = format_yuan(base)
    variant = "guangdong" if law.flag(GUANGDONG) else "national"
    parts = _guangdong(facts, inputs, payout, steps) if variant == "guangdong" else _national(facts, inputs, age, steps)
    return Sheet(
        variant=variant,
        law_on=on,
        start_month=month_plus(facts.retire_month, 1),
        paid_months=paid,
        deemed_months=deemed,
        minimum_months=_minimum(window, facts.retire_month),
        window=window,
        average_index=index,
        calc_base_fen=base,
        interest_worker_fen=worker,
        interest_employer_fen=employer,
        account_balance_fen=balance,
        payout_months=payout,
        parts=parts,
        traces=tuple(steps.traces),
    )


def _held(side: Side) -> int:
    return side.opening_fen + sum(side.credits.values())


def _minimum(window: Mapping[str, Any], retire_month: int) -> int:
    """Months needed: by the chosen month if early, by the statutory month otherwise (人社部发〔2024〕94号)."""
    early = retire_month < month_number(window["statutory"])
    return int(window["min_months_if_earliest" if early else "min_months_if_statutory"])


def _average_index(facts: AwardFacts, law: Law, steps: _Calculation) -> str:
    """Average index over the paid years, four decimals; of the year's or last year's wage as the province says."""
    lag = law["pension.index_wage_lag"].whole() if "pension.index_wage_lag" in law else 0
    rows = [
        {
            "year": row.year,
            "months": row.months,
            "monthly_base": str(Fraction(row.base_total_fen, 100 * row.months)),
            "average_wage": format_yuan(law.for_year(row.year - lag).latest(INDEX_WAGE).whole()),
        }
        for row in sorted(facts.years, key=lambda row: (row.year, row.place))
    ]
    if not rows:
        return "0.0000"
    return str(steps.run("pension.average_index", {"years": rows})["average_index"])


def _part_year(side: Side, retire_month: int, law: Law, steps: _Calculation) -> int:
    """Interest of the year of retirement on one side of the account, through the month of retirement."""
    if not _held(side):
        return 0
    inputs = part_year_inputs(side.opening_fen, side.credits, retire_month, law.latest(ACCOUNT_RATE).fraction())
    result = steps.run(INTEREST, inputs)
    return max(0, parse_yuan(result["interest_on_opening"]) + parse_yuan(result["interest_on_credits"]))


def part_year_inputs(opening_fen: int, credits: Mapping[int, int], through: int, rate: Fraction) -> dict[str, Any]:
    """Inputs of the part-year interest through the month `through` (yyyymm); later credits bear none."""
    months = through % 100
    return {
        "opening": format_yuan(opening_fen),
        "rate": str(rate),
        "months": months,
        "credits": {str(n): format_yuan(amount) for n, amount in sorted(credits.items()) if n <= months},
    }


def _national(facts: AwardFacts, inputs: dict[str, Any], age: str, steps: _Calculation) -> tuple[tuple[str, int], ...]:
    """Basic, account and, with deemed months, transitional pension of the national formula."""
    given = dict(inputs, age=age)
    deemed = sum(row.months for row in facts.deemed)
    if deemed:
        weighted = sum(row.months * row.index_e4 for row in facts.deemed)
        given |= {"deemed_months": deemed, "deemed_index": str(Fraction(weighted, deemed * 10_000))}
    result = steps.run("pension.award", given)
    return tuple((part, parse_yuan(result[part])) for part in ("basic", "account", "transitional") if part in result)


def _guangdong(
    facts: AwardFacts, inputs: dict[str, Any], payout: str, steps: _Calculation
) -> tuple[tuple[str, int], ...]:
    """Basic, account, transitional pension and difference line (粤府〔2006〕96号, 粤府函〔2021〕294号)."""
    given = dict(inputs, payout_months=payout)
    if facts.deemed:
        weighted = sum(row.months * row.index_e4 for row in facts.deemed)
        given["weighted_index_years"] = str(Fraction(weighted, 12 * 10_000))
        given["deemed_account"] = format_yuan(facts.deemed_account_fen)
    result = steps.run("pension.award_guangdong", given)
    named = ("basic", "account", "transitional", "adjustment")
    return tuple((part, parse_yuan(result[part])) for part in named if result.get(part) and parse_yuan(result[part]))


def replayed(traces: Iterable[Mapping[str, Any]]) -> list[bool]:
    """Run stored traces again; True for each that gives the same results from the same lines."""
    return [replay(dict(stored)).as_json() == dict(stored) for stored in traces]
