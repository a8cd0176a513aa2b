"""Tables of relations that move between provinces: letters, forms, money, and how far each move has come."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dashebao.kernel.records.api import History, Mark, Record, Scope
from dashebao.kernel.secrecy.api import SealedField, sealed_check


class TransferLetter(Record):
    """A contact letter (联系函): the receiving office agrees and names its account; ours or another province's."""

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = Scope(region="region_code", person="person_id")
    personal: ClassVar[dict[str, Mark]] = {"account_number": Mark.BANK, "account_name": Mark.NAME}

    number = models.CharField(max_length=60, unique=True)
    person_id = models.BigIntegerField(db_index=True)
    region_code = models.CharField(max_length=6)
    from_region = models.CharField(max_length=6)
    to_region = models.CharField(max_length=6)
    office = models.CharField(max_length=140)
    bank_code = models.CharField(max_length=20)
    account_number = SealedField(holders=["person_id"])
    account_name = models.CharField(max_length=140)
    issued_on = models.DateField()
    message_key = models.CharField(max_length=80)

    class Meta:
        constraints = [sealed_check("pension_letter_sealed", "account_number", ["person_id"])]


class Transfer(Record):
    """A relation that moves to or from another province: months, wages, money, and how far it has come."""

    class Direction(models.TextChoices):
        OUT = "out", pgettext_lazy("transfer", "Out")
        IN = "in", pgettext_lazy("transfer", "In")

    class State(models.TextChoices):
        REQUESTED = "requested", _("Requested")
        ACCEPTED = "accepted", _("Acceptance letter issued")
        INFORMED = "informed", _("Information form received")
        SENT = "sent", _("Record and money sent")
        QUESTIONED = "questioned", _("Correction asked for")
        POSTED = "posted", _("Record and money entered")
        CANCELLED = "cancelled", _("Cancelled")

    history: ClassVar[History] = History.TRACKED
    scope: ClassVar[Scope] = Scope(region="region_code", person="person_id")
    personal: ClassVar[dict[str, Mark]] = {
        "pool_fen": Mark.BENEFIT,
        "worker_fen": Mark.BENEFIT,
        "employer_fen": Mark.BENEFIT,
        "trace": Mark.COPY,
    }

    person_id = models.BigIntegerField()
    region_code = models.CharField(max_length=6)
    direction = models.CharField(max_length=3, choices=Direction.choices)
    other_region = models.CharField(max_length=6)
    home_region = models.CharField(max_length=6, blank=True, default="", help_text="province of household registration")
    case_no = models.CharField(max_length=40, blank=True, default="")
    state = models.CharField(max_length=10, choices=State.choices, default=State.REQUESTED)
    letter = models.OneToOneField(TransferLetter, null=True, blank=True, on_delete=models.PROTECT)
    reason = models.CharField(max_length=300, blank=True, default="")
    requested_on = models.DateField()
    next_limit_on = models.DateField(null=True, blank=True)
    months = models.IntegerField(default=0)
    pool_fen = models.BigIntegerField(default=0)
    worker_fen = models.BigIntegerField(default=0)
    employer_fen = models.BigIntegerField(default=0)
    trace = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person_id"],
                condition=~Q(state__in=["posted", "cancelled"]),
                name="pension_one_open_transfer",
            ),
        ]
        indexes = [models.Index(fields=["state", "next_limit_on"], name="pension_transfer_due")]

    @property
    def number(self) -> str:
        """The number both provinces know the transfer by."""
        return f"44Z{self.pk:09d}"

    @property
    def total_fen(self) -> int:
        """Account and pool money together."""
        return self.worker_fen + self.employer_fen + self.pool_fen

    @property
    def is_open(self) -> bool:
        """Whether a step is still to be done."""
        return self.state not in (self.State.POSTED, self.State.CANCELLED)


class TransferStep(Record):
    """A step of a transfer done, with the limit it had and the message that did it."""

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = Scope(parent="transfer_id:pension_transfer")
    personal: ClassVar[dict[str, Mark]] = {}

    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="steps")
    state = models.CharField(max_length=10, choices=Transfer.State.choices)
    limit_on = models.DateField(null=True, blank=True)
    done_on = models.DateField()
    message_key = models.CharField(max_length=80, blank=True, default="")
    note = models.CharField(max_length=300, blank=True, default="")


class TransferForm(Record):
    """An information form (转移接续信息表) as sent or received; a correction is the next revision."""

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = Scope(parent="transfer_id:pension_transfer")
    personal: ClassVar[dict[str, Mark]] = {
        "years": Mark.WAGE,
        "worker_fen": Mark.BENEFIT,
        "employer_fen": Mark.BENEFIT,
        "pool_fen": Mark.BENEFIT,
    }

    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="forms")
    revision = models.IntegerField()
    years = models.JSONField(default=list)
    worker_fen = models.BigIntegerField()
    employer_fen = models.BigIntegerField()
    pool_fen = models.BigIntegerField()
    on = models.DateField()
    message_key = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["transfer", "revision"], name="pension_transfer_form_once"),
            models.CheckConstraint(
                condition=Q(worker_fen__gte=0, employer_fen__gte=0, pool_fen__gte=0),
                name="pension_transfer_form_amounts",
            ),
        ]

    @property
    def total_fen(self) -> int:
        """What the form says is sent."""
        return self.worker_fen + self.employer_fen + self.pool_fen


class TransferMoney(Record):
    """Money of a move in as it reached the fund's account; one row for each arrival."""

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = Scope(parent="transfer_id:pension_transfer")
    personal: ClassVar[dict[str, Mark]] = {"amount_fen": Mark.BENEFIT}

    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="money")
    amount_fen = models.BigIntegerField()
    arrived_on = models.DateField()
    reference = models.CharField(max_length=80, unique=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(amount_fen__gt=0), name="pension_transfer_money_positive")]


class OutsideYear(Record):
    """A year paid in another province, as its information form says it; counted in the award of this province."""

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = Scope(region="region_code", person="person_id")
    personal: ClassVar[dict[str, Mark]] = {"base_total_fen": Mark.WAGE}

    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, related_name="years")
    person_id = models.BigIntegerField(db_index=True)
    region_code = models.CharField(max_length=6)
    paid_region = models.CharField(max_length=6)
    year = models.IntegerField()
    months = models.IntegerField()
    base_total_fen = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person_id", "paid_region", "year"], name="pension_outside_year_once"),
            models.CheckConstraint(condition=Q(months__gte=1, months__lte=12), name="pension_outside_months"),
        ]
