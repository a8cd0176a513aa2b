"""The register of issued papers: each with its number, random check code, digest and the sealed file."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from dashebao.kernel.records.api import History, Mark, Record, Scope


class IssuedPaper(Record):
    """One paper as it was handed out. `content_digest` is that of what it says, `digest` that of the sealed file."""

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = Scope(region="region_code", person="reader_ids", unit="unit_id")
    personal: ClassVar[dict[str, Mark]] = {
        "subject_name": Mark.NAME,
        "issued_name": Mark.NAME,
        "pdf": Mark.COPY,
    }

    number = models.CharField(max_length=40, unique=True)
    code = models.CharField(max_length=16, unique=True)
    kind = models.CharField(max_length=40)
    source = models.CharField(max_length=60, blank=True)
    title_zh = models.CharField(max_length=120)
    title_en = models.CharField(max_length=120)
    language = models.CharField(max_length=2)
    subject_name = models.CharField(max_length=120)
    person_id = models.BigIntegerField(null=True)
    unit_id = models.BigIntegerField(null=True)
    reader_ids = ArrayField(models.BigIntegerField(), default=list)
    region_code = models.CharField(max_length=6)
    case_no = models.CharField(max_length=24, blank=True)
    office = models.CharField(max_length=120)
    content_digest = models.CharField(max_length=64)
    digest = models.CharField(max_length=64, unique=True)
    pages = models.SmallIntegerField()
    pdf = models.BinaryField()
    issued_at = models.DateTimeField()
    issued_kind = models.CharField(max_length=10)
    issued_by = models.BigIntegerField()
    issued_name = models.CharField(max_length=80)
    valid_until = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["content_digest"], name="papers_issued_content"),
            models.Index(fields=["person_id", "-id"], name="papers_issued_person"),
            models.Index(fields=["unit_id", "-id"], name="papers_issued_unit"),
        ]

    def __str__(self) -> str:
        return self.number


class PaperRevocation(Record):
    """That an issued paper no longer holds, and why."""

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = Scope(parent="paper_id:papers_issuedpaper")
    personal: ClassVar[dict[str, Mark]] = {"reason": Mark.COPY, "revoked_name": Mark.NAME}

    paper = models.OneToOneField(IssuedPaper, on_delete=models.PROTECT, related_name="revocation")
    reason = models.CharField(max_length=200)
    revoked_at = models.DateTimeField()
    revoked_by = models.BigIntegerField()
    revoked_name = models.CharField(max_length=80)


class CheckCount(Record):
    """How many checks came from one address in one minute; the address is kept only as a keyed digest."""

    history: ClassVar[History] = History.NONE
    scope: ClassVar[Scope] = Scope.PUBLIC
    personal: ClassVar[dict[str, Mark]] = {}

    address = models.CharField(max_length=64, primary_key=True)
    minute = models.DateTimeField(db_default=Now())
    checks = models.IntegerField(default=1)
