"""`dashebao backup make|list|verify|receive|restore`: backups of the embedded PostgreSQL and the installation's files."""

import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from dashebao.platform.data_centre.recovery.api import Receiver, RecoveryError, backups, make, restore, verify
from dashebao.site.commands import DIFFERENCES, Command, CommandError
from dashebao.site.environment import database_url
from dashebao.site.postgres import Cluster, PostgresFailed

POLL_SECONDS = 0.5
WHAT = ("make", "list", "verify", "receive", "restore")
PROOFS = ("ledger", "audit")


class Command(Command):  # type: ignore[no-redef]
    help = "Make, list and verify backups, receive the write-ahead log, restore into a new data folder (--data)."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("what", choices=WHAT)
        parser.add_argument("place", type=Path, help="folder of the backups, on another disk or machine")
        parser.add_argument("--at", help="restore to this moment, for example 2026-11-22T09:30:00+08:00")
        parser.add_argument("--name", default="", help="restore from this backup instead of the newest that fits")
        parser.add_argument(
            "--synchronous", action="store_true", help="receive: no commit is answered before it lies here"
        )
        parser.add_argument("--json", action="store_true", dest="as_json")

    def handle(self, *args: Any, what: str, place: Path, as_json: bool, **options: Any) -> None:
        if database_url():
            raise CommandError(_("DATABASE_URL is set: back that PostgreSQL up with its own tools."))
        begun, cluster = time.monotonic(), Cluster(settings.DATA)
        try:
            text, data, clean = getattr(self, f"_{what}")(cluster, place.resolve(), options)
        except (RecoveryError, PostgresFailed) as error:
            raise CommandError(str(error)) from error
        data["seconds"] = round(time.monotonic() - begun, 2)
        self.show(text, data, as_json)
        if not clean:
            self.leave(DIFFERENCES)

    def _make(self, cluster: Cluster, place: Path, options: dict[str, Any]) -> tuple[str, dict[str, Any], bool]:
        with running(cluster):
            made = make(cluster, place)
        return _("Backup %(name)s made and verified: %(bytes)s bytes.") % asdict(made), asdict(made), True

    def _list(self, cluster: Cluster, place: Path, options: dict[str, Any]) -> tuple[str, dict[str, Any], bool]:
        found = [asdict(backup) for backup in backups(place)]
        text = "\n".join(f"{row['name']}  {row['bytes']:>15,}  {row['at']}" for row in found)
        return text or _("There is no complete backup in %(place)s.") % {"place": place}, {"backups": found}, True

    def _verify(self, cluster: Cluster, place: Path, options: dict[str, Any]) -> tuple[str, dict[str, Any], bool]:
        wrong = verify(cluster, place)
        text = "\n".join(wrong) or _("%(count)s backups and the archived log are whole.") % {
            "count": len(backups(place))
        }
        return text, {"findings": wrong}, not wrong

    def _receive(self, cluster: Cluster, place: Path, options: dict[str, Any]) -> tuple[str, dict[str, Any], bool]:
        stopping: list[int] = []
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda got, frame: stopping.append(got))
        with running(cluster):
            receiver = Receiver(cluster, place, synchronous=options["synchronous"])
            self.stderr.write(_("Receiving the write-ahead log into %(wal)s, until stopped.") % {"wal": receiver.wal})
            while not stopping and receiver.process.poll() is None:
                time.sleep(POLL_SECONDS)
            alive = receiver.process.poll() is None
            receiver.stop(withdraw=alive)
        return _("Receiving ended.") if alive else _("Receiving broke off."), {"ended": alive}, alive

    def _restore(self, cluster: Cluster, place: Path, options: dict[str, Any]) -> tuple[str, dict[str, Any], bool]:
        restored = restore(cluster, place, _moment(options["at"]), options["name"])
        wrong = [f"{what}: {said}" for what in PROOFS if (said := _proof(what))]
        wrong += [
            _("The seal %(seal)s of the backup is not in the books.") % {"seal": s} for s in restored.missing_seals
        ]
        cluster.stop()
        text = _("Restored from %(backup)s; last commit %(last_commit_at)s.") % asdict(restored)
        proved = _("Ledger, audit trail and seals verified.") if not wrong else "\n".join(wrong)
        return f"{text}\n{proved}", asdict(restored) | {"findings": wrong}, not wrong


@contextmanager
def running(cluster: Cluster) -> Iterator[None]:
    """The installation's PostgreSQL for the length of the block; CommandError where there is no installation."""
    if not (cluster.folder / "PG_VERSION").exists():
        raise CommandError(_("There is no installation in %(data)s.") % {"data": cluster.data})
    started = cluster.start()
    try:
        yield
    finally:
        if started:
            cluster.stop_when_unused()


def _moment(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(
            _("“%(text)s” is not a moment; write it as 2026-11-22T09:30:00.") % {"text": text}
        ) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone.get_default_timezone())


def _proof(what: str) -> str:
    """What the proof of the books or of the audit trail says in the restored installation; empty if all is well."""
    command = [sys.executable, "-m", "dashebao", "--data", str(settings.DATA), what, "verify"]
    done = subprocess.run(command, cwd=settings.ROOT, text=True, capture_output=True)  # noqa: S603
    return "" if done.returncode == 0 else (done.stdout + done.stderr).strip()
