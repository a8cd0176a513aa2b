"""Rules of the work-injury premium."""

from __future__ import annotations

from dataclasses import dataclass

from dashebao.kernel.law.api import INJURY_RATES, INJURY_RULES, SOCIAL_INSURANCE_LAW
from dashebao.kernel.rules.api import Law, Ratio, Results, Rounding, Yuan, formula, line, ratio_text, yuan_text

PER_ITEM = Rounding(2, "RR1 每个入账项目四舍五入到分一次 / once per posted item, to the fen")


@dataclass(frozen=True)
class Premium:
    """Payroll of the unit, base rate of its class, and the step of the floating rate."""

    payroll: Yuan
    base_rate: Ratio
    float_factor: Ratio


@line("injury.rate", "工伤保险费率", "premium rate", INJURY_RATES["第三条"], INJURY_RULES[8])
def unit_rate(base_rate: Ratio, float_factor: Ratio) -> Ratio:
    """The base rate of the industry class, floated for the unit; not rounded."""
    return base_rate * float_factor


@line("injury.premium", "工伤保险费", "premium", INJURY_RULES[10])
def premium_amount(payroll: Yuan, rate: Ratio) -> Yuan:
    """Wage total times the unit's rate."""
    return (payroll * rate).rounded(PER_ITEM)


@formula(
    "injury.premium",
    zh="工伤保险费",
    en="Work-injury premium",
    law=(INJURY_RATES["第三条"], INJURY_RULES[8], INJURY_RULES[10], SOCIAL_INSURANCE_LAW[34]),
)
def premium(given: Premium, law: Law) -> Results:
    """Payroll x base rate x floating step."""
    rate = unit_rate(given.base_rate, given.float_factor)
    return {"rate": ratio_text(rate), "premium": yuan_text(premium_amount(given.payroll, rate))}
