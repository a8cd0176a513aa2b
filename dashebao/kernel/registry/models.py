"""Persons, households, units, regions, their identifiers and dated facts."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.contrib.postgres.indexes import OpClass
from django.db import models

from dashebao.kernel.records.api import History, Mark, Record, Scope
from dashebao.kernel.secrecy.api import Family, SealedField, digest_column, sealed_check

ACCOUNT_HOLDERS = ("person_id", "unit_id")
NUMBER_HOLDERS = ("person_id",)


def number_digest(column: str) -> models.Func:
    """Kind and number as 128 bits: an exclusion constraint over the texts themselves makes bulk loads ten times slower."""
    return models.Func(
        models.F("kind"),
        models.F(column),
        arg_joiner=" || ':' || ",
        output_field=models.UUIDField(),
        template="(md5(%(expressions)s)::uuid)",
    )


class Region(Record):
    """An administrative division (GB/T 2260) for as long as its code is in force."""

    history: ClassVar[History] = History.TRACKED
    scope: ClassVar[Scope] = Scope.PUBLIC
    personal: ClassVar[dict[str, Mark]] = {}

    code = models.CharField(max_length=6)
    name = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)
    level = models.CharField(max_length=10)  # province | city | county
    parent_code = models.CharField(max_length=6, blank=True)
    valid_during = DateRangeField()
    successors = ArrayField(models.CharField(max_length=6), default=list, blank=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="registry_region_once",
                expressions=[("code", RangeOperators.EQUAL), ("valid_during", RangeOperators.OVERLAPS)],
            )
        ]


class Person(Record):
    """A person, once; `region_code` is the place of insurance or residence that is responsible for the person."""

    history: ClassVar[History] = History.TRACKED
    scope: ClassVar[Scope] = Scope(region="region_code", person="id")
    personal: ClassVar[dict[str, Mark]] = {
        "name": Mark.NAME,
        "sex": Mark.IDENTITY,
        "birth_on": Mark.IDENTITY,
        "mobile": Mark.CONTACT,
        "hukou_region": Mark.ADDRESS,
        "hukou_kind": Mark.STATUS,
        "died_on": Mark.STATUS,
        "nation": Mark.IDENTITY,
        "address": Mark.ADDRESS,
    }

    name = models.CharField(max_length=80)
    sex = models.CharField(max_length=1)  # GB/T 2261.1
    birth_on = models.DateField()
    nation = models.CharField(max_length=2, default="01")  # GB/T 3304
    region_code = models.CharField(max_length=6)
    hukou_region = models.CharField(max_length=6, blank=True)
    hukou_kind = models.CharField(max_length=2, blank=True)
    mobile = models.CharField(max_length=20, blank=True)
    address = models.CharField(max_length=200, blank=True)
    died_on = models.DateField(null=True, blank=True)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["region_code", "id"], name="registry_person_region"),
            models.Index(OpClass("name", name="text_pattern_ops"), name="registry_person_name"),
            models.Index(fields=["birth_on"], name="registry_person_birth"),
            models.Index(fields=["mobile"], name="registry_person_mobile", condition=~models.Q(mobile="")),
        ]


class PersonIdentifier(Record):
    """A number that identifies a person, by kind and time; one number belongs to one person at a time."""

    history: ClassVar[History] = History.TRACKED
    scope: ClassVar[Scope] = Scope(parent="person_id:registry_person")
    personal: ClassVar[dict[str, Mark]] = {"value": Mark.IDENTITY}

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="identifiers")
    kind = models.CharField(max_length=20)  # resident_id | passport | hk_macao_permit | taiwan_permit | card …
    value = SealedField(family=Family.IDENTITY, holders=NUMBER_HOLDERS, searched="digest")
    digest = digest_column("value")
    valid_during = DateRangeField()

    class Meta:
        indexes = [models.Index(fields=["digest"], name="registry_identifier_digest")]
        constraints = [
            sealed_check("registry_identifier_sealed", "value", NUMBER_HOLDERS),
            ExclusionConstraint(
                name="registry_identifier_once",
                expressions=[
                    (number_digest("digest"), RangeOperators.EQUAL),
                    ("valid_during", RangeOperators.OVERLAPS),
                ],
            ),
        ]


class PersonFact(Record):
    """A dated fact about a person told by a source: death, imprisonment, employment, marriage, going abroad …"""

    history: ClassVar[History] = History.TRACKED
    scope: ClassVar[Scope] = Scope(parent="person_id:registry_person")
    personal: ClassVar[dict[str, Mark]] = {"kind": Mark.STATUS, "data": Mark.STATUS}

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="facts")
    kind = models.CharField(max_length=30)
    valid_during = DateRangeField()
    source = models.CharField(max_length=60)
    data = models.JSONField(default=dict)
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["person", "kind"], name="registry_fact_person")]


class Household(Record):
    """A household of the register or of a benefit."""

    history: ClassVar[History] = History.TRACKED
    scope: ClassVar[Scope] = Scope(region="region_code")
    personal: ClassVar[dict[str, Mark]] = {"name": Mark.NAME, "address": Mark.ADDRESS}

    name = models.CharField(max_length=80)
    region_code = models.CharField(max_length=6)
    address = models.CharField(max_length=200, blank=True)


class HouseholdMember(Record):
    """A person's place in a household for a time; one household of a kind at a time."""

    history: ClassVar[History] = History.TRACKED
    scope: ClassVar[Scope] = Scope(person="person_id", parent="household_id:registry_household")
    personal: ClassVar[dict[str, Mark]] = {"relation": Mark.STATUS}

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="memberships")
    relation = models.CharField(max_length=20)  # head | spouse | child | parent | other
    valid_during = DateRangeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="registry_member_once",
                expressions=[
                    ("household", RangeOperators.EQUAL),
                    ("person", RangeOperators.EQUAL),
                    ("valid_during", RangeOperators.OVERLAPS),
                ],
            )
        ]


