"""Pure arithmetic of running benefits: months in sequence, and how a draw falls on the parts of a personal account."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Fen = npt.NDArray[np.int64]

# What the employer side brought is used up first, so that the worker's own money lasts longest.
DRAW_ORDER = ("employer_interest", "employer_principal", "worker_interest", "worker_principal")


def drawn_parts(wanted: Fen, balances: Sequence[Fen]) -> list[Fen]:
    """How much each part of the account bears of what is wanted, part after part, never below zero.

    `wanted`: int64 fen per person; `balances`: one int64 column per part in DRAW_ORDER. Returns columns
    whose sum is min(wanted, sum of balances) per person: the account stops at zero and the pool pays the rest.
    """
    left = np.maximum(wanted, 0)
    parts = []
    for balance in balances:
        part = np.minimum(left, np.maximum(balance, 0))
        left = left - part
        parts.append(part)
    return parts


def withheld(gross_fen: int, asked_fen: int) -> int:
    """What an instalment keeps back from a payment of `gross_fen`: at most all of it (社会保险经办条例 art. 46)."""
    return max(0, min(asked_fen, gross_fen))


def spread(amount_fen: int, count: int) -> list[int]:
    """`amount_fen` in `count` instalments that differ by at most one fen and add up exactly.

    Raises ValueError if there is not at least one fen for each instalment.
    """
    if count < 1 or amount_fen < count:
        raise ValueError(f"{amount_fen} fen cannot be spread over {count} instalments")
    each, rest = divmod(amount_fen, count)
    return [each + (1 if position < rest else 0) for position in range(count)]
