"""docs/operations/measurements.md: every figure of one run, with the machine it was taken on."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from pathlib import Path

from benchmarks.measuring import Figures, machine, versions

FILE = Path(__file__).parents[1] / "docs" / "operations" / "measurements.md"
HEAD = """# Measurements

Written by `bin/dashebao bench all --write`; what each line measures and against what is in
[benchmarks/README.md](../../benchmarks/README.md). Ours and the baseline were measured in turn in one run; figures are
medians of at least five. Batches scale where the growth exponent k of seconds ~ size^k is at most 1.05.

Taken {day} on {cores} cores ({processor}, {system}), load {load_before} at the start.
{versions}.

| benchmark | size | ours | baseline | ratio | reach | | k |
|---|---:|---:|---:|---:|---:|---|---:|
"""

WHY = {  # what a missed reach is spent on, found by profiling
    "interest-year": "Reading the year is the same work on both sides; the rest is the ledger: each account found by key and "
    "locked in order, the journal's digest, the tie of the control account, a credit row for each person.",
    "pension-run": "No single step dominates: lines unique by index with the bank account frozen in, accounts drawn through the "
    "ledger, batches cut by city and bank, a digest recomputed by the database under each of three signatures, and bank "
    "files written, compressed and signed.",
    "declare-import": "COPY takes a hundredth of a millisecond a row; ours reads the staff list, checks each row, and writes "
    "three indexed rows (declaration, wage, contribution) of several columns each.",
    "post-online": "A posting claims its key, computes a digest and passes the guards of whole and tied journals, all in one "
    "function; TPC-B updates three rows.",
    "rules-single": "Reading 28 years of inputs takes as long as computing with them.",
    "rules-batch": "Bounds are carried along so that a column can never wrap.",
    "settle-copy": "The rules run between the journeys, not beside them.",
}


def write(figures: Sequence[Figures], file: Path = FILE) -> None:
    """Replace the file by these figures."""
    day = datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC")
    named = ", ".join(f"{name} {number}" for name, number in versions().items())
    file.parent.mkdir(parents=True, exist_ok=True)
    rows = "".join(f"{_row(f)}\n" for f in figures)
    text = HEAD.format(day=day, versions=named, **machine()) + rows + _missed(figures) + _details(figures)
    file.write_text(text, encoding="utf-8")


def _row(f: Figures) -> str:
    growth = f.detail.get("growth")
    cells = [
        f.name, f"{f.size:,}", f"{_number(f.ours)} {f.unit}", f"{_number(f.baseline)} {f.unit}", f"{f.ratio:.2f}",
        f.wanted, "**missed**" if f.verdict == "missed" else f.verdict, "" if growth is None else f"{growth:.2f}",
    ]  # fmt: skip
    return f"| {' | '.join(cells)} |"


def _missed(figures: Sequence[Figures]) -> str:
    names = dict.fromkeys(f.name for f in figures if f.verdict == "missed")
    lines = "".join(f"- {name}: {WHY.get(name, 'a wrong result')}\n" for name in names)
    return f"\nWhy a reach was missed:\n\n{lines}" if lines else ""


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 1_000 else f"{value:.3g}"


def _details(figures: Sequence[Figures]) -> str:
    lines = []
    for f in figures:
        told = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in f.detail.items() if name != "growth")
        if told:
            lines.append(f"- {f.name} {f.size:,}: {told}\n")
    return "\nBeside the ratio:\n\n" + "".join(lines) if lines else ""
