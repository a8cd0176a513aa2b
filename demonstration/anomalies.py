"""Plants a few things that supervision must find, and computes the indicators of the months before the first run."""

import datetime

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange

from dashebao.business.fund import api as fund
from dashebao.decision.indicators.api import compute
from dashebao.kernel.identity.api import User
from dashebao.kernel.legal_time.api import month_plus
from dashebao.kernel.records.api import AuditEntry
from dashebao.kernel.registry.api import BankAccount, Person, PersonFact

SHANGHAI = datetime.timezone(datetime.timedelta(hours=8))
LOOKED_UP = 160
MONTHS = 13
NOBODYS = "not exists (select 1 from identity_user u where u.person_id = b.person_id)"
DRAWN = (  # every person is used for one story only
    "died", "imprisoned", "two_schemes", "shares", "shared", "young", "too_much", "moved_account",
)  # fmt: skip


def plant(month: int) -> dict[str, int]:
    """Plant the stories before `month` (yyyymm) is run; returns the person of each."""
    people = _drawing("110", len(DRAWN), step=5)
    residents = _drawing("170", 1, step=3)
    found = dict(zip(DRAWN, people, strict=False))
    if residents:
        found["two_schemes"] = residents[0]
    year = month // 100
    plots = {
        "died": lambda who: _died(who, datetime.date(year, 8, 21)),
        "imprisoned": lambda who: _fact(who, "imprisonment", datetime.date(year, 5, 6), "court"),
        "two_schemes": lambda who: _line(who, month, 1, 286_450),
        "shares": lambda who: _share(who, found.get("shared", who)),
        "young": lambda who: Person.objects.filter(pk=who).update(birth_on=datetime.date(year - 41, 3, 15)),
        "too_much": lambda who: _line(who, month, 2, 9_860_000),
        "moved_account": lambda who: _move_account(who, datetime.date(year, month % 100, 12)),
    }
    for name, plot in plots.items():
        if name in found:
            plot(found[name])
    dead = _insured()
    if dead:
        found["dead_insured"] = dead
        _died(dead, datetime.date(year, 9, 3))
    _look_up(month)
    return found


def compute_history(month: int) -> None:
    """The indicators of the months before `month`, from what was taken over."""
    for back in range(MONTHS, 0, -1):
        compute(month_plus(month, -back))


def _drawing(scheme: str, count: int, step: int) -> list[int]:
    """People who draw a pension of a scheme, spread over all of them; none who can sign in."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select person_id from (select b.person_id, row_number() over (order by b.person_id) as place"  # noqa: S608
            " from common_benefit b join registry_bankaccount a on a.person_id = b.person_id"
            f" where b.scheme = %s and b.state <> 'ended' and {NOBODYS}"
            " and coalesce(b.qualified_until_on, 'infinity') > date '2026-12-31') p"
            " where place %% %s = 2 order by place limit %s",
            [scheme, step, count],
        )
        return [row[0] for row in cursor.fetchall()]


def _insured() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "select b.person_id from levy_enrolment b join registry_person p on p.id = b.person_id"  # noqa: S608
            f" where upper_inf(b.valid_during) and b.unit_id is not null and p.died_on is null and {NOBODYS}"
            " and p.birth_on between date '1975-01-01' and date '1990-01-01' order by b.person_id offset 3 limit 1"
        )
        row = cursor.fetchone()
    return int(row[0]) if row else 0


def _died(who: int, on: datetime.date) -> None:
    """A death that the police told late: it is on record, but nobody was woken by it."""
    Person.objects.filter(pk=who).update(died_on=on)
    _fact(who, "death", on, "police")


def _fact(who: int, kind: str, since: datetime.date, source: str) -> None:
    PersonFact.objects.create(person_id=who, kind=kind, valid_during=DateRange(since, None), source=source)


def _line(who: int, month: int, seq: int, amount_fen: int) -> None:
    region = Person.objects.values_list("region_code", flat=True).get(pk=who)
    fund.add_payment_lines(
        fund.PaymentLines(
            run_month=month, month=[month], person_id=[who], region_code=[region], scheme=["110"],
            benefit_kind=["pension"], amount_fen=[amount_fen], source=["takeover:manual"], seq=[seq],
        )
    )  # fmt: skip


def _share(who: int, other: int) -> None:
    number = BankAccount.objects.filter(person_id=other).values_list("number", flat=True).first()
    if number and who != other:
        for row in BankAccount.objects.filter(person_id=who):
            row.number = number
            row.save(update_fields=["number"])


def _move_account(who: int, on: datetime.date) -> None:
    old = BankAccount.objects.filter(person_id=who).first()
    if old is not None:
        old.valid_during = DateRange(old.valid_during.lower, on)
        old.save(update_fields=["valid_during"])
        BankAccount.objects.create(
            person_id=who, bank_code="102", number=f"62179{who:012d}", name=old.name, valid_during=DateRange(on, None)
        )


def _look_up(month: int) -> None:
    """One officer opens the records of many people in one night."""
    clerk = User.objects.filter(username="levy-clerk").select_related("office").first()
    if clerk is None or clerk.office is None:
        return
    begun = datetime.datetime(month // 100, month % 100, 8, 1, 12, tzinfo=SHANGHAI)
    people = Person.objects.order_by("id").values_list("id", flat=True)[:LOOKED_UP]
    AuditEntry.objects.bulk_create(
        AuditEntry(
            at=begun + datetime.timedelta(seconds=41 * place), verb="person.viewed", subject_kind="registry.person",
            subject_id=str(who), subject_person_id=who, actor_kind="officer", actor_id=clerk.pk, actor_name=clerk.name,
            region_code=clerk.office.region_code,
        )
        for place, who in enumerate(people)
    )  # fmt: skip
