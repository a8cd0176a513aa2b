"""Ledger postings of eight clients, each durable, beside pgbench's TPC-B-like transactions on the same server."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connection

from benchmarks.measuring import Figures, in_turn, median
from benchmarks.scratch import sql
from dashebao.business.fund.actions.books import personal_pair
from dashebao.business.fund.api import open_personal_accounts
from dashebao.kernel.ledger.actions import POST
from dashebao.kernel.ledger.api import Journal, Line, SubLine, post
from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.kernel.records.context import sign
from dashebao.site.postgres import CLIENT_LOGIN, PROGRAMS

SIZES = (4_000,)
CLIENTS, SCALE, HOLDERS = 8, 10, 10_000
SCHEME, POOL, MONTH, PART = "110", "440000", 202611, "worker_principal"
TPCB, FIRST_HOLDER, KIND = "bench_tpcb", 400_000_001, "benchmark.online"
SCRIPT = """\\set holder random({first}, {last})
\\set number random(1, 9000000000000000)
begin;
select set_config('app.ctx', '{context}', true), set_config('app.why', 'benchmark', true);
{post};
commit;
"""


def run(sizes: Sequence[int] = SIZES) -> list[Figures]:
    """Transactions in a second; each of ours moves one personal account, by the ledger's own function."""
    told = []
    with acting(SYSTEM, "benchmark"):
        book, control, counterpart = personal_pair(SCHEME, POOL)
        open_personal_accounts(SCHEME, POOL, list(range(FIRST_HOLDER, FIRST_HOLDER + HOLDERS)))
    with tempfile.TemporaryDirectory() as folder, _tpcb(SCALE):
        script = Path(folder) / "post.sql"
        script.write_text(_script(book, control, counterpart))
        for size in sizes:
            each = max(1, size // CLIENTS)
            before = _journals()
            ours, theirs = _speeds(script, each)
            detail = {
                "wrong": abs(_journals() - before - each * CLIENTS * len(ours)), "clients": CLIENTS, "scale": SCALE,
                "one_client_through_python_tps": _through_python((book, control, counterpart), each),
            }  # fmt: skip
            speeds = median(ours), median(theirs)
            ratio = speeds[0] / speeds[1]
            told.append(Figures("post-online", each * CLIENTS, "tps", *speeds, ratio, 0.5, True, detail))
    return told


def _script(book: int, control: int, counterpart: int) -> str:
    """The product's statement, with a fresh key and a random holder each time."""
    values = (
        f"'{{{book}}}'", f"'{{{KIND}}}'", "array['k' || :number::text]", f"'{{{MONTH}}}'", "'{\"\"}'", "'{null}'",
        "'{null}'", "'{1,1}'", f"'{{{control},{counterpart}}}'", "'{-100,100}'", "'{1}'", f"'{{{control}}}'",
        "array[:holder::bigint]", f"'{{{PART}}}'", "'{100}'",
    )  # fmt: skip
    statement = POST.replace("%s", "{}").format(*values).replace("\n", " ")
    last = FIRST_HOLDER + HOLDERS - 1
    return SCRIPT.format(first=FIRST_HOLDER, last=last, context=sign(SYSTEM), post=statement)


def _speeds(script: Path, each: int) -> tuple[list[float], list[float]]:
    """Transactions in a second as pgbench tells them, the two kinds in turn."""
    ours: list[float] = []
    theirs: list[float] = []
    place = connection.settings_dict
    in_turn(
        lambda: ours.append(_pgbench(place["NAME"], place["USER"], each, "-f", str(script))),
        lambda: theirs.append(_pgbench(TPCB, CLIENT_LOGIN, each, "-b", "tpcb-like")),
    )
    return ours, theirs


def _pgbench(database: str, login: str, each: int, *what: str) -> float:
    told = _client(
        "pgbench", login, "-n", "-M", "prepared", "-c", str(CLIENTS), "-j", "2", "-t", str(each), *what, database
    )
    failed = re.search(r"number of failed transactions: (\d+)", told)
    speed = re.search(r"tps = ([0-9.]+) \(without", told)
    if speed is None or (failed and int(failed[1])):
        raise RuntimeError(f"pgbench did not end well: {told}")
    return float(speed[1])


def _client(program: str, login: str, *arguments: str) -> str:
    """Run one of the server's client programs; returns what it printed."""
    place = connection.settings_dict
    password = settings.SECRETS["passwords"].get(login) or place["PASSWORD"]
    environment = {
        **os.environ, "PGHOST": place["HOST"], "PGPORT": str(place["PORT"]), "PGUSER": login, "PGPASSWORD": password,
    }  # fmt: skip
    done = subprocess.run(
        [str(PROGRAMS / program), *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{program} failed: {done.stderr}")
    return done.stdout


@contextmanager
def _tpcb(scale: int) -> Iterator[None]:
    """A database of pgbench's own on the same server."""
    place = connection.settings_dict
    password = settings.SECRETS["passwords"][CLIENT_LOGIN]
    where = f"host={place['HOST']} port={place['PORT']} user={CLIENT_LOGIN} password={password} dbname=postgres"
    with psycopg.connect(where, autocommit=True) as server:
        server.execute(f"drop database if exists {TPCB}")
        server.execute(f"create database {TPCB}")
        try:
            _client("pgbench", CLIENT_LOGIN, "-i", "-q", "-s", str(scale), TPCB)
            yield
        finally:
            server.execute(f"drop database {TPCB}")


def _journals() -> int:
    with acting(SYSTEM, "count"):
        return int(sql("select count(*) from ledger_key where kind = %s", [KIND])[0][0])


def _through_python(accounts: tuple[int, int, int], count: int) -> float:
    """Postings in a second of one client of the product, each signed in and committed by itself."""
    book, control, counterpart = accounts
    lines = (Line(control, -100), Line(counterpart, 100))

    def postings() -> None:
        begun = time.time_ns()
        for number in range(count):
            with acting(SYSTEM, "benchmark"):
                moved = (SubLine(control, FIRST_HOLDER + number % HOLDERS, PART, 100),)
                post(Journal(book, "benchmark.python", f"{begun}:{number}", MONTH, lines, moved))

    return round(count / in_turn(postings, runs=1)[0][0], 1)
