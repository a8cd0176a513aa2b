"""Writes of the registry: register persons, units and households, and change their data from a day on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from dashebao.kernel.codes.api import CodeError, check_uscc
from dashebao.kernel.events.api import publish
from dashebao.kernel.records.api import audit
from dashebao.kernel.registry import events
from dashebao.kernel.registry.errors import AlreadyRegistered, BadIdentifier, RegistryError
from dashebao.kernel.registry.models import (
    BankAccount,
    Household,
    HouseholdMember,
    Person,
    PersonIdentifier,
    Unit,
    UnitIdentifier,
)
from dashebao.kernel.registry.queries import CREDIT_CODE, RESIDENT_ID, find_person, find_unit, person, unit
from dashebao.kernel.registry.regions import reader_language, region
from dashebao.kernel.registry.rules import id_facts, normal_id_number

PERSON_FIELDS = {"name", "sex", "birth_on", "nation", "region_code", "hukou_region", "hukou_kind", "mobile", "address"}
UNIT_FIELDS = {
    "name", "kind", "region_code", "industry", "address", "legal_person", "contact", "phone", "founded_on",
}  # fmt: skip


@dataclass(frozen=True)
class PersonEntry:
    """What is needed to register a person; sex and birth are read from a citizen's number where they are not given."""

    name: str
    region_code: str
    number: str
    number_kind: str = RESIDENT_ID
    sex: str = ""
    birth_on: date | None = None
    nation: str = "01"
    hukou_region: str = ""
    hukou_kind: str = ""
    mobile: str = ""
    address: str = ""
    since: date | None = None


@dataclass(frozen=True)
class UnitEntry:
    """What is needed to register a unit."""

    name: str
    kind: str
    region_code: str
    credit_code: str
    industry: str = ""
    address: str = ""
    contact: str = ""
    phone: str = ""
    founded_on: date | None = None


@dataclass(frozen=True)
class AccountEntry:
    """A bank account as its holder gave it."""

    bank_code: str
    number: str
    name: str


def register_person(entry: PersonEntry) -> Person:
    """Put a person into the registry.

    Raises BadIdentifier (number wrong, or at odds with sex or birth), AlreadyRegistered, NoSuchRegion.
    """
    number = normal_id_number(entry.number) if entry.number_kind == RESIDENT_ID else entry.number.strip()
    if not entry.name.strip():
        raise RegistryError(_("Give the person's name."))
    sex, birth_on = _sex_and_birth(entry, number)
    region(entry.region_code)
    holder = find_person(number, entry.number_kind)
    if holder is not None:
        text = _("The number %(number)s is registered already; open that person instead.") % {"number": number}
        raise AlreadyRegistered(text, holder.pk)
    with transaction.atomic():
        row = Person.objects.create(
            name=entry.name.strip(), sex=sex, birth_on=birth_on, nation=entry.nation, region_code=entry.region_code,
            hukou_region=entry.hukou_region, hukou_kind=entry.hukou_kind, mobile=entry.mobile, address=entry.address,
        )  # fmt: skip
        since = DateRange(entry.since or birth_on, None)
        PersonIdentifier.objects.create(person=row, kind=entry.number_kind, value=number, valid_during=since)
        audit("registry.person_registered", row, person=row.pk)
        publish(events.PersonRegistered(row.pk))
    return row


def _sex_and_birth(entry: PersonEntry, number: str) -> tuple[str, date]:
    sex, birth_on = entry.sex, entry.birth_on
    if entry.number_kind == RESIDENT_ID:
        try:
            facts = id_facts(number)
        except CodeError as error:
            text = _("The identity number %(number)s is not valid: %(reason)s.")
            reason = error.text(reader_language())
            raise BadIdentifier(text % {"number": number, "reason": reason}) from error
        if (sex and sex != facts.sex) or (birth_on and birth_on != facts.birth_on):
            raise BadIdentifier(_("Sex or date of birth do not fit the identity number; check both."))
        return facts.sex, facts.birth_on
    if not number or not sex or birth_on is None:
        raise BadIdentifier(_("Give the number, sex and date of birth of a person without a resident identity card."))
    return sex, birth_on


def change_person(person_id: int, **changes: Any) -> Person:
    """Update master data of a person; what was before stays in the row history. ValueError for other fields."""
    if unknown := changes.keys() - PERSON_FIELDS:
        raise ValueError(f"not fields of a person: {', '.join(sorted(unknown))}")
    row = person(person_id)
    fields = sorted(name for name, value in changes.items() if getattr(row, name) != value)
    if not fields:
        return row
    if "region_code" in fields:
        region(changes["region_code"])
    with transaction.atomic():
        for name in fields:
            setattr(row, name, changes[name])
        row.save(update_fields=fields)
        audit("registry.person_changed", row, person=row.pk, fields=fields)
        publish(events.PersonChanged(row.pk, fields))
    return row


def change_number(person_id: int, number: str, since: date, kind: str = RESIDENT_ID) -> PersonIdentifier:
    """Give a person another number of a kind from a day on; the old one ends the day before."""
    value = normal_id_number(number) if kind == RESIDENT_ID else number.strip()
    row = person(person_id)
    if kind == RESIDENT_ID:
        _sex_and_birth(PersonEntry(row.name, row.region_code, value, sex=row.sex, birth_on=row.birth_on), value)
    holder = find_person(value, kind)
    if holder is not None and holder.pk != row.pk:
        raise AlreadyRegistered(_("The number %(number)s belongs to another person.") % {"number": value}, holder.pk)
    with transaction.atomic():
        _end(PersonIdentifier.objects.filter(person=row, kind=kind), since)
        made = PersonIdentifier.objects.create(
            person=row, kind=kind, value=value, valid_during=DateRange(since, None)
        )  # fmt: skip
        audit("registry.number_changed", row, person=row.pk, kind=kind)
        publish(events.PersonChanged(row.pk, ["number"]))
    return made


