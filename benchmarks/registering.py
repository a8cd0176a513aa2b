"""Invented persons of the registry, written at once."""

from collections.abc import Sequence

from benchmarks.scratch import sql

FIRST_PENSIONER, FIRST_WORKER = 100_000_001, 200_000_001


def write_persons(ids: Sequence[int], region: str) -> None:
    """Persons with these ids, each with an account at a bank; as the owner of the tables."""
    sql(
        "insert into registry_person (id, name, sex, birth_on, nation, region_code, hukou_region, hukou_kind, mobile, address)"
        " select id, '甲' || id, '1', '1960-05-10', '01', %s, '', '', '', '' from unnest(%s::bigint[]) id",
        [region, list(ids)],
    )
    sql(
        "insert into registry_bankaccount (person_id, bank_code, number, name, valid_during)"
        " select id, (array['102', '103', '104', '105'])[1 + id %% 4], '62220' || lpad(id::text, 12, '0'), '甲' || id,"
        " '[2020-01-01,)' from unnest(%s::bigint[]) id",
        [list(ids)],
    )
