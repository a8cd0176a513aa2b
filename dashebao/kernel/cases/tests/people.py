"""People and offices the tests work with."""

from __future__ import annotations

from datetime import timedelta
from itertools import count

from django.db.backends.postgresql.psycopg_any import DateRange

from dashebao.kernel.cases.api import Application, Paper, submit
from dashebao.kernel.cases.clock import today
from dashebao.kernel.catalogue.api import Applicant, Channel, Party, PartyRole
from dashebao.kernel.identity.api import Grant, Office, User
from dashebao.kernel.records.api import SYSTEM, Actor, acting

TIANHE = "440106"
CITIZEN = Actor("person", 501, name="钱一")
PAPERS = {"申请表": Paper()}
_serial = count(1)


def officer(*roles: str, region: str = TIANHE, level: str = "county", person_id: int | None = None) -> User:
    """An officer at an office of a region, holding roles."""
    with acting(SYSTEM):
        office, _ = Office.objects.get_or_create(
            code=f"{region}-{level}",
            defaults={"name": "天河区办事处", "name_en": "Tianhe office", "level": level, "region_code": region},
        )
        number = next(_serial)
        user = User(
            username=f"officer{number}", kind="officer", name=f"官员{number}", office=office, person_id=person_id
        )
        user.set_unusable_password()
        user.save()
        since = today() - timedelta(days=3000)
        for role in roles:
            Grant.objects.create(
                user=user, role=role, family="business", valid_during=DateRange(since, None), granted_by=None
            )
    return user


def couple(first: int = 101, second: int = 102, region: str = TIANHE) -> Applicant:
    """Two spouses applying together."""
    return Applicant.of_persons(region, Party("王甲", person_id=first), Party("李乙", person_id=second))


def household(region: str = TIANHE) -> Applicant:
    """A household of two, the first signing."""
    return Applicant.of_household(
        7, region, Party("赵一", person_id=201), Party("赵二", person_id=202, role=PartyRole.MEMBER)
    )


def workers(region: str = TIANHE) -> Applicant:
    """Three workers against their unit."""
    return Applicant.of_persons(
        region,
        Party("工一", person_id=301),
        Party("工二", person_id=302),
        Party("工三", person_id=303),
        Party("欠薪公司", unit_id=9, role=PartyRole.RESPONDENT),
    )


def loan_case(key: str = "k", purpose: str = "loan") -> str:
    """The number of a case that the citizen handed in at the portal: the declaration that asks for one paper."""
    applicant = Applicant.of_person(CITIZEN.id, CITIZEN.name, TIANHE)
    return submit(Application("TT-001", applicant, {"purpose": purpose}, Channel.PORTAL, key, PAPERS), CITIZEN).case_no
