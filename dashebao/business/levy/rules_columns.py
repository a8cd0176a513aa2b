"""The levy's rules over columns: the same lines, for a month of millions of people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from dashebao.business.levy.rules_lines import bounded_base, late_fee_amount, share, total, undeclared_amount
from dashebao.kernel.rules.api import Column, Exact, exact, filled, parameters, run_columns

MILLION = 1_000_000
PENSION, MEDICAL, MATERNITY, UNEMPLOYMENT, INJURY = "110", "310", "510", "210", "410"
SCHEMES = {
    PENSION: "pension",
    MEDICAL: "medical",
    MATERNITY: "maternity",
    UNEMPLOYMENT: "unemployment",
    INJURY: "injury",
}


@dataclass(frozen=True)
class SchemeTerms:
    """Limits (fen, None: none; also columns) and rates of one scheme in one region and month."""

    floor_fen: int | Column | None
    cap_fen: int | Column | None
    employer_rate: Fraction
    worker_rate: Fraction
    account_rate: Fraction = Fraction(0)


@dataclass(frozen=True)
class ContributionColumns:
    """Base, both shares, and the part entered in the personal account, in fen."""

    base_fen: Column
    employer_fen: Column
    worker_fen: Column
    account_fen: Column


def scheme_terms(
    region: str, on: date, *, injury_class: int = 2, injury_float: Fraction = Fraction(1)
) -> dict[str, SchemeTerms]:
    """Terms of the five schemes by code in a region on a day; NoParameter where the law has a gap."""
    law = parameters(region, on)
    terms = {}
    for code, name in SCHEMES.items():
        floor, cap = law.get(f"levy.{name}.floor"), law.get(f"levy.{name}.cap")
        worker = law.get(f"levy.{name}.worker_rate")
        account = law.get(f"levy.{name}.account_rate")
        if code == INJURY:
            employer = law.rate(f"levy.injury.base_rate.class_{injury_class}") * injury_float
        else:
            employer = law.rate(f"levy.{name}.employer_rate")
        terms[code] = SchemeTerms(
            floor_fen=None if floor is None else floor.whole(),
            cap_fen=None if cap is None else cap.whole(),
            employer_rate=employer,
            worker_rate=Fraction(0) if worker is None else worker.fraction(),
            account_rate=_account_rate(code, account, worker),
        )
    return terms


def _account_rate(code: str, account: Exact | None, worker: Exact | None) -> Fraction:
    """The pension says its own share; of medical insurance the worker's part is the account's (国办发〔2021〕14号)."""
    if account is not None:
        return account.fraction()
    return worker.fraction() if code == MEDICAL and worker is not None else Fraction(0)


def contribution_columns(wage_fen: Column, terms: SchemeTerms) -> ContributionColumns:
    """Base and shares of every row, each rounded once; floors and caps may be columns of the same length."""
    given = {"wage": wage_fen} | _limits(terms.floor_fen, terms.cap_fen, len(wage_fen))
    rates = tuple(exact(rate) for rate in (terms.employer_rate, terms.worker_rate, terms.account_rate))

    def rule(wage: Exact, floor: Exact | None = None, cap: Exact | None = None) -> tuple[Exact, ...]:
        base = bounded_base(wage, floor, cap)
        return (base, *(share(base, rate) for rate in rates))

    return ContributionColumns(*run_columns(rule, given, 4))


def _limits(floor: int | Column | None, cap: int | Column | None, length: int) -> dict[str, Column]:
    given = {"floor": floor, "cap": cap}
    return {name: filled(value, length) for name, value in given.items() if value is not None}


@dataclass(frozen=True)
class FlexibleTerms:
    """Limits (fen) and the two parts of the rate for flexible workers."""

    floor_fen: int | Column | None
    cap_fen: int | Column | None
    pool_rate: Fraction
    account_rate: Fraction


@dataclass(frozen=True)
class FlexibleColumns:
    """Base, whole contribution and its two parts, in fen."""

    base_fen: Column
    total_fen: Column
    pool_fen: Column
    account_fen: Column


def flexible_terms(region: str, on: date) -> FlexibleTerms:
    """Terms of flexible workers' pension in a region on a day."""
    law = parameters(region, on)
    return FlexibleTerms(
        floor_fen=law.fen("levy.pension.floor"),
        cap_fen=law.fen("levy.pension.cap"),
        pool_rate=law.rate("levy.flexible.rate_pool"),
        account_rate=law.rate("levy.flexible.rate_account"),
    )


def flexible_columns(declared_fen: Column, terms: FlexibleTerms) -> FlexibleColumns:
    """Contributions of flexible workers: parts rounded, the whole their sum."""
    pool_rate, account_rate = exact(terms.pool_rate), exact(terms.account_rate)

    def rule(wage: Exact, floor: Exact | None = None, cap: Exact | None = None) -> tuple[Exact, ...]:
        base = bounded_base(wage, floor, cap)
        pool, account = share(base, pool_rate), share(base, account_rate)
        return base, total(pool, account), pool, account

    given = {"wage": declared_fen} | _limits(terms.floor_fen, terms.cap_fen, len(declared_fen))
    return FlexibleColumns(*run_columns(rule, given, 4))


def premium_columns(base_fen: Column, rate_millionths: Column) -> Column:
    """A share with a rate of its own for every row (work injury: by unit), rates in millionths."""

    def rule(base: Exact, rate: Exact) -> tuple[Exact, ...]:
        return (share(base, rate / MILLION),)

    return run_columns(rule, {"base": base_fen, "rate": rate_millionths}, 1)[0]


def late_fee_columns(principal_fen: Column, days: Column, daily_rate: Fraction) -> Column:
    """Late fee of every row: principal x daily rate x days, rounded once."""
    rate = exact(daily_rate)

    def rule(principal: Exact, days: Exact) -> tuple[Exact, ...]:
        return (late_fee_amount(principal, rate, days),)

    return run_columns(rule, {"principal": principal_fen, "days": days}, 1)[0]


def undeclared_columns(last_month_fen: Column, factor: Fraction) -> Column:
    """110 % of last month for every unit that did not declare."""
    times = exact(factor)

    def rule(last: Exact) -> tuple[Exact, ...]:
        return (undeclared_amount(last, times),)

    return run_columns(rule, {"last": last_month_fen}, 1)[0]
