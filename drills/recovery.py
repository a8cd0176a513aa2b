"""Loss of a whole server: restoring to the last commit, to a moment, and a standby that takes over."""

import os
import signal
import time
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import psycopg

from dashebao.platform.data_centre.recovery.api import Receiver, RecoveryError, follow, make, promote, restore, verify
from dashebao.site.postgres import Cluster
from drills.declaring import Found, drill
from drills.folders import rows, running
from drills.ground import Ground, digest, proofs
from drills.posting import Posters, faults, posting

CLIENTS = 4
TRUNCATE = "truncate ledger_entry, ledger_journal, ledger_key cascade"


@drill(
    "restore",
    breaks=("The server and its data folder are lost while clients post.", "服务器及其数据目录在记账过程中全部丢失。"),
    claim=(
        "Backup and synchronously received log give back every acknowledged posting (RPO 0); all proofs hold.",
        "由备份和同步接收的日志可恢复每一笔已确认的记账（RPO 为 0），各项校验全部通过。",
    ),
    control=(
        "One file of the archived log is missing: it must be named, and the loss seen.",
        "缺少一个日志文件：必须指明，并发现数据丢失。",
    ),
)
def restored(ground: Ground, *, guarded: bool) -> Found:
    """Backup, load, disaster, restore to the end of the log."""
    found, place = Found(), ground.folder()
    data = ground.copy()
    with running(data) as cluster:
        receiver, begun = received(cluster, place, synchronous=True), time.monotonic()
        backup = make(cluster, place)
        found.figures |= {"backup_seconds": round(time.monotonic() - begun, 2), "backup_bytes": backup.bytes}
        with posting(data, CLIENTS) as posters:
            for _segment in range(1 if ground.small else 4):
                posters.wait_for(20 if ground.small else 500)
                switch(data)
            posters.wait_for(20)
            kill_cluster(cluster)
        receiver.stop(withdraw=False)
    ground.drop(data)
    if not guarded:
        sorted((place / "wal").glob("0*[0-9A-F]"))[-1].unlink()
    begun = time.monotonic()
    target = Cluster(ground.folder() / "data")
    found.wrong += verify(target, place)
    outcome = restored_to(target, place)
    found.figures["rto_seconds"] = round(time.monotonic() - begun, 2)
    judge(found, target, posters, outcome)
    return found


def judge(found: Found, target: Cluster, posters: Posters, outcome: str) -> None:
    """Whether everything acknowledged is on the target, and what its proofs say."""
    found.figures["acknowledged"] = len(posters.acknowledged)
    found.expect(not outcome, outcome)
    if not outcome:
        found.wrong += faults(target.data, posters) + proofs(target.data)
        target.stop()


def restored_to(target: Cluster, place: Path, at: "datetime | None" = None) -> str:
    """Restore; what went wrong, or an empty text."""
    try:
        done = restore(target, place, at)
    except RecoveryError as error:
        return str(error)
    return f"seals are missing: {done.missing_seals}" if done.missing_seals else ""


@drill(
    "point-in-time",
    breaks=("Somebody with the owner's rights empties the ledger.", "有人以属主权限清空总账。"),
    claim=("The books are restored to the moment before, row by row.", "账簿逐行恢复到清空之前的时刻。"),
    control=(
        "Restored to the end of the log instead: the emptied ledger must be seen.",
        "恢复到日志末尾：必须发现总账已被清空。",
    ),
)
def point_in_time(ground: Ground, *, guarded: bool) -> Found:
    """Backup, load, note the moment, empty the ledger, restore to the moment."""
    found, place = Found(), ground.folder()
    data = ground.copy()
    with running(data) as cluster:
        receiver = received(cluster, place, synchronous=True)
        make(cluster, place)
        with posting(data, CLIENTS) as posters:
            posters.wait_for(50 if ground.small else 2_000)
        before = digest(data)
        moment = rows(data, "select clock_timestamp()")[0][0]
        with psycopg.connect(
            cluster.dsn("postgres", "dashebao"), options="-c session_replication_role=replica"
        ) as vandal:
            vandal.execute("select pg_sleep(0.01)")
            vandal.execute(TRUNCATE)
        switch(data)
        receiver.stop(withdraw=True)
    begun = time.monotonic()
    target = Cluster(ground.folder() / "data")
    outcome = restored_to(target, place, moment if guarded else None)
    found.figures |= {"restore_seconds": round(time.monotonic() - begun, 2), "postings": len(posters.acknowledged)}
    found.expect(not outcome, outcome)
    if not outcome:
        found.equal("rows", digest(target.data), before)
        found.wrong += proofs(target.data)
        target.stop()
    return found


