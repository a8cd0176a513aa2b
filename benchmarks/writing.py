"""docs/operations/measurements.md: the newest figures of every benchmark, with the machine they were taken on."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from benchmarks.measuring import Figures, machine, versions

FILE = Path(__file__).parents[1] / "docs" / "operations" / "measurements.md"
HEAD = """# Measurements

Written by `bin/dashebao bench NAME --write` (or `all`), which replaces the rows of what it measured; what each measures and
against what is in [benchmarks/README.md](../../benchmarks/README.md). Ours and the baseline were measured in turn in one
run; figures are medians of at least five. Batches scale where the growth exponent k of
seconds ~ size^k, from the size before, is at most 1.05.

Taken on {cores} cores ({processor}, {system}); `load` is how many processes wanted them at the start.
{versions}.

| benchmark | size | ours | baseline | ratio | reach | | k | taken (UTC) | load |
|---|---:|---:|---:|---:|---:|---|---:|---|---:|
"""

NAMED = [entry.name for entry in fields(Figures)]
WHY = {  # what a missed reach is spent on, found by profiling
    "interest-year": "Reading the year is the same work on both sides; the rest is the ledger: each account found by key and "
    "locked in order, the journal's digest, the tie of the control account, a credit row for each person.",
    "pension-run": "The baseline copies rows that are made already, into tables without an index. No single step dominates: lines unique "
    "by index with the bank account frozen in, accounts drawn through the ledger, batches cut by city and bank, a digest "
    "recomputed by the database under each of three signatures, bank files written, compressed and signed, all but the "
    "signatures on all cores.",
    "declare-import": "COPY takes one to three thousandths of a millisecond a row; ours reads the staff list, checks each row, and writes "
    "three indexed rows (declaration, wage, contribution) of several columns each.",
    "post-online": "No posting waits for another, so it is all processor: a posting writes seven rows in six tables (key, "
    "journal, two lines, sub-line, its total, balance) and passes both guards, in about fifteen statements of one function; "
    "TPC-B has five, and its clients wait for the rows of ten branches.",
    "rules-single": "Reading 28 years of inputs takes as long as computing with them.",
    "rules-batch": "Bounds are carried along so that a column can never wrap.",
    "settle-copy": "The rules run between the journeys, not beside them.",
}


def write(figures: Sequence[Figures], file: Path = FILE) -> None:
    """Put these figures in the place of those their benchmarks had before; the others stay."""
    file.parent.mkdir(parents=True, exist_ok=True)
    kept = file.with_suffix(".json")  # what the page is made from
    before = json.loads(kept.read_text()) if kept.exists() else []
    taken = {"taken": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M"), "load": machine()["load_before"]}
    new = [{name: getattr(f, name) for name in NAMED} | taken for f in figures]
    measured = {row["name"] for row in new}
    rows = sorted([*(row for row in before if row["name"] not in measured), *new], key=lambda row: str(row["name"]))
    kept.write_text(json.dumps(rows, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    file.write_text(_page(rows), encoding="utf-8")


def _page(rows: Sequence[dict[str, Any]]) -> str:
    told = [Figures(**{name: row[name] for name in NAMED}) for row in rows]
    lines = "".join(f"{_row(f)} {row['taken']} | {row['load']} |\n" for f, row in zip(told, rows, strict=True))
    named = ", ".join(f"{name} {number}" for name, number in versions().items())
    return HEAD.format(versions=named, **machine()) + lines + _missed(told) + _details(told)


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
