"""A small office for tests of the faces: a person, a unit, officers with one duty each, and three declared items."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from django.contrib.auth.hashers import make_password
from django.db.backends.postgresql.psycopg_any import DateRange

from dashebao.kernel.cases.tests.people import TIANHE
from dashebao.kernel.identity.api import Grant, Office, User, appoint_operator, roles
from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.kernel.registry.api import PersonEntry, UnitEntry, load_regions, register_person, register_unit

PASSWORD = "umbrella-Garden-42"
ID_NUMBER = "11010519491231002X"  # the example printed in GB 11643-1999
CREDIT_CODE = "91350100M000100Y43"  # the example printed in GB 32100-2015


@dataclass
class Scene:
    """What the tests hold on to."""

    person_id: int
    unit_id: int
    users: dict[str, User]


@cache
def hashed() -> str:
    """PASSWORD hashed once for all users of a run."""
    return make_password(PASSWORD)


def make_user(username: str, kind: str, **fields: object) -> User:
    """A user who can sign in with PASSWORD."""
    user = User(username=username, kind=kind, **fields)
    user.password = hashed()
    user.save()
    return user


def officer(role: str, name: str, office: Office) -> User:
    """An officer with one duty."""
    user = make_user(role, "officer", name=name, office=office)
    since = date(2020, 1, 1)
    Grant.objects.create(
        user=user, role=role, family=roles()[role].family, valid_during=DateRange(since, None), granted_by=None
    )
    return user


def build() -> Scene:
    """Make the office and its people; to be called with a database."""
    with acting(SYSTEM, "test scene"):
        load_regions()
        office, _made = Office.objects.get_or_create(
            code="440106-si",
            defaults={
                "name": "天河区社会保险基金管理中心",
                "name_en": "Tianhe",
                "level": "county",
                "region_code": TIANHE,
            },
        )
        capital, _made = Office.objects.get_or_create(
            code="440000-si",
            defaults={
                "name": "广东省社会保险基金管理局",
                "name_en": "Province",
                "level": "province",
                "region_code": "440000",
            },
        )
        human = register_person(PersonEntry("林小岚", TIANHE, ID_NUMBER, mobile="13800002046"))
        firm = register_unit(UnitEntry("珠江智能装备（示例）有限公司", "enterprise", TIANHE, CREDIT_CODE))
        names = {
            "pension.clerk": "陈静",
            "pension.assessor": "梁文昊",
            "pension.approver": "周敏",
            "audit.reader": "何审",
            "fund.maker": "金会",
        }
        users = {role: officer(role, name, capital if role == "fund.maker" else office) for role, name in names.items()}
        users["citizen"] = make_user("citizen", "citizen", name=human.name, person_id=human.pk)
        users["operator"] = make_user("operator", "operator", name="单位经办人", unit_id=firm.pk)
        appoint_operator(users["operator"])
    return Scene(human.pk, firm.pk, users)
