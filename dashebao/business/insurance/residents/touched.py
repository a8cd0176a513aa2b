"""Whom a parameter of the residents' pension touches, and what a change of it does to the latest awards."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from dashebao.business.insurance.residents.models import ResidentAward, ResidentEnrolment
from dashebao.kernel.money.api import format_yuan, parse_yuan
from dashebao.kernel.registry.api import persons
from dashebao.kernel.rules.api import explain, parameters
from dashebao.platform.administration.api import Sample, Samples, Touched, register_samples, register_touched


def pensioners(region_prefix: str, since: date) -> int:
    """People with an award of the scheme."""
    return ResidentAward.objects.filter(region_code__startswith=region_prefix).count()


def enrolled(region_prefix: str, since: date) -> int:
    """People enrolled in the scheme."""
    return (
        ResidentEnrolment.objects.filter(region_code__startswith=region_prefix).values("person_id").distinct().count()
    )


def awards_again(region_prefix: str, since: date, limit: int) -> list[Sample]:
    """The latest awards, calculated as if they began in the month of `since`."""
    rows = list(ResidentAward.objects.filter(region_code__startswith=region_prefix).order_by("-id")[:limit])
    people = persons([row.person_id for row in rows])
    return [_again(row, people[row.person_id].name, since) for row in rows if row.person_id in people]


def _again(row: ResidentAward, name: str, since: date) -> Sample:
    law = parameters(row.region_code, since)
    inputs = {"account_balance": format_yuan(row.account_balance_fen)}
    if "residents.basic" not in law:
        inputs["basic"] = format_yuan(law.latest("residents.basic").whole())
    trace = explain("pension.residents_award", inputs, on=since, region=row.region_code).as_json()
    return Sample(str(row.person_id), name, parse_yuan(trace["results"]["total"]), trace, region=row.region_code)


register_touched(Touched("residents", _("People with a residents' pension"), pensioners))
register_touched(Touched("residents", _("People enrolled in the residents' pension"), enrolled))
register_samples(Samples("residents", _("Latest awards, calculated anew"), awards_again))
