"""The levy's steps of the month: assess, bill, send, collect, post."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext_lazy, gettext_noop

from dashebao.business.levy.actions.assessing import assess_range
from dashebao.business.levy.actions.billing import bill_range
from dashebao.business.levy.actions.posting import close_collection, post_range
from dashebao.business.levy.actions.sending import REGULAR, BillFile, item_ranges, send_range
from dashebao.business.levy.actions.telling import tell_movements
from dashebao.business.levy.events import ContributionsPosted
from dashebao.business.levy.models import BillItem
from dashebao.business.levy.queries.payments import totals_of
from dashebao.business.levy.queries.rosters import PayerRange, payer_ranges
from dashebao.kernel.batches.api import ChunkPlan, Counts, RangeStep, Step, Waiting, people_in_a_chunk
from dashebao.kernel.events.api import publish
from dashebao.kernel.money.api import format_yuan
from dashebao.kernel.records.api import ensure_partition

PEOPLE_PER_CHUNK = 30_000


class _PayerStep(RangeStep):
    """A step that works through ranges of payers."""

    def plan(self, period: int) -> Iterable[ChunkPlan]:
        """One chunk per range of about 30,000 people."""
        ensure_partition("levy_contributionline", period)
        return [
            ChunkPlan(found.key, found.as_args()) for found in payer_ranges(period, people_in_a_chunk(PEOPLE_PER_CHUNK))
        ]


class AssessStep(_PayerStep):
    """Contribution rows of the month."""

    name = "levy.assess"
    title = gettext_lazy("Assess contributions")

    def fills(self, period: int) -> Sequence[str]:
        """The month's contribution rows."""
        return (f"levy_contributionline_{period}",)

    def execute(self, period: int, args: dict[str, Any]) -> Counts:
        """Assess one range of payers."""
        done = assess_range(PayerRange(**args), period)
        return Counts(done.rows, done.amount_fen, {gettext_noop("units without declaration"): done.estimates})


class BillStep(_PayerStep):
    """Bills of the month."""

    name = "levy.bill"
    title = gettext_lazy("Make bills")

    def fills(self, period: int) -> Sequence[str]:
        """Bills and their items."""
        return ("levy_bill", "levy_billitem")

    def execute(self, period: int, args: dict[str, Any]) -> Counts:
        """Bill one range of payers."""
        return Counts(bill_range(PayerRange(**args), period))


class SendStep(Step):
    """Bills to the tax office."""

    name = "levy.send"
    title = gettext_lazy("Send bills to the tax office")

    def plan(self, period: int) -> Iterable[ChunkPlan]:
        """The movements the tax office has not heard of, then one chunk per file of 50,000 items."""
        ranges = item_ranges(period)
        files = [
            ChunkPlan(f"file {number}", {"low": low, "high": high, "sequence": number, "of": len(ranges)})
            for number, (low, high) in enumerate(ranges, start=1)
        ]
        return [ChunkPlan("movements", {"movements": True}), *files]

    def execute(self, period: int, args: dict[str, Any]) -> Counts:
        """Send one file."""
        if args.get("movements"):
            return Counts(0, 0, {gettext_noop("movements of people told"): tell_movements(period)})
        file = BillFile(period, REGULAR, args["sequence"], args["of"])
        rows, fen = send_range(file, args["low"], args["high"])
        return Counts(rows, fen)


class CollectStep(Step):
    """The tax office's answer."""

    name = "levy.collect"
    title = gettext_lazy("Collect: wait for the tax office")

    def fills(self, period: int) -> Sequence[str]:
        """What the tax office's answers became."""
        return ("levy_receipt", "levy_allocation", "levy_debitattempt")

    def execute(self, period: int, args: dict[str, Any]) -> Counts:
        """Wait until the totals of the month (T07) are in and agree with the receipts."""
        totals = totals_of(period, REGULAR)
        if totals is None:
            if not BillItem.objects.filter(month=period).exists():
                return Counts()  # nothing was billed
            raise Waiting(gettext_noop("The tax office has not reported the month's totals yet."))
        theirs, ours = totals
        if theirs != ours:
            text = gettext_noop(
                "The tax office reported %(theirs)s rows of %(their_yuan)s, received are %(ours)s rows of %(our_yuan)s."
                " Wait for what is missing, or ask the tax office for it."
            )
            amounts = {"their_yuan": format_yuan(theirs.fen), "our_yuan": format_yuan(ours.fen)}
            raise Waiting(text, theirs=theirs.rows, ours=ours.rows, **amounts)
        return Counts(theirs.rows, theirs.fen)


class PostStep(_PayerStep):
    """Receipts into the books and onto the personal accounts."""

    name = "levy.post"
    title = gettext_lazy("Post receipts and personal accounts")

    def fills(self, period: int) -> Sequence[str]:
        """Paid rows and the month's part of the ledger."""
        return (
            "levy_paidline",
            *(f"ledger_{table}_{period}" for table in ("journal", "entry", "subentry", "subtotal")),
        )

    def plan(self, period: int) -> Iterable[ChunkPlan]:
        """The ranges, and a last chunk that tells the others."""
        close_collection(period)
        return [*super().plan(period), ChunkPlan("told", {"told": True})]

    def execute(self, period: int, args: dict[str, Any]) -> Counts:
        """Post one range of payers."""
        if args.get("told"):
            publish(ContributionsPosted(period))
            return Counts()
        posted = post_range(PayerRange(**args), period)
        return Counts(posted.people, posted.contributions_fen + posted.late_fees_fen)


STEPS: tuple[type[Step], ...] = (AssessStep, BillStep, SendStep, CollectStep, PostStep)
