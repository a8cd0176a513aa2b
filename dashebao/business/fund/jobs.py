"""The fund's steps of the month: batches, signatures, payment, results, reconciliation, close, statements."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext_lazy, gettext_noop

from dashebao.kernel.batches.api import ChunkPlan, Counts, Step, Waiting, people_in_a_chunk

from .actions.bank import Moved, send_batches
from .actions.batches import make_batches
from .actions.closing import close_month, publish_statements
from .actions.funding import money_missing, request_funds
from .actions.reconciling import ask_statements, reconcile
from .models import BatchState, FundRequest, PaymentBatch
from .queries.payments import batches_to_send, cities_paid
from .queries.reconciliation import statements_in
from .queries.statements import running_books

LINES_PER_CHUNK = 20_000
UNSIGNED = (BatchState.DRAFTED, BatchState.MADE, BatchState.CHECKED)


def plan_books(prefix: str = "") -> list[ChunkPlan]:
    """One chunk for each set of books in business."""
    rows = running_books()
    return [ChunkPlan(f"{prefix}{b.fund}-{b.region_code}", {"fund": b.fund, "pool": b.region_code}) for b in rows]


class _ByBook(Step):
    """A step whose chunks are the sets of books."""

    def plan(self, period: int) -> Iterable[ChunkPlan]:
        """One chunk for each set of books."""
        return plan_books()


class BatchStep(Step):
    """Put the month's payment lines, and returned payments to send again, into batches."""

    name = "fund.batch"
    title = gettext_lazy("Make payment batches")

    def fills(self, period: int) -> Sequence[str]:
        """The batches and their lines."""
        return ("fund_paymentbatch", f"fund_paymentbatchline_{period}")

    def plan(self, period: int) -> Iterable[ChunkPlan]:
        """One chunk for each city a set of books pays in, then one for what is left of each set of books."""
        for fund, pool, city in cities_paid(period):
            yield ChunkPlan(f"{fund}-{pool}-{city}", {"fund": fund, "pool": pool, "city": city})
        yield from plan_books()

    def beside(self, args: dict[str, Any]) -> bool:
        """Cities are done at once."""
        return "city" in args

    def execute(self, period: int, args: dict[str, Any]) -> Counts:
        """Draft the batches of one city, or of one set of books."""
        drafted = make_batches(period, args["fund"], args["pool"], city=args.get("city", ""))
        return Counts(drafted.lines, drafted.amount_fen, {gettext_noop("payment batches"): drafted.batches})


class ApproveStep(_ByBook):
    """Wait for the three signatures under every batch, then ask the finance office for the money."""

    name = "fund.approve"
    title = gettext_lazy("Three signatures, fund request")

    def execute(self, period: int, args: dict[str, Any]) -> Counts:
        """Waiting while a batch lacks a signature; else send the fund request."""
        _wait_for_signatures(period, args)
        request = request_funds(period, args["fund"], args["pool"])
        return Counts(1, request.amount_fen) if request else Counts()


class PayStep(Step):
    """Wait for the money on the expenditure account, then send the bank files."""

    name = "fund.pay"
    title = gettext_lazy("Pay through the bank")

    def plan(self, period: int) -> Iterable[ChunkPlan]:
        """One chunk for the money of each set of books, then its batches, some at a time, and what is left of it."""
        for chunk in plan_books("money-"):
            yield ChunkPlan(chunk.key, {**chunk.args, "money": True})
        for batches in batches_to_send(period, people_in_a_chunk(LINES_PER_CHUNK)):
            first = batches[0]
            place = {"fund": first.fund, "pool": first.pool_region, "attempt": first.attempt}
            yield ChunkPlan(first.msg_id, {**place, "batches": [batch.pk for batch in batches]})
        yield from plan_books()

    def beside(self, args: dict[str, Any]) -> bool:
        """Batches are sent at once."""
        return "batches" in args

    def execute(self, period: int, args: dict[str, Any]) -> Counts:
        """Waiting while the fund request is not granted; else send and book the first tries and older re-sendings."""
        place = (period, args["fund"], args["pool"])
        if "batches" not in args:
            _wait_for_money(*place)
        if "money" in args:
            return Counts()
        attempts = [args["attempt"]] if "attempt" in args else [1, 2]
        sent = [send_batches(*place, attempt, args.get("batches")) for attempt in attempts]
        return _moved(sent)


def _moved(sent: Sequence[Moved]) -> Counts:
    lines, fen = sum(moved.lines for moved in sent), sum(moved.amount_fen for moved in sent)
    return Counts(lines, fen, {gettext_noop("bank files"): sum(moved.batches for moved in sent)})


