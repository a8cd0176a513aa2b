"""The running product as bin/up starts it, with the parts that a drill may kill."""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from dashebao.site.postgres import Cluster, free_port
from drills.folders import ROOT, environment, rows
from drills.recovery import children, lives

UP_SECONDS = 300
PARTS = {"worker": "dashebao work", "web": "granian", "partners": "demonstration.partners"}


@dataclass
class Product:
    """bin/up on a data folder: web, worker, partners, PostgreSQL."""

    data: Path
    port: int
    process: "subprocess.Popen[bytes]"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def part(self, name: str) -> int:
        """Process id of one part."""
        for pid in children(self.process.pid):
            if PARTS[name] in _command(pid):
                return pid
        raise RuntimeError(f"{name} does not run")

    def wait_until_up(self) -> float:
        """Return once web, database and worker are there again, with the seconds it took; RuntimeError if they are not."""
        begun = time.monotonic()
        while time.monotonic() - begun < UP_SECONDS:
            if self.process.poll() is not None:
                break
            if self.answers():
                return time.monotonic() - begun
            time.sleep(0.05)
        raise RuntimeError("the product did not come back by itself")

    def answers(self) -> bool:
        """Whether a page is served, the database takes queries, and the worker runs."""
        try:
            self.part("worker")
            rows(self.data, "select 1")
            with urllib.request.urlopen(f"{self.url}/sign-in/", timeout=5) as page:
                return bool(page.status == 200)
        except Exception:
            return False


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def kill(pid: int) -> None:
    """kill -9, and wait until the process is gone."""
    os.kill(pid, signal.SIGKILL)
    while lives(pid):
        time.sleep(0.01)


@contextmanager
def served(data: Path) -> Iterator[Product]:
    """The product on a copy, for the length of the block."""
    port = free_port()
    with (data.parent / "up.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "dashebao.site.up", "--data", str(data), "--port", str(port), "--no-month"],
            cwd=ROOT, env=environment(data), stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    product = Product(data, port, process)
    try:
        product.wait_until_up()
        yield product
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait(UP_SECONDS)
        Cluster(data).stop()
