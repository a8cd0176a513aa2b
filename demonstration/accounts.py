"""Builds personal accounts year by year: credits, interest, and what pensioners have drawn already."""

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from dashebao.business.insurance.common.api import DRAW_ORDER
from demonstration.lives import Ints, Lives, months_in, wages_fen

PARTS = ("worker_principal", "worker_interest", "employer_principal", "employer_interest")
FIRST_YEAR = 1998
EIGHT_PERCENT_FROM = 2006
WORKER_SHARE = {1998: 4, 1999: 4, 2000: 5, 2001: 5, 2002: 6, 2003: 6, 2004: 7, 2005: 8}  # of the 11 per cent


@dataclass
class Accounts:
    """Balances of the four parts (fen, one entry a person) and the sums an award needs."""

    people: int
    latest_average: int

    parts: dict[str, Ints] = field(default_factory=dict)
    months: Ints = field(init=False)
    index_sum: "np.ndarray[tuple[int], np.dtype[np.float64]]" = field(init=False)  # months x index

    def __post_init__(self) -> None:
        self.parts = {part: np.zeros(self.people, dtype=np.int64) for part in PARTS}
        self.months = np.zeros(self.people, dtype=np.int64)
        self.index_sum = np.zeros(self.people)

    def balance(self) -> Ints:
        """All four parts together."""
        return sum((self.parts[part] for part in PARTS), np.zeros(self.people, dtype=np.int64))

    def add_year(self, year: "YearOfWork", rate: Fraction, average: int) -> None:
        """Credit one year's contributions and interest: a full year on the opening balance, half on the credits."""
        worker, employer = shares(year.year)
        credits = {"worker": year.base_total * worker // 100, "employer": year.base_total * employer // 100}
        for payer, credit in credits.items():
            opening = self.parts[f"{payer}_principal"] + self.parts[f"{payer}_interest"]
            self.parts[f"{payer}_principal"] += credit
            self.parts[f"{payer}_interest"] += interest(opening, rate) + interest(credit * 13 // 24, rate)
        self.months += year.months
        self.index_sum += year.base_total / average

    def draw(self, monthly: Ints, months: Ints) -> None:
        """Take out what pensioners drew, in the order in which the product draws; never below zero."""
        left = monthly * months
        for part in DRAW_ORDER:
            taken = np.minimum(self.parts[part], left)
            self.parts[part] -= taken
            left = left - taken

    def count(self, rows: Ints, account_share: Ints) -> None:
        """Count one more paid month of the people in `rows`, at the index that the latest average gives."""
        self.months[rows] += 1
        self.index_sum[rows] += account_share[rows] * 100 / 8 / self.latest_average

    def clear(self, rows: Ints) -> None:
        """Empty the accounts of the people in `rows` (paid out to heirs)."""
        for part in PARTS:
            self.parts[part][rows] = 0


def shares(year: int) -> tuple[int, int]:
    """Per cent of the base that goes to the account from the worker and from the employer."""
    if year >= EIGHT_PERCENT_FROM:
        return 8, 0
    return WORKER_SHARE[year], 11 - WORKER_SHARE[year]


def interest(amount: Ints, rate: Fraction) -> Ints:
    """One year's interest in whole fen, half up."""
    return (2 * amount * rate.numerator + rate.denominator) // (2 * rate.denominator)


@dataclass(frozen=True)
class YearOfWork:
    """One year of everybody's record."""

    year: int
    months: Ints
    base_total: Ints


def years_before_records(
    lives: Lives, last: int, average_of: Callable[[int], int], limits_of: Callable[[int], tuple[int, int]]
) -> "list[YearOfWork]":
    """The years from 1998 to the month before index `last`; bases are wages between the year's limits."""
    out = []
    for year in range(FIRST_YEAR, last // 12 + 1):
        months = months_in(lives, year * 12, min(year * 12 + 12, last))
        alive_until = np.where(lives.death == 0, year * 12 + 12, lives.death)
        months = np.where(alive_until < year * 12, 0, months)
        floor, cap = limits_of(year)
        out.append(YearOfWork(year, months, months * np.clip(wages_fen(lives, average_of(year), year), floor, cap)))
    return out
