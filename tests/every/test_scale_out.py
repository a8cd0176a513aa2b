"""What scale-out spreads over a cluster gives the same fen in batches of any size; without its programs it says so."""

from dataclasses import dataclass

import numpy as np
import pytest

from benchmarks import __main__ as bench
from benchmarks import scale_environment
from benchmarks.settling import checksum, law_of_year, people, settled, settled_batches

SIZE = 1_000


@dataclass(frozen=True)
class ArrowBatch:
    """An Arrow record batch as far as the work asks anything of it; Arrow itself is no dependency of the product."""

    columns: dict[str, np.ndarray]

    def column(self, name):
        return ArrowColumn(self.columns[name])

    @classmethod
    def from_pydict(cls, mapping):
        return cls(mapping)


@dataclass(frozen=True)
class ArrowColumn:
    values: np.ndarray

    def to_numpy(self):
        return self.values


def in_batches(columns, size):
    for low in range(0, SIZE, size):
        yield ArrowBatch({name: column[low : low + size] for name, column in columns.items()})


@pytest.fixture(scope="module")
def given():
    return people(1, SIZE)


@pytest.fixture(scope="module")
def right(given):
    return checksum([settled(given, law_of_year())])


@pytest.mark.parametrize("size", [64, 333, SIZE])
def test_batches_of_any_size_and_order_give_the_checksum_of_the_direct_path(given, right, size):
    batches = [batch.columns for batch in settled_batches(in_batches(given, size))]
    assert checksum(reversed(batches)) == right
    assert right[0] == SIZE


def test_a_fen_a_swap_a_lost_row_and_a_row_twice_change_the_checksum(given, right):
    results = settled(given, law_of_year())
    fen, swapped = results["total_fen"].copy(), results["closing_fen"].copy()
    fen[7] += 1
    swapped[:2] = swapped[1::-1]
    last = {name: column[-1:] for name, column in results.items()}
    without = {name: column[:-1] for name, column in results.items()}
    wrong = [
        [results | {"total_fen": fen}],
        [results | {"closing_fen": swapped}],
        [results, last],
        [without, last, last],
    ]
    for parts in (*wrong, [without]):
        assert checksum(parts) != right


@pytest.fixture
def programs(tmp_path, monkeypatch):
    """A folder that is all of the path, with a java of our own; no environment is installed."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setattr(scale_environment, "PLACE", tmp_path / "environment")
    return tmp_path


def java(folder, version):
    program = folder / "java"
    program.write_text(f"#!/bin/sh\necho 'openjdk version \"{version}\"' >&2\n")
    program.chmod(0o755)


@pytest.mark.parametrize("version", [None, "11.0.2"])
def test_without_java_it_says_so_in_both_languages_with_an_exit_code_of_its_own(programs, capsys, version):
    if version:
        java(programs, version)
    assert bench.main(["scale-out"]) == bench.NOT_HERE
    told = capsys.readouterr().err
    assert "缺少 Java 17" in told
    assert "Java 17 or newer is missing" in told


def test_without_pyspark_it_tells_how_to_install_it(programs, capsys):
    java(programs, "17.0.15")
    assert bench.main(["scale-out"]) == bench.NOT_HERE
    told = capsys.readouterr().err
    assert "pyspark 未安装" in told
    assert "bin/dashebao bench scale-out --install" in told
