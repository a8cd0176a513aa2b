"""What citizens do at the portal of the demonstration province: notices, agents, complaints, ratings, drafts."""

import datetime

from django.db import transaction
from django.utils import timezone

from dashebao.kernel.cases.api import (
    Application,
    CaseError,
    Correction,
    advance,
    ask_correction,
    case_view,
    submit,
    take,
)
from dashebao.kernel.catalogue.api import Applicant, Channel
from dashebao.kernel.identity.api import User, actor_of
from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.kernel.registry.api import id_number_of, person
from dashebao.platform.service_centre.notices.models import Notice
from dashebao.platform.service_centre.portal.actions.drafts import keep_draft
from dashebao.platform.service_centre.portal.actions.inbox import read
from dashebao.platform.service_centre.portal.actions.mandates import Offer, answer, offer
from dashebao.platform.service_centre.portal.actions.ratings import answer_rating, rate
from dashebao.platform.service_centre.portal.models import Mandate, Message, Rating
from demonstration.notices import NOTICES

KEY = "portal-life-"
CERTIFICATE = {"kind": "certificate", "from_month": "", "until_month": ""}


def live_at_portal(month: int) -> int:
    """Everything once, in the month given; safe to call again. Returns how many cases citizens began."""
    with acting(SYSTEM, "the demonstration's accounts"):
        rows = User.objects.select_related("office").filter(username__in=(*CITIZENS, *OFFICERS))
        users = {user.username: user for user in rows}
    if set(CITIZENS) - set(users) or set(OFFICERS) - set(users):
        return 0
    publish_notices(month, users)
    begun = 0
    for begin in (certificates, agency, complaints, completion, draft):
        with transaction.atomic():  # whole or not at all: what has begun is not gone on with
            begun += begin(users)
    return begun


CITIZENS = ("citizen", "citizen-pensioner")
OFFICERS = (
    "service-clerk", "service-inspector", "service-handler", "notices-editor", "notices-publisher", "levy-clerk",
)  # fmt: skip


