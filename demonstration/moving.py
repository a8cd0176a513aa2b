"""People who ask to move their pension relation to or from another province, at the portal."""

import datetime
from collections.abc import Iterator

from django.conf import settings
from django.db import connection

from dashebao.kernel.exchange.api import register_partner
from dashebao.kernel.records.api import SYSTEM, acting
from demonstration.asking import Wish, hand_in, people_who_sign_in
from demonstration.partners.introduction import introduce

PARTNER = "transfer_platform"
ITEMS = (("SI-3021", False), ("SI-3022", True))  # in by those who work no more, out by those who do
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
    """Hand in the requests of one month, once; returns how many stand."""
    with acting(SYSTEM, "partners of the demonstration"):
        for code, title, pem in introduce(settings.DATA):
            if code == PARTNER:
                register_partner(code, title, pem)
    return hand_in(ITEMS[0][0], month, _moves(month))


def _moves(month: int) -> Iterator[Wish]:
    spared = people_who_sign_in()
    for item, works in ITEMS:
        for number, (person_id, name, region) in enumerate(_people(month, works=works)):
            other = OTHERS[number % len(OTHERS)]
            home = "440000" if works else other
            if person_id not in spared:
                yield Wish(item, person_id, name, region, {"other_region": other, "home_region": home})


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
