"""Every benchmark runs at a size of seconds and computes nothing wrong; how fast is no matter of the tests."""

import json

import pytest

from benchmarks import __main__ as bench
from benchmarks import measuring, post_online
from benchmarks.measuring import Figures, growth_of
from benchmarks.writing import write

TINY = {
    "rules-batch": [300, 600],
    "rules-single": [2],
    "interest-year": [20, 40],
    "pension-run": [30],
    "declare-import": [20],
    "settle-copy": [200],
    "post-online": [16],
    "case-online": [1],
}
TOLD = {"name", "size", "ours", "baseline", "ratio", "reach", "met", "machine", "versions"}


@pytest.fixture(autouse=True)
def once(monkeypatch):
    monkeypatch.setattr(measuring, "RUNS", 1)
    monkeypatch.setattr(post_online, "SCALE", 1)
    monkeypatch.setattr(post_online, "HOLDERS", 50)


def test_no_benchmark_is_forgotten():
    assert {*TINY, *bench.CLUSTER, *bench.PROVINCE} == set(bench.NAMES)  # the cluster: test_scale_out.py


@pytest.mark.parametrize("name", bench.RULES)
def test_benchmarks_without_a_database(name):
    _right(bench.measure(name, TINY[name]), name)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", bench.SCRATCH)
def test_benchmarks_on_a_database_of_their_own(name, settings, tmp_path):
    if name != "case-online":  # its web process signs with the secrets of the tests' own folder
        settings.DATA = tmp_path
    _right(bench.measure(name, TINY[name]), name)


def _right(figures, name):
    assert [f.size for f in figures] == TINY[name]
    for f in figures:
        assert f.detail.get("wrong", 0) == 0
        assert f.ours > 0
        assert f.baseline > 0
        assert json.loads(json.dumps(f.told())).keys() >= TOLD


def test_a_wrong_result_or_a_missed_reach_is_not_met():
    good = Figures("x", 10, "s", 2.0, 1.0, 2.0, 4.0, False)
    assert good.met
    assert not Figures("x", 10, "s", 5.0, 1.0, 5.0, 4.0, False).met
    assert not Figures("x", 10, "s", 2.0, 1.0, 2.0, 4.0, False, {"wrong": 1}).met
    assert growth_of([good], 100, 20.0) == 1.0
    larger = Figures("x", 100, "s", 20.0, 1.0, 20.0, 4.0, False)
    assert growth_of([good, larger], 1_000, 2_000.0) == 2.0  # a bend at the end is not evened out


def test_the_file_of_measurements_holds_every_figure(tmp_path):
    figures = [
        Figures("ours-first", 1_000, "s", 0.5, 0.25, 2.0, 4.0, False, {"wrong": 0, "growth": 1.02}),
        Figures("ours-slow", 1_000, "s", 5.0, 0.25, 20.0, 4.0, False),
        Figures("told-only", 10, "ms", 5.0, 0.25, 20.0, None, False, {"p50_ms": 5.0}),
    ]
    write(figures, tmp_path / "measurements.md")
    text = (tmp_path / "measurements.md").read_text()
    assert "| ours-first | 1,000 | 0.5 s | 0.25 s | 2.00 | ≤ 4 | met | 1.02 |" in text
    assert "| ours-slow | 1,000 | 5 s | 0.25 s | 20.00 | ≤ 4 | **missed** |  |" in text
    assert "| told-only | 10 | 5 ms | 0.25 ms | 20.00 | – | reported |  |" in text


def test_what_is_measured_again_replaces_its_own_rows_alone(tmp_path):
    one, other = (Figures(name, 1_000, "s", 0.5, 0.25, 2.0, 4.0, False) for name in ("one", "other"))
    write([one, other], tmp_path / "measurements.md")
    write([Figures("one", 5_000, "s", 0.5, 0.25, 2.0, 4.0, False)], tmp_path / "measurements.md")
    rows = [line[:14] for line in (tmp_path / "measurements.md").read_text().splitlines() if line.startswith("| o")]
    assert rows == ["| one | 5,000 ", "| other | 1,00"]
