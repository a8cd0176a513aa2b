"""People whose retirement month has just passed claim their pension at the portal."""

import datetime
from collections.abc import Iterator
from itertools import islice

import numpy as np
from django.db import connection

from dashebao.business.insurance.pension.rules import retirement_columns
from dashebao.kernel.legal_time.api import Month
from dashebao.kernel.rules.api import parameters
from demonstration.asking import Wish, hand_in, people_who_sign_in

ITEM = "SI-401"
MOST_CLAIMS = 120
REGION = "440000"

_CANDIDATES = """
select p.id, p.name, p.region_code, coalesce(c.category, 'M60'), p.sex, p.birth_on
from registry_person p
join levy_enrolment e on e.person_id = p.id and 110 = any(e.schemes) and e.valid_during @> %(on)s::date
left join pension_retirementcategory c on c.person_id = p.id
where p.died_on is null and p.birth_on between %(oldest)s and %(youngest)s
  and (p.sex = '1' or c.category is not null)
  and not exists (select 1 from common_benefit b where b.person_id = p.id)
order by p.id
"""


def claim_pensions(month: int) -> int:
    """Submit the claims of those whose statutory month is the one before `month`, once; returns how many stand."""
    return hand_in(ITEM, month, islice(_claims(Month.from_int(month) + -1), MOST_CLAIMS))


def _claims(before: Month) -> Iterator[Wish]:
    spared = people_who_sign_in()
    for person_id, name, region, category, sex in _retiring(before):
        answers = {
            "retire_month": f"{before.yyyymm // 100}-{before.yyyymm % 100:02d}",
            "category": "" if sex == "1" else category,
            "evidence": "" if sex == "1" else "劳动合同约定的岗位",
        }
        if person_id not in spared:
            yield Wish(ITEM, person_id, name, region, answers)


def _retiring(before: Month) -> list[tuple[int, str, str, str, str]]:
    law = parameters(REGION, before.first_day)
    with connection.cursor() as cursor:
        cursor.execute(
            _CANDIDATES,
            {
                "on": before.first_day,
                "oldest": datetime.date(before.yyyymm // 100 - 65, 1, 1),
                "youngest": datetime.date(before.yyyymm // 100 - 49, 1, 1),
            },
        )
        rows = cursor.fetchall()
    found = []
    for category in ("M60", "F55", "F50"):
        own = [row for row in rows if row[3] == category]
        births = np.array([row[5].year * 12 + row[5].month - 1 for row in own], dtype=np.int64)
        if len(own):
            statutory = retirement_columns(category, births, law)
            index = before.yyyymm // 100 * 12 + before.yyyymm % 100 - 1
            found += [row[:5] for row, month in zip(own, statutory.tolist(), strict=True) if month == index]
    return sorted(found)
