"""Whom a parameter of the levy touches, and what a change of it does to the month of some insured people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from fractions import Fraction

from django.utils.translation import gettext_lazy as _

from dashebao.business.levy.models import Enrolment, Wage
from dashebao.business.levy.rates import rates_of
from dashebao.business.levy.rules_columns import SCHEMES, SchemeTerms
from dashebao.business.levy.schemes import INJURY
from dashebao.kernel.money.api import format_yuan, parse_yuan
from dashebao.kernel.registry.api import persons
from dashebao.kernel.rules.api import explain
from dashebao.platform.administration.api import Sample, Samples, Touched, register_samples, register_touched

LOOKED_AT = 200
BILL = "levy.monthly_bill"


def _insured(numbers: Sequence[int]) -> Callable[[str, date], int]:
    """A counter of the people enrolled in any of these schemes."""

    def count(region_prefix: str, since: date) -> int:
        found = Enrolment.objects.filter(schemes__overlap=list(numbers), valid_during__contains=since)
        if region_prefix:
            found = found.filter(region_code__startswith=region_prefix)
        return found.values("person_id").distinct().count()

    return count


def _flexible(region_prefix: str, since: date) -> int:
    found = Enrolment.objects.filter(unit=None, valid_during__contains=since)
    return found.filter(region_code__startswith=region_prefix).values("person_id").distinct().count()


def bills_of_some(region_prefix: str, since: date, limit: int) -> list[Sample]:
    """The month's contributions of people with low to high wages, under the law as it stands."""
    wages = Wage.objects.filter(unit_id__gt=0, region_code__startswith=region_prefix).order_by("-id")[:LOOKED_AT]
    latest: dict[int, Wage] = {}
    for wage in wages:
        latest.setdefault(wage.person_id, wage)
    ordered = sorted(latest.values(), key=lambda row: (row.wage_fen, row.person_id))
    step = max(1, (len(ordered) - 1) // max(1, limit - 1))
    chosen = ordered[::step][: limit - 1] + ordered[-1:] if len(ordered) > limit else ordered
    people = persons([row.person_id for row in chosen])
    return [_bill(row, people[row.person_id].name, since) for row in chosen if row.person_id in people]


def _bill(wage: Wage, name: str, since: date) -> Sample:
    rates = rates_of(wage.region_code, since.year * 100 + since.month)
    terms = {SCHEMES[code]: _written(found) for code, found in rates.terms.items() if code != INJURY}
    inputs = {"wages": {"wage": format_yuan(wage.wage_fen)}, "params": terms}
    trace = explain(BILL, inputs, on=since, region=wage.region_code).as_json()
    return Sample(
        key=str(wage.person_id),
        title=name,
        amount_fen=parse_yuan(trace["results"]["grand_total"]),
        trace=trace,
        region=wage.region_code,
        note=f"¥ {format_yuan(wage.wage_fen)}",
    )


def _written(terms: SchemeTerms) -> dict[str, str]:
    given = {"employer_rate": _ratio(terms.employer_rate), "individual_rate": _ratio(terms.worker_rate)}
    limits = {"floor": terms.floor_fen, "cap": terms.cap_fen}
    return given | {name: format_yuan(value) for name, value in limits.items() if isinstance(value, int)}


def _ratio(rate: Fraction) -> str:
    return str(rate)


for _prefix, _title, _numbers in (
    ("levy.pension", _("Employees insured for pension"), [110]),
    ("levy.medical", _("Employees insured for medical care"), [310]),
    ("levy.maternity", _("Employees insured for maternity"), [510]),
    ("levy.unemployment", _("Employees insured against unemployment"), [210]),
    ("levy.injury", _("Employees insured against work injury"), [410]),
    ("levy", _("All insured people"), [110, 210, 310, 410, 510]),
    ("pension", _("Employees insured for pension"), [110]),
):
    register_touched(Touched(_prefix, _title, _insured(_numbers)))
register_touched(Touched("levy.flexible", _("Flexible workers"), _flexible))
register_samples(Samples("levy", _("Contributions of the month, both payers"), bills_of_some))
