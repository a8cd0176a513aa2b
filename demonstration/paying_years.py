"""Residents who make up this year's payment at the counter (SI-1048): the tax office collects it, the year then counts."""

from django.db import connection

from dashebao.kernel.cases.api import Application, CaseError, submit
from dashebao.kernel.catalogue.api import Applicant, Channel
from dashebao.kernel.identity.api import User, actor_of
from dashebao.kernel.records.api import SYSTEM, acting
from demonstration.officers import KEY
from demonstration.staff import ROBOTS

ITEM = "SI-1048"
PEOPLE_PER_PAYER = 2_000
LEAST, MOST = 2, 30
TIER = "500"

# whoever has paid by an application of ours is chosen again, so that the same people pay however often this is run
_CANDIDATES = """
select p.id, p.name, p.region_code from residents_residentenrolment r
join registry_person p on p.id = r.person_id and p.died_on is null
where r.state = 'active' and p.birth_on > make_date(%(year)s - 55, 1, 1)
  and not exists (select 1 from common_benefit b where b.person_id = p.id)
  and not exists (select 1 from residents_yearpayment y where y.person_id = p.id and y.for_year = %(year)s
                    and not exists (select 1 from cases_case c where c.key = %(key)s || p.id))
order by md5(p.id::text) limit %(count)s
"""


def pay_this_year(month: int) -> int:
    """A clerk hands in their applications, once a year and person; returns how many stand."""
    clerk, stand = User.objects.select_related("office").get(username=ROBOTS["pension.clerk"]), 0
    for person_id, name, region in _people(month // 100):
        answers = {"for_year": month // 100, "tier": TIER}
        applicant, key = Applicant.of_person(person_id, name, region), f"{KEY}{ITEM}-{month // 100}-{person_id}"
        try:
            submit(Application(ITEM, applicant, answers, Channel.COUNTER, key), actor_of(clerk))
            stand += 1
        except CaseError as error:
            print(f"  {name}: {error}", flush=True)
    return stand


def _people(year: int) -> list[tuple[int, str, str]]:
    with acting(SYSTEM, "look for residents who pay"), connection.cursor() as cursor:
        cursor.execute("select count(*) from registry_person")
        count = max(LEAST, min(MOST, int(cursor.fetchone()[0]) // PEOPLE_PER_PAYER))
        cursor.execute(_CANDIDATES, {"year": year, "count": count, "key": f"{KEY}{ITEM}-{year}-"})
        return [(int(person), str(name), str(region)) for person, name, region in cursor.fetchall()]
