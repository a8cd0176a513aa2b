"""What is owed: the wide contribution row of a person, unit and month, and the bills made of it."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from dashebao.kernel.records.api import History, Mark, Record, Scope


class LineKind(models.IntegerChoices):
    """缴费类型 (handbook 9.3, pay type)."""

    NORMAL = 1, _("Month's contribution")
    BACK_PAYMENT = 2, _("Back-payment")
    DIFFERENCE = 3, _("Base difference")
    ONE_OFF = 4, _("One payment for missing years")
    ESTIMATE = 5, _("Assessed without declaration (110 %)")
    REFUND = 6, _("Refund")
    PROJECT = 7, _("Injury premium of a project")


KIND_NAMES = {
    1: "normal",
    2: "back_payment",
    3: "difference",
    4: "one_off",
    5: "estimate",
    6: "refund",
    7: "project",
}


class ParameterSet(Record):
    """The rates and limits an assessment used, frozen: `content` names value, since and article of each parameter."""

    history = History.FROZEN
    scope = Scope.PUBLIC
    personal = {}

    digest = models.CharField(max_length=64, unique=True)
    region_code = models.CharField(max_length=6)
    month = models.IntegerField()
    content = models.JSONField()


class ContributionLine(Record):
    """缴费明细: one wide row per person x unit x billing month x kind, with one base per scheme.

    `month` is the billing month (AAE002, the partition), `for_month` the month it counts for (AAE003).
    `paid_month` is set only on rows taken over already paid; of all others the settlement of the bill's items says
    whether and when they were paid. See docs/decisions/0005-one-wide-contribution-row.md.
    """

    history = History.FROZEN
    scope = Scope(region="region_code", person="person_id", unit="unit_id")
    personal = {
        "identity": Mark.STATUS,
        "wage_fen": Mark.WAGE,
        "pension_base_fen": Mark.WAGE,
        "medical_base_fen": Mark.WAGE,
        "maternity_base_fen": Mark.WAGE,
        "unemployment_base_fen": Mark.WAGE,
        "injury_base_fen": Mark.WAGE,
    }

    pk = models.CompositePrimaryKey("month", "unit_id", "person_id", "kind", "seq", "for_month")
    month = models.IntegerField()
    unit_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    kind = models.SmallIntegerField(choices=LineKind)
    seq = models.SmallIntegerField(default=0)
    for_month = models.IntegerField()
    region_code = models.CharField(max_length=6)
    identity = models.SmallIntegerField()
    parameter_set_id = models.IntegerField()
    wage_fen = models.BigIntegerField()
    pension_base_fen = models.BigIntegerField()
    pension_employer_fen = models.BigIntegerField()
    pension_worker_fen = models.BigIntegerField()
    medical_base_fen = models.BigIntegerField()
    medical_employer_fen = models.BigIntegerField()
    medical_worker_fen = models.BigIntegerField()
    maternity_base_fen = models.BigIntegerField()
    maternity_employer_fen = models.BigIntegerField()
    unemployment_base_fen = models.BigIntegerField()
    unemployment_employer_fen = models.BigIntegerField()
    unemployment_worker_fen = models.BigIntegerField()
    injury_base_fen = models.BigIntegerField()
    injury_employer_fen = models.BigIntegerField()
    paid_month = models.IntegerField(null=True)

    class Meta:
        indexes = [models.Index(fields=["person_id", "for_month"], name="levy_line_of_person")]


class Bill(Record):
    """缴费核定单: what one payer owes for one billing month and kind. `person_id` 0 for a unit, `unit_id` 0 for a self payer."""

    history = History.FROZEN
    scope = Scope(region="region_code", person="person_id", unit="unit_id")
    personal = {}

    month = models.IntegerField()
    unit_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    kind = models.SmallIntegerField(choices=LineKind)
    seq = models.SmallIntegerField(default=0)
    region_code = models.CharField(max_length=6)
    headcount = models.IntegerField()
    due_on = models.DateField()
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit_id", "person_id", "month", "kind", "seq"], name="levy_bill_once"),
        ]
        indexes = [models.Index(fields=["month", "unit_id", "person_id"], name="levy_bill_of_month")]


class BillItem(Record):
    """One scheme of a bill; `pool_code` is the pooling region whose fund the money belongs to."""

    history = History.FROZEN
    scope = Scope(region="region_code", person="person_id", unit="unit_id")
    personal = {}

    bill = models.ForeignKey(Bill, models.PROTECT, related_name="items")
    month = models.IntegerField()
    unit_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    region_code = models.CharField(max_length=6)
    scheme = models.CharField(max_length=3)
    pool_code = models.CharField(max_length=6)
    due_on = models.DateField()
    employer_fen = models.BigIntegerField()
    worker_fen = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["bill", "scheme"], name="levy_bill_item_once"),
            models.CheckConstraint(name="levy_bill_item_positive", condition=Q(employer_fen__gte=0, worker_fen__gte=0)),
        ]
        indexes = [
            models.Index(fields=["unit_id", "person_id", "month"], name="levy_item_of_payer"),
            models.Index(fields=["month", "unit_id"], name="levy_item_of_month"),
        ]


class BillCancellation(Record):
    """An estimate that a later declaration replaced, or a bill made in error: its unpaid rest is no longer owed."""

    history = History.FROZEN
    scope = Scope(region="region_code", unit="unit_id", person="person_id")
    personal = {}

    bill = models.OneToOneField(Bill, models.PROTECT, related_name="cancellation")
    unit_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    region_code = models.CharField(max_length=6)
    reason = models.CharField(max_length=200)
    case_no = models.CharField(max_length=40, blank=True)
    cancelled_at = models.DateTimeField(db_default=Now())


class ContributionYear(Record):
    """缴费年度汇总: a year before monthly rows begin, or brought in by a transfer; months are counted once per region."""

    history = History.FROZEN
    scope = Scope(region="region_code", person="person_id")
    personal = {"pension_base_total_fen": Mark.WAGE}

    pk = models.CompositePrimaryKey("person_id", "year", "region_code")
    person_id = models.BigIntegerField()
    year = models.SmallIntegerField()
    region_code = models.CharField(max_length=6)
    months = models.SmallIntegerField()
    pension_base_total_fen = models.BigIntegerField()
    medical_months = models.SmallIntegerField(default=0)
    unemployment_months = models.SmallIntegerField(default=0)
    source = models.CharField(max_length=12, default="former")

    class Meta:
        constraints = [models.CheckConstraint(name="levy_year_months", condition=Q(months__range=(0, 12)))]
