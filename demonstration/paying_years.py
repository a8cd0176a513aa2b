"""Residents who make up this year's payment at the counter (SI-1048): the tax office collects it, the year then counts."""

from collections.abc import Iterator

from django.db import connection

from dashebao.kernel.identity.api import User, actor_of
from dashebao.kernel.records.api import SYSTEM, acting
from demonstration.asking import Wish, hand_in
from demonstration.staff import ROBOTS

ITEM = "SI-1048"
PEOPLE_PER_PAYER = 2_000
LEAST, MOST = 2, 30
TIER = "500"

_CANDIDATES = """
select p.id, p.name, p.region_code from residents_residentenrolment r
join registry_person p on p.id = r.person_id and p.died_on is null
where r.state = 'active' and p.birth_on > make_date(%(year)s - 55, 1, 1)
  and not exists (select 1 from common_benefit b where b.person_id = p.id)
  and not exists (select 1 from residents_yearpayment y where y.person_id = p.id and y.for_year = %(year)s)
order by md5(p.id::text) limit %(count)s
"""


def pay_this_year(month: int) -> int:
    """A clerk hands in their applications, once a year; returns how many stand."""
    return hand_in(ITEM, month // 100, _payments(month // 100))


def _payments(year: int) -> Iterator[Wish]:
    clerk = actor_of(User.objects.select_related("office").get(username=ROBOTS["pension.clerk"]))
    for person_id, name, region in _people(year):
        yield Wish(ITEM, person_id, name, region, {"for_year": year, "tier": TIER}, clerk)


def _people(year: int) -> list[tuple[int, str, str]]:
    with acting(SYSTEM, "look for residents who pay"), connection.cursor() as cursor:
        cursor.execute("select count(*) from registry_person")
        count = max(LEAST, min(MOST, int(cursor.fetchone()[0]) // PEOPLE_PER_PAYER))
        cursor.execute(_CANDIDATES, {"year": year, "count": count})
        return [(int(person), str(name), str(region)) for person, name, region in cursor.fetchall()]
