"""Tables of what is found about a person before an award: file facts, the month chosen, the disability allowance."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dashebao.kernel.records.api import History, Mark, Record, Scope


class ArchiveFinding(Record):
    """What the personnel file proves about birth and first work; it decides where it differs from the identity card."""

    history: ClassVar[History] = History.TRACKED
    scope: ClassVar[Scope] = Scope(region="region_code", person="person_id")
    personal: ClassVar[dict[str, Mark]] = {
        "birth_on": Mark.IDENTITY,
        "work_start_month": Mark.STATUS,
        "evidence": Mark.STATUS,
    }

    person_id = models.BigIntegerField(unique=True)
    region_code = models.CharField(max_length=6)
    birth_on = models.DateField(null=True, blank=True)
    work_start_month = models.IntegerField(null=True, blank=True)
    evidence = models.CharField(max_length=200)
    decided_on = models.DateField()
    case_no = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(birth_on__isnull=False) | Q(work_start_month__isnull=False),
                name="pension_finding_says_something",
            ),
        ]


class RetirementChoice(Record):
    """The month of retirement chosen in writing, early by notice or late by agreement; the last one counts."""

    class Kind(models.TextChoices):
        EARLY = "early", pgettext_lazy("retirement", "Early")
        LATE = "late", pgettext_lazy("retirement", "Late")
        ENDED = "ended", pgettext_lazy("retirement", "Late retirement ended by agreement")

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = Scope(region="region_code", person="person_id", unit="unit_id")
    personal: ClassVar[dict[str, Mark]] = {"kind": Mark.STATUS}

    person_id = models.BigIntegerField(db_index=True)
    region_code = models.CharField(max_length=6)
    unit_id = models.BigIntegerField(default=0)
    kind = models.CharField(max_length=5, choices=Kind.choices)
    retire_month = models.IntegerField()
    notice_on = models.DateField()
    case_no = models.CharField(max_length=40)
    decided_on = models.DateField()


class DisabilityAward(Record):
    """The decision on a disability allowance: band, inputs frozen, every line of the calculation kept."""

    class Band(models.TextChoices):
        NEAR = "near", _("Within five years of the age, enough years: as a pension")
        FAR = "far", _("More than five years from the age, enough years: basic part")
        SHORT = "short", _("Too few years: a share, for a time")

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = Scope(region="region_code", person="person_id")
    personal: ClassVar[dict[str, Mark]] = {
        "band": Mark.STATUS,
        "monthly_fen": Mark.BENEFIT,
        "inputs": Mark.COPY,
        "trace": Mark.COPY,
    }

    person_id = models.BigIntegerField(db_index=True)
    region_code = models.CharField(max_length=6)
    case_no = models.CharField(max_length=40)
    band = models.CharField(max_length=5, choices=Band.choices)
    claimed_on = models.DateField()
    start_month = models.IntegerField()
    until_month = models.IntegerField(null=True, blank=True)
    statutory_month = models.IntegerField()
    months = models.IntegerField()
    monthly_fen = models.BigIntegerField()
    inputs = models.JSONField()
    trace = models.JSONField()
    parameters_digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(monthly_fen__gt=0) & (Q(until_month__isnull=True) | Q(until_month__gte=F("start_month"))),
                name="pension_disability_amount",
            ),
        ]
