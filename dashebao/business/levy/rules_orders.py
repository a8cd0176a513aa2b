"""Rules of single orders: project premium, instalments, change of the injury class, what is returned."""

from __future__ import annotations

from dataclasses import dataclass

from dashebao.business.levy.rules_lines import PER_ITEM, share, total
from dashebao.kernel.law.api import INJURY_RATES, INJURY_RULES, SOCIAL_INSURANCE_LAW
from dashebao.kernel.rules.api import BadInput, Count, Law, Ratio, Results, Yuan, formula, line, yuan_text


@line("levy.project_premium", "项目应缴工伤保险费", "injury premium of the project", INJURY_RULES[10])
def project_premium_amount(cost: Yuan, rate: Ratio) -> Yuan:
    """The premium of a construction project on its cost."""
    return (cost * rate).rounded(PER_ITEM)


@line("levy.instalment", "每期应缴", "one instalment", SOCIAL_INSURANCE_LAW[63])
def instalment_amount(owed: Yuan, count: Count) -> Yuan:
    """An equal part of what is owed."""
    return (owed / count).rounded(PER_ITEM)


@line("levy.last_instalment", "末期应缴", "the last instalment", SOCIAL_INSURANCE_LAW[63])
def last_instalment_amount(owed: Yuan, instalment: Yuan, before: Count) -> Yuan:
    """What the instalments before it leave."""
    return owed - instalment * before


@line("levy.class_premium", "月工伤保险费", "monthly injury premium", INJURY_RULES[10])
def class_premium(payroll: Yuan, rate: Ratio, float_factor: Ratio) -> Yuan:
    """The premium of a payroll at the rate of a class and its step."""
    return (payroll * rate * float_factor).rounded(PER_ITEM)


@line("levy.premium_difference", "每月差额", "difference a month", INJURY_RULES[8])
def premium_difference(after: Yuan, before: Yuan) -> Yuan:
    """What the unit pays more (or less) every month."""
    return after - before


@dataclass(frozen=True)
class Project:
    """The cost a construction project's premium is computed on."""

    cost: Yuan


@formula(
    "levy.project_premium",
    zh="建筑项目工伤保险费",
    en="Injury premium of a construction project",
    law=(INJURY_RULES[10],),
)
def project_premium(given: Project, law: Law) -> Results:
    """Cost of the project x the rate for projects, rounded once (RR1)."""
    return {"premium": yuan_text(project_premium_amount(given.cost, law["levy.injury.project_rate"]))}


@dataclass(frozen=True)
class Instalments:
    """What is owed and in how many instalments it is paid."""

    owed: Yuan
    count: Count


@formula("levy.instalments", zh="分期缴费", en="Payment by instalments", law=(SOCIAL_INSURANCE_LAW[63],))
def instalments(given: Instalments, law: Law) -> Results:
    """Equal parts rounded to the fen; the last one takes the rest, so that they add up."""
    if given.count < 2:
        raise BadInput("分期不得少于两期", "at least two instalments are needed")
    each = instalment_amount(given.owed, given.count)
    last = last_instalment_amount(given.owed, each, given.count - 1)
    return {"instalment": yuan_text(each), "last": yuan_text(last), "total": yuan_text(given.owed)}


@dataclass(frozen=True)
class ClassChange:
    """A payroll, and the rates and steps before and after a change of class."""

    payroll: Yuan
    rate_before: Ratio
    float_before: Ratio
    rate_after: Ratio
    float_after: Ratio


@formula(
    "levy.class_change",
    zh="工伤保险费率类别变更",
    en="Change of the injury class",
    law=(INJURY_RULES[8], INJURY_RULES[10], INJURY_RATES["第二条"]),
)
def class_change(given: ClassChange, law: Law) -> Results:
    """The monthly premium before and after, and the difference."""
    before = class_premium(given.payroll, given.rate_before, given.float_before)
    after = class_premium(given.payroll, given.rate_after, given.float_after)
    return {
        "before": yuan_text(before),
        "after": yuan_text(after),
        "difference": yuan_text(premium_difference(after, before)),
    }


@dataclass(frozen=True)
class Returned:
    """What was paid by each payer for a month and an insurance."""

    employer: Yuan
    individual: Yuan


@formula("levy.returned", zh="应退金额", en="Amount to return", law=(SOCIAL_INSURANCE_LAW[63],))
def returned(given: Returned, law: Law) -> Results:
    """Both parts as they were paid; the worker's part leaves the personal account."""
    return {"returned": yuan_text(total(given.employer, given.individual))}


@dataclass(frozen=True)
class BackMonth:
    """One month of a back-payment: its base and the rates of each insurance, and the days it is late."""

    base: Yuan
    employer_rate: Ratio
    individual_rate: Ratio


@formula("levy.back_month", zh="补缴单月应缴额", en="One month of a back-payment", law=(SOCIAL_INSURANCE_LAW[63],))
def back_month(given: BackMonth, law: Law) -> Results:
    """Each payer's share of the month's base, rounded once each (RR1)."""
    employer, worker = share(given.base, given.employer_rate), share(given.base, given.individual_rate)
    return {
        "employer": yuan_text(employer),
        "individual": yuan_text(worker),
        "total": yuan_text(total(employer, worker)),
    }


__all__ = [
    "back_month",
    "class_change",
    "instalments",
    "project_premium",
    "returned",
]
