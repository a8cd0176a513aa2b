"""Receives the write-ahead log into the archive as it is written; synchronously, no commit is answered before it lies there."""

import subprocess
from pathlib import Path

import psycopg

from dashebao.platform.data_centre.recovery.archive import FOLDER
from dashebao.platform.data_centre.recovery.backups import finish
from dashebao.platform.data_centre.recovery.server import LOGIN, Server

NAME = "dashebao_backup"
SYNCHRONOUS = "synchronous_standby_names"


class Receiver:
    """One running pg_receivewal.

    A synchronous one that dies lets commits wait until a receiver runs again: nothing is answered that could be lost.
    `stop(withdraw=True)` ends the waiting on purpose.
    """

    def __init__(self, server: Server, place: Path, *, synchronous: bool) -> None:
        self.server, self.synchronous = server, synchronous
        self.wal = place / FOLDER
        self.wal.mkdir(parents=True, exist_ok=True, mode=0o700)
        server.hand_over(self.wal)
        finish(self._receive("--create-slot", "--if-not-exists"))
        options = ["--synchronous"] if synchronous else []
        self.process: subprocess.Popen[str] = self._receive("-D", str(self.wal), *options)
        if synchronous:
            server.keep(**{SYNCHRONOUS: NAME})

    def _receive(self, *options: str) -> "subprocess.Popen[str]":
        return self.server.client("pg_receivewal", "-d", f"application_name={NAME}", "-S", NAME, *options)

    def streaming(self) -> bool:
        """Whether the server sends its log to this receiver now, and waits for it where it must."""
        with psycopg.connect(self.server.dsn(LOGIN, "postgres")) as connection:
            found = connection.execute(
                "select sync_state from pg_stat_replication where application_name = %s and state = 'streaming'",
                (NAME,),
            ).fetchone()
        return bool(found) and (not self.synchronous or found[0] in ("sync", "quorum"))

    def stop(self, *, withdraw: bool) -> None:
        """End receiving; `withdraw` lets commits no longer wait for it."""
        if withdraw and self.synchronous:
            self.server.keep(**{SYNCHRONOUS: None})
        if self.process.poll() is None:
            self.process.terminate()
        self.process.communicate()
