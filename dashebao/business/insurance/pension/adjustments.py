"""The yearly increase of pensions, set-based over all pensioners of a province (基本养老金调整)."""

import hashlib
import json
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.utils.translation import gettext as _

from dashebao.business.insurance.common.api import Increases, increase_benefits, running_between
from dashebao.business.insurance.pension.actions import PensionError
from dashebao.business.insurance.pension.models import AdjustmentRound, Award
from dashebao.business.insurance.pension.queries import SCHEME
from dashebao.business.insurance.pension.rules import AdjustmentTerms, adjustment_columns, adjustment_terms
from dashebao.kernel.records.api import Actor, acting, audit
from dashebao.kernel.rules.api import parameters

LAST_PERSON = 2**62


@dataclass(frozen=True)
class IncreaseOrder:
    """Which year's increase, for which region, from which month, first paid in which run."""

    year: int
    region: str
    run_month: int

    @property
    def effective_month(self) -> int:
        """Increases take effect in January."""
        return self.year * 100 + 1


def open_round(order: IncreaseOrder, terms: AdjustmentTerms, *, by: Actor) -> int:
    """Record the increase of a year; returns the round's id. Raises PensionError if the year was increased already."""
    digest = hashlib.sha256(json.dumps(str(terms)).encode()).hexdigest()
    with acting(by, why=f"increase {order.year}"):
        if AdjustmentRound.objects.filter(year=order.year, region_code=order.region).exists():
            raise PensionError(_("Pensions have already been increased for this year."))
        row = AdjustmentRound.objects.create(
            year=order.year,
            region_code=order.region,
            effective_month=order.effective_month,
            applied_month=order.run_month,
            parameters_digest=digest,
        )
        audit("pension.increase_opened", row, region=order.region, year=order.year)
        return int(row.pk)


def increase_pensions(order: IncreaseOrder, low: int = 0, high: int = LAST_PERSON, *, by: Actor) -> int:
    """Increase the pensions of people low..high who retired by 31 December; returns how many.

    A second call finds the components of the first and changes nothing.
    """
    prefix = order.region.rstrip("0") if order.region.endswith("00") else order.region
    terms = adjustment_terms(parameters(order.region, date(order.year, 1, 1)))
    with acting(by, why=f"increase {order.year}"):
        kind = f"increase-{order.year}"
        found = running_between(SCHEME, kind, order.effective_month, (prefix, low, high))
        if not found:
            return 0
        months = dict(Award.objects.filter(pk__in=[row.award_id for row in found]).values_list("id", "paid_months"))
        deemed = dict(Award.objects.filter(pk__in=[row.award_id for row in found]).values_list("id", "deemed_months"))
        amounts = adjustment_columns(
            np.array([row.monthly_fen for row in found], np.int64),
            np.array([months.get(row.award_id, 0) + deemed.get(row.award_id, 0) for row in found], np.int64),
            terms,
        )
        done = increase_benefits(
            Increases(
                kind=kind,
                effective_month=order.effective_month,
                run_month=order.run_month,
                source=f"increase:{order.year}",
                benefit_id=[row.benefit_id for row in found],
                amount_fen=[int(amount) for amount in amounts],
            )
        )
        _count(order, done, int(amounts.sum()))
        return done


def _count(order: IncreaseOrder, people: int, monthly_fen: int) -> None:
    row = AdjustmentRound.objects.select_for_update().filter(year=order.year, region_code=order.region).first()
    if row is None:
        return
    row.people = row.people + people
    row.monthly_fen = row.monthly_fen + monthly_fen
    row.save(update_fields=["people", "monthly_fen"])
