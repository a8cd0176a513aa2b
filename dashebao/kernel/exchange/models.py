"""Partners, messages out and in, their receipts and results, and what was refused."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from dashebao.kernel.records.api import History, Mark, Record, Scope
from dashebao.kernel.secrecy.api import Family, SealedField, SealedJSONField, sealed_check


class Partner(Record):
    """Somebody outside with whom messages are exchanged, known by a public key."""

    history: ClassVar[History] = History.TRACKED
    scope: ClassVar[Scope] = Scope.STAFF
    personal: ClassVar[dict[str, Mark]] = {}

    code = models.CharField(max_length=30, unique=True)
    title = models.CharField(max_length=120)
    public_key = models.TextField()
    folder = models.CharField(max_length=60, unique=True)
    closed_at = models.DateTimeField(null=True, blank=True)


class OutboxMessage(Record):
    """A message to a partner, signed and written in the transaction of the change that it tells of."""

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = Scope.STAFF
    personal: ClassVar[dict[str, Mark]] = {"data": Mark.COPY, "token": Mark.COPY}

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="sent")
    message_id = models.UUIDField(unique=True)
    kind = models.CharField(max_length=30)
    key = models.CharField(max_length=200)
    answers = models.CharField(max_length=200, blank=True)
    data = SealedJSONField(default=dict)
    name = models.CharField(max_length=200, blank=True)
    digest = models.CharField(max_length=64)
    token = SealedField(family=Family.MESSAGE, holders=["partner_id"])
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partner", "key"], name="exchange_sent_once"),
            sealed_check("exchange_sent_sealed", "token", ["partner_id"]),
        ]


class Delivery(Record):
    """How far a message to a partner has come; it is at an end with the partner's signed receipt."""

    history: ClassVar[History] = History.NONE
    scope: ClassVar[Scope] = Scope.STAFF
    personal: ClassVar[dict[str, Mark]] = {}

    message = models.OneToOneField(OutboxMessage, on_delete=models.PROTECT, primary_key=True)
    sent_at = models.DateTimeField(null=True)
    attempts = models.IntegerField(default=0)
    receipt = models.TextField(blank=True)
    receipt_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["message"], name="exchange_delivery_open", condition=models.Q(receipt_at__isnull=True))
        ]


class InboxMessage(Record):
    """A message of a partner, kept as it came, with the receipt we gave for it."""

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = Scope.STAFF
    personal: ClassVar[dict[str, Mark]] = {"data": Mark.COPY, "token": Mark.COPY}

    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="received")
    message_id = models.CharField(max_length=100)
    kind = models.CharField(max_length=30)
    key = models.CharField(max_length=200)
    answers = models.CharField(max_length=200, blank=True)
    data = SealedJSONField(default=dict)
    name = models.CharField(max_length=200, blank=True)
    fingerprint = models.CharField(max_length=64)
    token = SealedField(family=Family.MESSAGE, holders=["partner_id"])
    receipt = models.TextField()
    received_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["partner", "message_id"], name="exchange_received_once"),
            models.UniqueConstraint(fields=["partner", "key"], name="exchange_received_key_once"),
            sealed_check("exchange_received_sealed", "token", ["partner_id"]),
        ]
        indexes = [models.Index(fields=["answers"], name="exchange_inbox_answers")]


class InboxResult(Record):
    """What became of a message: written in the transaction of its handling, so it is handled once or not at all."""

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = Scope.STAFF
    personal: ClassVar[dict[str, Mark]] = {}

    message = models.OneToOneField(InboxMessage, on_delete=models.PROTECT, primary_key=True, related_name="result")
    outcome = models.CharField(max_length=10)  # handled | refused
    code = models.CharField(max_length=30, blank=True)
    text = models.CharField(max_length=500, blank=True)
    rows_good = models.BigIntegerField(default=0)
    rows_bad = models.BigIntegerField(default=0)
    handled_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="exchange_result_outcome", condition=models.Q(outcome__in=("handled", "refused"))
            )
        ]


class InboxRow(Record):
    """What became of one line of a file; good lines are counted and need no row."""

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = Scope.STAFF
    personal: ClassVar[dict[str, Mark]] = {}

    message = models.ForeignKey(InboxMessage, on_delete=models.PROTECT, related_name="rows")
    line = models.IntegerField()
    ok = models.BooleanField()
    code = models.CharField(max_length=30, blank=True)
    text = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "line"], name="exchange_row_once")]


class InboxFailure(Record):
    """An attempt to handle a message that ended in an error; the attempt itself was undone."""

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = Scope.STAFF
    personal: ClassVar[dict[str, Mark]] = {}

    message = models.ForeignKey(InboxMessage, on_delete=models.PROTECT, related_name="failures")
    error = models.CharField(max_length=500)
    at = models.DateTimeField(db_default=Now())


class Quarantined(Record):
    """A file that was not taken in: unknown sender, bad signature, altered, or an id used twice."""

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = Scope.STAFF
    personal: ClassVar[dict[str, Mark]] = {}

    folder = models.CharField(max_length=60)
    file = models.CharField(max_length=300)
    fingerprint = models.CharField(max_length=64)
    reason = models.CharField(max_length=30)
    detail = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(db_default=Now())
