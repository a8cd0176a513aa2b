"""Single orders of an office: succession of units, project insurance, late fees waived, objections to bills."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from dashebao.business.levy.models.assessments import Bill
from dashebao.business.levy.models.collections import LateFee
from dashebao.kernel.records.api import History, Record, Scope


class SuccessionKind(models.TextChoices):
    """How staff passes from one unit to another."""

    MERGER = "merger", _("Merged into another unit")
    SPLIT = "split", _("Split off into another unit")
    GROUP = "group", _("Transfer inside a group")


class UnitSuccession(Record):
    """单位合并、分立和集团内调动: whose staff went on at which unit, from which month (民法典 67)."""

    history = History.FROZEN
    scope = Scope(region="region_code", unit="unit_id")
    personal = {}

    unit_id = models.BigIntegerField()
    successor_id = models.BigIntegerField()
    region_code = models.CharField(max_length=6)
    kind = models.CharField(max_length=8, choices=SuccessionKind)
    from_month = models.IntegerField()
    people = models.IntegerField()
    case_no = models.CharField(max_length=40, blank=True)
    recorded_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(name="levy_succession_two", condition=~Q(unit_id=models.F("successor_id")))
        ]
        indexes = [models.Index(fields=["successor_id"], name="levy_succession_of_successor")]


class ProjectInsurance(Record):
    """建筑项目工伤保险: a project insured on its cost for its building time (工伤保险条例 10); covers all who work there."""

    history = History.FROZEN
    scope = Scope(region="region_code", unit="unit_id")
    personal = {}

    unit_id = models.BigIntegerField()
    region_code = models.CharField(max_length=6)
    name = models.CharField(max_length=120)
    contract_no = models.CharField(max_length=60, unique=True)
    site = models.CharField(max_length=200, blank=True)
    cost_fen = models.BigIntegerField()
    rate_millionths = models.IntegerField()
    premium_fen = models.BigIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    bill = models.OneToOneField(Bill, models.PROTECT, related_name="project")
    case_no = models.CharField(max_length=40, blank=True)
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(name="levy_project_order", condition=Q(ends_on__gte=models.F("starts_on"))),
            models.CheckConstraint(name="levy_project_premium", condition=Q(premium_fen__gt=0)),
        ]


class WaiverGround(models.TextChoices):
    """Why a late fee is not owed: it arose through no fault of the payer."""

    FORCE_MAJEURE = "force_majeure", _("Force majeure")
    OFFICE_ERROR = "office_error", _("Error of the office or the tax office")
    BANK_FAILURE = "bank_failure", _("Failure of the bank or of a system")


class LateFeeWaiver(Record):
    """滞纳金减免: what of a late fee is not owed, on what ground; the fee itself stays as it was set."""

    history = History.FROZEN
    scope = Scope(region="region_code", unit="unit_id", person="person_id")
    personal = {}

    late_fee = models.OneToOneField(LateFee, models.PROTECT, related_name="waiver")
    unit_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    region_code = models.CharField(max_length=6)
    waived_fen = models.BigIntegerField()
    ground = models.CharField(max_length=16, choices=WaiverGround)
    evidence = models.CharField(max_length=200)
    case_no = models.CharField(max_length=40, blank=True)
    waived_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.CheckConstraint(name="levy_waiver_positive", condition=Q(waived_fen__gt=0))]
        indexes = [models.Index(fields=["unit_id", "person_id"], name="levy_waiver_of_payer")]


class BillObjection(Record):
    """缴费核定异议: a bill a unit objected to with success, and the adjustment that put it right."""

    history = History.FROZEN
    scope = Scope(region="region_code", unit="unit_id")
    personal = {}

    unit_id = models.BigIntegerField()
    region_code = models.CharField(max_length=6)
    bill = models.ForeignKey(Bill, models.PROTECT, related_name="objections")
    reason = models.CharField(max_length=300)
    adjustment_id = models.BigIntegerField()
    case_no = models.CharField(max_length=40, blank=True)
    granted_at = models.DateTimeField(db_default=Now())
