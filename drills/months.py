"""A month that is disturbed, run again until it is done, and what it must come to: the books of an undisturbed month."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from drills.declaring import Found
from drills.folders import MONTH, ROOT, environment, program, rows, running
from drills.ground import Ground, books, proofs
from drills.product import Product, served

MOST_CHUNKS = {True: 200, False: 25}  # a month of the small province has some 350
KILLED, FAILED = "killed", "failed"
ENDS = {KILLED: (-signal.SIGKILL,), FAILED: (1, 3, 4)}
MONTH_UNCHANGED = (
    "The month ends with the journals, payments and statements of the unbroken run; nothing committed is lost, nobody is paid twice.",
    "最终凭证、支付和报表与未中断时完全一致；已提交的不丢失，没有人被重复支付。",
)
MARKED_TOO_EARLY = (
    "A piece of work is marked done before it is done: the difference must be seen.",
    "工作未完成就先标记完成：必须发现差异。",
)
Disturb = Callable[[Ground, Product, "subprocess.Popen[bytes]"], str]
Place = Callable[[Ground], AbstractContextManager[Path]]


@contextmanager
def copied(ground: Ground) -> Iterator[Path]:
    """A copy of the province; it stays for looking at where the drill breaks."""
    data = ground.copy()
    yield data
    ground.drop(data)


@dataclass(frozen=True)
class Breaking:
    """How months are disturbed: `disturb` breaks something and says what; `few` times in small drills, else `many`."""

    disturb: Disturb
    counted: str
    few: int
    many: int
    end: str = FAILED
    place: Place = copied


def months_held(ground: Ground, breaking: Breaking, *, guarded: bool) -> Found:
    """Disturb months at random points, as many as it takes, and compare what each came to with the unbroken month.

    The control is a month whose runner marks work done too early.
    """
    want, found, points = unbroken(ground), Found(), Counter[str]()
    if not guarded:
        compare(found, broken_by_a_missing_guard(ground, breaking.end), want)
        return found
    copies = 0
    while points.total() < (breaking.few if ground.small else breaking.many):
        with breaking.place(ground) as data, served(data) as product:
            run_disturbed(ground, product, breaking.disturb, found, points)
            compare(found, told(data), want)
        copies += 1
    found.figures = {"copies": copies, breaking.counted: points.total(), "of": dict(points)}
    return found


def run_disturbed(ground: Ground, product: Product, disturb: Disturb, found: Found, points: Counter[str]) -> None:
    """Run the month until it is done and disturb it at random points; what is committed must never go away."""
    data = product.data
    while True:
        child = start_month(data)
        while not ended_before(
            data, child, ground.chance.randrange(1, MOST_CHUNKS[ground.small]), ground.chance.random()
        ):
            before = committed(data)
            what = disturb(ground, product, child)
            points[what] += 1
            product.wait_until_up()
            missing = len(before - committed(data))
            found.expect(not missing, f"{missing} committed journals lost after a disturbance of {what}")
        if child.returncode == 0:
            break  # else it lost its database: run it again, as an operator or a timer does
    found.wrong += proofs(data)


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


def broken_by_a_missing_guard(ground: Ground, end: str) -> dict[str, Any]:
    """A month whose runner marks a chunk done before it works, and then cannot: killed or failed; then carried on as usual."""
    data = ground.copy()
    with running(data):
        ended = subprocess.run(
            [sys.executable, "-m", "drills.unguarded", "pension.entitle", MONTH, end], cwd=ROOT, env=environment(data),
            capture_output=True,
        )  # fmt: skip
        if ended.returncode not in ENDS[end]:
            raise RuntimeError(f"the run without its guard ended with {ended.returncode}: {ended.stderr[-500:]!r}")
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


def committed(data: Path) -> set[Any]:
    """Ids of every journal that is there now."""
    return {row[0] for row in rows(data, "select id from ledger_journal")}
