"""One award with its full trace, beside the same formulas in plain decimals without one."""

import datetime
import time
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

from benchmarks.measuring import Figures, in_turn, median
from dashebao.kernel.rules.api import explain

SIZES = (200,)
REACH_MS = 1.0
ON = datetime.date(2026, 11, 1)
YEARS = [
    {"year": 1998 + n, "months": 12, "monthly_base": f"{600 + 300 * n}.00", "average_wage": f"{900 + 320 * n}.00"}
    for n in range(28)
]
BASES = [(year["monthly_base"], year["average_wage"]) for year in YEARS]
CENT = Decimal("0.01")


def run(sizes: Sequence[int] = SIZES) -> list[Figures]:
    """Milliseconds of index and award with about forty lines of trace; the reach is a time, not a ratio."""
    [calls] = sizes

    def ours() -> None:
        for _call in range(calls):
            traced()

    def stored() -> None:
        for _call in range(calls):
            for trace in traced():
                trace.as_json()

    def baseline() -> None:
        for _call in range(calls):
            plain()

    seconds = in_turn(ours, baseline, stored, clock=time.process_time)
    mine, theirs, written = (median(taken) / calls * 1_000 for taken in seconds)
    detail = {"lines": sum(len(trace.lines) for trace in traced()), "with_json_ms": round(written, 3)}
    return [Figures("rules-single", calls, "ms", mine, theirs, mine / REACH_MS, 1.0, False, detail)]


def traced():
    """The index over 28 years and the award, each with its explanation."""
    index = explain("pension.average_index", {"years": YEARS}, on=ON, region="440000")
    award = explain(
        "pension.award",
        {
            "average_index": index.results["average_index"], "months": 336, "account_balance": "151000.00",
            "age": "60y1m", "deemed_months": 60,
        },
        on=ON,
        region="440000",
    )  # fmt: skip
    return index, award


def plain() -> Decimal:
    """The same amounts, with nothing to show for them."""
    indexes = [Decimal(base) / Decimal(average) for base, average in BASES]
    index = (sum(indexes) / len(indexes)).quantize(Decimal("0.0001"), ROUND_HALF_UP)
    base = Decimal("9493")
    basic = (base * (1 + index) / 2 * 336 / 12 * Decimal("0.01")).quantize(CENT, ROUND_HALF_UP)
    account = (Decimal("151000.00") / Decimal("138.4")).quantize(CENT, ROUND_HALF_UP)
    transitional = (base * index * 60 / 12 * Decimal("0.012")).quantize(CENT, ROUND_HALF_UP)
    return basic + account + transitional
