"""Departures from the regular month: back-payment, deferral, refund and the yearly base adjustment."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from dashebao.kernel.records.api import History, Mark, Record, Scope


class Evidence(models.TextChoices):
    """Papers that allow a back-payment of more than three years (人社部发〔2016〕132号)."""

    NONE = "", _("None")
    COURT = "court", _("Court judgment")
    ARBITRATION = "arbitration", _("Arbitration award")
    INSPECTION = "inspection", _("Labour inspection document")
    AUDIT = "audit", _("Audit document")


class BackPayment(Record):
    """补缴: months an employer failed to pay, billed at the rates and limits of each of those months."""

    history = History.FROZEN
    scope = Scope(region="region_code", unit="unit_id", person="person_id")
    personal = {"wage_fen": Mark.WAGE}

    unit_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    region_code = models.CharField(max_length=6)
    from_month = models.IntegerField()
    until_month = models.IntegerField()
    billed_month = models.IntegerField()
    seq = models.SmallIntegerField()
    wage_fen = models.BigIntegerField()
    evidence = models.CharField(max_length=12, choices=Evidence, blank=True)
    evidence_no = models.CharField(max_length=80, blank=True)
    case_no = models.CharField(max_length=40, blank=True)
    granted_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(name="levy_back_payment_order", condition=Q(from_month__lte=models.F("until_month")))
        ]


class Deferral(Record):
    """缓缴 (社会保险法 60, 63): no late fee for these schemes and months while it runs; `valid_until_on` ends it."""

    history = History.TRACKED
    scope = Scope(region="region_code", unit="unit_id")
    personal = {}

    unit_id = models.BigIntegerField()
    region_code = models.CharField(max_length=6)
    schemes = models.JSONField()
    from_month = models.IntegerField()
    until_month = models.IntegerField()
    valid_until_on = models.DateField()
    instalments = models.JSONField(default=list)
    legal_basis = models.CharField(max_length=200)
    security = models.CharField(max_length=200, blank=True)
    case_no = models.CharField(max_length=40, blank=True)
    ended_on = models.DateField(null=True)


class RefundState(models.TextChoices):
    """How far a refund is."""

    DECIDED = "decided", _("Decided")
    ORDERED = "ordered", _("Sent to the tax office")
    EXECUTED = "executed", _("Paid back")
    FAILED = "failed", _("Failed")


class Refund(Record):
    """退费: money to be returned by the tax office (T06), executed when it answers (T05)."""

    history = History.TRACKED
    scope = Scope(region="region_code", unit="unit_id", person="person_id")
    personal = {}

    unit_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    region_code = models.CharField(max_length=6)
    scheme = models.CharField(max_length=3)
    pool_code = models.CharField(max_length=6)
    month = models.IntegerField()
    employer_fen = models.BigIntegerField()
    worker_fen = models.BigIntegerField()
    out_of_suspense_fen = models.BigIntegerField(default=0)
    item_id = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=200)
    case_no = models.CharField(max_length=40, blank=True)
    ticket = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=10, choices=RefundState, default=RefundState.DECIDED)
    executed_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="levy_refund_positive",
                condition=Q(employer_fen__gte=0, worker_fen__gte=0, out_of_suspense_fen__gte=0),
            )
        ]


class BaseAdjustment(Record):
    """年度基数调整: a unit's new social-insurance year, with what the months already billed differ by (补差)."""

    history = History.FROZEN
    scope = Scope(region="region_code", unit="unit_id")
    personal = {}

    unit_id = models.BigIntegerField()
    region_code = models.CharField(max_length=6)
    from_month = models.IntegerField()
    billed_month = models.IntegerField()
    seq = models.SmallIntegerField()
    people = models.IntegerField()
    owed_fen = models.BigIntegerField()
    credit_fen = models.BigIntegerField()
    case_no = models.CharField(max_length=40, blank=True)
    adjusted_at = models.DateTimeField(db_default=Now())
