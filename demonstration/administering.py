"""Reference data of the demonstration province: proposed by one officer, decided by another; officers who come and go."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from dashebao.kernel.identity.api import (
    Joiner,
    Office,
    User,
    actor_of,
    delegate,
    grant_role,
    hire,
    leave,
    lock_account,
)
from dashebao.kernel.records.api import acting
from dashebao.kernel.rules.api import STORE, Parameter, in_force, written
from dashebao.platform.administration import actions, texts
from dashebao.platform.administration.models import Kind, Proposal

ACT = "（演示）广东省人力资源和社会保障厅通知"
LETTER = "cases/letters/receipt.zh.txt"
CALENDAR = """
year: {year}
notice: {{title: （演示）{year}年部分节假日安排征求意见稿, number: 演示〔{before}〕1号}}
holidays:
- {{name: 元旦, from: {year}-01-01, to: {year}-01-03}}
- {{name: 春节, from: {year}-02-05, to: {year}-02-12}}
- {{name: 清明节, from: {year}-04-03, to: {year}-04-05}}
- {{name: 劳动节, from: {year}-05-01, to: {year}-05-05}}
- {{name: 端午节, from: {year}-06-09, to: {year}-06-09}}
- {{name: 中秋节, from: {year}-09-15, to: {year}-09-15}}
- {{name: 国庆节, from: {year}-10-01, to: {year}-10-07}}
worked: [{year}-02-14, {year}-05-08, {year}-10-09]
"""


@dataclass(frozen=True)
class Staff:
    """The officers who act here."""

    proposer: User
    approver: User
    administrator: User


def administer(first_month: int) -> None:
    """Everything the administrators of the demonstration have done up to its first month."""
    names = ("parameter-officer", "parameter-approver", "admin")
    staff = Staff(*(User.objects.select_related("office").get(username=name) for name in names))
    following = datetime.date(first_month // 100 + 1, 1, 1)
    _approved(staff, following)
    _rejected(staff, following)
    _waiting(staff, following)
    _officers(staff, following)


def _own(name: str) -> Parameter:
    return STORE.parameters[name]["44"]


def _raised(name: str, since: datetime.date, percent: int, whole: int = 1) -> str:
    """The province's value on a day, some per cent higher, in whole units."""
    version = in_force(_own(name).versions, since)
    assert version is not None
    return written(version.value * (100 + percent) // (100 * whole) * whole)  # type: ignore[operator,arg-type]


def _propose(staff: Staff, wanted: actions.Wanted, article: str, reason: str) -> Proposal:
    with acting(actor_of(staff.proposer), "demonstration"):
        return actions.propose(wanted, actions.Grounds(ACT, article, reason), by=staff.proposer)


def _approved(staff: Staff, following: datetime.date) -> None:
    """A higher basic pension for residents from the new year, approved."""
    value = _raised("residents.basic", following, 5)
    wanted = actions.parameter_wanted("residents.basic", "44", following, value)
    made = _propose(staff, wanted, "第一条", "年度提高基础养老金标准")
    with acting(actor_of(staff.approver), "demonstration"):
        actions.enact(made, by=staff.approver, digest=made.digest, opinion="文件与数值核对一致，同意。")


def _rejected(staff: Staff, following: datetime.date) -> None:
    """A rate with a slip in it, turned down."""
    wanted = actions.parameter_wanted("levy.late_fee_rate", "44", following, "0.005")
    made = _propose(staff, wanted, "第二条", "调整滞纳金比例")
    with acting(actor_of(staff.approver), "demonstration"):
        actions.reject(
            made, by=staff.approver, reason="社会保险法第八十六条规定为万分之五，应为0.0005，且与现行数值相同。"
        )


def _waiting(staff: Staff, following: datetime.date) -> None:
    """A floor, a calendar and a letter that wait for the approver."""
    value = _raised("levy.pension.floor", following, 4)
    wanted = actions.parameter_wanted("levy.pension.floor", "44", following, value)
    _propose(staff, wanted, "第一条", "年度公布缴费基数下限")
    file = CALENDAR.format(year=following.year, before=following.year - 1).encode()
    calendar, _read = actions.calendar_wanted(file, datetime.date(following.year - 1, 11, 20))
    _propose(staff, calendar, "全文", "提前准备下一年度工作日历，待国务院正式公布后替换")
    changed = texts.original(LETTER).replace("凭办件编号可查询进度", "凭办件编号可在“我的办件”中查询进度")
    _propose(staff, actions.Wanted(Kind.TEXT, LETTER, following, {"text": changed}), "第三条", "告知查询渠道")


def _officers(staff: Staff, following: datetime.date) -> None:
    """A newcomer with a temporary duty, a locked account, one who left, and a colleague standing in."""
    city = Office.objects.get(region_code="440100")
    with acting(actor_of(staff.administrator), "demonstration"):
        fresh, _password = hire(Joiner("levy-clerk-new", "温晓彤", city), by=staff.administrator)
        grant_role(fresh, "levy.clerk", by=staff.administrator, until=following + datetime.timedelta(181))
        locked, _password = hire(Joiner("levy-clerk-away", "欧阳靖", city), by=staff.administrator)
        grant_role(locked, "levy.clerk", by=staff.administrator)
        lock_account(locked, by=staff.administrator, reason="长期离岗进修")
        gone, _password = hire(Joiner("pension-clerk-gone", "司徒慧", city), by=staff.administrator)
        grant_role(gone, "pension.clerk", by=staff.administrator)
        leave(gone, by=staff.administrator, reason="调离社保系统")
    giver = User.objects.select_related("office").get(username="levy-reviewer")
    with acting(actor_of(giver), "demonstration"):
        delegate(giver, fresh, "levy.reviewer", following + datetime.timedelta(9), "年休假")
