"""`dashebao month run|status`: the main job and where it stands."""

import time
from typing import Any

from django.conf import settings
from django.db import OperationalError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from dashebao.kernel.batches.api import AlreadyRunning, Chunk, Progress, Run, StepState, counted_by_step, pipeline, run
from dashebao.kernel.exchange.api import turn
from dashebao.kernel.ledger import api as ledger
from dashebao.kernel.legal_time.api import Month
from dashebao.kernel.records import api as records
from dashebao.site import companions
from dashebao.site.commands import WAITING, Command, CommandError
from dashebao.site.month import MONTH

POLL_SECONDS = 0.3
STATES = {
    "open": gettext_lazy("Ahead"),
    "planned": gettext_lazy("Working"),
    "running": gettext_lazy("Running"),
    "waiting": gettext_lazy("Waiting"),
    "done": pgettext_lazy("run", "Done"),
}


class Command(Command):  # type: ignore[no-redef]
    help = "Run the month from assessment to statements, or show where it stands. Safe to stop and to run again."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("what", choices=["run", "status"])
        parser.add_argument("month", metavar="YYYY-MM")
        parser.add_argument("--wait", type=float, default=120, help="seconds to wait for partners and approvals")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, what: str, month: str, wait: float, as_json: bool, **options: Any) -> None:
        try:
            period = Month.parse(month).yyyymm
        except ValueError as error:
            raise CommandError(_("“%(month)s” is not a month; write it as 2026-11.") % {"month": month}) from error
        if what == "run":
            with companions.companions(settings.DATA, "partners", "officers"):
                companions.call(settings.DATA, "acts", month)
                self._run(period, wait, quiet=as_json)
            self._ended(period)
        data = status(period)
        self.show(as_text(data), data, as_json)
        if data["state"] == "waiting":
            self.leave(WAITING)

    def _run(self, period: int, wait: float, quiet: bool) -> None:
        end = time.monotonic() + wait
        told = ""
        while True:
            try:
                delivered, fetched = turn()
                if delivered or fetched.handled:
                    end = time.monotonic() + wait  # the seconds are those in which nothing comes in
                state = run(MONTH, period, (lambda p: None) if quiet else self._tell)
            except AlreadyRunning as error:
                raise CommandError(str(error)) from error
            except OperationalError as error:
                text = _("The database broke off: %(error)s Nothing is half done; mend it and run the month again.")
                raise CommandError(text % {"error": error}) from error
            if state.state != "waiting" or time.monotonic() > end:
                return
            if state.waiting_for != told:
                told, end = state.waiting_for, time.monotonic() + wait
            time.sleep(POLL_SECONDS)

    def _ended(self, period: int) -> None:
        """Seal what the month wrote, and let bin/up know the month after as the next open one."""
        if status(period)["state"] != "done":
            return
        records.seal()
        ledger.seal()
        marker = settings.DATA / "open_month"
        following = Month.from_int(period) + 1
        if marker.exists() and marker.read_text().strip() < f"{following.yyyymm // 100}-{following.yyyymm % 100:02d}":
            marker.write_text(f"{following.yyyymm // 100}-{following.yyyymm % 100:02d}")

    def _tell(self, progress: Progress) -> None:
        """One line a step: redrawn after every chunk on a terminal, written once at its end elsewhere."""
        if progress.waiting_for:
            return
        text = (
            f"[{progress.position + 1:>2}/{progress.steps}] {progress.title}"
            f"  {progress.chunks_done}/{progress.chunks}  {progress.rows:,}  {progress.seconds:.1f}s"
        )
        ended = progress.chunks_done == progress.chunks
        if self.stdout.isatty():
            self.stdout.write(f"\r\x1b[2K{text}", ending="\n" if ended else "")
            self.stdout.flush()
        elif ended:
            self.stdout.write(text)


def status(period: int) -> dict[str, Any]:
    """State of a month's run: each step with chunks, rows, fen and seconds."""
    found = Run.objects.filter(pipeline=MONTH, period=period).first()
    states = {s.name: s for s in StepState.objects.filter(run=found)} if found else {}
    chunks: dict[int, list[Chunk]] = {}
    for chunk in Chunk.objects.filter(step__in=states.values()).order_by("id"):
        chunks.setdefault(chunk.step_id, []).append(chunk)
    counted = counted_by_step(found.pk) if found else {}
    rows = []
    for step in pipeline(MONTH):
        state = states.get(step.name)
        own = chunks.get(state.pk, []) if state else []
        rows.append(
            {
                "step": step.name,
                "title": str(step.title),
                "state": state.state if state else "open",
                "chunks": len(own),
                "done": sum(c.state == "done" for c in own),
                "rows": sum(c.rows for c in own),
                "fen": sum(c.fen for c in own),
                "seconds": round(sum(c.seconds for c in own), 2),
                "note": counted.get(state.pk, "") if state else "",
                "error": next((c.error for c in own if c.error), ""),
            }
        )
    return {
        "month": period,
        "state": found.state if found else "open",
        "waiting_for": found.waiting_for if found else "",
        "steps": rows,
    }


def as_text(data: dict[str, Any]) -> str:
    """The status as a table for the terminal."""
    state = " – ".join(filter(None, (str(STATES[data["state"]]), data["waiting_for"])))
    lines = [_("Month %(month)s: %(state)s") % {"month": data["month"], "state": state}]
    for row in data["steps"]:
        lines.append(
            f"  {row['step']:<18} {STATES[row['state']]!s:<8} {row['done']}/{row['chunks']:<5} {row['rows']:>12,} {row['seconds']:>8.2f}s"
            f"  {row['note']} {row['error']}"
        )
    return "\n".join(lines)
