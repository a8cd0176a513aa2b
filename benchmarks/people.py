"""Invented people: inputs of awards as columns, and persons of the registry."""

from collections.abc import Sequence
from dataclasses import fields

import numpy as np

from benchmarks.scratch import sql
from dashebao.business.insurance.pension.rules import AwardColumns
from dashebao.kernel.secrecy.api import Family, person_holder, seal_many

SEED = 20_261_121
FIRST_PENSIONER, FIRST_WORKER = 100_000_001, 200_000_001
PAYOUT_TENTHS = np.array([1950, 1900, 1850, 1800, 1750, 1700, 1640, 1580, 1520, 1450, 1390, 1384, 1297, 1183, 1170])


def awards(count: int) -> AwardColumns:
    """Inputs of `count` national awards: 180 to 540 months, two in five without deemed years."""
    random = np.random.default_rng(SEED)
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


def write_persons(ids: Sequence[int], region: str) -> None:
    """Persons with these ids, each with an account at a bank; as the owner of the tables."""
    sql(
        "insert into registry_person (id, name, sex, birth_on, nation, region_code, hukou_region, hukou_kind, mobile, address)"
        " select id, '甲' || id, '1', '1960-05-10', '01', %s, '', '', '', '' from unnest(%s::bigint[]) id",
        [region, list(ids)],
    )
    sql(
        "insert into registry_bankaccount (person_id, bank_code, number, name, valid_during)"
        " select id, (array['102', '103', '104', '105'])[1 + id %% 4], number, '甲' || id, '[2020-01-01,)'"
        " from unnest(%s::bigint[], %s::text[]) told(id, number)",
        [list(ids), seal_many(Family.ACCOUNT, map(person_holder, ids), [f"62220{one:012d}" for one in ids])],
    )
