"""Restores an installation from a backup and the archived log, to its end or to a moment, into a new data folder."""

import shutil
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psycopg
from django.utils.translation import gettext as _

from dashebao.platform.data_centre.recovery import archive
from dashebao.platform.data_centre.recovery.backups import CLUSTER, FILES, Backup, backups
from dashebao.platform.data_centre.recovery.errors import RecoveryError
from dashebao.platform.data_centre.recovery.files import require_empty, unpack
from dashebao.platform.data_centre.recovery.server import DATABASE, LOGIN, Server

LONGEST_SECONDS, POLL_SECONDS = 24 * 3600, 0.1
HAS_SEAL = """
    select exists (select 1 from ledger_seal where 'ledger' = %(log)s and seq = %(number)s and chain = decode(%(chain)s, 'hex'))
        or exists (select 1 from records_seal where log = %(log)s and number = %(number)s and chain = decode(%(chain)s, 'hex'))"""


@dataclass(frozen=True)
class Restored:
    """What was restored: the backup, the last commit that is there (None: none after the backup), seals that are missing."""

    backup: str
    last_commit_at: datetime | None
    missing_seals: tuple[str, ...]


def restore(server: Server, place: Path, at: datetime | None = None, name: str = "") -> Restored:
    """Restore into the empty data folder of `server`, which runs afterwards.

    The newest backup before `at` is taken (or the one named), then the archived log up to `at` or to its end.
    RecoveryError where the folder is not empty, no backup fits, or the log ends before `at`.
    """
    require_empty(server.data)
    backup = _chosen(place, at, name)
    unpack(backup.folder / FILES, server.data)
    try:
        shutil.copytree(backup.folder / CLUSTER, server.folder, symlinks=True)
        server.hand_over(server.folder)
        last = _replay(server, place / archive.FOLDER, at)
    except (RuntimeError, RecoveryError) as error:
        server.stop()
        shutil.rmtree(server.folder)
        raise RecoveryError(str(error)) from error
    return Restored(backup.name, last, _missing(server, backup))


def _chosen(place: Path, at: datetime | None, name: str) -> Backup:
    found = [b for b in backups(place) if (not name or b.name == name) and (at is None or b.moment <= at)]
    if not found:
        text = _("No complete backup in %(place)s was made before that moment, or none has that name.")
        raise RecoveryError(text % {"place": place})
    return found[-1]


def _replay(server: Server, wal: Path, at: datetime | None) -> datetime | None:
    """Start once in recovery, until the wanted moment is reached, then as an ordinary server."""
    server.keep(synchronous_standby_names=None)  # the receivers and standbys of the lost server do not know this one
    if not archive.segments(wal):
        if at is not None:
            raise RecoveryError(_("There is no archived log in %(wal)s, so no moment can be chosen.") % {"wal": wal})
        server.start(LONGEST_SECONDS)
        return None
    recovery = {
        "restore_command": f'cp "{wal}/%f" "%p" 2>/dev/null || cp "{wal}/%f.partial" "%p"',
        "recovery_target_action": "promote",
        **({"recovery_target_time": at.isoformat()} if at else {}),
    }
    signal = server.folder / "recovery.signal"
    signal.touch()
    server.hand_over(signal)
    server.hand_over(wal)
    server.start(LONGEST_SECONDS, **recovery)
    last = _promoted(server)
    server.stop()
    server.start()
    return last


def _promoted(server: Server) -> datetime | None:
    """Wait until the server has replayed what it should; the last commit it found. RecoveryError where it gives up."""
    with (
        suppress(psycopg.OperationalError),
        psycopg.connect(server.dsn(LOGIN, DATABASE), autocommit=True) as connection,
    ):
        while True:
            row = connection.execute("select pg_is_in_recovery(), pg_last_xact_replay_timestamp()").fetchone()
            if row and not row[0]:
                return row[1]
            time.sleep(POLL_SECONDS)
    raise RecoveryError(_("The log could not be replayed: %(error)s") % {"error": server.last_words()})


def _missing(server: Server, backup: Backup) -> tuple[str, ...]:
    """Seals that stood when the backup was made and do not stand now: the books of another past."""
    with psycopg.connect(server.dsn(LOGIN, DATABASE)) as connection:
        return tuple(
            f"{log} {number}"
            for log, number, chain in backup.seals
            if not connection.execute(HAS_SEAL, {"log": log, "number": number, "chain": chain}).fetchone()[0]
        )
