"""A standby that follows the installation commit by commit and can take over."""

from dataclasses import dataclass

import psycopg
from django.utils.translation import gettext as _
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from dashebao.platform.data_centre.recovery.backups import finish
from dashebao.platform.data_centre.recovery.errors import RecoveryError
from dashebao.platform.data_centre.recovery.files import pack, require_empty, unpack
from dashebao.platform.data_centre.recovery.receiving import SYNCHRONOUS
from dashebao.platform.data_centre.recovery.server import LOGIN, Server

NAME = "dashebao_standby"
FOLLOWING = ("primary_conninfo", "primary_slot_name")


@dataclass(frozen=True)
class Standing:
    """How a standby stands to its primary: whether it receives, and how many bytes it has still to replay."""

    receiving: bool
    behind_bytes: int
    primary_answers: bool


def follow(primary: Server, standby: Server, *, synchronous: bool) -> None:
    """Make `standby`, an empty data folder, follow the running `primary`, and start it.

    Synchronous: no commit of the primary is answered before the standby has it on disk; while the standby is away,
    commits wait.
    """
    require_empty(standby.data)
    parcel = standby.data / ".files.tar"
    pack(primary.data, parcel)
    unpack(parcel, standby.data)
    parcel.unlink()
    _fresh_slot(primary)
    standby.folder.mkdir(mode=0o700)
    standby.hand_over(standby.folder)
    finish(primary.client("pg_basebackup", "-D", str(standby.folder), "-X", "stream", "-c", "fast", "-S", NAME))
    signal = standby.folder / "standby.signal"
    signal.touch()
    standby.hand_over(signal)
    standby.keep(**{SYNCHRONOUS: None}, primary_conninfo=_address(primary), primary_slot_name=NAME)
    standby.start()
    if synchronous:
        primary.keep(**{SYNCHRONOUS: NAME})


def standing(standby: Server) -> Standing:
    """How far a running standby is; RecoveryError where the folder is none."""
    _require_standby(standby)
    with psycopg.connect(standby.dsn(LOGIN, "postgres")) as connection:
        received = connection.execute("select status from pg_stat_wal_receiver").fetchone()
        behind = connection.execute(
            "select coalesce(pg_wal_lsn_diff(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()), 0)::bigint"
        ).fetchone()
    return Standing(
        received is not None and received[0] == "streaming", behind[0] if behind else 0, _primary_answers(standby)
    )


def promote(standby: Server) -> None:
    """Let a running standby take over; RecoveryError while its primary still answers, because two would take writes."""
    _require_standby(standby)
    if _primary_answers(standby):
        raise RecoveryError(_("The primary still answers. Stop it first: two servers must never take writes."))
    standby.run("pg_ctl", "promote", "-w", "-D", str(standby.folder))
    standby.keep(**dict.fromkeys(FOLLOWING))


def _fresh_slot(primary: Server) -> None:
    with psycopg.connect(primary.dsn(LOGIN, "postgres"), autocommit=True) as connection:
        used = connection.execute(
            "select 1 from pg_replication_slots where slot_name = %s and active", (NAME,)
        ).fetchone()
        if used:
            raise RecoveryError(_("Another standby follows this installation already."))
        connection.execute(
            "select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = %s", (NAME,)
        )
        connection.execute("select pg_create_physical_replication_slot(%s, true)", (NAME,))


def _address(primary: Server) -> str:
    place = conninfo_to_dict(primary.dsn(LOGIN, "postgres"))
    return make_conninfo(**{**place, "application_name": NAME, "connect_timeout": 3})


def _primary_answers(standby: Server) -> bool:
    with psycopg.connect(standby.dsn(LOGIN, "postgres")) as connection:
        row = connection.execute("show primary_conninfo").fetchone()
    try:
        psycopg.connect(row[0] if row else "").close()
    except psycopg.OperationalError:
        return False
    return True


def _require_standby(standby: Server) -> None:
    if not standby.stands_by():
        raise RecoveryError(_("%(data)s is not a standby.") % {"data": standby.data})
    if not standby.running():
        raise RecoveryError(_("The standby in %(data)s does not run; start it first.") % {"data": standby.data})
