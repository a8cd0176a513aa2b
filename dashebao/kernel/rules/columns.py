"""Running rules over columns of millions: in chunks that stay in the cache, in Python ints if int64 is too small."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from dashebao.kernel.rules.exact import Column, Exact, exact

CHUNK = 32_768


def run_columns(rule: Callable[..., tuple[Exact, ...]], columns: dict[str, Column], outputs: int) -> tuple[Column, ...]:
    """Call `rule(**columns as Exact)` chunk by chunk; gives `outputs` int64 columns of rounded whole numbers.

    A chunk that would overflow is computed again with Python ints; a result beyond int64 raises OverflowError.
    """
    length = len(next(iter(columns.values()))) if columns else 0
    out = tuple(np.empty(length, np.int64) for _ in range(outputs))
    for start in range(0, length, CHUNK):
        part = slice(start, min(start + CHUNK, length))
        given = {name: column[part] for name, column in columns.items()}
        for target, result in zip(out, _chunk(rule, given, part.stop - part.start), strict=True):
            target[part] = result
    return out


def _chunk(rule: Callable[..., tuple[Exact, ...]], given: dict[str, Column], length: int) -> list[Any]:
    try:
        values = rule(**{name: exact(column) for name, column in given.items()})
    except OverflowError:
        values = rule(**{name: Exact(column.astype(object)) for name, column in given.items()})
    return [value.column(length) for value in values]


def filled(value: int | Column, length: int) -> Column:
    """A column of `length` from a single number or a column."""
    return np.full(length, value, np.int64) if isinstance(value, int) else value
