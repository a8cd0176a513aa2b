"""Women who once worked in town and live on the land again: their few years go to the residents' pension (SI-3024)."""

import datetime
from collections.abc import Iterator

import numpy as np
from django.db import connection

from dashebao.business.fund import api as fund
from dashebao.business.levy.models import ContributionYear
from dashebao.kernel.records.api import SYSTEM, acting
from demonstration import employers
from demonstration.asking import Wish, hand_in, people_who_sign_in
from demonstration.lives import Ints, Lives, Standing
from demonstration.loading import copy_rows

ITEM = "SI-3024"
PEOPLE_PER_LINK = 4_000
MOST = 20
FROM_AGE_MONTHS = 57 * 12
YEARS_IN_TOWN = range(1999, 2008)
WAGE_PERCENT, ACCOUNT_PERCENT = 60, 8

_CANDIDATES = """
select p.id, p.name, p.region_code from registry_person p
join residents_residentenrolment r on r.person_id = p.id and r.state = 'active'
where p.died_on is null and p.sex = '2' and p.birth_on <= %(born_by)s
  and (select sum(y.months) from levy_contributionyear y where y.person_id = p.id) between 1 and 179
  and not exists (select 1 from levy_enrolment e where e.person_id = p.id and upper_inf(e.valid_during))
  and not exists (select 1 from common_benefit b where b.person_id = p.id)
  and not exists (select 1 from cases_case c where c.person_id = p.id and c.item_code = %(item)s)
order by p.id limit %(most)s
"""


def write_years_in_town(lives: Lives, regions: list[str], province: str, now: int) -> None:
    """Nine years of the employees' scheme, with their account, for a few women who pay as residents now."""
    grown = (lives.standing == Standing.RESIDENT) & ~lives.urban & (lives.sex == 2) & (lives.death == 0)
    rows = np.nonzero(grown & (now - lives.birth >= FROM_AGE_MONTHS))[0]
    rows = rows[: max(1, min(MOST, len(lives.sex) // PEOPLE_PER_LINK))]
    bases = {year: employers.average_of(year) * WAGE_PERCENT // 100 * 12 for year in YEARS_IN_TOWN}
    for year, base in bases.items():
        _copy_year(rows, year, base, regions)
    if len(rows):
        people, balance = (rows + 1).tolist(), sum(bases.values()) * ACCOUNT_PERCENT // 100
        fund.post_personal(
            fund.PersonalEntries(
                "110", province, (now // 12 - 1) * 100 + 12, "takeover", "years in town", people,
                ["worker_principal"] * len(people), [balance] * len(people), place=[regions[row] for row in rows],
            )
        )  # fmt: skip


def _copy_year(rows: Ints, year: int, base: int, regions: list[str]) -> None:
    count = len(rows)
    copy_rows(
        ContributionYear._meta.db_table,
        {
            "person_id": rows + 1, "year": [year] * count, "region_code": [regions[row] for row in rows],
            "months": [12] * count, "pension_base_total_fen": [base] * count, "medical_months": [0] * count,
            "unemployment_months": [0] * count, "source": ["former"] * count,
        },
    )  # fmt: skip


def link_schemes(month: int) -> int:
    """Hand in the requests of one month at the portal, once; returns how many stand."""
    return hand_in(ITEM, month, _links(month))


def _links(month: int) -> Iterator[Wish]:
    spared = people_who_sign_in()
    for person_id, name, region in _people(month):
        if person_id not in spared:
            yield Wish(ITEM, person_id, name, region, {"direction": "to_residents"})


def _people(month: int) -> list[tuple[int, str, str]]:
    born_by = datetime.date(month // 100 - FROM_AGE_MONTHS // 12, month % 100, 1)
    with acting(SYSTEM, "look for people who link their schemes"), connection.cursor() as cursor:
        cursor.execute(_CANDIDATES, {"born_by": born_by, "item": ITEM, "most": MOST})
        return [(int(person), str(name), str(region)) for person, name, region in cursor.fetchall()]
