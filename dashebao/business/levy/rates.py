"""The rates and limits of a month in a region, as the assessment needs them, and the frozen set that explains them."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any

from dashebao.business.levy.models import ParameterSet
from dashebao.business.levy.rules_columns import FlexibleTerms, SchemeTerms, flexible_terms, scheme_terms
from dashebao.kernel.legal_time.api import MissingCalendar, first_day_of, next_working_day
from dashebao.kernel.rules.api import Law, parameters


@dataclass(frozen=True)
class RegionRates:
    """Everything that decides a contribution in one region and month, apart from a unit's own injury rate."""

    region_code: str
    month: int
    terms: dict[str, SchemeTerms]
    injury_rates: dict[int, Fraction]
    flexible: FlexibleTerms
    flexible_medical: Fraction
    rural_unemployment: Fraction
    content: dict[str, Any]

    @property
    def digest(self) -> str:
        """SHA-256 over the content."""
        return hashlib.sha256(json.dumps(self.content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


USED = (
    *(f"levy.{s}.{p}" for s in ("pension", "medical") for p in ("floor", "cap", "employer_rate", "worker_rate")),
    *(f"levy.maternity.{p}" for p in ("floor", "cap", "employer_rate")),
    *(f"levy.unemployment.{p}" for p in ("floor", "cap", "employer_rate", "worker_rate", "rural_worker_rate")),
    "levy.injury.floor",
    *(f"levy.injury.base_rate.class_{number}" for number in range(1, 9)),
    "levy.flexible.rate_pool",
    "levy.flexible.rate_account",
    "levy.medical.flexible_rate",
)


def rates_of(region_code: str, month: int) -> RegionRates:
    """Rates and limits of a region in a month (yyyymm); RulesError where the law has a gap."""
    return _rates(region_code, month, parameters(region_code, first_day_of(month)))


@lru_cache(maxsize=1024)
def _rates(region_code: str, month: int, law: Law) -> RegionRates:
    """Kept for each state of the law: an approved change gives another `law`, and so another answer."""
    on = first_day_of(month)
    content = {name: law.origin(name).as_json() for name in USED if name in law}
    return RegionRates(
        region_code=region_code,
        month=month,
        terms=scheme_terms(region_code, on),
        injury_rates={number: law.rate(f"levy.injury.base_rate.class_{number}") for number in range(1, 9)},
        flexible=flexible_terms(region_code, on),
        flexible_medical=law.rate("levy.medical.flexible_rate"),
        rural_unemployment=law.rate("levy.unemployment.rural_worker_rate"),
        content=content,
    )


def parameter_set_of(rates: RegionRates) -> int:
    """The id of the frozen parameter set with this content; made if it is new."""
    known = ParameterSet.objects.filter(digest=rates.digest).values_list("id", flat=True)
    if (found := known.first()) is not None:
        return int(found)
    made = ParameterSet(digest=rates.digest, region_code=rates.region_code, month=rates.month, content=rates.content)
    # a chunk beside this one may make it at this moment
    ParameterSet.objects.bulk_create([made], ignore_conflicts=True)
    return int(known.get())


def due_on(region_code: str, month: int) -> date:
    """The day by which the month's contributions are due; on a rest day the next working day (民法典 203).

    That the rule reaches contributions is the field's practice, not the text of an act. Of a year without a calendar
    (before 2024) the day itself counts.
    """
    law = parameters(region_code, first_day_of(month))
    day = date(month // 100, month % 100, law["levy.due_day"].whole())
    if not law.flag("levy.due_day_rolls"):
        return day
    try:
        return next_working_day(day)
    except MissingCalendar:
        return day


def late_fee_rate(region_code: str, on: date) -> Fraction:
    """The daily late fee (社会保险法 86)."""
    return parameters(region_code, on).rate("levy.late_fee_rate")


def late_fee_capped(region_code: str, on: date) -> bool:
    """Whether the late fee may not exceed the principal (行政强制法 45, applied in some places)."""
    return parameters(region_code, on).flag("levy.late_fee_cap")


def undeclared_factor(region_code: str, month: int) -> Fraction:
    """By how much last month's amount is raised where a unit did not declare (社会保险法 62)."""
    return parameters(region_code, first_day_of(month)).rate("levy.undeclared_factor")


def allocation_order(region_code: str, on: date) -> list[str]:
    """Scheme codes in the order in which a payment that does not cover everything is allocated."""
    law = parameters(region_code, on)
    ranks = {code: law[f"levy.allocation_rank.{code}"].whole() for code in ("410", "310", "510", "210", "110")}
    return sorted(ranks, key=lambda code: ranks[code])


def back_payment_years(region_code: str, on: date) -> int:
    """How many years back may be paid without a court, arbitration, inspection or audit document."""
    return parameters(region_code, on)["levy.back_payment_years"].whole()


def instalments_most(region_code: str, on: date) -> int:
    """The most instalments a deferred-payment agreement may have."""
    return parameters(region_code, on)["levy.instalments_most"].whole()
