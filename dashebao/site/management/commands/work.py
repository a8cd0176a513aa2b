"""`dashebao work`: the worker process: delivers and fetches messages, seals the logs."""

import logging
import signal
import time
from typing import Any

from django.db import InterfaceError, OperationalError, close_old_connections, connection

from dashebao.kernel.batches.api import carry_on_wanted
from dashebao.kernel.cases.api import pass_time
from dashebao.kernel.exchange.api import turn
from dashebao.kernel.ledger import api as ledger
from dashebao.kernel.records import api as records
from dashebao.site.commands import Command

MESSAGES_EVERY = 1.0
SEAL_EVERY = 60.0

log = logging.getLogger(__name__)


class Command(Command):  # type: ignore[no-redef]
    help = "Work in the background: exchange messages, let cases' windows end, seal the logs, until stopped."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--once", action="store_true", help="one round only")

    def handle(self, *args: Any, once: bool, **options: Any) -> None:
        stopping: list[int] = []
        if not once:
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, lambda got, frame: stopping.append(got))
        sealed_at = 0.0
        while not stopping:
            close_old_connections()
            try:
                turn()
                carry_on_wanted()
                if time.monotonic() - sealed_at > SEAL_EVERY or once:
                    records.seal()
                    ledger.seal()
                    pass_time()
                    sealed_at = time.monotonic()
            except (OperationalError, InterfaceError, OSError):  # OSError: a folder or the disk under it
                if once:
                    raise
                log.warning("the database or the disk does not answer; trying again", exc_info=True)
                connection.close()  # what was begun is undone there; the next round begins anew
            if once:
                return
            time.sleep(MESSAGES_EVERY)