def _wait_for_money(period: int, fund: str, pool: str) -> None:
    asked = FundRequest.objects.filter(run_month=period, fund=fund, region_code=pool, purpose="benefit")
    if (request := asked.filter(state="asked").first()) is not None:
        raise Waiting(gettext_noop("Fund request %(number)s waits for the finance office."), number=request.number)
    refused = asked.filter(state="refused").order_by("-id").first()
    if refused is not None and money_missing(period, fund, pool) > 0:
        text = gettext_noop("The finance office refused fund request %(number)s: %(reason)s. Settle it and ask again.")
        raise Waiting(text, number=refused.number, reason=refused.reason)


class ResultsStep(Step):
    """Take in the bank's answers, send what failed once more, and ask for the statements."""

    name = "fund.results"
    title = gettext_lazy("Bank results")

    def fills(self, period: int) -> Sequence[str]:
        """The bank's answers."""
        return (f"fund_paymentresult_{period}", "fund_externalentry")

    def plan(self, period: int) -> Iterable[ChunkPlan]:
        """For each set of books: first answers, re-sending, its answers; at last the statements."""
        for phase in ("answers", "resend", "last"):
            for chunk in plan_books(f"{phase}-"):
                yield ChunkPlan(chunk.key, {**chunk.args, "phase": phase})
        yield ChunkPlan("statements", {"phase": "statements"})

    def execute(self, period: int, args: dict[str, Any]) -> Counts:
        """One phase of one set of books; Waiting while an answer or a signature is missing."""
        if args["phase"] == "statements":
            ask_statements(period)
            return Counts()
        if args["phase"] == "resend":
            _wait_for_signatures(period, args)
            return _moved([send_batches(period, args["fund"], args["pool"], 2)])
        _wait_for_answers(period, args)
        if args["phase"] == "last":
            return Counts()
        again = make_batches(period, args["fund"], args["pool"], only_again=True)
        return Counts(again.lines, again.amount_fen, {gettext_noop("payments to send again"): again.lines})


def _of(period: int, args: dict[str, Any], states: Iterable[str]) -> int:
    """Batches of the whole month in these states, 0 if none of this chunk's books: a wait tells of all of them."""
    month = PaymentBatch.objects.filter(run_month=period, state__in=states)
    return month.count() if month.filter(fund=args["fund"], pool_region=args["pool"]).exists() else 0


def _wait_for_signatures(period: int, args: dict[str, Any]) -> None:
    if unsigned := _of(period, args, UNSIGNED):
        raise Waiting(gettext_noop("Payment batches that wait for signatures: %(count)d."), count=unsigned)


def _wait_for_answers(period: int, args: dict[str, Any]) -> None:
    if unanswered := _of(period, args, (BatchState.SENT,)):
        raise Waiting(gettext_noop("Bank files without an answer: %(count)d."), count=unanswered)


class ReconcileStep(_ByBook):
    """Compare ledger, bank and finance."""

    name = "fund.reconcile"
    title = gettext_lazy("Three-way reconciliation")

    def execute(self, period: int, args: dict[str, Any]) -> Counts:
        """Waiting until both statements are in and nothing is open."""
        if not statements_in(period):
            raise Waiting(gettext_noop("The statements of bank and finance office have not all come."))
        found = reconcile(period, args["fund"], args["pool"])
        if found.items:
            names = ", ".join(f"{item.account} {item.reference}" for item in found.items[:3])
            text = gettext_noop("Fund %(fund)s: %(count)d items are not reconciled: %(names)s")
            raise Waiting(text, fund=args["fund"], count=len(found.items), names=names)
        return Counts(1, found.ledger_fen)


class CloseStep(_ByBook):
    """Close the month in the ledger."""

    name = "fund.close"
    title = gettext_lazy("Close the month")

    def execute(self, period: int, args: dict[str, Any]) -> Counts:
        """Close one set of books."""
        close_month(args["fund"], args["pool"], period)
        return Counts(1)


class StatementsStep(_ByBook):
    """Publish balance sheet and income statement."""

    name = "fund.statements"
    title = gettext_lazy("Publish the statements")

    def execute(self, period: int, args: dict[str, Any]) -> Counts:
        """Store both statements of one set of books."""
        sheet, _income = publish_statements(args["fund"], args["pool"], period)
        return Counts(2, sheet.row("assets_total").second_fen)


STEPS = (BatchStep(), ApproveStep(), PayStep(), ResultsStep(), ReconcileStep(), CloseStep(), StatementsStep())
