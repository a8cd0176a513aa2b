"""Tables of the employees' pension: facts, frozen awards, increases, grants after death."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from dashebao.business.insurance.pension.models_findings import ArchiveFinding, DisabilityAward, RetirementChoice
from dashebao.business.insurance.pension.models_transfers import (
    OutsideYear,
    Transfer,
    TransferForm,
    TransferLetter,
    TransferMoney,
    TransferStep,
)
from dashebao.kernel.records.api import History, Mark, Record, Scope

__all__ = [
    "AccountRefund",
    "AdjustmentRound",
    "ArchiveFinding",
    "Award",
    "Category",
    "DeathGrant",
    "DeemedService",
    "DisabilityAward",
    "OutsideYear",
    "RetirementCategory",
    "RetirementChoice",
    "Transfer",
    "TransferForm",
    "TransferLetter",
    "TransferMoney",
    "TransferStep",
]


class Category(models.TextChoices):
    """The three retirement categories of the State Council's measures of 2024-09-13."""

    M60 = "M60", _("Men, original age 60")
    F55 = "F55", _("Women in managing or technical posts, original age 55")
    F50 = "F50", _("Women in other posts, original age 50")


class RetirementCategory(Record):
    """Which retirement age applies to a person, with the evidence for it."""

    history: ClassVar[History] = History.TRACKED
    scope: ClassVar[Scope] = Scope(region="region_code", person="person_id")
    personal: ClassVar[dict[str, Mark]] = {"evidence": Mark.STATUS}

    person_id = models.BigIntegerField(unique=True)
    region_code = models.CharField(max_length=6)
    category = models.CharField(max_length=3, choices=Category.choices)
    evidence = models.CharField(max_length=200)
    decided_on = models.DateField()
    case_no = models.CharField(max_length=40, blank=True, default="")


class DeemedService(Record):
    """Months that count as paid: state service before accounts existed, army service, conversion for hard trades."""

    class Kind(models.TextChoices):
        SERVICE = "service", _("Continuous service before individual contributions")
        ARMY = "army", _("Military service")
        TRADE = "trade", _("Conversion for special trades")

    history: ClassVar[History] = History.TRACKED
    scope: ClassVar[Scope] = Scope(region="region_code", person="person_id")
    personal: ClassVar[dict[str, Mark]] = {"index_e4": Mark.WAGE, "evidence": Mark.STATUS}

    person_id = models.BigIntegerField(db_index=True)
    region_code = models.CharField(max_length=6)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    from_month = models.IntegerField()
    to_month = models.IntegerField()
    months = models.IntegerField()
    index_e4 = models.IntegerField(help_text="wage index x 10000")
    evidence = models.CharField(max_length=200)
    case_no = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person_id", "kind", "from_month"], name="pension_deemed_once"),
            models.CheckConstraint(
                condition=Q(to_month__gte=F("from_month"), months__gt=0, index_e4__gt=0), name="pension_deemed_order"
            ),
        ]


class Award(Record):
    """The decision on a pension: inputs frozen, every line of the calculation kept, so that it can be replayed."""

    class Variant(models.TextChoices):
        NATIONAL = "national", _("National formula")
        GUANGDONG = "guangdong", _("Guangdong formula")

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = Scope(region="region_code", person="person_id")
    personal: ClassVar[dict[str, Mark]] = {
        "average_index_e4": Mark.WAGE,
        "account_balance_fen": Mark.BENEFIT,
        "monthly_fen": Mark.BENEFIT,
        "inputs": Mark.COPY,
        "trace": Mark.COPY,
    }

    person_id = models.BigIntegerField()
    region_code = models.CharField(max_length=6)
    case_no = models.CharField(max_length=40, blank=True, default="")
    variant = models.CharField(max_length=10, choices=Variant.choices)
    category = models.CharField(max_length=3, choices=Category.choices)
    retire_month = models.IntegerField()
    start_month = models.IntegerField()
    paid_months = models.IntegerField()
    deemed_months = models.IntegerField(default=0)
    average_index_e4 = models.IntegerField()
    calc_base_fen = models.BigIntegerField()
    account_balance_fen = models.BigIntegerField()
    payout_months_e1 = models.IntegerField(help_text="payout months x 10")
    monthly_fen = models.BigIntegerField()
    inputs = models.JSONField()
    trace = models.JSONField()
    parameters_digest = models.CharField(max_length=64)
    law_on = models.DateField()
    decided_on = models.DateField()
    supersedes = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="superseded_by"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person_id"], condition=Q(supersedes__isnull=True), name="pension_one_first_award"
            ),
            models.UniqueConstraint(fields=["supersedes"], name="pension_superseded_once"),
            models.CheckConstraint(condition=Q(monthly_fen__gt=0), name="pension_award_positive"),
        ]
        indexes = [models.Index(fields=["person_id"], name="pension_award_person")]


