"""Units declare the month through the tax site, and the police report deaths."""

import datetime

from django.db import connection

from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.kernel.registry import api as registry

SILENT_UNIT = 199  # one unit in so many forgets to declare
DEATH_ONE_IN = 900  # pensioners whose death of last month is reported

_DECLARE = """
insert into levy_declaration (unit_id, region_code, month, kind, channel, row_count, refused_count, wage_total_fen,
                              unchanged, case_no)
select r.unit_id, r.region_code, %(month)s, 'monthly', 'tax', 0, 0, 0, true, ''
from levy_unitregistration r
where r.closed_on is null and r.unit_id %% %(silent)s <> %(rest)s
  and not exists (select 1 from levy_declaration d where d.unit_id = r.unit_id and d.month = %(month)s)
"""
_MORTAL = """
select p.id from registry_person p join common_benefit b on b.person_id = p.id and b.state = 'running'
where p.died_on is null and p.birth_on < %s and (p.id * 7919 + %s) %% %s = 0 order by p.id
"""


def declare_month(month: int) -> None:
    """Every unit but a few tells the tax site that nothing changed; those that declared already are left alone."""
    with acting(SYSTEM, f"declared at the tax site for {month}"), connection.cursor() as cursor:
        cursor.execute(_DECLARE, {"month": month, "silent": SILENT_UNIT, "rest": month % SILENT_UNIT})


def report_deaths(month: int, today: datetime.date) -> None:
    """The police report some deaths of the month before; each person dies once."""
    died_on = today.replace(day=1) - datetime.timedelta(days=9)
    with acting(SYSTEM, f"deaths reported in {month}"), connection.cursor() as cursor:
        cursor.execute(_MORTAL, [today.replace(year=today.year - 72), month, DEATH_ONE_IN])
        people = [row[0] for row in cursor.fetchall()]
        registry.record_facts("death", people, [died_on] * len(people), source="police")
