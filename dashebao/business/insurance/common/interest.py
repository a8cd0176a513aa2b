"""Yearly interest of personal accounts, set-based: one chunk is a range of holders of one set of books."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from django.db import connection
from django.db.models import Q

from dashebao.business.fund.api import (
    PersonalEntries,
    books,
    fund_books,
    personal_control,
    post_personal,
)
from dashebao.business.insurance.common.models import InterestCredit
from dashebao.kernel.ledger.api import array_literal, holder_ranges, is_closed, sub_years
from dashebao.kernel.legal_time.api import month_plus

SCHEMES = ("110", "170")
SIDES = ("worker", "employer")
JOURNAL_PEOPLE = 25_000
Column = npt.NDArray[np.int64]
InterestOf = Callable[[Column, Column, Column], Column]
"""Opening balances, month products and movements of the year (fen columns) to the year's interest (fen column)."""


_CREDITED = """
insert into common_interestcredit (scheme, region_code, year, month, whole, person_id, worker_fen, employer_fen)
select %s, %s, %s, %s, true, t.* from unnest(%s::bigint[], %s::bigint[], %s::bigint[]) as t
"""


@dataclass(frozen=True)
class HolderRange:
    """The accounts of one scheme and pool whose holders' ids lie between low and high."""

    scheme: str
    pool: str
    low: int
    high: int


def account_ranges(size: int) -> Iterable[HolderRange]:
    """All personal accounts of both schemes in ranges of about `size` holders of one set of books."""
    for book in fund_books():
        if book.fund in SCHEMES:
            control = personal_control(book.fund, book.region_code)
            for low, high in holder_ranges(control, size):
                yield HolderRange(book.fund, book.region_code, low, high)


@dataclass(frozen=True)
class _Year:
    """Facts of a range of holders, each a column in the order of `holders` (ascending)."""

    holders: Column
    opening: dict[str, Column]
    product: dict[str, Column]
    credits: dict[str, Column]
    early: dict[str, Column]
    done: npt.NDArray[np.bool_]


def _year_of(chunk: HolderRange, year: int) -> _Year:
    """Opening balances and month products of a year for a range of holders, interest credited early left out."""
    held = sub_years(personal_control(chunk.scheme, chunk.pool), year, chunk.low, chunk.high)
    rows, groups = np.array(held.holder, np.int64), np.array(held.group)
    holders = np.unique(rows)
    opening, product, credits, early = ({side: np.zeros(len(holders), np.int64) for side in SIDES} for _ in range(4))
    for side in SIDES:
        chosen = groups == side
        at = np.searchsorted(holders, rows[chosen])
        for facts, amounts in ((opening, held.opening_fen), (product, held.product_fen), (credits, held.moved_fen)):
            facts[side][at] = np.array(amounts, np.int64)[chosen]
    found = _Year(holders, opening, product, credits, early, np.zeros(len(holders), np.bool_))
    _leave_out_interest(found, chunk, year)
    return found


def _leave_out_interest(facts: _Year, chunk: HolderRange, year: int) -> None:
    """Interest entered within the year is no credit: last year's counts from January, this year's not at all."""
    entered = Q(year=year) | Q(year=year - 1, month__range=(year * 100 + 1, year * 100 + 12))
    of_range = Q(scheme=chunk.scheme, person_id__range=(chunk.low, chunk.high))
    rows = InterestCredit.objects.filter(of_range & entered).values_list(
        "person_id", "year", "month", "whole", "worker_fen", "employer_fen"
    )
    place = {int(holder): n for n, holder in enumerate(facts.holders)} if (given := list(rows)) else {}
    for person, of_year, month, whole, *amounts in given:
        n = place.get(person)
        if n is None:
            continue
        if of_year == year and whole:
            facts.done[n] = True
        for side, amount in zip(SIDES, amounts, strict=True):
            if of_year == year and not whole:
                facts.early[side][n] += amount
            if month // 100 == year:
                facts.product[side][n] -= amount * (13 - month % 100)
                facts.credits[side][n] -= amount
                facts.opening[side][n] += amount if of_year < year else 0


def posting_month(scheme: str, pool: str, year: int) -> int:
    """December of the year while it is open, else the next open month; January earns the same twelve months."""
    book, month = books(scheme, pool), year * 100 + 12
    while is_closed(book, month):
        month = month_plus(month, 1)
    return month


def credit_year(chunk: HolderRange, year: int, interest_of: InterestOf) -> tuple[int, int]:
    """Credit the interest of `year` to a range of accounts; returns (accounts credited, fen).

    Runs in the caller's transaction; the journal's key makes a second run find the first (劳办发〔1997〕116号).
    """
    facts = _year_of(chunk, year)
    gained = {
        side: np.where(
            facts.done,
            0,
            np.maximum(
                0, interest_of(facts.opening[side], facts.product[side], facts.credits[side]) - facts.early[side]
            ),
        )
        for side in SIDES
    }
    chosen = np.flatnonzero(gained["worker"] + gained["employer"])
    month = posting_month(chunk.scheme, chunk.pool, year)
    people = facts.holders[chosen]
    worker, employer = (gained[side][chosen] for side in SIDES)
    if len(people):
        with connection.cursor() as cursor:
            columns = [array_literal(column.tolist()) for column in (people, worker, employer)]
            cursor.execute(_CREDITED, [chunk.scheme, chunk.pool, year, month, *columns])
    for start in range(0, len(people), JOURNAL_PEOPLE):
        part = slice(start, start + JOURNAL_PEOPLE)
        _post(chunk, (year, month), f"{year}:{people[start]}", (people[part], worker[part], employer[part]))
    return len(people), int(worker.sum() + employer.sum())


def _post(chunk: HolderRange, when: tuple[int, int], key: str, rows: tuple[Column, Column, Column]) -> None:
    people, *sides = rows
    chosen = [np.flatnonzero(amounts) for amounts in sides]
    parts = [[f"{side}_interest"] * len(at) for side, at in zip(SIDES, chosen, strict=True)]
    post_personal(
        PersonalEntries(
            chunk.scheme,
            chunk.pool,
            when[1],
            "benefit.interest",
            key,
            np.concatenate([people[at] for at in chosen]).tolist(),
            [part for of_side in parts for part in of_side],
            np.concatenate([amounts[at] for amounts, at in zip(sides, chosen, strict=True)]).tolist(),
        )
    )
