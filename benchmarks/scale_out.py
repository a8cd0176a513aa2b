"""Interest and awards on Apache Spark, one master and two workers, beside the same rules on one machine's processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.measuring import Figures, growth_of, in_turn, median
from benchmarks.scale_environment import ROOT, Environment, found
from dashebao.site.postgres import free_port

SIZES = (1_000_000,)
WORKERS = 2
SECONDS = 120
PLACE = "/var/tmp"  # on a disk, as the installation of the other benchmarks


def run(sizes: Sequence[int] = SIZES) -> list[Figures]:
    """Persons settled in a second on the cluster and on one machine, for one size after the other."""
    environment = found()
    told: list[Figures] = []
    seconds: list[Figures] = []
    for size in sizes:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dashebao-scale-", dir=PLACE)))
            alone, spark, detail = _settled(size, Ground(environment, folder, stack))
        detail["growth"] = growth_of(seconds, size, spark)
        seconds.append(Figures("", size, "s", spark, 0, 0, 0, False))
        told.append(
            Figures("scale-out", size, "persons/s", size / spark, size / alone, alone / spark, None, True, detail)
        )
    return told


@dataclass(frozen=True)
class Ground:
    """Where one size is measured, and what ends with it."""

    environment: Environment
    folder: Path
    stack: ExitStack

    def job(self, *arguments: str) -> list[str]:
        """The command that runs a part of the work in the environment."""
        return [str(self.environment.python), "-m", "benchmarks.scale_job", *arguments]

    def make(self, people: Path, size: int) -> None:
        """Write the people as files."""
        people.mkdir()
        made = self.job("make", str(people), str(size))
        subprocess.run(made, cwd=ROOT, env=self.environment.variables, check=True)

    def settler(self, way: str, *arguments: str) -> Settler:
        """Start the process that settles everybody by one of the two ways; it is stopped at the end."""
        process = subprocess.Popen(
            self.job(way, *arguments), cwd=ROOT, env=self.environment.variables, text=True, start_new_session=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=(self.folder / "job.log").open("a"),
        )  # fmt: skip
        return Settler(self.stack.enter_context(_ended(process)), self.folder / way)


@dataclass
class Settler:
    """A process that settles everybody anew whenever it is told where to."""

    process: subprocess.Popen[str]
    out: Path
    answers: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.out.mkdir()
        self.answer()

    def settle(self) -> None:
        """Settle everybody, and wait for it."""
        self.begin()
        self.answers.append(self.answer())

    def begin(self) -> Path:
        """Have everybody settled once more; returns the folder of this output."""
        out = self.out / f"{len(self.answers)}"
        self.process.stdin.write(f"{out}\n")
        self.process.stdin.flush()
        return out

    def answer(self) -> dict[str, Any]:
        """The next line the process says."""
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"the process ended: {(self.out.parent / 'job.log').read_text()[-2000:]}")
        return dict(json.loads(line))

    @property
    def seconds(self) -> float:
        """The median of what the process itself measured, without start and without the checksum."""
        return median([answer["seconds"] for answer in self.answers])


def _settled(size: int, ground: Ground) -> tuple[float, float, dict[str, Any]]:
    """Seconds on one machine and on the cluster, and what else was seen; `wrong` counts checksums that differ."""
    people = ground.folder / "people"
    ground.make(people, size)
    alone = ground.settler("alone", str(people))
    begun = time.perf_counter()
    cluster = Cluster(ground)
    spark = ground.settler("spark", str(people), cluster.master)
    detail = {"workers": WORKERS, "start_s": round(time.perf_counter() - begun, 1)}
    in_turn(alone.settle, spark.settle)
    right = alone.answers[0]
    answers, seconds = [*alone.answers, *spark.answers], spark.seconds
    done, after = cluster.settle_with_a_death(spark)
    sums = [(answer["rows"], answer["checksum"]) for answer in (*answers, after)]
    detail |= {
        "wrong": sum(found != (size, right["checksum"]) for found in sums), "checksum": f"{right['checksum']:016x}",
        "tasks_done_when_killed": done, "with_a_worker_killed_s": round(after["seconds"], 2),
    }  # fmt: skip
    return alone.seconds, seconds, detail


class Cluster:
    """A master and its workers on this machine, each in a process group of its own."""

    def __init__(self, ground: Ground) -> None:
        self.ground, port, self.page = ground, free_port(), free_port()
        self.master = f"spark://127.0.0.1:{port}"
        self._start("master.Master", "--host", "127.0.0.1", "--port", str(port), "--webui-port", str(self.page))
        _until(lambda: self.alive() == 0, "the master")
        self.workers = [
            self._start(
                "worker.Worker", "--host", "127.0.0.1", "--cores", "1", "--memory", "2g", "--webui-port",
                str(free_port()), "--work-dir", str(ground.folder / f"worker-{number}"), self.master,
            )
            for number in range(WORKERS)
        ]  # fmt: skip
        _until(lambda: self.alive() == WORKERS, "the workers")

    def _start(self, what: str, *arguments: str) -> subprocess.Popen[str]:
        program = self.ground.environment.spark / "bin" / "spark-class"
        command = [str(program), f"org.apache.spark.deploy.{what}", *arguments]
        log = (self.ground.folder / "cluster.log").open("a")
        variables = self.ground.environment.variables | {"SPARK_LOCAL_DIRS": str(self.ground.folder)}
        return self.ground.stack.enter_context(
            _ended(subprocess.Popen(command, env=variables, text=True, start_new_session=True, stdout=log, stderr=log))
        )

    def alive(self) -> int:
        """Workers the master knows to be alive; -1 while it does not answer."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.page}/json/", timeout=5) as page:
                return int(json.load(page)["aliveworkers"])
        except OSError:
            return -1

    def settle_with_a_death(self, spark: Settler) -> tuple[int, dict[str, Any]]:
        """Settle once more and kill a worker with everything it runs as soon as a task is done; returns (tasks, answer)."""
        out = spark.begin()
        tasks: list[Path] = []

        def begun() -> bool:
            tasks[:] = out.glob("_temporary/*/task_*")
            return bool(tasks) or (out / "_SUCCESS").exists()

        _until(begun, "the first task", 0.002)
        _kill(self.workers[0])
        if (out / "_SUCCESS").exists():
            raise RuntimeError("the work was over before the worker died: take a bigger size")
        return len(tasks), spark.answer()


def _until(true: Callable[[], bool], what: str, pause: float = 0.1) -> None:
    end = time.monotonic() + SECONDS
    while not true():
        if time.monotonic() > end:
            raise RuntimeError(f"{what} did not come in {SECONDS} s")
        time.sleep(pause)


def _kill(process: subprocess.Popen[str]) -> None:
    """Kill a process with everything in its group, executors of a worker included."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextmanager
def _ended(process: subprocess.Popen[str]) -> Iterator[subprocess.Popen[str]]:
    try:
        yield process
    finally:
        _kill(process)
