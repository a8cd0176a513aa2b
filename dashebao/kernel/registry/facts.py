"""Dated facts about persons (death, prison, work, marriage …), each with its source, and the events they raise."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from dashebao.kernel.events.api import Event, publish, publish_many
from dashebao.kernel.records.api import audit
from dashebao.kernel.registry import events
from dashebao.kernel.registry.errors import FactConflict, NoSuchPerson
from dashebao.kernel.registry.models import Person, PersonFact
from dashebao.kernel.registry.queries import person

DEATH = "death"
MANY = 20_000


@dataclass(frozen=True)
class FactKind:
    """Which events a kind of fact raises when it begins and when it ends; `once` allows no second one beside it."""

    begins: Callable[[int, date], Event]
    ends: Callable[[int, date], Event] | None = None
    once: bool = False


KINDS: dict[str, FactKind] = {
    DEATH: FactKind(events.PersonDied, once=True),
    "imprisonment": FactKind(events.PersonImprisoned, events.PersonReleased, once=True),
    "employment": FactKind(events.PersonEmployed, events.PersonLeftEmployment),
    "military": FactKind(events.PersonEnlisted, events.PersonDischarged, once=True),
    "abroad": FactKind(events.PersonSettledAbroad, once=True),
    "marriage": FactKind(events.PersonMarried, once=True),
    "divorce": FactKind(events.PersonDivorced),
}


def record_fact(
    person_id: int,
    kind: str,
    since: date,
    until: date | None = None,
    *,
    source: str,
    data: dict[str, Any] | None = None,
) -> PersonFact:
    """Record that a fact holds for a person during [since, until), as told by a source, and raise its event.

    The same fact again changes nothing. FactConflict where it contradicts one on record (another day of death, a
    second prison term at the same time, a beginning before birth).
    """
    who, span = person(person_id), DateRange(since, until)
    with transaction.atomic():
        Person.objects.select_for_update(of=("self",)).get(pk=who.pk)
        same = PersonFact.objects.filter(person=who, kind=kind, data=data or {}, valid_during__startswith=since).first()
        if same is not None:
            return same
        _refuse_contradiction(who, kind, span)
        row = PersonFact.objects.create(person=who, kind=kind, valid_during=span, source=source, data=data or {})
        if kind == DEATH:
            Person.objects.filter(pk=who.pk).update(died_on=since)
        audit("registry.fact_recorded", row, person=who.pk, region=who.region_code, kind=kind, source=source)
        publish(_beginning(who.pk, kind, since))
        if until is not None:
            publish(_end_of(who.pk, kind, until))
    return row


def _refuse_contradiction(who: Person, kind: str, span: DateRange) -> None:
    if span.upper is not None and span.upper <= span.lower:
        raise FactConflict(_("A fact ends after it began; check both days."))
    if span.lower < who.birth_on:
        raise FactConflict(_("The day is before the person's birth; check it."))
    known = KINDS.get(kind)
    if known is None or not known.once:
        return
    clash = PersonFact.objects.filter(person=who, kind=kind, valid_during__overlap=span).first()
    if clash is not None:
        text = _("Such a fact is on record since %(day)s already; end or withdraw that one first.")
        raise FactConflict(text % {"day": clash.valid_during.lower})


def end_fact(fact_id: int, on: date) -> PersonFact:
    """End a fact on a day (release from prison, end of employment) and raise its event."""
    with transaction.atomic():
        row = PersonFact.objects.select_for_update().get(pk=fact_id)
        if row.valid_during.upper == on:
            return row
        if row.kind == DEATH:
            raise FactConflict(_("A death has no end; withdraw it if it was wrong."))
        if row.valid_during.lower is not None and on <= row.valid_during.lower:
            raise FactConflict(_("A fact ends after it began; check both days."))
        row.valid_during = DateRange(row.valid_during.lower, on)
        row.save(update_fields=["valid_during"])
        audit("registry.fact_ended", row, person=row.person_id, kind=row.kind)
        publish(_end_of(row.person_id, row.kind, on))
    return row


def withdraw_fact(fact_id: int, why: str) -> None:
    """Take back a fact that was wrong; it stays in the row history. A withdrawn death raises PersonFoundAlive."""
    with transaction.atomic():
        row = PersonFact.objects.select_for_update().get(pk=fact_id)
        who, kind, since = row.person_id, row.kind, row.valid_during.lower
        audit("registry.fact_withdrawn", row, person=who, kind=kind, why=why)
        row.delete()
        if kind == DEATH:
            Person.objects.filter(pk=who).update(died_on=None)
            publish(events.PersonFoundAlive(who))
        else:
            publish(_end_of(who, kind, since))


def died(person_id: int, on: date, source: str = "public_security") -> PersonFact:
    """Record a person's death; raises PersonDied for those who must stop or grant something."""
    return record_fact(person_id, DEATH, on, source=source)


def record_facts(kind: str, person_ids: Sequence[int], since: Sequence[date], *, source: str) -> int:
    """Record one kind of fact for many persons (a monthly list of deaths …) set-based; returns how many were new.

    Persons who have such a fact from that day on, or any overlapping one of a kind that stands alone, are left out.
    NoSuchPerson where a key is unknown.
    """
    if len(set(person_ids)) != len(person_ids):
        raise FactConflict(_("A person is named twice in the list; take one out."))
    known = KINDS.get(kind)
    fresh: list[tuple[int, date]] = []
    with transaction.atomic(), connection.cursor() as cursor:
        for start in range(0, len(person_ids), MANY):
            part, days = list(person_ids[start : start + MANY]), list(since[start : start + MANY])
            _refuse_unknown(part)
            cursor.execute(INSERT_FACTS, [kind, source, part, days, kind, bool(known and known.once)])
            fresh += cursor.fetchall()
        if kind == DEATH and fresh:
            cursor.execute(SET_DEATHS, [[who for who, _day in fresh], [day for _who, day in fresh]])
        audit("registry.facts_recorded", ("registry.personfact", kind), kind=kind, source=source, persons=len(fresh))
        publish_many(_beginning(who, kind, day) for who, day in sorted(fresh))
    return len(fresh)


INSERT_FACTS = """
insert into registry_personfact (person_id, kind, valid_during, source, data, recorded_at)
select told.who, %s, daterange(told.day, null), %s, '{}', now()
from unnest(%s::bigint[], %s::date[]) told(who, day)
where not exists (
  select 1 from registry_personfact f
  where f.person_id = told.who and f.kind = %s
    and (lower(f.valid_during) = told.day or (%s and f.valid_during && daterange(told.day, null))))
returning person_id, lower(valid_during)
"""
SET_DEATHS = """
update registry_person p set died_on = told.day from unnest(%s::bigint[], %s::date[]) told(who, day)
where p.id = told.who
"""


def _refuse_unknown(person_ids: list[int]) -> None:
    missing = set(person_ids) - set(Person.objects.filter(pk__in=person_ids).values_list("pk", flat=True))
    if missing:
        raise NoSuchPerson(_("There is no person %(id)s in your scope.") % {"id": min(missing)})


def _beginning(person_id: int, kind: str, day: date) -> Event:
    known = KINDS.get(kind)
    return known.begins(person_id, day) if known else events.FactRecorded(person_id, kind, day)


def _end_of(person_id: int, kind: str, day: date) -> Event:
    known = KINDS.get(kind)
    return known.ends(person_id, day) if known and known.ends else events.FactEnded(person_id, kind, day)
