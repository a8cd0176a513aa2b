"""`dashebao backup` and `dashebao standby` as an operator types them: a server is lost, a copy takes over."""

import json
import signal
import subprocess
import sys
import time

import psycopg
import pytest

from dashebao.site.postgres import Cluster
from drills.folders import ROOT, copy_folder, environment, program, running

pytestmark = pytest.mark.drill
DIFFERENCES = 4
WAITED_FOR = "select 1 from pg_stat_replication where application_name = %s and sync_state in ('sync', 'quorum')"


def command(data, *words):
    """One command to its end: exit code and what it said."""
    done = program(data, *map(str, words), check=False)
    return done.returncode, done.stdout + done.stderr


def told(data, *words):
    """What a command that must succeed says as JSON."""
    code, text = command(data, *words, "--json")
    assert code == 0, text
    return json.loads(text)


def mark(cluster, name):
    """A table that was not there before; the moment after it was made."""
    with psycopg.connect(cluster.dsn("dashebao_owner"), autocommit=True) as connection:
        connection.execute(f"create table {name} ()")
        return connection.execute("select clock_timestamp()").fetchone()[0].isoformat()


def marks(cluster):
    with psycopg.connect(cluster.dsn("dashebao_owner")) as connection:
        found = connection.execute("select relname from pg_class where relname like 'mark_%'")
        return {name for (name,) in found}


def wait_until_waited_for(cluster, name):
    """Return once commits wait for this receiver or standby."""
    end = time.monotonic() + 60
    with psycopg.connect(cluster.dsn("postgres"), autocommit=True) as connection:
        while not connection.execute(WAITED_FOR, [name]).fetchone():
            assert time.monotonic() < end, f"{name} does not follow"
            time.sleep(0.05)


@pytest.fixture(scope="module")
def kept(province, tmp_path_factory):
    """A place with a backup and the log of what came after it: a mark to be kept, its moment, and a mistake."""
    data = copy_folder(province, tmp_path_factory.mktemp("lost") / "data")
    place = tmp_path_factory.mktemp("place")
    with running(data) as cluster:
        receiver = subprocess.Popen(
            [sys.executable, "-m", "dashebao", "--lang", "en", "backup", "receive", str(place), "--synchronous"],
            cwd=ROOT, env=environment(data), text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        try:
            wait_until_waited_for(cluster, "dashebao_backup")
            made = told(data, "backup", "make", place)
            moment = mark(cluster, "mark_kept")
            mark(cluster, "mark_mistake")
        finally:
            receiver.send_signal(signal.SIGTERM)
            said = receiver.communicate(timeout=60)
        assert (receiver.returncode, "Receiving ended." in said[0]) == (0, True), said
        mark(cluster, "mark_unwaited")  # nobody waits for a receiver that was stopped on purpose
    return place, made, moment


def test_an_installation_is_restored_to_a_moment_and_proves_itself(kept, tmp_path):
    place, made, moment = kept
    restored = told(tmp_path / "new", "backup", "restore", place, "--at", moment)
    assert (restored["backup"], restored["findings"]) == (made["name"], [])
    with running(tmp_path / "new") as cluster:
        assert marks(cluster) == {"mark_kept"}


def test_a_damaged_place_is_told(kept, province):
    place, made, _moment = kept
    description = place / made["name"] / "backup.json"
    whole = description.read_text()
    description.write_text(whole.replace(made["at"], "2030" + made["at"][4:]))
    code, said = command(province, "backup", "verify", place)
    description.write_text(whole)
    assert (code, str(description) in said) == (DIFFERENCES, True), said


def test_a_standby_takes_over_only_when_the_primary_is_gone(province, tmp_path_factory):
    data = copy_folder(province, tmp_path_factory.mktemp("primary") / "data")
    folder = tmp_path_factory.mktemp("standby") / "data"
    try:
        with running(data) as cluster:
            told(data, "standby", "make", folder, "--synchronous")
            wait_until_waited_for(cluster, "dashebao_standby")
            mark(cluster, "mark_kept")
            code, said = command(data, "standby", "promote", folder)
            assert (code, "The primary still answers" in said) == (1, True), said
        assert command(data, "standby", "promote", folder)[0] == 0
        assert marks(Cluster(folder)) == {"mark_kept"}
        mark(Cluster(folder), "mark_after")
    finally:
        Cluster(folder).stop()
