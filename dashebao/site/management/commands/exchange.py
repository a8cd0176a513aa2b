"""`dashebao exchange`: deliver and fetch messages, see how the partners stand, register a partner's key."""

import dataclasses
import time
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from dashebao.kernel.exchange import api as exchange
from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.site.commands import DIFFERENCES, Command, CommandError


class Command(Command):  # type: ignore[no-redef]
    help = "Exchange messages with outside partners, or show how the exchange stands."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("what", choices=["deliver", "fetch", "status", "retry", "register", "loop"])
        parser.add_argument("--partner", default="", help="code of the partner to register")
        parser.add_argument("--title", default="", help="name of the partner to register")
        parser.add_argument("--public-key", type=Path, help="PEM file with the partner's P-256 public key")
        parser.add_argument("--interval", type=float, default=1.0, help="seconds between two looks of `loop`")
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, what: str, as_json: bool, **options: Any) -> None:
        if what == "status":
            self._status(as_json)
        elif what == "register":
            self._register(options, as_json)
        elif what == "loop":
            self._loop(options["interval"])
        elif what == "deliver":
            count = exchange.deliver()
            self.show(_("%(count)s messages laid out.") % {"count": count}, {"delivered": count}, as_json)
        elif what == "retry":
            handled, failed = exchange.handle_waiting(retry=True)
            self._fetched(exchange.Fetched(handled=handled, failed=failed), as_json)
        else:
            self._fetched(exchange.fetch(), as_json)

    def _fetched(self, found: exchange.Fetched, as_json: bool) -> None:
        data = dataclasses.asdict(found)
        text = _(
            "%(new)s new, %(repeated)s repeated, %(receipts)s receipts, %(quarantined)s put aside; "
            "%(handled)s handled, %(failed)s failed."
        )
        self.show(text % data, data, as_json)
        if found.failed or found.quarantined:
            self.leave(DIFFERENCES)

    def _status(self, as_json: bool) -> None:
        with acting(SYSTEM, "exchange status"):
            rows = exchange.status()
        line = _(
            "%(partner)s (%(title)s): %(unsent)s to send, %(unreceipted)s without receipt; %(received)s received, "
            "%(unhandled)s unhandled, %(failed)s failed, %(refused)s refused, %(bad_rows)s bad rows, "
            "%(quarantined)s put aside"
        )
        data = [dataclasses.asdict(row) for row in rows]
        text = "\n".join(line % row for row in data) or _("No partner is registered.")
        self.show(text, data, as_json)

    def _register(self, options: dict[str, Any], as_json: bool) -> None:
        code, path = options["partner"], options["public_key"]
        if not code or path is None:
            raise CommandError(_("Give --partner and --public-key."))
        try:
            with acting(SYSTEM, "exchange register"):
                identity = exchange.register_partner(code, options["title"] or code, path.read_text())
        except (OSError, ValueError) as error:
            raise CommandError(_("This is no P-256 public key: %(path)s") % {"path": path}) from error
        self.show(_("Partner %(code)s is registered.") % {"code": code}, {"partner": code, "id": identity}, as_json)

    def _loop(self, interval: float) -> None:
        while True:
            exchange.turn()
            time.sleep(interval)
