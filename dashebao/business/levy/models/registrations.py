"""Who is insured where: units, their injury class, people's enrolments and the movements that made them."""

from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dashebao.business.levy.schemes import INJURY_NUMBER
from dashebao.kernel.records.api import History, Mark, Record, Scope
from dashebao.kernel.secrecy.api import SealedField, sealed_check


class UnitKind(models.TextChoices):
    """Kinds of contributing unit, 社会保险费征缴暂行条例 arts 3 and 8."""

    ENTERPRISE = "enterprise", _("Enterprise")
    STATE_ORGAN = "state_organ", _("State organ")
    INSTITUTION = "institution", _("Public institution")
    ASSOCIATION = "association", _("Social association")
    SERVICE = "service", _("Private non-enterprise unit")
    FOUNDATION = "foundation", _("Foundation")
    PARTNERSHIP = "partnership", _("Law or accounting firm")
    HOUSEHOLD_BUSINESS = "household_business", _("Individual business with employees")
    AGENCY = "agency", _("Agency for flexible workers")
    PROJECT = "project", _("Construction project (injury only)")
    MILITARY = "military", _("Military employing unit")


class Identity(models.IntegerChoices):
    """As what a person is insured (AAC066)."""

    EMPLOYEE = 1, _("Employee")
    RURAL_CONTRACT = 2, _("Employee with rural household registration")
    FLEXIBLE = 3, _("Flexible worker")
    CIVIL_SERVANT = 4, _("Staff of a state organ or public institution")
    OVER_AGE = 5, _("Employee above retirement age (injury only)")


class MovementKind(models.TextChoices):
    """参保变更类型"""

    NEW = "new", _("First enrolment")
    RESUME = "resume", _("Enrolment resumed")
    MOVE_IN = "move_in", _("Moved in from another region")
    STOP = "stop", _("Contributions stopped")
    RETIRE = "retire", _("From work to retirement")
    DEATH = "death", pgettext_lazy("movement", "Death")
    MOVE_OUT = "move_out", _("Moved out to another region")
    EMIGRATE = "emigrate", _("Settled abroad")
    ARMY = "army", _("Joined the army")
    SENTENCE = "sentence", _("Sentenced to prison")
    ADD_SCHEME = "add_scheme", _("Insurance added")
    CHANGE = "change", _("Personal data changed")


STARTING = (MovementKind.NEW, MovementKind.RESUME, MovementKind.MOVE_IN, MovementKind.ADD_SCHEME)
STOPPING = (
    MovementKind.STOP,
    MovementKind.RETIRE,
    MovementKind.DEATH,
    MovementKind.MOVE_OUT,
    MovementKind.EMIGRATE,
    MovementKind.ARMY,
    MovementKind.SENTENCE,
)


def scheme_array() -> Any:
    """A set of schemes as sorted integers (110, 210, …), so that PostgreSQL can exclude overlaps by GiST."""
    return ArrayField(models.IntegerField())


class UnitRegistration(Record):
    """单位参保登记"""

    history = History.TRACKED
    scope = Scope(region="region_code", unit="unit_id")
    personal = {}

    unit = models.ForeignKey("registry.Unit", models.PROTECT, related_name="+")
    region_code = models.CharField(max_length=6)
    unit_kind = models.CharField(max_length=24, choices=UnitKind)
    schemes = scheme_array()
    debit_bank_code = models.CharField(max_length=12, blank=True)
    debit_account = SealedField(blank=True, holders=["unit_id"])
    debit_agreement = models.CharField(max_length=40, blank=True)
    registered_on = models.DateField()
    closed_on = models.DateField(null=True)
    case_no = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            sealed_check("levy_debit_account_sealed", "debit_account", ["unit_id"]),
            models.UniqueConstraint(
                fields=["unit"], name="levy_unit_registered_once", condition=Q(closed_on__isnull=True)
            ),
        ]


