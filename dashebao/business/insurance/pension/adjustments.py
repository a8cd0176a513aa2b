"""The yearly increase of pensions, set-based over all pensioners of a province (基本养老金调整)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from dashebao.business.insurance.common.api import Candidate, Increases, increase_benefits, running_between
from dashebao.business.insurance.pension.actions import PensionError
from dashebao.business.insurance.pension.models import AdjustmentRound, Award
from dashebao.business.insurance.pension.queries import SCHEME
from dashebao.business.insurance.pension.rules import adjustment_columns, adjustment_terms
from dashebao.kernel.records.api import Actor, acting, audit
from dashebao.kernel.registry.api import persons
from dashebao.kernel.rules.api import Law, parameters

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


def open_round(order: IncreaseOrder, *, by: Actor) -> int:
    """Record the increase of a year; returns the round's id. Raises PensionError if the year was increased already."""
    law = parameters(order.region, date(order.year, 1, 1))
    with acting(by, why=f"increase {order.year}"):
        if AdjustmentRound.objects.filter(year=order.year, region_code=order.region).exists():
            raise PensionError(_("Pensions have already been increased for this year."))
        row = AdjustmentRound.objects.create(
            year=order.year,
            region_code=order.region,
            effective_month=order.effective_month,
            applied_month=order.run_month,
            parameters_digest=law.digest,
        )
        audit("pension.increase_opened", row, region=order.region, year=order.year)
        return int(row.pk)


def increase_pensions(order: IncreaseOrder, low: int = 0, high: int = LAST_PERSON, *, by: Actor) -> int:
    """Increase the pensions of people low..high who retired by 31 December; returns how many.

    A second call finds the components of the first and changes nothing.
    """
    prefix = order.region.rstrip("0") if order.region.endswith("00") else order.region
    law = parameters(order.region, date(order.year, 1, 1))
    with acting(by, why=f"increase {order.year}"):
        kind = f"increase-{order.year}"
        found = running_between(SCHEME, kind, order.effective_month, (prefix, low, high))
        if not found:
            return 0
        amounts = _amounts(found, law, order)
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


def _amounts(found: Sequence[Candidate], law: Law, order: IncreaseOrder) -> "np.ndarray[Any, np.dtype[np.int64]]":
    """The increase of every candidate in fen; who is old enough at the end of last year gets the tilt."""
    awards = Award.objects.in_bulk([row.award_id for row in found])
    humans = persons([row.person_id for row in found])
    born_before = date(order.year - law["pension.adjustment.tilt_age"].whole(), 1, 1)
    tilt = law.fen("pension.adjustment.tilt")
    return adjustment_columns(
        np.array([row.monthly_fen for row in found], np.int64),
        np.array([awards[row.award_id].paid_months + awards[row.award_id].deemed_months for row in found], np.int64),
        np.array([tilt if humans[row.person_id].birth_on < born_before else 0 for row in found], np.int64),
        adjustment_terms(law),
    )


def _count(order: IncreaseOrder, people: int, monthly_fen: int) -> None:
    row = AdjustmentRound.objects.select_for_update().filter(year=order.year, region_code=order.region).first()
    if row is None:
        return
    row.people = row.people + people
    row.monthly_fen = row.monthly_fen + monthly_fen
    row.save(update_fields=["people", "monthly_fen"])
