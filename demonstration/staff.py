"""Offices, officers and sign-in accounts of the demonstration province."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from django.contrib.auth.hashers import make_password
from django.utils import translation

from dashebao.kernel.identity.api import (
    Office,
    OperatorEntry,
    User,
    appoint_operator,
    grant_role,
    invite_operator,
    roles,
)
from dashebao.kernel.registry.api import Person, Region
from demonstration.employers import Work
from demonstration.lives import Lives, Standing, paid_months


@dataclass(frozen=True)
class Post:
    """One officer's account: user name, person's name, role and the region of the office."""

    username: str
    name: str
    role: str
    region: str


POSTS = (
    Post("levy-clerk", "陈静", "levy.clerk", "440100"),
    Post("levy-reviewer", "梁文昊", "levy.reviewer", "440100"),
    Post("pension-clerk", "林晓岚", "pension.clerk", "440100"),
    Post("pension-assessor", "周敏", "pension.assessor", "440100"),
    Post("pension-approver", "何志强", "pension.approver", "440100"),
    Post("pension-clerk-2", "谢安琪", "pension.clerk", "440000"),
    Post("pension-assessor-2", "潘立新", "pension.assessor", "440000"),
    Post("pension-approver-2", "黎海英", "pension.approver", "440000"),
    Post("fund-maker", "黄嘉仪", "fund.maker", "440000"),
    Post("fund-checker", "罗建平", "fund.checker", "440000"),
    Post("fund-approver", "郑国荣", "fund.approver", "440000"),
    Post("auditor", "苏慧", "audit.reader", "440000"),
    Post("admin", "邓立", "admin.users", "440000"),
    Post("parameter-officer", "袁思齐", "admin.parameters", "440000"),
    Post("parameter-approver", "曾广明", "admin.approver", "440000"),
    Post("operations", "贺子轩", "admin.operations", "440000"),
    Post("supervisor", "孔令娴", "supervision.officer", "440000"),
    Post("supervisor-2", "赖振邦", "supervision.officer", "440000"),
    Post("leader-city", "冼少芬", "leader.viewer", "440100"),
    Post("service-clerk", "区可欣", "service.clerk", "440100"),
    Post("service-inspector", "阮志成", "service.inspector", "440100"),
    Post("service-handler", "莫绮雯", "service.handler", "440100"),
    Post("notices-editor", "卢嘉豪", "notices.editor", "440000"),
    Post("notices-publisher", "温玉芬", "notices.publisher", "440000"),
    Post("leader", "谭海生", "leader.viewer", "440000"),
)
ROBOTS = {  # the officers who decide the demonstration's own claims and batches
    "pension.clerk": "pension-clerk-2",
    "pension.assessor": "pension-assessor-2",
    "pension.approver": "pension-approver-2",
    "fund.maker": "fund-maker",
    "fund.checker": "fund-checker",
    "fund.approver": "fund-approver",
}


def open_offices() -> dict[str, Office]:
    """One social insurance office for the province, each city and each county; returns them by region code."""
    offices: dict[str, Office] = {}
    rank = {"province": 0, "city": 1, "county": 2}
    for region in sorted(
        Region.objects.filter(code__startswith="44", valid_during__upper_inf=True), key=lambda r: rank[r.level]
    ):
        parent = offices.get(region.parent_code)
        offices[region.code], _made = Office.objects.get_or_create(
            code=f"SI-{region.code}",
            defaults={
                "name": f"{region.name}社会保险基金管理局",
                "name_en": f"{region.name_en} Social Insurance Administration",
                "level": region.level,
                "region_code": region.code,
                "parent": parent,
                "address": f"{region.name}政务服务中心",
                "phone": "12333",
            },
        )
    return offices


@cache
def _hashed(password: str) -> str:
    """The demonstration's one password, hashed once: the hash is slow on purpose."""
    return make_password(password)


def _account(username: str, password: str, **fields: object) -> User:
    user = User(username=username, password=_hashed(password), **fields)
    user.save()
    return user


def hire(offices: dict[str, Office], password: str) -> None:
    """Make every post's account and give it its role."""
    for post in POSTS:
        office = offices[post.region]
        user = _account(post.username, password, kind="officer", name=post.name, office=office, window="7")
        grant_role(user, post.role)


def open_accounts(lives: Lives, work: Work, numbers: list[str], password: str, now: int) -> list[dict[str, str]]:
    """Sign-in accounts of some citizens and of units' operators; returns every account with its role in both languages."""
    told = [
        {
            "username": post.username,
            "zh": f"{roles_in(post.role, 'zh-hans')}（{post.name}）",
            "en": roles_in(post.role, "en"),
        }
        for post in POSTS
    ]
    for username, position, chinese, english in _citizens(lives, work, now):
        name = Person.objects.get(pk=position + 1).name
        _account(username, password, kind="citizen", name=name, person_id=position + 1)
        told.append({"username": username, "zh": f"{chinese}（{name}）", "en": english, "id_number": numbers[position]})
    sizes = np.bincount(work.unit_of[(lives.standing == Standing.EMPLOYEE) & (lives.city == _guangzhou(lives, work))])
    unit = int(np.argmin(np.abs(sizes - 30)))
    operator = _account("employer", password, kind="operator", name="单位经办人", unit_id=unit)
    appoint_operator(operator)
    colleagues = _colleagues(operator, password)
    told.append(
        {"username": "employer", "zh": f"单位经办人（{work.names[unit - 1]}）", "en": "Operator of an employer"}
    )
    return told + colleagues


def _colleagues(main: User, password: str) -> list[dict[str, str]]:
    """Two more operators of the unit: one for staff and declarations, one who may only look."""
    told = []
    for username, name, rights, chinese, english in (
        ("employer-staff", "人事专员", ("unit.staff", "unit.declaration"), "单位人事专员", "Operator for staff"),
        ("employer-viewer", "内审专员", ("unit.view",), "单位查看人员", "Operator who may only look"),
    ):
        user, _start = invite_operator(OperatorEntry(username, name, rights), main)
        user.password = _hashed(password)
        user.save(update_fields=["password"])
        told.append({"username": username, "zh": chinese, "en": english})
    return told


def _citizens(lives: Lives, work: Work, now: int) -> Iterator[tuple[str, int, str, str]]:
    """An employee about to retire, an employee in mid-career, a pensioner: all insured in Guangzhou where possible."""
    here = lives.city == _guangzhou(lives, work)
    working = lives.standing == Standing.EMPLOYEE
    enough = paid_months(lives.career_start, lives.career_end, lives.gap_start, lives.gap_months, now) >= 200
    picks = (
        ("citizen-retiring", working & enough, now + 1 - lives.career_end, "即将退休职工", "Employee about to retire"),
        ("citizen", working, lives.birth - (now - 40 * 12), "在职职工", "Employee in mid-career"),
        (
            "citizen-pensioner",
            lives.standing == Standing.PENSIONER,
            lives.birth - (now - 66 * 12),
            "退休人员",
            "Pensioner",
        ),
    )
    for username, fits, distance, chinese, english in picks:
        fits = fits & (lives.death == 0)
        pool = np.nonzero(fits & here)[0] if (fits & here).any() else np.nonzero(fits)[0]
        if len(pool):
            yield username, int(pool[np.argmin(np.abs(distance[pool]))]), chinese, english


def _guangzhou(lives: Lives, work: Work) -> int:
    inside = np.char.startswith(work.region_of.astype(str), "4401")
    return int(lives.city[np.argmax(inside)])


def roles_in(role: str, language: str) -> str:
    """The name of a role in a language."""
    with translation.override(language):
        return str(roles()[role].name)
