"""`dashebao batch run PIPELINE PERIOD`: the long jobs beside the month (yearly interest, yearly increase)."""

from typing import Any

from django.utils.translation import gettext as _

from dashebao.kernel.batches.api import AlreadyRunning, Chunk, Waiting, pipeline, run
from dashebao.kernel.rules.api import RulesError
from dashebao.site.commands import WAITING, Command, CommandError


class Command(Command):  # type: ignore[no-redef]
    help = "Run a pipeline for a period: “year 2026” credits interest, “increase 202701” raises pensions."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("what", choices=["run"])
        parser.add_argument("pipeline")
        parser.add_argument("period", type=int, help="a year or a month as yyyymm, as the pipeline wants it")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, **options: Any) -> None:
        name, period = options["pipeline"], options["period"]
        try:
            pipeline(name)
        except KeyError as error:
            raise CommandError(_("There is no pipeline “%(name)s”.") % {"name": name}) from error
        try:
            state = run(name, period)
        except (AlreadyRunning, RulesError, Waiting) as error:
            raise CommandError(str(error)) from error
        chunks = Chunk.objects.filter(step__run=state)
        data = {
            "pipeline": name,
            "period": period,
            "state": state.state,
            "waiting_for": state.waiting_for,
            "rows": sum(chunk.rows for chunk in chunks),
            "fen": sum(chunk.fen for chunk in chunks),
        }
        self.show(
            _("%(pipeline)s %(period)s: %(state)s, %(rows)s rows %(waiting_for)s") % data, data, options["as_json"]
        )
        if state.state == "waiting":
            self.leave(WAITING)
