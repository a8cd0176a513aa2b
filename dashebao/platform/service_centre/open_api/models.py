"""Clients of the open interface, their keys, what they called and what they were answered."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import pgettext_lazy

from dashebao.kernel.records.api import History, Mark, Record, Scope
from dashebao.kernel.secrecy.api import SealedJSONField


class ClientKind(models.TextChoices):
    """For whom a program acts."""

    UNIT = "unit", pgettext_lazy("client", "An employer's software")
    PARTNER = "partner", pgettext_lazy("client", "A partner's system")


class ClientState(models.TextChoices):
    """Whether a client may call."""

    ACTIVE = "active", pgettext_lazy("client", "Active")
    SUSPENDED = "suspended", pgettext_lazy("client", "Suspended")
    ENDED = "ended", pgettext_lazy("client", "Ended")


class ApiClient(Record):
    """A program that may call: for whom it acts, for what purpose, with which scopes, where, how often, until when.

    `regions` are 6-digit codes; a client of a unit acts in the unit's place. `region_code` is the office in charge.
    """

    history: ClassVar[History] = History.TRACKED
    scope: ClassVar[Scope] = Scope(region="region_code", unit="unit_id")
    personal: ClassVar[dict[str, Mark]] = {"contact": Mark.CONTACT, "name": Mark.COPY}

    name = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=8, choices=ClientKind)
    owner = models.CharField(max_length=120)
    unit_id = models.BigIntegerField(null=True)
    contact = models.CharField(max_length=120, blank=True)
    purpose = models.CharField(max_length=300)
    region_code = models.CharField(max_length=6)
    regions = ArrayField(models.CharField(max_length=6))
    scopes = ArrayField(models.CharField(max_length=40), default=list)
    calls_per_minute = models.IntegerField(default=60)
    expires_on = models.DateField(null=True)
    state = models.CharField(max_length=10, choices=ClientState, default=ClientState.ACTIVE)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="open_api_client_acts_for",
                condition=models.Q(kind="unit", unit_id__isnull=False) | models.Q(kind="partner", unit_id__isnull=True),
            ),
            models.CheckConstraint(name="open_api_client_rate", condition=models.Q(calls_per_minute__range=(1, 6000))),
            models.CheckConstraint(name="open_api_client_placed", condition=models.Q(regions__len__gte=1)),
        ]

    def __str__(self) -> str:
        return self.name


class ApiKey(Record):
    """One key of a client: its public part, the SHA-256 of its 256-bit secret, and how long it is good for."""

    history: ClassVar[History] = History.TRACKED
    scope: ClassVar[Scope] = Scope(parent="client_id:open_api_apiclient")
    personal: ClassVar[dict[str, Mark]] = {"digest": Mark.SECRET}

    client = models.ForeignKey(ApiClient, on_delete=models.PROTECT, related_name="keys")
    public = models.CharField(max_length=16, unique=True)
    digest = models.CharField(max_length=64)
    form_key = models.CharField(max_length=40, unique=True)  # of the form that asked for it: sent twice, issued once
    issued_at = models.DateTimeField(db_default=Now())
    issued_by = models.BigIntegerField(null=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)


class ApiCall(Record):
    """One call of a client: when, with which key, what, whose data, for what purpose, and how it was answered."""

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = Scope(region="region_code", person="person_id", unit="unit_id")
    personal: ClassVar[dict[str, Mark]] = {"purpose": Mark.COPY}

    at = models.DateTimeField(db_default=Now())
    client = models.ForeignKey(ApiClient, on_delete=models.PROTECT, related_name="calls")
    key = models.ForeignKey(ApiKey, on_delete=models.PROTECT, null=True)
    request_id = models.CharField(max_length=40)
    method = models.CharField(max_length=8)
    operation = models.CharField(max_length=80)
    status = models.SmallIntegerField()
    person_id = models.BigIntegerField(null=True)
    unit_id = models.BigIntegerField(null=True)
    case_no = models.CharField(max_length=24, blank=True)
    region_code = models.CharField(max_length=6)
    purpose = models.CharField(max_length=300)
    milliseconds = models.IntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["client", "-id"], name="open_api_call_client"),
            models.Index(fields=["person_id", "-id"], name="open_api_call_person"),
        ]


class ApiAnswer(Record):
    """What a client was answered under an Idempotency-Key, to be answered again for the same request."""

    history: ClassVar[History] = History.NONE
    scope: ClassVar[Scope] = Scope.STAFF
    personal: ClassVar[dict[str, Mark]] = {"body": Mark.COPY}

    client = models.ForeignKey(ApiClient, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=64)
    operation = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    body = SealedJSONField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "key"], name="open_api_answer_once")]
        indexes = [models.Index(fields=["client", "at"], name="open_api_answer_age")]


class ApiWindow(Record):
    """How many calls a client made in the running minute, counted by the database for all processes."""

    history: ClassVar[History] = History.NONE
    scope: ClassVar[Scope] = Scope.STAFF
    personal: ClassVar[dict[str, Mark]] = {}

    client = models.OneToOneField(ApiClient, on_delete=models.CASCADE, primary_key=True, related_name="+")
    minute = models.DateTimeField()
    calls = models.IntegerField()
