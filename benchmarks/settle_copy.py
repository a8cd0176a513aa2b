"""People out of the database, through the rules, and their results back in, beside the two journeys alone."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from functools import partial

from django.db import connection

from benchmarks.measuring import Figures, growth_of, in_turn, median
from benchmarks.people import awards
from benchmarks.scratch import as_owner, sql
from dashebao.business.insurance.pension.rules import AwardColumns, AwardResult, award_columns
from dashebao.business.levy.columns import Columns, copy_columns, read_columns
from dashebao.kernel.rules.api import parameters

SIZES = (100_000, 1_000_000)
PEOPLE_AT_ONCE = 100_000
INPUTS = dict.fromkeys(AwardColumns.__dataclass_fields__, "int8")
RESULTS = {"person": "int8"} | dict.fromkeys(AwardResult.__dataclass_fields__, "int8")
OUT = "select {columns} from bench_person where person between {low} and {high}"


def run(sizes: Sequence[int] = SIZES) -> list[Figures]:
    """Persons in a second, for one size after the other; the ratio is the speed of ours to that of the journeys."""
    told: list[Figures] = []
    seconds: list[Figures] = []
    with as_owner():
        for size in sizes:
            _load(size)
            _settle(size)
            there, back = _journeys(size)
            ours, theirs = in_turn(partial(_settle, size), partial(_travel, there, back), before=_empty)
            speeds = size / median(ours), size / median(theirs)
            detail = {"wrong": _wrong(size), "growth": growth_of(seconds, size, median(ours))}
            ratio = speeds[0] / speeds[1]
            told.append(Figures("settle-copy", size, "persons/s", *speeds, ratio, 0.6, True, detail))
            seconds.append(Figures("", size, "s", median(ours), 0, 0, 0, False))
        sql("drop table bench_person, bench_award")
    return told


def _chunks(size: int) -> list[tuple[int, int]]:
    return [(low, min(low + PEOPLE_AT_ONCE, size + 1) - 1) for low in range(1, size + 1, PEOPLE_AT_ONCE)]


def _load(size: int) -> None:
    columns = ", ".join(f"{name} bigint not null" for name in INPUTS)
    results = ", ".join(f"{name} bigint not null" for name in RESULTS)
    sql("drop table if exists bench_person, bench_award")
    sql(f"create table bench_person (person bigint generated always as identity, {columns})")
    sql(f"create table bench_award ({results})")
    rows = awards(size)
    copy_columns("bench_person", {name: getattr(rows, name) for name in INPUTS}, INPUTS)
    sql("create index on bench_person (person)")
    sql("vacuum analyze bench_person")


def _empty() -> None:
    sql("truncate bench_award")


def _out(low: int, high: int, names: Sequence[str]) -> str:
    return OUT.format(columns=", ".join(names), low=low, high=high)


def _settle(size: int) -> None:
    law = parameters("440000", datetime.date(2026, 11, 1))
    for low, high in _chunks(size):
        given = read_columns(_out(low, high, ["person", *INPUTS]), [], {"person": "int8"} | INPUTS)
        result = award_columns(AwardColumns(**{name: given[name] for name in INPUTS}), law)
        found: Columns = {name: getattr(result, name) for name in RESULTS if name != "person"}
        copy_columns("bench_award", {"person": given["person"]} | found, RESULTS)


def _journeys(size: int) -> tuple[list[str], list[bytes]]:
    """The statements that fetch the people, and the bytes that bring the results back, chunk by chunk."""
    there = [_out(low, high, ["person", *INPUTS]) for low, high in _chunks(size)]
    back = [
        b"".join(_fetched(f"select * from bench_award where person between {low} and {high}"))
        for low, high in _chunks(size)
    ]
    return there, back


def _fetched(query: str) -> list[bytes]:
    with connection.cursor() as cursor, cursor.cursor.copy(f"copy ({query}) to stdout (format binary)") as copy:
        return [bytes(part) for part in copy]


def _travel(there: list[str], back: list[bytes]) -> None:
    for query, content in zip(there, back, strict=True):
        _fetched(query)
        with connection.cursor() as cursor, cursor.cursor.copy("copy bench_award from stdin (format binary)") as copy:
            copy.write(content)


def _wrong(size: int) -> int:
    """People whose stored total is not the one the rules give from memory."""
    expected = award_columns(awards(size), parameters("440000", datetime.date(2026, 11, 1))).total_fen
    _empty()
    _settle(size)
    held = read_columns("select person, total_fen from bench_award", [], {"person": "int8", "total_fen": "int8"})
    return int((expected[held["person"] - 1] != held["total_fen"]).sum()) + size - len(held["person"])
