"""A data folder and a PostgreSQL of one benchmark's own, removed afterwards: nobody's province is touched."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from dashebao.site.databases import database_settings
from dashebao.site.postgres import Cluster

ROOT = Path(__file__).parents[1]
PLACE = "/var/tmp"  # on a disk: /tmp may be memory, and what is durable is measured


@contextmanager
def installation() -> Iterator[Path]:
    """An empty installation that `DASHEBAO_DATA` points to; call it before Django is set up."""
    folder = Path(tempfile.mkdtemp(prefix="dashebao-bench-", dir=PLACE))
    os.environ.pop("DATABASE_URL", None)
    os.environ.update(DASHEBAO_DATA=str(folder), DASHEBAO_ROLE="worker")
    cluster = Cluster(folder)
    try:
        cluster.start()
        setup = [sys.executable, "-m", "dashebao", "setup"]
        subprocess.run(setup, cwd=ROOT, check=True, env={**os.environ, "DASHEBAO_ROLE": "owner"}, stdout=sys.stderr)
        yield folder
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def as_owner() -> Iterator[None]:
    """Use the login that owns the tables for a while: to load what a benchmark needs, and for its baseline."""
    before = {key: connection.settings_dict[key] for key in ("USER", "PASSWORD")}
    owner = database_settings(settings.DATA, settings.SECRETS, "owner")
    if before["USER"] == owner["USER"]:
        yield
        return
    try:
        _sign_in(owner)
        yield
    finally:
        _sign_in(before)


def _sign_in(login: dict[str, Any]) -> None:
    connection.close()
    connection.settings_dict.update(USER=login["USER"], PASSWORD=login["PASSWORD"])


def sql(statement: str, values: Sequence[Any] | dict[str, Any] | None = None) -> list[Any]:
    """Run one statement; its rows, if it has any."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall()) if cursor.description else []


def settle(*tables: str) -> None:
    """Clear away dead rows and refresh the statistics of these tables, so that no run pays for the one before."""
    with as_owner():
        for table in tables:
            sql(f"vacuum analyze {table}")  # the names are constants of the benchmarks
