"""The main job as a newcomer runs it: twice, killed and resumed, verified."""

import json
import os
import random
import signal
import subprocess
import sys
import time

import psycopg
import pytest

from dashebao.site.companions import stop
from dashebao.site.postgres import Cluster
from tests.journeys.product import MONTH, ROOT, copied, environment, run, running

pytestmark = pytest.mark.drill
JOURNALS = """
    select b.fund, b.region, j.kind, j.key, j.month, a.code, a.detail, sum(e.amount_fen)::text
    from ledger_journal j
    join ledger_entry e on e.journal_id = j.id and e.month = j.month
    join ledger_account a on a.id = e.account_id
    join ledger_book b on b.id = a.book_id
    group by 1, 2, 3, 4, 5, 6, 7 order by 1, 2, 3, 4, 5, 6, 7"""
PAYMENTS = (
    """select month, person_id, scheme, benefit_kind, seq, amount_fen from fund_paymentline order by 1, 2, 3, 4, 5"""
)


@pytest.fixture(scope="module")
def unbroken(paid_province, tmp_path_factory):
    """A province whose month ran without a break."""
    data = copied(paid_province, tmp_path_factory.mktemp("unbroken") / "data")
    with running(data):
        yield data


def rows(data, query):
    with psycopg.connect(Cluster(data).dsn("dashebao_owner")) as connection:
        return connection.execute(query).fetchall()


def statements(data):
    return json.loads(run(data, "-m", "dashebao", "--lang", "en", "fund", "statements", MONTH, "--json").stdout)


def state(data):
    return json.loads(run(data, "-m", "dashebao", "month", "status", MONTH, "--json").stdout)


def test_the_month_is_done_and_its_books_balance(unbroken):
    told = state(unbroken)
    assert told["state"] == "done"
    assert [step["step"] for step in told["steps"] if step["state"] != "done"] == []
    assert sum(amount for *_key, amount in ((row[0], int(row[-1])) for row in rows(unbroken, JOURNALS))) == 0
    assert len(rows(unbroken, PAYMENTS)) > 0


def test_a_second_run_changes_nothing(unbroken):
    before = rows(unbroken, JOURNALS), rows(unbroken, PAYMENTS)
    run(unbroken, "-m", "dashebao", "month", "run", MONTH)
    assert (rows(unbroken, JOURNALS), rows(unbroken, PAYMENTS)) == before


@pytest.mark.parametrize("what", ["ledger", "audit"])
def test_everything_verifies(unbroken, what):
    done = run(unbroken, "-m", "dashebao", "--lang", "en", what, "verify", "--json")
    assert json.loads(done.stdout)["differences"] == []


def test_a_month_killed_three_times_ends_like_an_unbroken_one(unbroken, province, tmp_path):
    data = copied(province, tmp_path / "data")
    with running(data):
        chance = random.Random(7)
        for _time in range(3):
            kill_after(data, chance.uniform(1.5, 9))
        run(data, "-m", "dashebao", "month", "run", MONTH)
        assert state(data)["state"] == "done"
        assert rows(data, JOURNALS) == rows(unbroken, JOURNALS)
        assert rows(data, PAYMENTS) == rows(unbroken, PAYMENTS)
        assert statements(data) == statements(unbroken)
        assert json.loads(run(data, "-m", "dashebao", "ledger", "verify", "--json").stdout)["differences"] == []


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
