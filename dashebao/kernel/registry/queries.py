"""Reads of the registry: persons, units and accounts by number, name or key; always through the reader's scope."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from dashebao.kernel.records.api import read_once
from dashebao.kernel.registry import lookups  # noqa: F401  registers name__begins
from dashebao.kernel.registry.errors import NoSuchPerson, NoSuchUnit
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
from dashebao.kernel.registry.rules import normal_id_number

RESIDENT_ID, CREDIT_CODE = "resident_id", "uscc"
LONGEST_CHAIN = 20
BORN = re.compile("[0-9]{6}([0-9]{4})([0-9]{2})([0-9]{2})")  # how a citizen's number begins
BORN_AT_ONCE = 5000  # so many numbers of one day's births are looked through
MOBILE = re.compile(r"1[3-9][0-9]{9}")


@dataclass(frozen=True)
class Found:
    """One line of a search: a person or unit with the number and place that tell it from its namesakes."""

    kind: str
    id: int
    name: str
    number: str
    region_code: str


@read_once
def person(person_id: int) -> Person:
    """A person by key; a record merged into another gives that other. NoSuchPerson where there is none to be seen."""
    found = Person.objects.filter(pk=person_id).first()
    for _step in range(LONGEST_CHAIN):
        if found is None:
            raise NoSuchPerson(_("There is no person %(id)s in your scope.") % {"id": person_id})
        if found.merged_into_id is None:
            return found
        found = Person.objects.filter(pk=found.merged_into_id).first()
    raise NoSuchPerson(_("Person %(id)s is merged in a circle.") % {"id": person_id})


def records_of(person_id: int) -> list[int]:
    """All record numbers that stand for one person: the kept one and those merged into it."""
    layer, known = [person(person_id).pk], list[int]()
    while layer and len(known) < 1000:
        known += layer
        layer = list(Person.objects.filter(merged_into_id__in=layer).values_list("pk", flat=True))
    return known


def find_person(value: str, kind: str = "", on: date | None = None) -> Person | None:
    """Who has this number (citizen's number, permit, card …) on a day, or had it before where nobody has it now."""
    rows = PersonIdentifier.objects.filter(value__in={value.strip(), normal_id_number(value)})
    if kind:
        rows = rows.filter(kind=kind)
    day = on or timezone.localdate()
    row = rows.filter(valid_during__contains=day).first() or rows.order_by("-valid_during").first()
    return person(row.person_id) if row else None


def person_by_id_number(id_number: str, on: date | None = None) -> Person | None:
    """Who has this citizen's number (15 or 18 characters), or None."""
    return find_person(id_number, RESIDENT_ID, on)


def persons(person_ids: Sequence[int]) -> dict[int, Person]:
    """Persons by key in one query, as recorded (merged records stay themselves)."""
    return Person.objects.in_bulk(list(person_ids))


@read_once
def id_number_of(person_id: int, on: date | None = None) -> str:
    """A person's citizen's number, or the number of another kind where there is none; "" for nobody."""
    return id_numbers([person_id], on).get(person_id, "")


def id_numbers(person_ids: Sequence[int], on: date | None = None) -> dict[int, str]:
    """Numbers of many persons in one query: the citizen's number first, else any other in force."""
    rows = PersonIdentifier.objects.filter(
        person_id__in=list(person_ids), valid_during__contains=on or timezone.localdate()
    ).values_list("person_id", "kind", "value")
    out: dict[int, str] = {}
    for person_id, kind, value in rows:
        if kind == RESIDENT_ID or person_id not in out:
            out[person_id] = value
    return out


def search_persons(text: str, region: str = "", limit: int = 20) -> list[Found]:
    """Persons by the beginning of a name, by a number or a mobile number, in the reader's scope, at most `limit`.

    Numbers lie sealed: a citizen's number is found whole, or from its first 14 digits on, which tell the day of birth.
    """
    wanted = text.strip()
    if not wanted:
        return []
    rows: QuerySet[Person] = Person.objects.filter(merged_into__isnull=True)
    if MOBILE.fullmatch(wanted):
        rows = rows.filter(mobile=wanted)
    elif any(sign.isdecimal() for sign in wanted):
        rows = rows.filter(pk__in=_persons_with(wanted)[: limit * 2])
    else:
        rows = rows.filter(name__begins=wanted)
    if region:
        rows = rows.filter(region_code__begins=region)
    found = list(rows.order_by("name", "pk")[:limit])
    numbers = id_numbers([row.pk for row in found])
    return [Found("person", row.pk, row.name, numbers.get(row.pk, ""), row.region_code) for row in found]


def _persons_with(text: str) -> list[int]:
    """Who has this number; who has a citizen's number that begins with it where region and day of birth stand in it."""
    value = normal_id_number(text)
    rows = PersonIdentifier.objects.filter(value__in={text, value})
    if found := list(dict.fromkeys(rows.values_list("person_id", flat=True))):
        return found
    born = BORN.match(value)
    if born is None:
        return []
    try:
        day = date(int(born[1]), int(born[2]), int(born[3]))
    except ValueError:
        return []
    rows = PersonIdentifier.objects.filter(person__birth_on=day, kind=RESIDENT_ID).order_by("person_id")
    numbers = rows.values_list("person_id", "value")[:BORN_AT_ONCE]
    return list(dict.fromkeys(person_id for person_id, number in numbers if number.startswith(value)))


def unit(unit_id: int) -> Unit:
    """A unit by key; NoSuchUnit where there is none to be seen."""
    found = Unit.objects.filter(pk=unit_id).first()
    if found is None:
        raise NoSuchUnit(_("There is no unit %(id)s in your scope.") % {"id": unit_id})
    return found


def find_unit(value: str, on: date | None = None) -> Unit | None:
    """Which unit has this credit code (or other number) on a day, or had it before where none has it now."""
    rows = UnitIdentifier.objects.filter(value=value.strip().upper()).select_related("unit")
    day = on or timezone.localdate()
    row = rows.filter(valid_during__contains=day).first() or rows.order_by("-valid_during").first()
    return row.unit if row else None


def credit_codes(unit_ids: Sequence[int], on: date | None = None) -> dict[int, str]:
    """Credit codes of many units in one query."""
    rows = UnitIdentifier.objects.filter(
        unit_id__in=list(unit_ids), kind=CREDIT_CODE, valid_during__contains=on or timezone.localdate()
    )
    return dict(rows.values_list("unit_id", "value"))


def credit_code_of(unit_id: int, on: date | None = None) -> str:
    """A unit's credit code, or ""."""
    return credit_codes([unit_id], on).get(unit_id, "")


def search_units(text: str, region: str = "", limit: int = 20) -> list[Found]:
    """Units by the beginning of a credit code or of a name, in the reader's scope, at most `limit`."""
    wanted = text.strip()
    if not wanted:
        return []
    rows: QuerySet[Unit] = Unit.objects.all()
    if wanted.isascii() and any(sign.isdecimal() for sign in wanted):
        numbered = UnitIdentifier.objects.filter(value__begins=normal_id_number(wanted)).values_list(
            "unit_id", flat=True
        )
        rows = rows.filter(pk__in=numbered.distinct()[: limit * 2])
    else:
        rows = rows.filter(name__begins=wanted)
    if region:
        rows = rows.filter(region_code__begins=region)
    found = list(rows.order_by("name", "pk")[:limit])
    numbers = credit_codes([row.pk for row in found])
    return [Found("unit", row.pk, row.name, numbers.get(row.pk, ""), row.region_code) for row in found]


@read_once
def bank_account_of(person_id: int, on: date | None = None) -> BankAccount | None:
    """Where a person's benefits go on a day."""
    return bank_accounts_of([person_id], on).get(person_id)


def bank_accounts_of(person_ids: Sequence[int], on: date | None = None) -> dict[int, BankAccount]:
    """Accounts of many persons on a day, in one query."""
    rows = BankAccount.objects.filter(person_id__in=list(person_ids), valid_during__contains=on or timezone.localdate())
    return {row.person_id: row for row in rows if row.person_id is not None}


def bank_account_of_unit(unit_id: int, on: date | None = None) -> BankAccount | None:
    """Where a unit's contributions come from on a day."""
    day = on or timezone.localdate()
    return BankAccount.objects.filter(unit_id=unit_id, valid_during__contains=day).order_by("-pk").first()


def facts_of(person_id: int, kind: str = "", on: date | None = None) -> list[PersonFact]:
    """Facts about a person from all its records, oldest first; of one kind, in force on a day where given."""
    rows = PersonFact.objects.filter(person_id__in=records_of(person_id))
    if kind:
        rows = rows.filter(kind=kind)
    if on:
        rows = rows.filter(valid_during__contains=on)
    return list(rows.order_by("valid_during", "pk"))


def household_of(person_id: int, on: date | None = None) -> Household | None:
    """The household a person belongs to on a day."""
    day = on or timezone.localdate()
    row = HouseholdMember.objects.filter(person_id=person_id, valid_during__contains=day).select_related("household")
    member = row.order_by("-pk").first()
    return member.household if member else None


def members_of(household_id: int, on: date | None = None) -> list[HouseholdMember]:
    """Who belongs to a household on a day."""
    day = on or timezone.localdate()
    rows = HouseholdMember.objects.filter(household_id=household_id, valid_during__contains=day)
    return list(rows.select_related("person").order_by("pk"))


def account_sharers(number: str, on: date | None = None) -> int:
    """How many persons are paid to one account number; more than one is a risk (supervision)."""
    day = on or timezone.localdate()
    shared = Q(number=number, valid_during__contains=day, person__isnull=False)
    return BankAccount.objects.filter(shared).values("person_id").distinct().count()