def set_bank_account(person_id: int, entry: AccountEntry, since: date) -> BankAccount:
    """Where a person's benefits go from a day on; an account changed near a payment is shown to supervision."""
    row = person(person_id)
    return _set_account(Q(person=row), {"person": row}, entry, since)


def set_unit_account(unit_id: int, entry: AccountEntry, since: date) -> BankAccount:
    """Where a unit's contributions come from from a day on."""
    row = unit(unit_id)
    return _set_account(Q(unit=row), {"unit": row}, entry, since)


def _set_account(holder: Q, holders: dict[str, Any], entry: AccountEntry, since: date) -> BankAccount:
    number = "".join(entry.number.split())
    if not number.isdecimal() or not 8 <= len(number) <= 34:
        raise BadIdentifier(_("The account number %(number)s is not valid; give its digits.") % {"number": number})
    with transaction.atomic():
        _end(BankAccount.objects.filter(holder), since)
        made = BankAccount.objects.create(
            **holders, bank_code=entry.bank_code, number=number, name=entry.name, valid_during=DateRange(since, None)
        )
        audit("registry.bank_account_set", made, person=made.person_id, since=since.isoformat())
        publish(events.BankAccountChanged(made.person_id or 0, made.unit_id or 0, since))
    return made


def _end(rows: Any, on: date) -> None:
    """End dated rows on a day: those that began before end then, those that would begin later are taken away."""
    for row in rows.filter(Q(valid_during__contains=on) | Q(valid_during__startswith__gte=on)):
        if row.valid_during.lower is None or row.valid_during.lower < on:
            row.valid_during = DateRange(row.valid_during.lower, on)
            row.save(update_fields=["valid_during"])
        else:
            row.delete()


def register_unit(entry: UnitEntry) -> Unit:
    """Put a unit into the registry; raises BadIdentifier, AlreadyRegistered, NoSuchRegion."""
    if not entry.name.strip():
        raise RegistryError(_("Give the unit's name."))
    try:
        code = check_uscc(entry.credit_code)
    except CodeError as error:
        text = _("The credit code %(code)s is not valid: %(reason)s.")
        reason = error.text(reader_language())
        raise BadIdentifier(text % {"code": entry.credit_code, "reason": reason}) from error
    region(entry.region_code)
    holder = find_unit(code)
    if holder is not None:
        raise AlreadyRegistered(_("The credit code %(code)s is registered already.") % {"code": code}, holder.pk)
    with transaction.atomic():
        row = Unit.objects.create(
            name=entry.name.strip(), kind=entry.kind, region_code=entry.region_code, industry=entry.industry,
            address=entry.address, contact=entry.contact, phone=entry.phone, founded_on=entry.founded_on,
        )  # fmt: skip
        since = DateRange(entry.founded_on, None)
        UnitIdentifier.objects.create(unit=row, kind=CREDIT_CODE, value=code, valid_during=since)
        audit("registry.unit_registered", row)
        publish(events.UnitRegistered(row.pk))
    return row


def change_unit(unit_id: int, **changes: Any) -> Unit:
    """Update master data of a unit; ValueError for other fields."""
    if unknown := changes.keys() - UNIT_FIELDS:
        raise ValueError(f"not fields of a unit: {', '.join(sorted(unknown))}")
    row = unit(unit_id)
    fields = sorted(name for name, value in changes.items() if getattr(row, name) != value)
    if not fields:
        return row
    if "region_code" in fields:
        region(changes["region_code"])
    with transaction.atomic():
        for name in fields:
            setattr(row, name, changes[name])
        row.save(update_fields=fields)
        audit("registry.unit_changed", row, fields=fields)
        publish(events.UnitChanged(row.pk, fields))
    return row


def close_unit(unit_id: int, closed_on: date) -> Unit:
    """End a unit; businesses hear of it and refuse where something is still open."""
    row = unit(unit_id)
    with transaction.atomic():
        row.closed_on = closed_on
        row.save(update_fields=["closed_on"])
        audit("registry.unit_closed", row, closed_on=closed_on.isoformat())
        publish(events.UnitClosed(row.pk, closed_on))
    return row


def form_household(
    name: str, region_code: str, members: Iterable[tuple[int, str]], *, since: date | None = None, address: str = ""
) -> Household:
    """Make a household of (person id, relation) from a day on."""
    region(region_code)
    day = since or timezone.localdate()
    with transaction.atomic():
        row = Household.objects.create(name=name, region_code=region_code, address=address)
        _add_members(row, list(members), day)
        audit("registry.household_formed", row)
    return row


def join_household(household_id: int, person_id: int, relation: str, since: date) -> None:
    """Add a person to a household from a day on."""
    with transaction.atomic():
        row = Household.objects.get(pk=household_id)
        _add_members(row, [(person_id, relation)], since)
        audit("registry.household_joined", row, person=person_id)


def leave_household(household_id: int, person_id: int, on: date) -> None:
    """A person no longer belongs to a household from a day on."""
    with transaction.atomic():
        row = Household.objects.get(pk=household_id)
        _end(HouseholdMember.objects.filter(household=row, person_id=person_id), on)
        audit("registry.household_left", row, person=person_id)
        publish(events.HouseholdChanged(row.pk))


def _add_members(row: Household, members: Sequence[tuple[int, str]], since: date) -> None:
    span = DateRange(since, None)
    HouseholdMember.objects.bulk_create(
        [HouseholdMember(household=row, person_id=who, relation=how, valid_during=span) for who, how in members]
    )
    publish(events.HouseholdChanged(row.pk))