@drill(
    "standby",
    breaks=(
        "The primary is killed with everything it runs while clients post.",
        "主库及其全部进程在记账过程中被强制终止。",
    ),
    claim=(
        "The synchronous standby takes over with every acknowledged posting (RPO 0), and takes new ones.",
        "同步备库接管后，已确认的记账一笔不少（RPO 为 0），并可继续记账。",
    ),
    control=(
        "A standby that follows asynchronously and lags: lost postings must be seen.",
        "异步且滞后的备库：必须发现丢失的记账。",
    ),
)
def standby(ground: Ground, *, guarded: bool) -> Found:
    """Follow, load, kill, promote, post on."""
    found, data = Found(), ground.copy()
    primary, second = Cluster(data), Cluster(ground.folder() / "data")
    primary.start()
    try:
        follow(primary, second, synchronous=guarded)
        with posting(data, CLIENTS) as posters:
            posters.wait_for(50 if ground.small else 3_000)
            if not guarded:
                stall(second)
                posters.wait_for(50)
            begun = time.monotonic()
            kill_cluster(primary)
        promote_after(second, stalled=not guarded)
        found.figures |= {"acknowledged": len(posters.acknowledged), "rto_seconds": round(time.monotonic() - begun, 2)}
        found.wrong += faults(second.data, posters)
        with posting(second.data, 1) as after:
            after.wait_for(5)
        found.wrong += proofs(second.data)
    finally:
        primary.stop()
        second.stop()
    return found


def stall(second: Cluster) -> None:
    """The standby stops receiving: as a cut line does."""
    with psycopg.connect(second.dsn("postgres", "postgres")) as connection:
        (pid,) = connection.execute("select pid from pg_stat_wal_receiver").fetchone() or (0,)
    os.kill(pid, signal.SIGSTOP)


def promote_after(second: Cluster, *, stalled: bool) -> None:
    """Let the standby take over; a receiver that was stopped is ended first, with what it had not read yet."""
    if stalled:
        with psycopg.connect(second.dsn("postgres", "postgres")) as connection:
            (pid,) = connection.execute(
                "select pid from pg_stat_activity where backend_type = 'walreceiver'"
            ).fetchone()
            second.keep(primary_conninfo="host=127.0.0.1 port=1 connect_timeout=1")
        os.kill(pid, signal.SIGTERM)
        os.kill(pid, signal.SIGCONT)
    promote(second)


def received(cluster: Cluster, place: Path, *, synchronous: bool) -> Receiver:
    """A receiver that streams."""
    receiver, end = Receiver(cluster, place, synchronous=synchronous), time.monotonic() + 30
    while not receiver.streaming():
        if time.monotonic() > end:
            raise RuntimeError("the receiver does not stream")
        time.sleep(0.05)
    return receiver


def switch(data: Path) -> None:
    """Begin a new segment of the log, so that the archive has several."""
    with psycopg.connect(Cluster(data).dsn("postgres", "postgres")) as connection:
        connection.execute("select pg_switch_wal()")


def kill_cluster(cluster: Cluster) -> None:
    """kill -9 of the postmaster and of every process it has."""
    postmaster = int((cluster.folder / "postmaster.pid").read_text().splitlines()[0])
    family = (postmaster, *children(postmaster))
    for pid in family:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    while any(lives(pid) for pid in family):
        time.sleep(0.01)


def lives(pid: int) -> bool:
    """Whether a process is there and not merely waiting for its burial."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def children(parent: int) -> list[int]:
    """Process ids of the direct children."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            after_name = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(after_name[1]) == parent:
            found.append(int(path.parent.name))
    return found
