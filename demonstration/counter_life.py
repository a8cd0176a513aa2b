"""What happens at the counter of the demonstration province: numbers of the hall, a second entry, notes, a change of shift."""

import datetime

from django.db import connection, transaction

from dashebao.kernel.cases.api import Application, CaseError, add_note, advance, now, submit, take, today
from dashebao.kernel.cases.models import Case
from dashebao.kernel.catalogue.api import Applicant, Channel
from dashebao.kernel.identity.api import User, actor_of
from dashebao.kernel.records.api import SYSTEM, Actor, acting
from dashebao.kernel.registry.api import person
from dashebao.platform.service_centre.counter.models import Handover
from dashebao.platform.service_centre.windows.models import Ticket, TicketState
from dashebao.platform.service_centre.windows.queries import businesses

KEY = "counter-life-"
ACCOUNT = "6222020000004410786"
OFFICERS = ("pension-clerk", "pension-clerk-2", "levy-clerk")
ASKED = 7
PENSIONERS = """
select p.id, p.name, p.region_code from registry_person p
where p.region_code like %s and p.died_on is null and exists (select 1 from common_benefit b where b.person_id = p.id)
  and not exists (select 1 from identity_user u where u.person_id = p.id)
order by p.id limit %s
"""
TAKEN = (0, 0, 1, 0, 2, 1, 0, 0, 1, 2, 0, 1)


def live_at_counter() -> int:
    """Everything once; safe to call again. Returns how many numbers and cases were made."""
    with acting(SYSTEM, "the demonstration's officers"):
        rows = User.objects.select_related("office").filter(username__in=(*OFFICERS, "citizen-pensioner"))
        users = {user.username: user for user in rows}
    if not set(OFFICERS) <= set(users):
        return 0
    made = numbers_of_today(users)
    if "citizen-pensioner" in users:
        made += account_changed(users["citizen-pensioner"], users["pension-clerk"])
    with transaction.atomic():
        made += accounts_asked(users["pension-clerk"])
    shift_changed(users["pension-clerk-2"], users["pension-clerk"])
    return made


def accounts_asked(clerk: User) -> int:
    """Pensioners of the city ask for another account at the portal; the tasks wait in the team's list, one is taken."""
    with acting(SYSTEM, "pensioners of the city"), connection.cursor() as cursor:
        if Case.objects.filter(key__startswith=f"{KEY}asked-").exists():
            return 0
        cursor.execute(PENSIONERS, [clerk.office.region_code[:4] + "%", ASKED])
        found = cursor.fetchall()
    made = list[str]()
    for number, (person_id, name, region) in enumerate(found):
        account = f"62220200000044{number:03d}21"
        answers = {"bank_code": "102", "number": account, "again": account, "name": ""}
        application = Application(
            "SI-408", Applicant.of_person(person_id, name, region), answers, Channel.PORTAL, f"{KEY}asked-{person_id}"
        )
        try:
            made.append(submit(application, Actor("person", person_id, name=name)).case_no)
        except CaseError as error:
            print(f"  {name}: {error}", flush=True)
    if made:
        take(made[0], clerk)
    return len(made)


def numbers_of_today(users: dict[str, User]) -> int:
    """A morning's numbers in the hall of the first officer: some served, one at another window, the rest waiting."""
    office, colleague = users["pension-clerk"].office, users["levy-clerk"]
    kinds = businesses()
    with acting(SYSTEM, "numbers of the hall"):
        if not kinds or Ticket.objects.filter(office=office, day=today()).exists():
            return 0
        serials: dict[str, int] = {}
        for minute, kind in enumerate(TAKEN):
            one = kinds[kind % len(kinds)]
            serials[one.letter] = serials.get(one.letter, 0) + 1
            taken = now() - datetime.timedelta(minutes=6 * (len(TAKEN) - minute))
            called = taken + datetime.timedelta(minutes=4 + kind) if minute < 5 else None
            ended = called + datetime.timedelta(minutes=7) if called and minute < 4 else None
            Ticket.objects.create(
                office=office,
                region_code=office.region_code,
                day=today(),
                business=one.code,
                letter=one.letter,
                serial=serials[one.letter],
                first=minute == 7,
                state=TicketState.SERVED if ended else TicketState.CALLED if called else TicketState.WAITING,
                taken_at=taken,
                queued_at=taken,
                called_at=called,
                calls=1 if called else 0,
                ended_at=ended,
                window=colleague.window if called else "",
                officer_id=colleague.pk if called else None,
                officer_name=colleague.name if called else "",
            )
    return len(TAKEN)


def account_changed(citizen: User, clerk: User) -> int:
    """A pensioner asks for another account at the counter; the clerk accepts it, the assessor has still to type it again."""
    with acting(SYSTEM, "the pensioner"):
        human = person(citizen.person_id)
        if Case.objects.filter(key=f"{KEY}account").exists():
            return 0
    answers = {"bank_code": "102", "number": ACCOUNT, "again": ACCOUNT, "name": ""}
    applicant = Applicant.of_person(human.pk, human.name, human.region_code)
    try:
        with transaction.atomic():
            case = submit(Application("SI-408", applicant, answers, Channel.COUNTER, f"{KEY}account"), clerk)
            take(case.case_no, clerk)
            add_note(case.case_no, clerk, "本人携带新社保卡到窗口，已核对卡面姓名；旧卡已注销。")
            advance(case.case_no, clerk, "材料齐全，予以受理。")
    except CaseError as error:
        print(f"  {human.name}: {error}", flush=True)
        return 0
    return 1


def shift_changed(giver: User, taker: User) -> None:
    """Yesterday evening's change of shift, not yet confirmed."""
    with acting(actor_of(giver), "change of shift"):
        if Handover.objects.exists():
            return
        Handover.objects.create(
            region_code=taker.office.region_code,
            giver_id=giver.pk,
            giver_name=giver.name,
            taker_id=taker.pk,
            taker_name=taker.name,
            note="明早九点有两位老人预约办理待遇申领，请优先叫号。",
            given_at=now() - datetime.timedelta(hours=15),
        )
