"""Rules of the residents' pension (scheme 170)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from dashebao.kernel.law.api import RESIDENT_PENSION
from dashebao.kernel.rules.api import (
    Column,
    Exact,
    Law,
    Months,
    Results,
    Rounding,
    Years,
    Yuan,
    formula,
    line,
    mount,
    run_columns,
    yuan_text,
)

mount("residents", Path(__file__).parent / "parameters")
PER_ITEM = Rounding(2, "RR1 每个入账项目四舍五入到分一次 / once per posted item, to the fen")


@dataclass(frozen=True)
class ResidentInputs:
    """A person's yearly payment and subsidy, years paid, the basic pension, and the divisor of the account."""

    annual_payment: Yuan
    annual_subsidy: Yuan
    years: Years
    basic: Yuan | None = None
    divisor: Months | None = None


@line("residents.balance", "个人账户储存额", "account balance", RESIDENT_PENSION["第五条"])
def balance_paid_in(annual_payment: Yuan, annual_subsidy: Yuan, years: Years) -> Yuan:
    """Payments and subsidies of the years, without interest."""
    return ((annual_payment + annual_subsidy) * years).rounded(PER_ITEM)


@line("residents.account", "个人账户养老金", "account pension", RESIDENT_PENSION["第六条"])
def account_part(account_balance: Yuan, divisor: Months) -> Yuan:
    """The balance over the divisor."""
    return (account_balance / divisor).rounded(PER_ITEM)


@line("residents.total", "城乡居民养老金", "pension", RESIDENT_PENSION["第六条"])
def pension(basic: Yuan, account: Yuan) -> Yuan:
    """Basic pension and account pension."""
    return basic + account


@formula(
    "pension.residents",
    zh="城乡居民养老金",
    en="Residents' pension",
    law=(RESIDENT_PENSION["第四条"], RESIDENT_PENSION["第五条"], RESIDENT_PENSION["第六条"]),
)
def residents(given: ResidentInputs, law: Law) -> Results:
    """Basic pension + account / 139."""
    divisor = law["residents.divisor"] if given.divisor is None else given.divisor
    basic = law["residents.basic"] if given.basic is None else given.basic
    balance = balance_paid_in(given.annual_payment, given.annual_subsidy, given.years)
    account = account_part(balance, divisor)
    return {
        "account_balance": yuan_text(balance),
        "account": yuan_text(account),
        "total": yuan_text(pension(basic, account)),
    }


@dataclass(frozen=True)
class ResidentAward:
    """A real balance, the basic pension and the divisor (by default those in force)."""

    account_balance: Yuan
    basic: Yuan | None = None
    divisor: Months | None = None


@formula(
    "pension.residents_award",
    zh="城乡居民养老金核定",
    en="Award of a residents' pension",
    law=(RESIDENT_PENSION["第六条"],),
)
def residents_award(given: ResidentAward, law: Law) -> Results:
    """Basic pension + balance / 139."""
    divisor = law["residents.divisor"] if given.divisor is None else given.divisor
    basic = law["residents.basic"] if given.basic is None else given.basic
    account = account_part(given.account_balance, divisor)
    return {"basic": yuan_text(basic), "account": yuan_text(account), "total": yuan_text(pension(basic, account))}


def residents_columns(balance_fen: Column, basic_fen: int | Column, divisor: int) -> tuple[Column, Column]:
    """Account pension and total in fen for a column of balances; the basic pension may be one or a column."""

    def rule(balance: Exact, basic: Exact) -> tuple[Exact, ...]:
        account = account_part(balance, Exact(divisor))
        return account, pension(basic, account)

    basics = np.full(len(balance_fen), basic_fen, np.int64) if isinstance(basic_fen, int) else basic_fen
    account, total = run_columns(rule, {"balance": balance_fen, "basic": basics}, 2)
    return account, total
