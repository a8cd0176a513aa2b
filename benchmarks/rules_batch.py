"""Awards of millions from columns, beside a hand-written integer kernel of the same result."""

import datetime
import time
from collections.abc import Sequence
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np

from benchmarks.measuring import Figures, growth, in_turn, median, peak_bytes
from benchmarks.people import awards, width_bytes
from dashebao.business.insurance.pension.rules import AwardColumns, award_columns
from dashebao.kernel.rules.api import Law, parameters

SIZES = (100_000, 1_000_000, 10_000_000)
CHUNK = 32_768


def run(sizes: Sequence[int] = SIZES) -> list[Figures]:
    """Awards in a second for one size after the other, with the growth exponent from the second on."""
    law = parameters("440000", datetime.date(2026, 11, 1))
    told, seconds = [], []
    for count in sizes:
        rows = awards(count)
        before = peak_bytes()
        ours, kernel = in_turn(partial(award_columns, rows, law), partial(by_hand, rows, law), clock=time.process_time)
        seconds.append(median(ours))
        detail: dict[str, Any] = {
            "wrong": wrong(rows, law),
            "memory_over_columns": round(max(peak_bytes() - before, 0) / width_bytes(rows), 2),
            "growth": round(growth(list(sizes[: len(seconds)]), seconds), 3) if len(seconds) > 1 else None,
        }
        speeds = count / median(ours), count / median(kernel)
        told.append(Figures("rules-batch", count, "awards/s", *speeds, speeds[0] / speeds[1], 0.4, True, detail))
    return told


def by_hand(rows: AwardColumns, law: Law) -> np.ndarray:
    """The three parts, each rounded half up, and their sum: int64 only, in chunks that stay in the cache."""
    rate, coefficient = law["pension.basic_rate"].fraction(), law["pension.transitional_rate"].fraction()
    out = np.empty((4, len(rows.months)), np.int64)
    for low in range(0, len(rows.months), CHUNK):
        cut = slice(low, low + CHUNK)
        base, index, months = rows.calc_base_fen[cut], rows.index_1e4[cut], rows.months[cut]
        basic = half_up(base * (10_000 + index) * months * rate.numerator, 240_000 * rate.denominator)
        account = half_up(rows.balance_fen[cut] * 10, rows.payout_tenths[cut])
        deemed = base * rows.deemed_index_1e4[cut] * rows.deemed_months[cut] * coefficient.numerator
        transitional = half_up(deemed, 120_000 * coefficient.denominator)
        out[:, cut] = basic, account, transitional, basic + account + transitional
    return out


def half_up(number: np.ndarray, divisor: "np.ndarray | int") -> np.ndarray:
    """Whole quotient of positive numbers, halves up."""
    return (2 * number + divisor) // (2 * divisor)


def wrong(rows: AwardColumns, law: Law) -> int:
    """How many totals differ from the kernel's, plus how many of the first 20,000 differ from exact fractions."""
    ours = award_columns(rows, law).total_fen
    differing = int((ours != by_hand(rows, law)[3]).sum())
    rate, coefficient = law["pension.basic_rate"].fraction(), law["pension.transitional_rate"].fraction()
    for at in range(min(20_000, len(ours))):
        base, index = int(rows.calc_base_fen[at]), Fraction(int(rows.index_1e4[at]), 10_000)
        parts = (
            base * (1 + index) / 2 * Fraction(int(rows.months[at]), 12) * rate,
            Fraction(int(rows.balance_fen[at]) * 10, int(rows.payout_tenths[at])),
            base * index * Fraction(int(rows.deemed_months[at]), 12) * coefficient,
        )
        exact = sum((2 * part.numerator + part.denominator) // (2 * part.denominator) for part in parts)
        differing += exact != int(ours[at])
    return differing