class UnitInjuryRate(Record):
    """单位工伤保险行业风险类别和浮动档次 (工伤保险条例 8)"""

    history = History.TRACKED
    scope = Scope(region="region_code", unit="unit_id")
    personal = {}

    unit = models.ForeignKey("registry.Unit", models.PROTECT, related_name="+")
    region_code = models.CharField(max_length=6)
    risk_class = models.SmallIntegerField()
    float_percent = models.SmallIntegerField()
    valid_during = DateRangeField()
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="levy_one_injury_rate",
                expressions=[("unit", RangeOperators.EQUAL), ("valid_during", RangeOperators.OVERLAPS)],
            ),
            models.CheckConstraint(name="levy_risk_class_known", condition=Q(risk_class__range=(1, 8))),
        ]


def guarded_period() -> Func:
    """The period of a row as its guard against overlaps compares it: the same, but not the column itself.

    A guard on the column could be read by the day alone. Under row-level security PostgreSQL expects few rows of a day,
    and would so read the whole province's for the staff of one unit.
    """
    return Func(F("valid_during"), template="(%(expressions)s * '(,)'::daterange)")


class Enrolment(Record):
    """参保关系: one row per employment with the set of its schemes, for a period of whole months.

    A person has at most one active relation per scheme (社会保险法 58; 人社部发〔2014〕17号); injury alone may be
    with several units at once (法释〔2014〕9号 art 3), but once with each.
    """

    history = History.TRACKED
    scope = Scope(region="region_code", person="person_id", unit="unit_id")
    personal = {"identity": Mark.STATUS}

    person = models.ForeignKey("registry.Person", models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey("registry.Unit", models.PROTECT, related_name="+", null=True, db_index=False)
    region_code = models.CharField(max_length=6)
    schemes = scheme_array()
    identity = models.SmallIntegerField(choices=Identity)
    valid_during = DateRangeField()

    class Meta:
        indexes = [
            models.Index(fields=["unit", "person"], name="levy_enrolment_of_unit"),
            models.Index(fields=["person"], name="levy_enrolment_of_person"),
        ]
        constraints = [
            ExclusionConstraint(
                name="levy_one_enrolment_per_scheme",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    (
                        OpClass(
                            Func(F("schemes"), Value(INJURY_NUMBER), arg_joiner=" - ", template="(%(expressions)s)"),
                            name="gist__int_ops",
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                    (guarded_period(), RangeOperators.OVERLAPS),
                ],
            ),
            ExclusionConstraint(
                name="levy_one_employment_per_unit",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("unit", RangeOperators.EQUAL),
                    (OpClass("schemes", name="gist__int_ops"), RangeOperators.OVERLAPS),
                    (guarded_period(), RangeOperators.OVERLAPS),
                ],
            ),
        ]


class Movement(Record):
    """参保人员增减变动: what happened, from which month, why and on what paper; its own history."""

    history = History.FROZEN
    scope = Scope(region="region_code", person="person_id", unit="unit_id")
    personal = {}

    kind = models.CharField(max_length=12, choices=MovementKind)
    person_id = models.BigIntegerField()
    unit_id = models.BigIntegerField(null=True)
    region_code = models.CharField(max_length=6)
    schemes = scheme_array()
    effective_month = models.IntegerField()
    reason_code = models.CharField(max_length=12, blank=True)
    document = models.CharField(max_length=200, blank=True)
    case_no = models.CharField(max_length=40, blank=True)
    moved_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            models.Index(fields=["person_id", "effective_month"], name="levy_movement_of_person"),
            models.Index(fields=["unit_id", "effective_month"], name="levy_movement_of_unit"),
        ]


__all__ = [
    "STARTING",
    "STOPPING",
    "Enrolment",
    "Identity",
    "Movement",
    "MovementKind",
    "UnitInjuryRate",
    "UnitKind",
    "UnitRegistration",
]
