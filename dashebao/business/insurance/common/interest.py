"""Yearly interest of personal accounts, set-based: one chunk is a range of holders of one set of books."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dashebao.business.fund.api import (
    PersonalEntries,
    books,
    personal_balances_between,
    personal_control,
    personal_pools,
    post_personal,
)
from dashebao.business.insurance.common.models import PartYearInterest
from dashebao.business.insurance.common.rules import month_plus
from dashebao.kernel.ledger.api import is_closed, sub_account_ranges, sub_movements

SCHEMES = ("110", "170")
SIDES = ("worker", "employer")
Column = npt.NDArray[np.int64]
InterestOf = Callable[[Column, Column], Column]
"""Opening balances and month products (fen columns) to the year's interest (fen column)."""


@dataclass(frozen=True)
class HolderRange:
    """The accounts of one scheme and pool whose holders' ids lie between low and high."""

    scheme: str
    pool: str
    low: int
    high: int


def holder_ranges(size: int) -> Iterable[HolderRange]:
    """All personal accounts, cut into ranges of about `size` holders."""
    for scheme in SCHEMES:
        for pool in personal_pools(scheme):
            for low, high in sub_account_ranges(personal_control(scheme, pool), size):
                yield HolderRange(scheme, pool, low, high)


@dataclass(frozen=True)
class _Year:
    holders: list[int]
    opening: dict[str, Column]
    product: dict[str, Column]
    early: dict[str, Column]


def _year_of(chunk: HolderRange, year: int) -> _Year:
    """Opening balances and month products of a year for a range of holders, interest credited early left out."""
    held = personal_balances_between(chunk.scheme, chunk.pool, chunk.low, chunk.high)
    holders = sorted(set(held.person_id))
    place = {holder: n for n, holder in enumerate(holders)}
    opening, product, early = ({side: np.zeros(len(holders), np.int64) for side in SIDES} for _ in range(3))
    for person, part, balance in zip(held.person_id, held.part, held.balance_fen, strict=True):
        opening[part.split("_")[0]][place[person]] += balance
    control = personal_control(chunk.scheme, chunk.pool)
    moved = sub_movements(control, year * 100 + 1, 999912, chunk.low, chunk.high)
    for holder, part, month, amount in zip(moved.holder, moved.part, moved.month, moved.amount_fen, strict=True):
        side, n = part.split("_")[0], place[holder]
        opening[side][n] -= amount
        if month // 100 == year:
            product[side][n] += amount * (13 - month % 100)
    rows = PartYearInterest.objects.filter(scheme=chunk.scheme, year=year, person_id__range=(chunk.low, chunk.high))
    for row in rows:
        n = place.get(row.person_id)
        if n is None:
            continue
        for side, amount in (("worker", row.worker_fen), ("employer", row.employer_fen)):
            early[side][n] += amount
            product[side][n] -= amount * (13 - row.month % 100) if row.month // 100 == year else 0
    return _Year(holders, opening, product, early)


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
    people: list[int] = []
    parts: list[str] = []
    amounts: list[int] = []
    for side in SIDES:
        interest = interest_of(facts.opening[side], facts.product[side]) - facts.early[side]
        for n in np.flatnonzero(interest > 0):
            people.append(facts.holders[n])
            parts.append(f"{side}_interest")
            amounts.append(int(interest[n]))
    if people:
        month = posting_month(chunk.scheme, chunk.pool, year)
        post_personal(
            PersonalEntries(
                chunk.scheme, chunk.pool, month, "benefit.interest", f"{year}:{chunk.low}", people, parts, amounts
            )
        )
    return len(set(people)), sum(amounts)
