"""Tables of payments: what is owed to whom, in which batch, with whose signatures, and what the bank answered."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dashebao.kernel.records.api import History, Mark, Record, Scope, next_id
from dashebao.kernel.secrecy.api import SealedField, sealed_check

from .models_books import (
    BankFile,
    Budget,
    ExternalEntry,
    ExternalStatement,
    FundAccount,
    FundBook,
    FundRequest,
    Reconciliation,
    StoredStatement,
    YearEnd,
)
from .models_orders import BudgetProposal, OpenItemNote, OrderState, Reissue

PAYEE = ("payee_person_id", "person_id")  # a payee outside the registry has no number of its own

__all__ = [
    "BankFile",
    "BatchSignature",
    "BatchState",
    "Budget",
    "BudgetProposal",
    "ExternalEntry",
    "ExternalStatement",
    "FundAccount",
    "FundBook",
    "FundRequest",
    "OpenItemNote",
    "OrderState",
    "PaymentBatch",
    "PaymentBatchLine",
    "PaymentLine",
    "PaymentResult",
    "PaymentWithdrawal",
    "Reconciliation",
    "Reissue",
    "Stage",
    "StoredStatement",
    "YearEnd",
]


class BatchState(models.TextChoices):
    """The life of a payment batch."""

    DRAFTED = "drafted", pgettext_lazy("batch", "Drafted")
    MADE = "made", pgettext_lazy("batch", "Made")
    CHECKED = "checked", pgettext_lazy("batch", "Checked")
    APPROVED = "approved", pgettext_lazy("batch", "Approved")
    SENT = "sent", pgettext_lazy("batch", "Sent to the bank")
    ANSWERED = "answered", pgettext_lazy("batch", "Answered by the bank")
    REJECTED = "rejected", pgettext_lazy("batch", "Rejected")


class Stage(models.IntegerChoices):
    """The three signatures under a batch, each by another officer (财会 internal control, 劳社部发〔2007〕2号)."""

    MAKER = 1, _("Maker")
    CHECKER = 2, _("Checker")
    APPROVER = 3, _("Approver")


class PaymentLine(Record):
    """One benefit of one person for one month; frozen, and unique so that no benefit is paid twice."""

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = Scope(region="region_code", person="person_id")
    personal: ClassVar[dict[str, Mark]] = {
        "person_id": Mark.IDENTITY,
        "payee_person_id": Mark.IDENTITY,
        "amount_fen": Mark.BENEFIT,
        "bank_code": Mark.BANK,
        "account_number": Mark.BANK,
        "account_name": Mark.NAME,
    }

    pk = models.CompositePrimaryKey("month", "id")
    month = models.IntegerField()  # the month the benefit is for
    id = models.BigIntegerField(db_default=next_id("fund_paymentline"))
    run_month = models.IntegerField()  # the month's run that pays it
    person_id = models.BigIntegerField()
    payee_person_id = models.BigIntegerField()
    region_code = models.CharField(max_length=6)
    scheme = models.CharField(max_length=3)
    fund = models.CharField(max_length=3)
    pool_region = models.CharField(max_length=6)
    benefit_kind = models.CharField(max_length=30)
    seq = models.IntegerField()
    amount_fen = models.BigIntegerField()
    source = models.CharField(max_length=60)
    bank_code = models.CharField(max_length=20)
    account_number = SealedField(holders=PAYEE)
    account_name = models.CharField(max_length=140)
    end_to_end_id = models.CharField(max_length=35)

    class Meta:
        constraints = [
            sealed_check("fund_paymentline_sealed", "account_number", PAYEE),
            models.UniqueConstraint(
                fields=["month", "person_id", "scheme", "benefit_kind", "seq"], name="fund_paymentline_once"
            ),
            models.CheckConstraint(condition=models.Q(amount_fen__gt=0), name="fund_paymentline_positive"),
        ]
        indexes = [
            models.Index(fields=["person_id"], name="fund_paymentline_person"),
            models.Index(fields=["run_month", "fund", "pool_region", "region_code"], name="fund_paymentline_run"),
        ]


class PaymentWithdrawal(Record):
    """A payment line taken back before it was sent (death heard between award and batch)."""

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = Scope.STAFF
    personal: ClassVar[dict[str, Mark]] = {}

    line_month = models.IntegerField()
    line_id = models.BigIntegerField()
    reason = models.CharField(max_length=200)
    withdrawn_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line_month", "line_id"], name="fund_withdrawal_once")]


class PaymentBatch(Record):
    """Payment lines of one fund, city and bank that go to the bank as one file; its content is frozen by digest."""

    history: ClassVar[History] = History.TRACKED
    scope: ClassVar[Scope] = Scope(region="region_code")
    personal: ClassVar[dict[str, Mark]] = {}

    run_month = models.IntegerField()
    fund = models.CharField(max_length=3)
    pool_region = models.CharField(max_length=6)
    region_code = models.CharField(max_length=6)
    bank_code = models.CharField(max_length=20)
    attempt = models.SmallIntegerField()
    part = models.IntegerField(default=0)
    line_count = models.IntegerField()
    total_fen = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=BatchState.choices, default=BatchState.DRAFTED)
    msg_id = models.CharField(max_length=35, blank=True)
    drafted_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=BatchState.values), name="fund_paymentbatch_state"),
            models.CheckConstraint(condition=models.Q(attempt__in=(1, 2)), name="fund_paymentbatch_attempt"),
            models.UniqueConstraint(
                fields=["msg_id"], condition=~models.Q(msg_id=""), name="fund_paymentbatch_message_once"
            ),
        ]
        indexes = [models.Index(fields=["run_month", "state"], name="fund_paymentbatch_run")]

    def __str__(self) -> str:
        return self.msg_id or f"{self.run_month}-{self.fund}-{self.pk}"


class BatchSignature(Record):
    """One signature under a batch: who, when, and the content (count, total, digest) as it was at that moment."""

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = Scope.STAFF
    personal: ClassVar[dict[str, Mark]] = {}

    batch = models.ForeignKey(PaymentBatch, on_delete=models.PROTECT, related_name="signatures")
    stage = models.SmallIntegerField(choices=Stage.choices)
    user_id = models.BigIntegerField()
    user_name = models.CharField(max_length=80)
    line_count = models.IntegerField()
    total_fen = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    signed_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "stage"], name="fund_signature_stage_once"),
            models.UniqueConstraint(fields=["batch", "user_id"], name="fund_signature_other_person"),
        ]


class PaymentBatchLine(Record):
    """One try to pay one payment line; month is the line's month, so that one try exists once for ever.

    Rows never change; they can only be deleted when their batch was rejected, which frees the line for another batch.
    """

    history: ClassVar[History] = History.NONE
    scope: ClassVar[Scope] = Scope(parent="batch_id:fund_paymentbatch", person="person_id")
    personal: ClassVar[dict[str, Mark]] = {
        "person_id": Mark.IDENTITY,
        "amount_fen": Mark.BENEFIT,
        "bank_code": Mark.BANK,
        "account_number": Mark.BANK,
        "account_name": Mark.NAME,
    }

    pk = models.CompositePrimaryKey("month", "id")
    month = models.IntegerField()
    id = models.BigIntegerField(db_default=next_id("fund_paymentbatchline"))
    batch_id = models.BigIntegerField()
    line_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    attempt = models.SmallIntegerField()
    amount_fen = models.BigIntegerField()
    end_to_end_id = models.CharField(max_length=35)
    bank_code = models.CharField(max_length=20)
    account_number = SealedField()  # as in the payment line or the registry
    account_name = models.CharField(max_length=140)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["month", "line_id", "attempt"], name="fund_batchline_once"),
            models.CheckConstraint(condition=models.Q(attempt__in=(1, 2)), name="fund_batchline_attempt"),
        ]
        indexes = [models.Index(fields=["batch_id"], name="fund_batchline_batch")]


class PaymentResult(Record):
    """What became of one try: paid or failed by the bank's answer, returned by a later statement; frozen."""

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = Scope(parent="batch_id:fund_paymentbatch", person="person_id")
    personal: ClassVar[dict[str, Mark]] = {"person_id": Mark.IDENTITY}

    pk = models.CompositePrimaryKey("month", "id")
    month = models.IntegerField()
    id = models.BigIntegerField(db_default=next_id("fund_paymentresult"))
    batch_id = models.BigIntegerField()
    line_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    attempt = models.SmallIntegerField()
    status = models.CharField(max_length=10)  # paid | failed | returned
    reason = models.CharField(max_length=10)
    message = models.CharField(max_length=35)  # the bank's file that said so
    on_date = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["month", "line_id", "attempt", "status"], name="fund_result_once"),
            models.CheckConstraint(
                condition=models.Q(status__in=("paid", "failed", "returned")), name="fund_result_status"
            ),
        ]
        indexes = [
            models.Index(fields=["batch_id"], name="fund_result_batch"),
            models.Index(fields=["attempt"], name="fund_result_not_paid", condition=~models.Q(status="paid")),
        ]
