"""Invented persons of the registry, written at once."""

from collections.abc import Sequence

from benchmarks.scratch import sql
from dashebao.kernel.secrecy.api import Family, person_holder, seal_many

FIRST_PENSIONER, FIRST_WORKER = 100_000_001, 200_000_001


def write_persons(ids: Sequence[int], regions: Sequence[str]) -> None:
    """Persons with these ids and regions, each with an account at a bank; as the owner of the tables."""
    sql(
        "insert into registry_person (id, name, sex, birth_on, nation, region_code, hukou_region, hukou_kind, mobile, address)"
        " select id, '甲' || id, '1', '1960-05-10', '01', region, '', '', '', ''"
        " from unnest(%s::bigint[], %s::text[]) told(id, region)",
        [list(ids), list(regions)],
    )
    sql(
        "insert into registry_bankaccount (person_id, bank_code, number, name, valid_during)"
        " select id, (array['102', '103', '104', '105'])[1 + id %% 4], number, '甲' || id, '[2020-01-01,)'"
        " from unnest(%s::bigint[], %s::text[]) told(id, number)",
        [list(ids), seal_many(Family.ACCOUNT, map(person_holder, ids), [f"62220{one:012d}" for one in ids])],
    )
