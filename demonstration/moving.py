"""People who ask to move their pension relation to or from another province, at the portal."""

import datetime

from django.conf import settings
from django.db import connection, transaction

from dashebao.kernel.cases.api import Application, CaseError, submit
from dashebao.kernel.cases.models import Case
from dashebao.kernel.catalogue.api import Applicant, Channel
from dashebao.kernel.exchange.api import register_partner
from dashebao.kernel.identity.api import User
from dashebao.kernel.records.api import SYSTEM, Actor, acting
from demonstration.officers import KEY
from demonstration.partners.introduction import introduce

PARTNER = "transfer_platform"
OTHERS = ("430000", "450000", "360000", "510000", "420000", "410000")
PEOPLE_PER_MOVE = 4_000
LEAST, MOST = 2, 40

# Some who pay no longer move out, some who do bring years with them; nobody with a pension or an open move.
_CANDIDATES = """
select p.id, p.name, p.region_code from registry_person p
where p.died_on is null and p.birth_on between %(oldest)s and %(youngest)s
  and exists (select 1 from levy_contributionyear y where y.person_id = p.id)
  and exists (select 1 from levy_enrolment e where e.person_id = p.id and 110 = any(e.schemes)
              and upper_inf(e.valid_during)) = %(works)s
  and not exists (select 1 from common_benefit b where b.person_id = p.id)
  and not exists (select 1 from pension_transfer t where t.person_id = p.id)
order by md5(p.id::text || %(month)s::text) limit %(count)s
"""


def move_between_provinces(month: int) -> int:
    """Hand in the requests of one month, once; returns how many stand.

    All together or none: what is handed in changes who else may move, so half of them could not be completed.
    """
    with acting(SYSTEM, "partners of the demonstration"):
        for code, title, pem in introduce(settings.DATA):
            if code == PARTNER:
                register_partner(code, title, pem)
    with acting(SYSTEM, "look for the demonstration's moves"):
        if Case.objects.filter(key__startswith=f"{KEY}SI-3021-{month}-").exists():
            return 0
    with transaction.atomic():
        return _hand_in(month)


def _hand_in(month: int) -> int:
    spared = set(User.objects.filter(kind="citizen").values_list("person_id", flat=True))
    stand = 0
    for item, works in (("SI-3021", False), ("SI-3022", True)):
        for number, (person_id, name, region) in enumerate(_people(month, works=works)):
            if person_id in spared:
                continue
            other = OTHERS[number % len(OTHERS)]
            answers = {"other_region": other, "home_region": other if item == "SI-3021" else "440000"}
            applicant = Applicant.of_person(person_id, name, region)
            application = Application(item, applicant, answers, Channel.PORTAL, f"{KEY}{item}-{month}-{person_id}")
            try:
                submit(application, Actor("person", person_id, name=name))
                stand += 1
            except CaseError as error:
                print(f"  {name}: {error}", flush=True)
    return stand


def _people(month: int, *, works: bool) -> list[tuple[int, str, str]]:
    year = month // 100
    with acting(SYSTEM, "look for people who move"), connection.cursor() as cursor:
        cursor.execute("select count(*) from registry_person")
        count = max(LEAST, min(MOST, int(cursor.fetchone()[0]) // PEOPLE_PER_MOVE))
        cursor.execute(
            _CANDIDATES,
            {
                "oldest": datetime.date(year - 39, 1, 1),
                "youngest": datetime.date(year - 22, 1, 1),
                "works": works,
                "month": month,
                "count": count,
            },
        )
        return [(int(person), str(name), str(region)) for person, name, region in cursor.fetchall()]
