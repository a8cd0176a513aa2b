"""Steps of the month and of the year: new benefits, payment lines, interest of all personal accounts."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from dashebao.business.insurance.common.api import (
    BenefitAwards,
    BenefitEntitle,
    HolderRange,
    account_ranges,
    credit_year,
    person_ranges,
)
from dashebao.business.insurance.pension.adjustments import IncreaseOrder, increase_pensions, open_round
from dashebao.business.insurance.pension.disability import turn_into_pensions
from dashebao.business.insurance.pension.interest import interest_of
from dashebao.business.insurance.pension.queries import own_region
from dashebao.kernel.batches.api import ChunkPlan, Counts, RangeStep, people_in_a_chunk, register_pipeline
from dashebao.kernel.records.api import SYSTEM

PensionEntitle = BenefitEntitle
CHUNK_HOLDERS = 5_000


class PensionAwards(BenefitAwards):
    """Start and suspend benefits; disability allowances become pensions at the statutory age before that."""

    def execute(self, period: int, args: dict[str, Any]) -> Counts:
        """One range of people."""
        turn_into_pensions(period, args["low"], args["high"])
        return super().execute(period, args)


class PensionInterest(RangeStep):
    """Credit the year's interest to the personal accounts of schemes 110 and 170 (劳办发〔1997〕116号)."""

    name = "pension.interest"
    title = _("Interest of personal accounts")

    def plan(self, period: int) -> Iterable[ChunkPlan]:
        """One chunk for each range of about CHUNK_HOLDERS holders of one set of books; `period` is the year."""
        for part in account_ranges(people_in_a_chunk(CHUNK_HOLDERS)):
            args = {"scheme": part.scheme, "pool": part.pool, "low": part.low, "high": part.high}
            yield ChunkPlan(key=f"{part.scheme}-{part.pool}-{part.low}", args=args)

    def execute(self, period: int, args: dict[str, Any]) -> Counts:
        """Credit one range of accounts."""
        chunk = HolderRange(args["scheme"], args["pool"], args["low"], args["high"])
        people, fen = credit_year(chunk, period, interest_of(chunk.scheme, chunk.pool, period))
        return Counts(rows=people, fen=fen)


class PensionIncrease(RangeStep):
    """Increase the pensions of those who retired by December, with arrears since January; `period` is the first month."""

    name = "pension.increase"
    title = _("Yearly increase of pensions")

    def plan(self, period: int) -> Iterable[ChunkPlan]:
        """Open the round of the year, then one chunk for each range of people."""
        open_round(_order(period), by=SYSTEM)
        for low, high in person_ranges(period, people_in_a_chunk(CHUNK_HOLDERS)):
            yield ChunkPlan(key=f"{low}-{high}", args={"low": low, "high": high})

    def execute(self, period: int, args: dict[str, Any]) -> Counts:
        """Increase one range of people."""
        return Counts(rows=increase_pensions(_order(period), args["low"], args["high"], by=SYSTEM))


def _order(period: int) -> IncreaseOrder:
    return IncreaseOrder(year=period // 100, region=own_region(), run_month=period)


register_pipeline("increase", [PensionIncrease()])

__all__ = ["PensionAwards", "PensionEntitle", "PensionIncrease", "PensionInterest"]
