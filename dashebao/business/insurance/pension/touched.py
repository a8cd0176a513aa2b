"""Whom a parameter of the pension touches, and what a change of it does to the latest awards."""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from dashebao.business.insurance.pension.models import Award
from dashebao.kernel.money.api import format_yuan, parse_yuan
from dashebao.kernel.registry.api import persons
from dashebao.kernel.rules.api import explain, parameters, ratio_text
from dashebao.platform.administration.api import Sample, Samples, Touched, register_samples, register_touched

FORMULA = "pension.award_guangdong"
CALC_BASE = "pension.calc_base"


def awarded_since(region_prefix: str, since: date) -> int:
    """Pensions awarded from the day on, with the law of that time."""
    found = Award.objects.filter(region_code__startswith=region_prefix, start_month__gte=since.year * 100 + since.month)
    return found.values("person_id").distinct().count()


def pensioners(region_prefix: str, since: date) -> int:
    """People with an award of the scheme."""
    return Award.objects.filter(region_code__startswith=region_prefix).values("person_id").distinct().count()


def awards_again(region_prefix: str, since: date, limit: int) -> list[Sample]:
    """The latest awards of the province's formula, calculated as if they began in the month of `since`."""
    ours = Q(region_code__startswith=region_prefix, variant=Award.Variant.GUANGDONG)
    rows = list(Award.objects.filter(ours).order_by("-id")[:limit])
    people = persons([row.person_id for row in rows])
    return [_again(row, people[row.person_id].name, since) for row in rows if row.person_id in people]


def _again(row: Award, name: str, since: date) -> Sample:
    law = parameters(row.region_code, since)
    inputs = {
        "average_index": f"{row.average_index_e4 // 10_000}.{row.average_index_e4 % 10_000:04d}",
        "months": row.paid_months + row.deemed_months,
        "account_balance": format_yuan(row.account_balance_fen),
        "payout_months": f"{row.payout_months_e1 // 10}.{row.payout_months_e1 % 10}",
    }
    if CALC_BASE not in law:  # the year's figure is not published yet: the last one counts
        inputs["calc_base"] = format_yuan(law.latest(CALC_BASE).whole())
    trace = explain(FORMULA, inputs, on=since, region=row.region_code).as_json()
    return Sample(
        key=str(row.person_id),
        title=name,
        amount_fen=parse_yuan(trace["results"]["total"]),
        trace=trace,
        region=row.region_code,
        note=ratio_text(law.latest(CALC_BASE) / 100),
    )


register_touched(Touched("pension", _("Pensions awarded from that day on"), awarded_since))
register_touched(Touched("pension", _("People with a pension award"), pensioners))
register_samples(Samples("pension", _("Latest awards, calculated anew"), awards_again))
