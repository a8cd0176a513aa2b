"""What an installation lives through: connections cut by the server, a full disk."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from unittest.mock import patch

import psycopg

from dashebao.kernel.exchange import transport
from dashebao.site.postgres import Cluster
from drills.declaring import Found, Skipped, drill
from drills.folders import running
from drills.ground import Ground, proofs
from drills.months import MARKED_TOO_EARLY, MONTH_UNCHANGED, Breaking, months_held
from drills.posting import faults, posting
from drills.product import Product

DISK = "disk"
MONTHS_MEGABYTES = 1_500  # what the log and the rows of a month may take
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


@drill(
    "month-cut-off",
    breaks=(
        "The server ends all connections of the web, the worker and the month's run at random points of the month.",
        "在月度主流程的随机时刻，服务器切断网页、后台进程和主流程的全部连接。",
    ),
    claim=MONTH_UNCHANGED,
    control=MARKED_TOO_EARLY,
)
def month_cut_off(ground: Ground, *, guarded: bool) -> Found:
    """Cut every connection until the month is done, on as many copies as it takes."""
    return months_held(ground, Breaking(cut_off, "cuts", 2, 30), guarded=guarded)


def cut_off(_ground: Ground, product: Product, _month: "subprocess.Popen[bytes]") -> str:
    """End all connections of the product."""
    execute(Cluster(product.data), TERMINATE)
    return "connections"


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


@drill(
    "month-disk-full",
    breaks=(
        "The disk of the database is full at random points of the month, for some seconds.",
        "在月度主流程的随机时刻，数据库所在磁盘写满数秒。",
    ),
    claim=MONTH_UNCHANGED,
    control=MARKED_TOO_EARLY,
)
def month_disk_full(ground: Ground, *, guarded: bool) -> Found:
    """Fill the disk under the running month, make room, and let it go on."""
    place = partial(small_disk, spare_megabytes=MONTHS_MEGABYTES)
    return months_held(ground, Breaking(fill_the_disk, "times full", 1, 10, place=place), guarded=guarded)


def fill_the_disk(ground: Ground, product: Product, _month: "subprocess.Popen[bytes]") -> str:
    """No room for some seconds."""
    with no_room(product.data):
        time.sleep(ground.chance.uniform(0.5, 5))
    return "disk"


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
