"""A year's interest and an award of every person: the work that scale-out spreads, alike on one machine and on Spark.

Needs numpy and the rules, no Django and no Arrow: batches of Arrow are taken as they come and given back in kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import date
from typing import Any, Protocol, Self

import numpy as np

from benchmarks.people import awards
from dashebao.business.insurance.pension.rules import AwardColumns, InterestColumns, award_columns, interest_columns
from dashebao.kernel.rules.api import Column, Law, parameters

POOL, YEAR, ON = "440000", 2025, date(2026, 11, 1)
RATE = "pension.interest_rate"
RESULTS = ("person", "interest_fen", "closing_fen", "basic_fen", "account_fen", "transitional_fen", "total_fen")
Columns = dict[str, Column]


class Batch(Protocol):
    """What is used of an Arrow record batch."""

    def column(self, name: str) -> Any:
        """One column; `to_numpy()` makes an array of it."""

    @classmethod
    def from_pydict(cls, mapping: Columns) -> Self:
        """A batch of these columns."""


def law_of_year() -> Law:
    """The law the awards are made under; its interest is that of the year before."""
    return parameters(POOL, ON)


def people(first: int, count: int) -> Columns:
    """Columns of `count` invented people from number `first` on, the same at every call."""
    random = np.random.default_rng(first)
    month = random.integers(10_000, 400_000, count)
    columns = asdict(awards(count, seed=first))
    return {
        "person": np.arange(first, first + count, dtype=np.int64),
        "opening_fen": columns.pop("balance_fen"),
        "month_product_fen": month * 78,  # a credit at the end of each month stands 12, 11, … 1 months
        "credits_fen": month * 12,
        **columns,
    }


def settled(given: Columns, law: Law) -> Columns:
    """The interest of the year, and the award on the balance it closes with."""
    account = InterestColumns(given["opening_fen"], given["month_product_fen"], given["credits_fen"])
    year = interest_columns(account, law.for_year(YEAR)[RATE].fraction())
    inputs = {name: given[name] for name in AwardColumns.__dataclass_fields__ if name != "balance_fen"}
    award = award_columns(AwardColumns(**inputs, balance_fen=year.closing_fen), law)
    interest = {"interest_fen": year.on_opening_fen + year.on_credits_fen, "closing_fen": year.closing_fen}
    return {"person": given["person"]} | interest | {name: getattr(award, name) for name in RESULTS[3:]}


def settled_batches(batches: Iterable[Batch]) -> Iterator[Batch]:
    """`settled` over Arrow batches: the function that Spark maps over its partitions."""
    law = law_of_year()
    names = ["person", *InterestColumns.__dataclass_fields__, *AwardColumns.__dataclass_fields__]
    for batch in batches:
        given = {name: batch.column(name).to_numpy() for name in names if name != "balance_fen"}
        yield type(batch).from_pydict(settled(given, law))


def checksum(results: Iterable[Columns]) -> tuple[int, int]:
    """Rows, and a sum that every column of every person counts in, whatever the order; a row twice or lost changes it."""
    rows, total = 0, np.uint64(0)
    for columns in results:
        person = columns["person"].astype(np.uint64)
        rows += len(person)
        for weight, name in enumerate(RESULTS, 1):
            weighted = columns[name].astype(np.uint64) * (person * np.uint64(2 * weight + 1) + np.uint64(weight))
            total += weighted.sum(dtype=np.uint64)
    return rows, int(total)
