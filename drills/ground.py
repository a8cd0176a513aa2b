"""Where a drill takes place: copies of one small province, its programs, and what its books hold."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection

from dashebao.kernel.ledger import api as ledger
from dashebao.kernel.records import api as records
from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.site.postgres import Cluster

ROOT = Path(__file__).resolve().parents[1]
MONTH, PERIOD = "2026-11", 202611
CHUNK = "20"  # people in a chunk: so few that a small province has several in each step, done side by side
CLOCK = "clock"  # beside a copy: how many seconds its programs are off the machine's clock
TABLES = (
    "ledger_journal",
    "ledger_entry",
    "ledger_subentry",
    "fund_paymentline",
    "records_change",
    "records_auditentry",
)
JOURNALS = """
    select b.fund, b.region, j.kind, j.key, j.month, a.code, a.detail, sum(e.amount_fen)::bigint
    from ledger_journal j
    join ledger_entry e on e.journal_id = j.id and e.month = j.month
    join ledger_account a on a.id = e.account_id
    join ledger_book b on b.id = a.book_id
    group by 1, 2, 3, 4, 5, 6, 7 order by 1, 2, 3, 4, 5, 6, 7"""
PAYMENTS = "select month, person_id, scheme, benefit_kind, seq, amount_fen from fund_paymentline order by 1, 2, 3, 4, 5"

STATEMENTS = "select fund, region_code, month, form, digest from fund_storedstatement order by 1, 2, 3, 4"


class ProgramFailed(RuntimeError):
    """A program of the product ended with an error that the drill did not make."""


@dataclass
class Ground:
    """One province in which no month has run, a scratch folder, and the drill's own chance."""

    province: Path
    scratch: Path
    small: bool
    seed: int
    finished: Path | None = None  # the same province after an unbroken month, if there is one already
    numbers: Iterator[int] = field(default_factory=count)
    chance: Random = field(default_factory=Random)

    def begin(self) -> None:
        """Start the chance anew: a drill breaks the same things whatever ran before it."""
        self.chance = Random(self.seed)

    def copy(self, of: Path | None = None) -> Path:
        """A fresh copy of the (stopped) province or of another data folder."""
        target = self.folder() / "data"
        subprocess.run(["cp", "-a", str(of or self.province), str(target)], check=True)
        (target / "postgres.port").unlink(missing_ok=True)  # each copy finds a port of its own
        return target

    def folder(self) -> Path:
        """A new empty folder that the server's account may enter."""
        path = self.scratch / f"{next(self.numbers):03d}"
        path.mkdir(mode=0o755)
        return path

    def finish(self) -> Path:
        """The province after an unbroken month; made once."""
        if self.finished is None:
            self.finished = self.copy()
            with running(self.finished):
                program(self.finished, "month", "run", MONTH)
        return self.finished

    def drop(self, data: Path) -> None:
        """Remove a copy that is no longer needed."""
        shutil.rmtree(data.parent)


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
    done = subprocess.run([sys.executable, *arguments], cwd=ROOT, env=environment(data), text=True, capture_output=True)
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


def digest(data: Path) -> dict[str, tuple[Any, ...]]:
    """Count and order-free checksum of every row of the books, the payments, the history and the audit trail."""
    checksum = "select count(*), sum(('x' || substr(md5(t::text), 1, 15))::bit(60)::bigint) from {} t"
    return {table: rows(data, checksum.format(table))[0] for table in TABLES}


def books(data: Path) -> dict[str, Any]:
    """Journals, payments and published statements in the words of the trade, the same for every unbroken run."""
    return {"journals": rows(data, JOURNALS), "payments": rows(data, PAYMENTS), "statements": rows(data, STATEMENTS)}


def proofs(data: Path) -> list[str]:
    """What `ledger verify` and `audit verify` would find; empty if all is well."""
    with inside(data), acting(SYSTEM, "proofs of a drill"):
        found = [f"ledger: {difference}" for difference in ledger.verify().differences]
        return found + [
            f"audit: {difference}" for difference in (*records.verify().differences, *records.changed_rows())
        ]


@contextmanager
def inside(data: Path, login: str = "dashebao_worker") -> Iterator[None]:
    """Let this process work on a running copy, as its worker does or with another login: copies share their secrets."""
    before = settings.DATA, dict(connection.settings_dict)
    connection.close()
    password = settings.SECRETS["passwords"][login]
    settings.DATA = data
    connection.settings_dict.update(PORT=Cluster(data).port, USER=login, PASSWORD=password)
    try:
        yield
    finally:
        connection.close()
        settings.DATA = before[0]
        connection.settings_dict.update(before[1])
