"""The lines of the levy's law: pure arithmetic, the same for one person and for columns."""

from __future__ import annotations

from dashebao.kernel.law.api import LEVY_RULES, RATE_CUT_2019, SOCIAL_INSURANCE_LAW
from dashebao.kernel.rules.api import Days, Ratio, Rounding, Yuan, clip, line

PER_ITEM = Rounding(2, "RR1 每个入账项目四舍五入到分一次 / once per posted item, to the fen")
WHOLE_YUAN = Rounding(0, "RR2 缴费基数上下限取整到元 / base limits in whole yuan (粤人社发〔2025〕32号)")
LATE_DAYS = "day after due date through paid date inclusive"


@line("levy.base", "缴费基数", "contribution base", SOCIAL_INSURANCE_LAW[12], RATE_CUT_2019["第二条"])
def bounded_base(wage: Yuan, floor: Yuan | None, cap: Yuan | None) -> Yuan:
    """The wage held between the floor and the cap of the base."""
    return clip(wage, floor, cap).rounded(PER_ITEM)


@line("levy.share", "应缴额", "share due", SOCIAL_INSURANCE_LAW[12])
def share(base: Yuan, rate: Ratio) -> Yuan:
    """One payer's share of a contribution."""
    return (base * rate).rounded(PER_ITEM)


@line("levy.total", "合计", "total", "RR1")
def total(one: Yuan, other: Yuan) -> Yuan:
    """A sum of rounded items, not rounded again."""
    return one + other


@line("levy.base_limit", "缴费基数限额", "limit of the base", RATE_CUT_2019["第二条"])
def base_limit(reference_wage: Yuan, ratio: Ratio) -> Yuan:
    """A cap or floor of the base from the reference wage."""
    return (reference_wage * ratio).rounded(WHOLE_YUAN)


@line("levy.late_fee", "滞纳金", "late fee", SOCIAL_INSURANCE_LAW[86])
def late_fee_amount(principal: Yuan, daily_rate: Ratio, days: Days) -> Yuan:
    """Late fee on unpaid principal, not compounded."""
    return (principal * daily_rate * days).rounded(PER_ITEM)


@line("levy.undeclared", "核定应缴额", "assessed amount", SOCIAL_INSURANCE_LAW[62], LEVY_RULES[10])
def undeclared_amount(last_month_payable: Yuan, factor: Ratio) -> Yuan:
    """What is assessed when a unit does not declare."""
    return (last_month_payable * factor).rounded(PER_ITEM)