def publish_notices(month: int, users: dict[str, User]) -> None:
    """The notices of the last weeks, newest in the month given; one draft waits for its publisher."""
    last = datetime.datetime(month // 100, month % 100, 20, 9, tzinfo=timezone.get_current_timezone())
    with acting(SYSTEM, "notices of the demonstration"):
        if Notice.objects.exists():
            return
        for number, (kind, title_zh, title_en, body_zh, body_en) in enumerate(NOTICES):
            at = last - datetime.timedelta(days=5 * number, hours=number)
            waits = number == len(NOTICES) - 1
            Notice.objects.create(
                kind=kind,
                title_zh=title_zh,
                title_en=title_en,
                body_zh=body_zh,
                body_en=body_en,
                region_code="440000",
                pinned=number == 0,
                state=Notice.State.DRAFT if waits else Notice.State.PUBLISHED,
                written_by=users["notices-editor"].pk,
                written_at=at,
                published_by=None if waits else users["notices-publisher"].pk,
                published_at=None if waits else at,
            )


def _begin(user: User, code: str, answers: dict[str, str], name: str) -> str:
    """Hand an application in as a citizen; the same name again is the same case. "" if the rules refuse it."""
    with acting(actor_of(user), "at the portal"):
        human = person(user.person_id)
        applicant = Applicant.of_person(human.pk, human.name, human.region_code)
    try:
        return submit(Application(code, applicant, answers, Channel.PORTAL, f"{KEY}{name}"), user).case_no
    except CaseError as error:
        print(f"  {user.username}: {error}", flush=True)
        return ""


def certificates(users: dict[str, User]) -> int:
    """Two certificates issued at once, one rated well and one badly, with the office's answer to come."""
    begun = 0
    said = {
        "citizen": (5, "不到一分钟就拿到了证明，很方便。", ""),
        "citizen-pensioner": (2, "字太小，找了很久才找到下载的地方。", ""),
    }
    for username, (stars, text, _reply) in said.items():
        user = users[username]
        number = _begin(user, "SI-301", CERTIFICATE, f"certificate-{username}")
        begun += _rated(user, number, stars, text) if number else 0
    older = _begin(users["citizen"], "SI-301", {**CERTIFICATE, "kind": "record"}, "record-citizen")
    if older and _rated(users["citizen"], older, 1, "打印出来的缴费记录少了一个月。"):
        clerk = users["service-clerk"]
        with acting(actor_of(clerk), "answer a bad rating"):
            row = Rating.objects.filter(case_no=older).first()
            if row is not None:
                reply = "已核实：该月单位在次月补报，现已记入，请重新打印。给您带来不便，敬请谅解。"
                answer_rating(row.pk, reply, by=clerk)
        begun += 1
    return begun


def _rated(user: User, number: str, stars: int, text: str) -> int:
    with acting(actor_of(user), "rate a case"):
        if Rating.objects.filter(case_no=number).exists():
            return 0
        rate(number, stars, text, by=user)
    return 1


def agency(users: dict[str, User]) -> int:
    """The pensioner lets the employee act for a year; the employee has accepted and once applied in the other's name."""
    child, parent = users["citizen"], users["citizen-pensioner"]
    with acting(actor_of(parent), "give a mandate"):
        if Mandate.objects.filter(principal_id=parent.person_id).exists():
            return 0
    with acting(SYSTEM, "the agent's number"):
        number, name = id_number_of(child.person_id), person(child.person_id).name
    today = timezone.localdate()
    given = Offer(name, number, "child", ["SI-301", "SI-405", "SI-901"], today, today + datetime.timedelta(days=365))
    with acting(actor_of(parent), "give a mandate"):
        made = offer(given, by=parent)
    with acting(actor_of(child), "accept a mandate"):
        answer(made.pk, True, by=child)
    return 0


def complaints(users: dict[str, User]) -> int:
    """One complaint answered, one still waiting for the clerk."""
    parent, child = users["citizen-pensioner"], users["citizen"]
    old = _begin(parent, "SI-901", {
        "about": "service", "against": "", "text": "上周在大厅办理资格认证，窗口要求我再次提交已经交过的身份证复印件。",
        "wish": "不再重复要材料。",
    }, "complaint-service")  # fmt: skip
    new = _begin(child, "SI-901", {
        "about": "too_low", "against": "", "text": "单位按最低基数为我缴费，实际工资高于缴费基数，附工资条。",
        "wish": "按实际工资补缴差额。",
    }, "complaint-wage")  # fmt: skip
    found = {"findings": "调阅叫号与办件记录，情况属实：窗口未使用共享证照。", "founded": "yes"}
    reply = {"reply": "您反映的问题属实。我们已在该大厅启用共享证照，不再收取身份证复印件，并向您致歉。"}
    _carry(old, [(users["service-clerk"], {}), (users["service-inspector"], found), (users["service-handler"], reply)])
    return bool(old) + bool(new)


def _carry(number: str, acts: list[tuple[User, dict[str, str]]]) -> None:
    """Move a case on by officers who may all sign it, unless it has moved before."""
    with acting(SYSTEM, "look at a case"):
        if not number or case_view(number).state != "submitted":
            return
    for officer, data in acts:
        take(number, officer)
        advance(number, officer, "情况已核实。", data=data)


def completion(users: dict[str, User]) -> int:
    """An application for which something must be completed: the to-do on the citizen's home."""
    user, clerk = users["citizen"], users["levy-clerk"]
    number = _begin(
        user, "SI-105", {"name": "", "id_number": "", "mobile": "", "address": "天河区示例路 12 号"}, "address"
    )
    if not number:
        return 0
    with acting(SYSTEM, "look at a case"):
        view = case_view(number)
    if view.state == "submitted" and view.region_code.startswith("4401"):
        take(number, clerk)
        ask_correction(number, clerk, Correction(["请补充完整的门牌号和房号。"]))
    return 1


def draft(users: dict[str, User]) -> int:
    """Something begun and not handed in; older messages are read."""
    user = users["citizen"]
    with acting(actor_of(user), "begin an application"):
        keep_draft(user.person_id, "SI-3022", None, {}, [])
        keys = list(Message.objects.filter(person_id=user.person_id).order_by("id").values_list("pk", flat=True))
        for key in keys[:-3]:
            read(user.person_id, key)
    return 0
