"""The history of every tracked row, the audit trail and their seals."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from dashebao.kernel.records.declared import History, Mark, Record, Scope
from dashebao.kernel.secrecy.api import SealedJSONField


class Change(Record):
    """One change of one tracked row, written by the database's trigger: who, when, why, before, after."""

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = Scope.STAFF
    rights: ClassVar[str] = "read"
    personal: ClassVar[dict[str, Mark]] = {"before": Mark.COPY, "after": Mark.COPY}

    at = models.DateTimeField(db_default=models.Func(function="clock_timestamp"))
    xid = models.BigIntegerField(db_default=models.Func(function="records_xid"))
    table_name = models.CharField(max_length=63)
    row_id = models.CharField(max_length=63)
    op = models.CharField(max_length=1)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.BigIntegerField(null=True)
    why = models.CharField(max_length=500)
    before = SealedJSONField(null=True)
    after = SealedJSONField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["table_name", "row_id", "id"], name="records_change_row"),
            models.Index(fields=["xid"], name="records_change_xid"),
            models.Index(fields=["table_name", "id"], name="records_change_gone", condition=models.Q(op="D")),
        ]


class AuditEntry(Record):
    """One line of the audit trail: who did or saw what, on which subject, when."""

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = Scope(region="region_code", person="subject_person_id", author="actor_kind:actor_id")
    personal: ClassVar[dict[str, Mark]] = {"detail": Mark.COPY, "actor_name": Mark.NAME}

    at = models.DateTimeField(db_default=models.Func(function="clock_timestamp"))
    xid = models.BigIntegerField(db_default=models.Func(function="records_xid"))
    verb = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=60)
    subject_person_id = models.BigIntegerField(null=True)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=80)
    region_code = models.CharField(max_length=6)
    detail = SealedJSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["subject_kind", "subject_id", "-id"], name="records_audit_subject"),
            models.Index(fields=["subject_person_id", "-id"], name="records_audit_person"),
            models.Index(fields=["actor_id", "-id"], name="records_audit_actor"),
            models.Index(fields=["at"], name="records_audit_at"),
            models.Index(fields=["xid"], name="records_audit_xid"),
        ]


class Seal(Record):
    """The Merkle root over one closed range of a log, chained to the seal before it (shape of RFC 9162)."""

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = Scope.STAFF
    personal: ClassVar[dict[str, Mark]] = {}

    log = models.CharField(max_length=30)
    number = models.IntegerField()
    from_xid = models.BigIntegerField()
    below_xid = models.BigIntegerField()
    rows = models.BigIntegerField()
    root = models.BinaryField()
    chain = models.BinaryField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["log", "number"], name="records_seal_number")]


class Generation(Record):
    """A number that changes whenever reference data kept in memory (law, codes, calendars, texts) was changed."""

    history: ClassVar[History] = History.NONE
    scope: ClassVar[Scope] = Scope.PUBLIC
    rights: ClassVar[str] = "read"
    personal: ClassVar[dict[str, Mark]] = {}

    number = models.BigIntegerField()
    at = models.DateTimeField(db_default=Now())