class AdjustmentRound(Record):
    """One yearly increase of pensions: its act, its parameters as applied, and what it came to."""

    history: ClassVar[History] = History.TRACKED
    scope: ClassVar[Scope] = Scope.STAFF
    personal: ClassVar[dict[str, Mark]] = {}

    year = models.IntegerField()
    region_code = models.CharField(max_length=6)
    effective_month = models.IntegerField()
    applied_month = models.IntegerField()
    parameters_digest = models.CharField(max_length=64)
    people = models.IntegerField(default=0)
    monthly_fen = models.BigIntegerField(default=0)
    arrears_fen = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["year", "region_code"], name="pension_adjusted_once")]


class DeathGrant(Record):
    """What is paid once after a death: funeral grant, survivors' sum, rest of the account, less what was overpaid."""

    class Status(models.TextChoices):
        IN_SERVICE = "in_service", _("Died before retirement")
        PENSIONER = "pensioner", _("Died as a pensioner")

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = Scope(region="region_code", person="payee_person_id")
    personal: ClassVar[dict[str, Mark]] = {
        "died_on": Mark.STATUS,
        "funeral_fen": Mark.BENEFIT,
        "survivor_fen": Mark.BENEFIT,
        "account_fen": Mark.BENEFIT,
        "offset_fen": Mark.BENEFIT,
        "trace": Mark.COPY,
    }

    person_id = models.BigIntegerField(unique=True)
    payee_person_id = models.BigIntegerField()
    region_code = models.CharField(max_length=6)
    case_no = models.CharField(max_length=40)
    status = models.CharField(max_length=10, choices=Status.choices)
    died_on = models.DateField()
    funeral_fen = models.BigIntegerField()
    survivor_fen = models.BigIntegerField()
    account_fen = models.BigIntegerField()
    offset_fen = models.BigIntegerField(default=0)
    trace = models.JSONField()
    law_on = models.DateField()
    parameters_digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    funeral_fen__gte=0,
                    survivor_fen__gte=0,
                    account_fen__gte=0,
                    offset_fen__gte=0,
                    offset_fen__lte=F("funeral_fen") + F("survivor_fen") + F("account_fen"),
                ),
                name="pension_death_grant_amounts",
            ),
        ]


class AccountRefund(Record):
    """The personal account paid out in one sum, which ends the relation."""

    class Reason(models.TextChoices):
        SHORT = "short", _("Minimum years not met, asked for in writing")
        ABROAD = "abroad", _("Settled abroad and lost nationality")
        FOREIGNER = "foreigner", _("Foreigner who leaves China for good")

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = Scope(region="region_code", person="person_id")
    personal: ClassVar[dict[str, Mark]] = {"reason": Mark.STATUS, "amount_fen": Mark.BENEFIT}

    person_id = models.BigIntegerField(unique=True)
    region_code = models.CharField(max_length=6)
    case_no = models.CharField(max_length=40)
    reason = models.CharField(max_length=10, choices=Reason.choices)
    amount_fen = models.BigIntegerField()
    decided_on = models.DateField()
