"""What an installation lives through: connections cut by the server, a full disk, a clock that jumps."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from unittest.mock import patch

import psycopg

from dashebao.kernel.exchange import transport
from dashebao.site.postgres import Cluster
from drills.declaring import Found, Skipped, drill
from drills.ground import CLOCK, Ground, faketime, proofs, rows, running
from drills.killing import MOST_CHUNKS, ended_before, kill_month, start_month
from drills.posting import faults, posting
from drills.product import Product, served
from drills.web import SignInRefused, Visitor

DISK = "disk"
CLOCK_READ_SECONDS = 3  # within which a running program has noticed that its clock was moved
JUMPS = (-60, 300, -7_200, 86_400, -86_400, 40 * 86_400, -40 * 86_400)
OUT_OF_ORDER = """
    select count(*) from (select at, max(at) over (order by xid, id rows between unbounded preceding and 1 preceding) as before
                            from records_change) c where at < before - interval '30 seconds'"""
TERMINATE = """
    select pg_terminate_backend(pid) from pg_stat_activity
     where datname = 'dashebao' and usename like 'dashebao%' and pid <> pg_backend_pid()"""


@drill(
    "lost-connections",
    breaks=(
        "The server ends the connections of all posting clients at random.",
        "服务器在随机时刻切断全部记账客户端的连接。",
    ),
    claim=(
        "Nothing acknowledged is lost, nothing is half done or done twice.",
        "已确认的不丢失，没有半途而废或重复。",
    ),
    control=(
        "Clients that take a posting for made before the answer: lost postings must be seen.",
        "客户端在应答前即视为已记账：必须发现丢失的记账。",
    ),
)
def lost_connections(ground: Ground, *, guarded: bool) -> Found:
    """Cut posting clients off again and again."""
    found, data = Found(), ground.copy()
    cuts = 5 if ground.small or not guarded else 50
    with running(data) as cluster:
        with posting(data, 8) as posters:
            for _cut in range(cuts):
                posters.wait_for(ground.chance.randrange(5, 50))
                execute(cluster, TERMINATE)
        if not guarded:
            posters.acknowledged += posters.unknown
        found.wrong += faults(data, posters) + proofs(data)
    found.figures = {"cuts": cuts, "acknowledged": len(posters.acknowledged), "unknown": len(posters.unknown)}
    ground.drop(data)
    return found


def execute(cluster: Cluster, statement: str) -> None:
    """One statement with the server's own login."""
    with psycopg.connect(cluster.dsn("postgres", "postgres"), autocommit=True) as connection:
        connection.execute(statement)


@drill(
    "disk-full",
    breaks=(
        "The disk of the database is full while clients post, and one on which files are laid out.",
        "记账和写文件时所在磁盘写满。",
    ),
    claim=(
        "What cannot be kept is refused; nothing acknowledged is lost, no file is half written; with room again all goes on.",
        "无法保存的即被拒绝；已确认的不丢失，没有半截文件；腾出空间后一切继续。",
    ),
    control=(
        "Files written in place instead of under another name: a file cut off must be seen.",
        "直接写入最终文件名：必须发现半截文件。",
    ),
)
def disk_full(ground: Ground, *, guarded: bool) -> Found:
    """A small disk of memory; fill it, see what is refused, make room, go on."""
    found = Found()
    with small_disk(ground) as data:
        if not guarded:
            with patch.object(transport, "write_atomically", write_in_place):
                file_on_a_full_disk(data, found)
            return found
        file_on_a_full_disk(data, found)
        clients_on_a_full_disk(data, found, 1 if ground.small else 10)
    return found


