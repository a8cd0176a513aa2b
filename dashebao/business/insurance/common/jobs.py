"""Steps of the month for running benefits of all schemes: start and check them, then make the month's payment lines."""

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from dashebao.business.insurance.common.monthly import activate, entitle
from dashebao.business.insurance.common.queries import person_ranges
from dashebao.kernel.batches.api import ChunkPlan, Counts, RangeStep, people_in_a_chunk

CHUNK_PEOPLE = 5_000


def _plan(period: int) -> Iterable[ChunkPlan]:
    for low, high in person_ranges(period, people_in_a_chunk(CHUNK_PEOPLE)):
        yield ChunkPlan(key=f"{low}-{high}", args={"low": low, "high": high})


class BenefitAwards(RangeStep):
    """Turn granted benefits whose start month is due into running ones; suspend those without a valid proof."""

    name = "pension.awards"
    title = _("Start new benefits, check qualifications")

    def plan(self, period: int) -> Iterable[ChunkPlan]:
        """One chunk for each range of about CHUNK_PEOPLE people."""
        return _plan(period)

    def execute(self, period: int, args: dict[str, int]) -> Counts:
        """Start and suspend the benefits of one range of people."""
        started, suspended = activate(period, args["low"], args["high"])
        counted = {gettext_noop("benefits started"): started, gettext_noop("benefits suspended"): suspended}
        return Counts(rows=started + suspended, counted=counted)


class BenefitEntitle(RangeStep):
    """Make the payment lines of the month, with arrears, instalments withheld and one-off amounts."""

    name = "pension.entitle"
    title = _("Calculate benefits of the month")

    def fills(self, period: int) -> Sequence[str]:
        """The month's payment lines and what they were made of."""
        return (f"fund_paymentline_{period}", "common_due", *(f"ledger_{t}_{period}" for t in ("journal", "subentry")))

    def plan(self, period: int) -> Iterable[ChunkPlan]:
        """One chunk for each range of about CHUNK_PEOPLE people."""
        return _plan(period)

    def execute(self, period: int, args: dict[str, int]) -> Counts:
        """Entitle one range of people."""
        done = entitle(period, args["low"], args["high"])
        return Counts(rows=done.lines, fen=done.amount_fen)
