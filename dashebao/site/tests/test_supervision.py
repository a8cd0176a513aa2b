"""bin/up starts again what was killed, and gives up what does not stay up."""

import os
import signal

import pytest

from dashebao.site import up as up_module
from dashebao.site.postgres import PostgresFailed
from dashebao.site.up import FALLS, StepFailed, Up, parse


class Alive:
    """A database that is always there, or that is started when it is not."""

    def __init__(self, up: bool = True) -> None:
        self.up, self.starts = up, 0

    def alive(self):
        return self.up

    running = alive

    def start(self):
        self.up, self.starts = True, self.starts + 1


@pytest.fixture
def up(tmp_path, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    found = Up(parse(["--data", str(tmp_path), "--no-serve"]))
    found.cluster = Alive()
    yield found
    found._stop_children()


def test_a_killed_process_is_started_again(up):
    up._spawn("worker", "-c", "import time; time.sleep(600)")
    first = up.children[0].process
    os.kill(first.pid, signal.SIGKILL)
    first.wait()
    up._revive()
    assert up.children[0].process.pid != first.pid
    assert up.children[0].process.poll() is None


def test_a_process_that_never_stays_up_is_given_up(up):
    up._spawn("worker", "-c", "raise SystemExit(7)")
    for _fall in range(FALLS - 1):
        up.children[0].process.wait()
        up._revive()
    up.children[0].process.wait()
    with pytest.raises(StepFailed) as failed:
        up._revive()
    assert failed.value.code == 7


def test_a_killed_database_is_started_again(up):
    up.cluster = Alive(up=False)
    up._revive()
    up._revive()
    assert up.cluster.starts == 1


def test_a_database_that_cannot_start_yet_is_told_and_tried_again(up, monkeypatch, capsys):
    monkeypatch.setattr(up_module, "DATABASE_PAUSE", 0)
    up.cluster = Alive(up=False)
    begin = up.cluster.start

    def refuse():
        up.cluster.start = begin
        raise PostgresFailed("No space left on device")

    up.cluster.start = refuse
    up._revive()
    assert "No space left" in capsys.readouterr().err
    up._revive()
    assert up.cluster.up