class Unit(Record):
    """An employer or other organisation."""

    history: ClassVar[History] = History.TRACKED
    scope: ClassVar[Scope] = Scope(region="region_code", unit="id")
    personal: ClassVar[dict[str, Mark]] = {"legal_person": Mark.NAME, "contact": Mark.NAME, "phone": Mark.CONTACT}

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20)  # enterprise | agency | institution | association | individual_business …
    region_code = models.CharField(max_length=6)
    industry = models.CharField(max_length=4, blank=True)  # GB/T 4754
    address = models.CharField(max_length=200, blank=True)
    legal_person = models.CharField(max_length=80, blank=True, default="", db_default="")
    contact = models.CharField(max_length=80, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    founded_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["region_code", "id"], name="registry_unit_region"),
            models.Index(OpClass("name", name="text_pattern_ops"), name="registry_unit_name"),
        ]


class UnitIdentifier(Record):
    """A number that identifies a unit (unified social credit code, GB 32100, or an older one)."""

    history: ClassVar[History] = History.TRACKED
    scope: ClassVar[Scope] = Scope(parent="unit_id:registry_unit")
    personal: ClassVar[dict[str, Mark]] = {}

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="identifiers")
    kind = models.CharField(max_length=20)  # uscc …
    value = models.CharField(max_length=40)
    valid_during = DateRangeField()

    class Meta:
        indexes = [models.Index(OpClass("value", name="text_pattern_ops"), name="registry_unit_identifier")]
        constraints = [
            ExclusionConstraint(
                name="registry_unit_identifier_once",
                expressions=[
                    (number_digest("value"), RangeOperators.EQUAL),
                    ("valid_during", RangeOperators.OVERLAPS),
                ],
            )
        ]


class BankAccount(Record):
    """Where a person's benefits go, or a unit's contributions come from, for a time."""

    history: ClassVar[History] = History.TRACKED
    scope: ClassVar[Scope] = Scope(parent="person_id:registry_person", unit="unit_id")
    personal: ClassVar[dict[str, Mark]] = {"number": Mark.BANK, "name": Mark.NAME, "bank_code": Mark.BANK}

    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="bank_accounts")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="bank_accounts")
    bank_code = models.CharField(max_length=14)
    number = SealedField(holders=ACCOUNT_HOLDERS, searched="digest")
    digest = digest_column("number")
    name = models.CharField(max_length=120)
    valid_during = DateRangeField()

    class Meta:
        indexes = [models.Index(fields=["digest"], name="registry_account_digest")]
        constraints = [
            sealed_check("registry_account_sealed", "number", ACCOUNT_HOLDERS),
            models.CheckConstraint(
                name="registry_account_holder",
                condition=models.Q(person__isnull=False, unit__isnull=True)
                | models.Q(person__isnull=True, unit__isnull=False),
            ),
            ExclusionConstraint(
                name="registry_person_account_once",
                expressions=[("person", RangeOperators.EQUAL), ("valid_during", RangeOperators.OVERLAPS)],
                condition=models.Q(person__isnull=False),
            ),
        ]


class Duplicate(Record):
    """Two records that may be one person, with a score and its reasons; `low` is the smaller person number."""

    history: ClassVar[History] = History.TRACKED
    scope: ClassVar[Scope] = Scope(parent="low_id:registry_person")
    personal: ClassVar[dict[str, Mark]] = {}

    low = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    high = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    score = models.IntegerField()
    reasons = ArrayField(models.CharField(max_length=20))
    state = models.CharField(max_length=10, default="open")  # open | merged | dismissed
    found_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["low", "high"], name="registry_duplicate_once"),
            models.CheckConstraint(name="registry_duplicate_order", condition=models.Q(low__lt=models.F("high"))),
        ]
        indexes = [models.Index(fields=["state", "-score"], name="registry_duplicate_open")]


class Merge(Record):
    """That one record stands for another from a moment on, until it is undone; nothing is moved or deleted."""

    history: ClassVar[History] = History.TRACKED
    scope: ClassVar[Scope] = Scope(parent="keep_id:registry_person")
    personal: ClassVar[dict[str, Mark]] = {"carried": Mark.STATUS}

    keep = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    lose = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=300)
    carried = models.JSONField(default=dict)  # values that `keep` took over and gives back when undone
    merged_at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["lose"], name="registry_merge_once", condition=models.Q(undone_at__isnull=True)
            ),
            models.CheckConstraint(name="registry_merge_two", condition=~models.Q(keep=models.F("lose"))),
        ]
