"""What was paid: the tax office's tickets, their allocation to what was owed, settlement per item and per person."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from dashebao.business.levy.models.assessments import BillItem
from dashebao.kernel.records.api import History, Record, Scope


class TaxVoucher(Record):
    """应征凭证: the tax office's answer to a billed item (T03)."""

    history = History.FROZEN
    scope = Scope(region="region_code", unit="unit_id", person="person_id")
    personal = {}

    item = models.ForeignKey(BillItem, models.PROTECT, related_name="vouchers")
    unit_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    region_code = models.CharField(max_length=6)
    accepted = models.BooleanField()
    voucher = models.CharField(max_length=40, blank=True)
    problem = models.CharField(max_length=200, blank=True)
    answered_at = models.DateTimeField(db_default=Now())


class Receipt(Record):
    """到账: one line of the tax office's paid detail (T04), by electronic ticket; `month` is the month it is booked in."""

    history = History.FROZEN
    scope = Scope(region="region_code", unit="unit_id", person="person_id")
    personal = {}

    ticket = models.CharField(max_length=40, unique=True)
    item_id = models.BigIntegerField(null=True)
    unit_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    region_code = models.CharField(max_length=6)
    scheme = models.CharField(max_length=3)
    month = models.IntegerField()
    treasury_on = models.DateField()
    principal_fen = models.BigIntegerField()
    late_fee_fen = models.BigIntegerField()
    channel = models.CharField(max_length=12, blank=True)
    memo = models.CharField(max_length=200, blank=True)
    message_key = models.CharField(max_length=120)
    received_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["month", "unit_id"], name="levy_receipt_of_month")]
        constraints = [
            models.CheckConstraint(
                name="levy_receipt_positive", condition=Q(principal_fen__gte=0, late_fee_fen__gte=0)
            ),
        ]


class MoneySource(models.TextChoices):
    """Where the money of an allocation came from."""

    RECEIPT = "receipt", _("Tax office")
    SUSPENSE = "suspense", _("Unallocated money")
    MOVED = "moved", _("Moved from another bill")


class Allocation(Record):
    """Money set against an item: principal by payer, and late fee. Rows of source MOVED come in pairs that cancel out."""

    history = History.FROZEN
    scope = Scope(region="region_code", unit="unit_id", person="person_id")
    personal = {}

    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="allocations")
    item = models.ForeignKey(BillItem, models.PROTECT, related_name="allocations")
    month = models.IntegerField()
    unit_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    region_code = models.CharField(max_length=6)
    scheme = models.CharField(max_length=3)
    pool_code = models.CharField(max_length=6)
    employer_fen = models.BigIntegerField()
    worker_fen = models.BigIntegerField()
    late_fee_fen = models.BigIntegerField(default=0)
    source = models.CharField(max_length=8, choices=MoneySource)
    allocated_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["month", "unit_id", "person_id"], name="levy_allocation_of_month")]


class Settlement(Record):
    """足额到账 (AAE078/AAE079): the item is paid in full, in this posting month."""

    history = History.FROZEN
    scope = Scope(region="region_code", unit="unit_id", person="person_id")
    personal = {}

    item = models.OneToOneField(BillItem, models.PROTECT, related_name="settlement")
    month = models.IntegerField()
    unit_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    region_code = models.CharField(max_length=6)
    scheme = models.CharField(max_length=3)
    settled_on = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["month", "scheme", "unit_id", "person_id"], name="levy_settlement_of_month")]


class PaidLine(Record):
    """A person's part of an item that is paid while the item as a whole is not (allocation person by person)."""

    history = History.FROZEN
    scope = Scope(region="region_code", unit="unit_id", person="person_id")
    personal = {}

    item = models.ForeignKey(BillItem, models.PROTECT, related_name="paid_lines")
    person_id = models.BigIntegerField()
    month = models.IntegerField()
    unit_id = models.BigIntegerField()
    region_code = models.CharField(max_length=6)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "person_id"], name="levy_line_paid_once")]
        indexes = [models.Index(fields=["month", "unit_id"], name="levy_paid_line_of_month")]


class LateFee(Record):
    """滞纳金 owed (社会保险法 86): 0.05 % a day, borne by the employer alone; what was paid of it stands in allocations.

    On late payment it names the receipt; on a back-payment it is set with the bill, from the day each month was due.
    """

    history = History.FROZEN
    scope = Scope(region="region_code", unit="unit_id", person="person_id")
    personal = {}

    item = models.ForeignKey(BillItem, models.PROTECT, related_name="late_fees")
    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="+", null=True)
    unit_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    region_code = models.CharField(max_length=6)
    principal_fen = models.BigIntegerField()
    due_on = models.DateField()
    until_on = models.DateField()
    days = models.IntegerField()
    owed_fen = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["unit_id", "person_id"], name="levy_late_fee_of_payer")]


class Unallocated(Record):
    """暂收款 (2001): money that matches nothing owed, kept until it is matched or returned."""

    history = History.FROZEN
    scope = Scope(region="region_code", unit="unit_id", person="person_id")
    personal = {}

    receipt = models.ForeignKey(Receipt, models.PROTECT, related_name="+")
    unit_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    region_code = models.CharField(max_length=6)
    scheme = models.CharField(max_length=3)
    pool_code = models.CharField(max_length=6)
    month = models.IntegerField()
    amount_fen = models.BigIntegerField()
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.CheckConstraint(name="levy_unallocated_positive", condition=Q(amount_fen__gt=0))]


class UnallocatedUse(Record):
    """What became of unallocated money: set against an item, or returned."""

    history = History.FROZEN
    scope = Scope(region="region_code", unit="unit_id", person="person_id")
    personal = {}

    unallocated = models.ForeignKey(Unallocated, models.PROTECT, related_name="uses")
    unit_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    region_code = models.CharField(max_length=6)
    amount_fen = models.BigIntegerField()
    refund_id = models.BigIntegerField(null=True)
    case_no = models.CharField(max_length=40, blank=True)
    used_at = models.DateTimeField(db_default=Now())


class DebitResult(models.TextChoices):
    """Result of a bank debit (三方协议)."""

    PAID = "00", _("Paid")
    NO_FUNDS = "01", _("Not enough money in the account")
    CLOSED = "02", _("Account closed")
    NAME = "03", _("Account name does not match")


class DebitAttempt(Record):
    """A failed bank debit of an item, as told by the tax office."""

    history = History.FROZEN
    scope = Scope(region="region_code", unit="unit_id", person="person_id")
    personal = {}

    item = models.ForeignKey(BillItem, models.PROTECT, related_name="debit_attempts")
    unit_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    region_code = models.CharField(max_length=6)
    result = models.CharField(max_length=2, choices=DebitResult)
    told_at = models.DateTimeField(db_default=Now())


class CollectionClose(Record):
    """The month's receipts are being posted; what arrives later is booked in the next month."""

    history = History.FROZEN
    scope = Scope.PUBLIC
    personal = {}

    month = models.IntegerField(unique=True)
    closed_at = models.DateTimeField(db_default=Now())


class TaxTotals(Record):
    """The tax office's totals of a run (T07); a month is collected when our receipts come to the same."""

    history = History.FROZEN
    scope = Scope.STAFF
    personal = {}

    month = models.IntegerField()
    run = models.CharField(max_length=40)
    row_count = models.IntegerField()
    principal_fen = models.BigIntegerField()
    late_fee_fen = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["month", "run"], name="levy_tax_totals_once")]
