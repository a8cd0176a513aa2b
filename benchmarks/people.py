"""Invented people as columns: the inputs of their awards. Without a database, so that any machine can make them."""

from dataclasses import fields

import numpy as np

from dashebao.business.insurance.pension.rules import AwardColumns

SEED = 20_261_121
PAYOUT_TENTHS = np.array([1950, 1900, 1850, 1800, 1750, 1700, 1640, 1580, 1520, 1450, 1390, 1384, 1297, 1183, 1170])


def awards(count: int, seed: int = SEED) -> AwardColumns:
    """Inputs of `count` national awards: 180 to 540 months, two in five without deemed years."""
    random = np.random.default_rng(seed)
    months = random.integers(180, 541, count)
    deemed = np.where(random.random(count) < 0.4, 0, random.integers(12, 241, count))
    index = random.integers(6_000, 30_001, count)
    return AwardColumns(
        calc_base_fen=np.full(count, 949_300),
        index_1e4=index,
        months=months,
        balance_fen=random.integers(1_000_000, 40_000_000, count),
        payout_tenths=PAYOUT_TENTHS[random.integers(0, len(PAYOUT_TENTHS), count)],
        deemed_months=np.minimum(deemed, months),
        deemed_index_1e4=index,
    )


def width_bytes(rows: AwardColumns) -> int:
    """Bytes all columns take."""
    return int(sum(getattr(rows, entry.name).nbytes for entry in fields(rows)))
