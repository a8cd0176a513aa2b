"""The command-line program before any command runs: data folder, language, missing installation."""

import os
import subprocess
import sys

import pytest

from dashebao.__main__ import database_for
from dashebao.site import commands
from dashebao.site.postgres import Cluster
from dashebao.site.settings import ROOT


def run(*arguments):
    return subprocess.run([sys.executable, "-m", "dashebao", *arguments], cwd=ROOT, text=True, capture_output=True)


def test_a_command_without_an_installation_says_what_to_do(tmp_path):
    done = run("--data", str(tmp_path / "none"), "ledger", "verify")
    assert done.returncode == 1
    assert "run bin/up first" in done.stderr
    assert "请先运行 bin/up" in done.stderr


def test_help_needs_no_installation(tmp_path):
    done = run("--data", str(tmp_path / "none"), "month", "--help")
    assert done.returncode == 0
    assert "YYYY-MM" in done.stdout


def test_an_option_without_its_value_is_refused():
    assert run("--data").returncode != 0


@pytest.mark.parametrize(
    ("chosen", "terminal", "spoken"),
    [
        ("", "en_US.UTF-8", "en"),
        ("", "zh_CN.UTF-8", "zh-hans"),
        ("en", "zh_CN.UTF-8", "en"),
        ("zh", "en_US", "zh-hans"),
        ("", "", "zh-hans"),
        ("", "C", "en"),
    ],
)
def test_the_language_is_the_chosen_one_then_the_terminals(monkeypatch, chosen, terminal, spoken):
    monkeypatch.setenv("DASHEBAO_LANG", chosen)
    monkeypatch.delenv("LC_ALL", raising=False)
    monkeypatch.setenv("LANG", terminal)
    assert commands.language() == spoken


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives the server to an account of its own")
def test_a_server_that_somebody_else_started_is_not_stopped(tmp_path, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    stopped = []
    monkeypatch.setattr(Cluster, "stop_when_unused", stopped.append)
    cluster = Cluster(tmp_path / "data")
    assert cluster.start()
    try:
        tmp_path.chmod(0o700)  # closed to the server's account: it cannot be asked whether it runs
        assert not cluster.running()
        with database_for(["month"], cluster.data):
            assert cluster.running()
        assert stopped == []
    finally:
        cluster.stop()
