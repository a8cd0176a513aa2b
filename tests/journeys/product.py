"""A running product for journeys: bin/up on a small province, in processes of its own."""

import fcntl
import json
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.test import override_settings

from dashebao.kernel.secrecy.api import open_
from dashebao.site.postgres import free_port
from drills.folders import MONTH, ROOT, environment, program, python, rows, running

PEOPLE = 400

GRANT = """
import os, sys
os.environ.update(DJANGO_SETTINGS_MODULE="dashebao.site.settings", DASHEBAO_ROLE="owner")
import django
django.setup()
from dashebao.kernel.identity.api import User, grant_role
from dashebao.kernel.records.api import SYSTEM, acting
with acting(SYSTEM, why="duties for a journey"):
    for role in sys.argv[2:]:
        grant_role(User.objects.get(username=sys.argv[1]), role)
"""


@dataclass
class Product:
    """One running installation: where it is served and its data folder."""

    data: Path
    port: int
    process: "subprocess.Popen[bytes]"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def password(self) -> str:
        return json.loads((self.data / "demonstration.json").read_text())["password"]

    def command(self, *arguments: str, check: bool = True) -> "subprocess.CompletedProcess[str]":
        """Run bin/dashebao's program on this data folder, in English."""
        return program(self.data, *arguments, check=check)

    def begin(self, *arguments: str) -> "subprocess.Popen[str]":
        """Start bin/dashebao's program on this data folder and go on; its output is read at the end."""
        return subprocess.Popen(
            [sys.executable, "-m", "dashebao", "--lang", "en", *arguments],
            cwd=ROOT, env=environment(self.data), text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Rows of the database, read as its owner."""
        return rows(self.data, query)

    def opened(self, value: str) -> str:
        """A sealed value as the province's keys open it."""
        with override_settings(DATA=self.data):
            return open_(value)

    def give_roles(self, username: str, *roles: str) -> None:
        """More duties for an officer, as the administrator would give them."""
        python(self.data, "-c", GRANT, username, *roles)

    def send_officers_home(self) -> None:
        """Nobody but the journeys' own visitors signs batches from now on."""
        path = self.data / "demonstration.json"
        told = json.loads(path.read_text())
        told["companions"]["officers"] = []
        path.write_text(json.dumps(told, ensure_ascii=False))

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(60)


def made_once(folder: Path, make: Callable[[Path], None]) -> Path:
    """A data folder that the first worker to ask makes and all workers of this run copy."""
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        finished = folder.with_suffix(".made")
        if not finished.exists():
            shutil.rmtree(folder, ignore_errors=True)
            make(folder)
            finished.touch()
    return folder


def build_province(data: Path) -> None:
    """The demonstration province before any month has run."""
    python(data, "-m", "dashebao.site.up", "--data", str(data), "--people", str(PEOPLE), "--no-serve", "--no-month")


def run_month(data: Path, month: str = MONTH) -> None:
    """A month from its first step to its last."""
    with running(data):
        program(data, "month", "run", month)


def start(data: Path, *options: str) -> Product:
    """bin/up on `data`, returned once a page is served."""
    port = free_port()
    log = (data.parent / "up.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "dashebao.site.up", "--data", str(data), "--port", str(port), "--people", str(PEOPLE), *options],
        cwd=ROOT, env=environment(data), stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip
    product = Product(data, port, process)
    end = time.monotonic() + 300
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(product.url, timeout=5):
                return product
        except OSError:
            time.sleep(0.5)
    product.stop()
    raise AssertionError("bin/up did not serve a page:\n" + (data.parent / "up.log").read_text()[-4000:])
