"""Gives every test run a real PostgreSQL: the embedded one, in a data folder of its own."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200"}
os.environ.setdefault("DASHEBAO_DATA", str(ROOT / ".data" / "tests"))
os.environ["DASHEBAO_ROLE"] = "owner"
os.environ["DASHEBAO_STATIC"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

from dashebao.site.postgres import Cluster  # noqa: E402  the data folder is chosen above

_started: list[Cluster] = []


def start() -> None:
    """Start the test server where it does not run yet (an xdist worker finds it running)."""
    if os.environ.get("DATABASE_URL"):
        return
    cluster = Cluster(Path(os.environ["DASHEBAO_DATA"]), FAST)
    if not cluster.running():
        cluster.start()
        _started.append(cluster)


if not os.environ.get("PYTEST_XDIST_WORKER"):
    start()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop what this run started."""
    while _started:
        _started.pop().stop()
