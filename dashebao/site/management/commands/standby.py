"""`dashebao standby make|status|promote`: a second data folder that follows this one and can take over."""

import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from dashebao.platform.data_centre.recovery.api import RecoveryError, follow, promote, standing
from dashebao.site.commands import Command, CommandError
from dashebao.site.environment import database_url
from dashebao.site.management.commands.backup import running
from dashebao.site.postgres import Cluster, PostgresFailed


class Command(Command):  # type: ignore[no-redef]
    help = "Make a standby of this installation, show how it stands, or let it take over."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("what", choices=["make", "start", "status", "promote"])
        parser.add_argument("folder", type=Path, help="data folder of the standby")
        parser.add_argument(
            "--synchronous", action="store_true", help="no commit is answered before the standby has it"
        )
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, what: str, folder: Path, synchronous: bool, as_json: bool, **options: Any) -> None:
        if database_url():
            raise CommandError(_("DATABASE_URL is set: use that PostgreSQL's own tools."))
        begun, standby = time.monotonic(), Cluster(folder.resolve())
        try:
            text, data = self._do(what, standby, synchronous)
        except (RecoveryError, PostgresFailed) as error:
            raise CommandError(str(error)) from error
        self.show(text, data | {"seconds": round(time.monotonic() - begun, 2)}, as_json)

    def _do(self, what: str, standby: Cluster, synchronous: bool) -> tuple[str, dict[str, Any]]:
        if what == "make":
            with running(Cluster(settings.DATA)):
                follow(Cluster(settings.DATA), standby, synchronous=synchronous)
            return _("The standby in %(data)s follows.") % {"data": standby.data}, {}
        if what == "start":
            if not standby.stands_by():
                raise CommandError(_("%(data)s is not a standby.") % {"data": standby.data})
            standby.start()
            return _("The standby in %(data)s follows.") % {"data": standby.data}, {}
        if what == "promote":
            promote(standby)
            text = _("The standby has taken over. Start the product on it: bin/up --data %(data)s")
            return text % {"data": standby.data}, {}
        found = standing(standby)
        receiving = _("receiving") if found.receiving else _("not receiving")
        return _("%(state)s, %(bytes)s bytes behind") % {"state": receiving, "bytes": found.behind_bytes}, asdict(found)
