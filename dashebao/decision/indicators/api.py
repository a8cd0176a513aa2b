"""The door of the indicators."""

from .actions import compute
from .queries import Reading, by_region, history, latest_month, months, readings, structure
from .register import UNITS, Indicator, Ratio, indicators, register_indicator

__all__ = [
    "UNITS",
    "Indicator",
    "Ratio",
    "Reading",
    "by_region",
    "compute",
    "history",
    "indicators",
    "latest_month",
    "months",
    "readings",
    "register_indicator",
    "structure",
]
