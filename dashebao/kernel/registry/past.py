"""A person's or unit's record as it stood on a day, as it was known at a moment, and every change of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from dashebao.kernel.records.api import Change, Record, as_known
from dashebao.kernel.registry.models import (
    BankAccount,
    Household,
    HouseholdMember,
    Person,
    PersonFact,
    PersonIdentifier,
    Unit,
    UnitIdentifier,
)

PERSON_PARTS = (PersonIdentifier, BankAccount, PersonFact, HouseholdMember)
UNIT_PARTS = (UnitIdentifier, BankAccount)
MOST_CHANGES = 200


@dataclass(frozen=True)
class PersonThen:
    """A person as recorded at a moment: `person` is None where nobody knew of the person yet.

    Dated parts are those in force on the day asked for; `family` pairs members of the household with their names.
    """

    person: Person | None
    identifiers: tuple[PersonIdentifier, ...] = ()
    accounts: tuple[BankAccount, ...] = ()
    facts: tuple[PersonFact, ...] = ()
    household: Household | None = None
    family: tuple[tuple[HouseholdMember, Person], ...] = ()


@dataclass(frozen=True)
class UnitThen:
    """A unit as recorded at a moment; `unit` is None where nobody knew of it yet."""

    unit: Unit | None
    identifiers: tuple[UnitIdentifier, ...] = ()
    accounts: tuple[BankAccount, ...] = ()


def person_then(person_id: int, valid_on: date, known_at: datetime | None = None) -> PersonThen:
    """What was known of a person at `known_at` (None: now) about the day `valid_on`, in at most eight queries."""
    found = _rows(Person, ("id", person_id), None, known_at)
    if not found:
        return PersonThen(None)
    owner = ("person", person_id)
    places = _rows(HouseholdMember, owner, valid_on, known_at)
    household: Household | None = None
    family: list[tuple[HouseholdMember, Person]] = []
    if places:
        number = places[-1].household_id
        household = next(iter(_rows(Household, ("id", number), None, known_at)), None)
        members = _rows(HouseholdMember, ("household", number), valid_on, known_at)
        names = Person.objects.in_bulk([one.person_id for one in members])
        family = [(one, names[one.person_id]) for one in members if one.person_id in names]
    return PersonThen(
        found[0],
        tuple(_rows(PersonIdentifier, owner, valid_on, known_at)),
        tuple(_rows(BankAccount, owner, valid_on, known_at)),
        tuple(_rows(PersonFact, owner, valid_on, known_at)),
        household,
        tuple(family),
    )


def unit_then(unit_id: int, valid_on: date, known_at: datetime | None = None) -> UnitThen:
    """What was known of a unit at `known_at` (None: now) about the day `valid_on`, in three queries."""
    found = _rows(Unit, ("id", unit_id), None, known_at)
    if not found:
        return UnitThen(None)
    owner = ("unit", unit_id)
    identifiers = _rows(UnitIdentifier, owner, valid_on, known_at)
    return UnitThen(found[0], tuple(identifiers), tuple(_rows(BankAccount, owner, valid_on, known_at)))


def _rows(model: type[Any], of: tuple[str, int], valid_on: date | None, known_at: datetime | None) -> list[Any]:
    if known_at is not None:
        return list(as_known(model, known_at, valid_on, of=of))
    rows = model.objects.filter(**{of[0]: of[1]})
    if valid_on is not None:
        rows = rows.filter(valid_during__contains=valid_on)
    return list(rows.order_by("pk"))


def changes_of_person(person_id: int, limit: int = MOST_CHANGES) -> list[Change]:
    """Every change of a person's own row and of numbers, accounts, facts and household places, newest first."""
    return _changes(Person, PERSON_PARTS, ("person_id", person_id), limit)


def changes_of_unit(unit_id: int, limit: int = MOST_CHANGES) -> list[Change]:
    """Every change of a unit's own row and of its numbers and accounts, newest first."""
    return _changes(Unit, UNIT_PARTS, ("unit_id", unit_id), limit)


def _changes(root: type[Record], parts: Sequence[type[Any]], owner: tuple[str, int], limit: int) -> list[Change]:
    column, key = owner
    history = Change.objects.all()
    wanted = history.filter(table_name=root._meta.db_table, row_id=str(key)).order_by("-id")[:limit]
    found = list(wanted)
    for part in parts:
        table = part._meta.db_table
        there = [str(pk) for pk in part.objects.filter(**{column: key}).values_list("pk", flat=True)[:limit]]
        gone = history.filter(op="D", table_name=table, **{f"before__{column}": key}).order_by()
        rows = [*there, *gone.values_list("row_id", flat=True)[:limit]]
        found += history.filter(table_name=table, row_id__in=rows).order_by("-id")[:limit]
    return sorted(found, key=lambda change: -change.pk)[:limit]


def moment_of(day: date) -> datetime:
    """The end of a day as a moment: what was known in the evening of that day."""
    return timezone.make_aware(datetime.combine(day, datetime.max.time()))