@contextmanager
def small_disk(ground: Ground, spare_megabytes: int = 64) -> Iterator[Path]:
    """A copy of the province whose database lies on a disk of its own that has little room left."""
    if os.geteuid() != 0:
        raise Skipped("only root can mount a disk of its own for the database")
    data = ground.copy()
    disk, database = data.parent / DISK, data / "postgres"
    disk.mkdir()
    used = int(subprocess.run(["du", "-sm", str(database)], check=True, capture_output=True).stdout.split()[0])
    size = f"size={used + spare_megabytes}m,mode=755"
    if subprocess.run(["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(disk)]).returncode:
        raise Skipped("no disk can be mounted here")
    try:
        subprocess.run(["cp", "-a", str(database), str(disk)], check=True)
        shutil.rmtree(database)
        database.symlink_to(disk / "postgres")
        yield data
    finally:
        Cluster(data).stop()
        subprocess.run(["umount", "-l", str(disk)], check=True)
        ground.drop(data)


@contextmanager
def no_room(data: Path) -> Iterator[None]:
    """Something else takes all room of the disk for the length of the block."""
    ballast = data.parent / DISK / "ballast"
    with suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(2**16))
    try:
        yield
    finally:
        ballast.unlink()


def file_on_a_full_disk(data: Path, found: Found) -> None:
    """A message for a partner that does not fit any more is not there at all."""
    folder = transport.Folder(data.parent / DISK / "partner")
    folder.put(1, "before", "x")
    with no_room(data):
        with suppress(OSError):
            folder.put(2, "after", "x" * 2**20)
            found.wrong.append("a file was taken for written on a full disk")
        left = sorted(path.name for path in (folder.root / "to").iterdir())
    found.expect(len(left) == 1, f"beside the whole file there lies {left}")


def write_in_place(path: Path, content: bytes) -> None:
    """What a guard less does: the final name from the beginning."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def clients_on_a_full_disk(data: Path, found: Found, times: int) -> None:
    """Clients post; the disk is full until they are refused; with room again they go on."""
    with running(data) as cluster, posting(data, 8) as posters:
        for _time in range(times):
            posters.wait_for(20)
            refused = len(posters.unknown)
            with no_room(data):
                wait_until(lambda refused=refused: len(posters.unknown) > refused)
            cluster.start()  # it ends itself where it cannot keep its log
            posters.wait_for(20)
        posters.stop()
        found.wrong += faults(data, posters) + proofs(data)
    found.figures |= {"times full": times, "acknowledged": len(posters.acknowledged), "refused": len(posters.unknown)}


def wait_until(happened: Callable[[], bool], seconds: float = 120) -> None:
    """Return once it happened; RuntimeError where it does not."""
    end = time.monotonic() + seconds
    while not happened():
        if time.monotonic() > end:
            raise RuntimeError("what the drill waits for did not happen")
        time.sleep(0.02)


@drill(
    "clock-jumps",
    breaks=(
        "The clock of the whole machine jumps by minutes, days and months, forward and back, while the month runs.",
        "月度主流程运行时整机时钟前后跳动数分钟、数日乃至数月。",
    ),
    claim=(
        "All proofs hold, and an account that is locked is not opened by a clock set back.",
        "各项校验通过，回拨时钟不会解锁被锁定的账号。",
    ),
    control=(
        "The order of facts by time stamp instead of by transaction: facts out of order must be seen.",
        "以时间戳而非事务号排序：必须发现次序错乱。",
    ),
)
def clock_jumps(ground: Ground, *, guarded: bool) -> Found:
    """The product on a clock of its own, moved at random points of the month."""
    found, data, jumps = Found(), ground.copy(), 0
    set_clock(data, 0)
    with served(data) as product:
        if guarded:
            locked_out(product, found)
        while jumps < (2 if ground.small or not guarded else 12):
            child = start_month(data)
            if ended_before(data, child, ground.chance.randrange(1, MOST_CHUNKS[False]), 0) and not child.returncode:
                break
            set_clock(data, ground.chance.choice(JUMPS) if jumps % 2 == 0 else 0)
            time.sleep(CLOCK_READ_SECONDS)
            jumps += 1
            ended_before(data, child, ground.chance.randrange(1, MOST_CHUNKS[False]), 0)
            kill_month(child)  # or it was ended by the jump; either way it is run again
        if not guarded:
            early = rows(data, OUT_OF_ORDER)[0][0]
            found.expect(not early, f"{early} changes are older by their time stamp than changes made before them")
            return found
        found.wrong += proofs(data)
    found.figures["jumps"] = jumps
    ground.drop(data)
    return found


def locked_out(product: Product, found: Found) -> None:
    """Wrong guesses lock an account; a clock set back leaves it locked."""
    for _guess in range(6):
        with suppress(SignInRefused):
            Visitor(product, "pension-clerk", "a wrong guess")
    set_clock(product.data, -86_400)
    time.sleep(CLOCK_READ_SECONDS)
    try:
        Visitor(product, "pension-clerk")
        found.wrong.append("a clock set back opened a locked account")
    except SignInRefused:
        pass
    set_clock(product.data, 0)


def set_clock(data: Path, seconds: int) -> None:
    """Move the clock of every program on this copy; Skipped where the library for it is missing."""
    if faketime() is None:
        raise Skipped("libfaketime is missing (Debian: apt-get install libfaketime, or name the file in LIBFAKETIME)")
    temporary = data.parent / f".{CLOCK}"
    temporary.write_text(f"{seconds:+d}\n")
    temporary.chmod(0o644)
    temporary.replace(data.parent / CLOCK)
