"""The main job as a newcomer runs it: twice, killed and resumed, verified."""

import json
import os
import random
import signal
import subprocess
import sys
import time

import pytest

from dashebao.site.companions import stop
from drills.folders import MONTH, ROOT, copy_folder, environment, program, rows, running
from drills.ground import JOURNALS, PAYMENTS

pytestmark = pytest.mark.drill


@pytest.fixture(scope="module")
def unbroken(paid_province, tmp_path_factory):
    """A province whose month ran without a break."""
    data = copy_folder(paid_province, tmp_path_factory.mktemp("unbroken") / "data")
    with running(data):
        yield data


def statements(data):
    return json.loads(program(data, "fund", "statements", MONTH, "--json").stdout)


def state(data):
    return json.loads(program(data, "month", "status", MONTH, "--json").stdout)


def test_the_month_is_done_and_its_books_balance(unbroken):
    told = state(unbroken)
    assert told["state"] == "done"
    assert [step["step"] for step in told["steps"] if step["state"] != "done"] == []
    assert sum(amount for *_key, amount in rows(unbroken, JOURNALS)) == 0
    assert len(rows(unbroken, PAYMENTS)) > 0


def test_a_second_run_changes_nothing(unbroken):
    before = rows(unbroken, JOURNALS), rows(unbroken, PAYMENTS)
    program(unbroken, "month", "run", MONTH)
    assert (rows(unbroken, JOURNALS), rows(unbroken, PAYMENTS)) == before


@pytest.mark.parametrize("what", ["ledger", "audit"])
def test_everything_verifies(unbroken, what):
    done = program(unbroken, what, "verify", "--json")
    assert json.loads(done.stdout)["differences"] == []


def test_a_month_killed_three_times_ends_like_an_unbroken_one(unbroken, province, tmp_path):
    data = copy_folder(province, tmp_path / "data")
    with running(data):
        chance = random.Random(7)
        for _time in range(3):
            kill_after(data, chance.uniform(1.5, 9))
        program(data, "month", "run", MONTH)
        assert state(data)["state"] == "done"
        assert rows(data, JOURNALS) == rows(unbroken, JOURNALS)
        assert rows(data, PAYMENTS) == rows(unbroken, PAYMENTS)
        assert statements(data) == statements(unbroken)
        assert json.loads(program(data, "ledger", "verify", "--json").stdout)["differences"] == []


def kill_after(data, seconds):
    """Start the month and kill -9 it, with everything it started, after some seconds."""
    child = subprocess.Popen(
        [sys.executable, "-m", "dashebao", "month", "run", MONTH], cwd=ROOT, env=environment(data),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    time.sleep(seconds)
    companions = subprocess.run(["ps", "--ppid", str(child.pid), "-o", "pid="], capture_output=True, text=True)
    os.killpg(child.pid, signal.SIGKILL)
    for pid in companions.stdout.split():
        try:
            os.kill(int(pid), signal.SIGKILL)
        except ProcessLookupError:
            continue
    child.wait()
    assert stop(child) is None
