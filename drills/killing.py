"""kill -9 of PostgreSQL, of the month, of the worker and of the web, at random points."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from dashebao.site.postgres import Cluster
from drills.declaring import Found, drill
from drills.ground import MONTH, ROOT, Ground, books, environment, program, proofs, rows, running
from drills.posting import faults, posting
from drills.product import Product, kill, served
from drills.recovery import kill_cluster

KILLS = 30
MOST_CHUNKS = {True: 200, False: 25}  # a month of the small province has some 350


@drill(
    "kill-postgres",
    breaks=(
        "kill -9 of PostgreSQL with all its processes, again and again, while clients post.",
        "记账过程中反复强制终止 PostgreSQL 全部进程。",
    ),
    claim=(
        "No acknowledged posting is lost, none is there twice, none is torn.",
        "已确认的记账不丢失、不重复、不残缺。",
    ),
    control=(
        "Commits that do not wait for the disk: lost postings must be seen.",
        "提交不等待落盘：必须发现丢失的记账。",
    ),
)
def kill_postgres(ground: Ground, *, guarded: bool) -> Found:
    """Post, kill, start, and count what is there."""
    found, data, back = Found(), ground.copy(), []
    kills = 2 if ground.small else 100 if guarded else 12
    with running(data) as cluster:
        with posting(data, 8, "on" if guarded else "off") as posters:
            for _kill in range(kills):
                posters.wait_for(ground.chance.randrange(20, 200))
                kill_cluster(cluster)
                begun = time.monotonic()
                cluster.start()
                posters.wait_for(1)
                back.append(round(time.monotonic() - begun, 2))
        found.wrong += faults(data, posters) + proofs(data)
    found.figures = {"kills": kills, "acknowledged": len(posters.acknowledged), "unknown": len(posters.unknown)}
    found.figures |= {"back_seconds_median": sorted(back)[len(back) // 2], "back_seconds_worst": max(back)}
    ground.drop(data)
    return found


@drill(
    "kill-the-month",
    breaks=(
        "kill -9 of the month's run, of the worker, of the web and of PostgreSQL at random points of the month.",
        "在月度主流程的随机时刻强制终止主流程、后台进程、网页进程和 PostgreSQL。",
    ),
    claim=(
        "The month ends with the journals, payments and statements of the unbroken run; nothing committed is lost, nobody is paid twice.",
        "最终凭证、支付和报表与未中断时完全一致；已提交的不丢失，没有人被重复支付。",
    ),
    control=(
        "A piece of work is marked done before it is done: the difference must be seen.",
        "工作未完成就先标记完成：必须发现差异。",
    ),
)
def kill_the_month(ground: Ground, *, guarded: bool) -> Found:
    """Kill until the month is done, on as many copies as it takes; compare with the unbroken month."""
    want, found = unbroken(ground), Found()
    if not guarded:
        compare(found, broken_by_a_missing_guard(ground), want)
        return found
    points: dict[str, int] = {}
    while sum(points.values()) < (2 if ground.small else KILLS):
        compare(found, killed(ground, found, points), want)
        found.figures["copies"] = found.figures.get("copies", 0) + 1
    found.figures |= {"kills": sum(points.values()), "of": points}
    return found


def killed(ground: Ground, found: Found, points: dict[str, int]) -> dict[str, Any]:
    """One province whose month was killed until it was done; what its books hold."""
    data = ground.copy()
    with served(data) as product:
        while True:
            child = start_month(data)
            if ended_before(data, child, ground.chance.randrange(1, MOST_CHUNKS[ground.small]), ground.chance.random()):
                if child.returncode == 0:
                    break
                continue  # it lost its database: run it again, as an operator or a timer does
            victim = ground.chance.choice(("month", "month", "worker", "web", "postgres"))
            before = committed(data)
            kill_one(product, child, victim)
            points[victim] = points.get(victim, 0) + 1
            product.wait_until_up()
            missing = len(before - committed(data))
            found.expect(not missing, f"{missing} committed journals lost after the kill of {victim}")
            kill_month(child)
        found.wrong += proofs(data)
        return told(data)


def unbroken(ground: Ground) -> dict[str, Any]:
    """What the books hold after a month that nobody disturbed."""
    with running(ground.finish()):
        return told(ground.finish())


def told(data: Path) -> dict[str, Any]:
    """The books, and what the bank itself has paid."""
    with sqlite3.connect(data / "partners" / "bank" / "state.sqlite") as bank:
        paid = bank.execute("select count(*) from paid").fetchone()[0]
        moved = bank.execute("select sum(amount_fen), sum(count) from entry where kind = 'BATCH'").fetchone()
    return books(data) | {"paid by the bank": paid, "moved by the bank": moved}


def compare(found: Found, have: dict[str, Any], want: dict[str, Any]) -> None:
    """Every part must be the same."""
    for part in want:
        if have[part] != want[part]:
            differing = (
                sum(a != b for a, b in zip(have[part], want[part], strict=False)) if isinstance(want[part], list) else 1
            )
            found.wrong.append(
                f"{part} differ from the unbroken month ({differing} rows, {_length(have[part])} of {_length(want[part])})"
            )


def _length(part: Any) -> int:
    return len(part) if isinstance(part, list | dict) else 1


def broken_by_a_missing_guard(ground: Ground) -> dict[str, Any]:
    """A month whose runner marks a chunk done before it works and dies between the two; then carried on as usual."""
    data = ground.copy()
    with running(data):
        died = subprocess.run(
            [sys.executable, "-m", "drills.unguarded", "pension.entitle", MONTH], cwd=ROOT, env=environment(data),
            capture_output=True,
        )  # fmt: skip
        if died.returncode != -signal.SIGKILL:
            raise RuntimeError(f"the run without its guard ended with {died.returncode}: {died.stderr[-500:]!r}")
        program(data, "month", "run", MONTH, "--wait", "20", check=False)
        return told(data)


def start_month(data: Path) -> "subprocess.Popen[bytes]":
    """`dashebao month run` in the background; what it says lies beside the copy."""
    with (data.parent / "month.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "dashebao", "month", "run", MONTH], cwd=ROOT, env=environment(data),
            stdout=log, stderr=log, start_new_session=True,
        )  # fmt: skip


def ended_before(data: Path, child: "subprocess.Popen[bytes]", chunks: int, seconds: float) -> bool:
    """Whether the run ends by itself before it has done so many more chunks of work, and a moment's work besides."""
    wanted = chunks_done(data) + chunks
    while child.poll() is None and chunks_done(data) < wanted:
        time.sleep(0.01)
    return ended_within(child, seconds)


def chunks_done(data: Path) -> int:
    """How much of the month is done."""
    return int(rows(data, "select count(*) from batches_chunk where state = 'done'")[0][0])


def ended_within(child: "subprocess.Popen[bytes]", seconds: float) -> bool:
    """Whether the process ends by itself in this time."""
    try:
        child.wait(seconds)
    except subprocess.TimeoutExpired:
        return False
    return True


def kill_month(child: "subprocess.Popen[bytes]") -> None:
    """kill -9 of the run; what it had started notices and ends."""
    with suppress(ProcessLookupError):
        os.kill(child.pid, signal.SIGKILL)
    child.wait()


def kill_one(product: Product, month: "subprocess.Popen[bytes]", victim: str) -> None:
    """kill -9 of one part of the product."""
    if victim == "month":
        kill_month(month)
    elif victim == "postgres":
        kill_cluster(Cluster(product.data))
    else:
        kill(product.part(victim))


def committed(data: Path) -> set[Any]:
    """Ids of every journal that is there now."""
    return {row[0] for row in rows(data, "select id from ledger_journal")}
