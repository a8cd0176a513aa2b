"""Data folders: copies of them, their programs, their PostgreSQL. Nothing here needs the settings."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from dashebao.site.postgres import Cluster

ROOT = Path(__file__).resolve().parents[1]
MONTH, PERIOD = "2026-11", 202611
CHUNK = "20"  # people in a chunk: so few that a small province has several in each step, done side by side
LONGEST = 600  # seconds until a program is taken for stuck
CLOCK = "clock"  # beside a copy: how many seconds its programs are off the machine's clock


class ProgramFailed(RuntimeError):
    """A program of the product ended with an error that the drill did not make."""


def copy_folder(folder: Path, data: Path) -> Path:
    """A copy of a stopped data folder with owners and modes kept; it finds a port of its own."""
    subprocess.run(["cp", "-a", str(folder), str(data)], check=True)
    (data / "postgres.port").unlink(missing_ok=True)
    return data


def environment(data: Path, **more: str) -> dict[str, str]:
    """The environment of a fresh user of this data folder."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("DASHEBAO_", "DJANGO_", "PYTEST_"))}
    return {
        **kept, "DASHEBAO_DATA": str(data), "DASHEBAO_CHUNK": CHUNK, "PYTHONPATH": str(ROOT), "LANG": "en_US.UTF-8",
        **own_clock(data), **more,
    }  # fmt: skip


def own_clock(data: Path) -> dict[str, str]:
    """What lets programs of a copy read the clock that lies beside it, if there is one, instead of the machine's."""
    clock, library = data.parent / CLOCK, faketime()
    if library is None or not clock.exists():
        return {}
    told = {"FAKETIME_TIMESTAMP_FILE": str(clock), "FAKETIME_CACHE_DURATION": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    path = f"{ROOT}{os.pathsep}{ROOT / 'drills' / 'own_clock'}"
    return {"LD_PRELOAD": str(library), "FAKETIME_DISABLE_SHM": "1", "PYTHONPATH": path, **told}


def faketime() -> Path | None:
    """The library that moves a program's clock, if this machine has it."""
    named = os.environ.get("LIBFAKETIME")
    found = [Path(named)] if named else sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    return found[0] if found and found[0].exists() else None


def program(data: Path, *arguments: str, check: bool = True) -> "subprocess.CompletedProcess[str]":
    """Run one command of the product; ProgramFailed where it must not fail and does."""
    return python(data, "-m", "dashebao", "--lang", "en", *arguments, check=check)


def python(data: Path, *arguments: str, check: bool = True) -> "subprocess.CompletedProcess[str]":
    """Run a Python program on a data folder to its end."""
    done = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment(data), text=True, capture_output=True, timeout=LONGEST
    )
    if check and done.returncode:
        raise ProgramFailed(f"{' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}{done.stderr}"[-3_000:])
    return done


@contextmanager
def running(data: Path, **options: str) -> Iterator[Cluster]:
    """The data folder's PostgreSQL for the length of the block."""
    cluster = Cluster(data, options)
    cluster.start()
    try:
        yield cluster
    finally:
        cluster.stop()


def rows(data: Path, query: str, login: str = "dashebao_owner") -> list[tuple[Any, ...]]:
    """Rows of a running data folder."""
    with psycopg.connect(Cluster(data).dsn(login)) as connection:
        return connection.execute(query).fetchall()
