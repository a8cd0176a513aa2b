"""Changes of reference data: proposed by one officer, enacted or closed by another, kept for ever."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dashebao.kernel.records.api import History, Mark, Record, Scope


class Kind(models.TextChoices):
    """What kind of reference data a change is about."""

    PARAMETER = "parameter", _("Parameter of the law")
    CODE = "code", _("Code table")
    CALENDAR = "calendar", _("Working-day calendar")
    TEXT = "text", _("Text of a letter")


class Change(models.Model):
    """What a proposal and its enactment both say: the subject, from when, the content, the act it rests on."""

    kind = models.CharField(max_length=10, choices=Kind)
    subject = models.CharField(max_length=120)  # name of the parameter, table or text; the year of a calendar
    part = models.CharField(max_length=40, blank=True, default="")  # threshold of a scale, code of a table
    region_prefix = models.CharField(max_length=6, blank=True, default="")  # "" the nation
    since = models.DateField()
    content = models.JSONField()
    act_title = models.CharField(max_length=200)
    act_article = models.CharField(max_length=120)
    act_url = models.CharField(max_length=300, blank=True, default="")
    backdated_reason = models.CharField(max_length=400, blank=True, default="")
    proposed_by = models.BigIntegerField()
    proposed_name = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)  # the database computes it over everything above

    class Meta:
        abstract = True


class Proposal(Change, Record):
    """A change somebody proposes; it does nothing until another officer enacts it."""

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = Scope.STAFF
    personal: ClassVar[dict[str, Mark]] = {"proposed_name": Mark.NAME}

    reason = models.CharField(max_length=400)
    proposed_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["kind", "subject", "-id"], name="administration_proposed")]

    def __str__(self) -> str:
        return f"{self.subject} {self.since}"


class Closure(Record):
    """The end of a proposal that was not enacted: rejected by an approver or withdrawn by its proposer."""

    class Outcome(models.TextChoices):
        REJECTED = "rejected", pgettext_lazy("proposal", "Rejected")
        WITHDRAWN = "withdrawn", pgettext_lazy("proposal", "Withdrawn")

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = Scope.STAFF
    personal: ClassVar[dict[str, Mark]] = {"closed_name": Mark.NAME}

    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT)
    outcome = models.CharField(max_length=10, choices=Outcome)
    reason = models.CharField(max_length=400)
    closed_by = models.BigIntegerField()
    closed_name = models.CharField(max_length=80)
    closed_at = models.DateTimeField(db_default=Now())


class Enactment(Change, Record):
    """An approved change; only the database's own function writes it, and every process computes with it."""

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = Scope.PUBLIC  # the law in force is public, and every process reads it
    rights: ClassVar[str] = "read"
    personal: ClassVar[dict[str, Mark]] = {"proposed_name": Mark.NAME, "approved_name": Mark.NAME}

    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT)
    opinion = models.CharField(max_length=400, blank=True, default="")
    approved_by = models.BigIntegerField()
    approved_name = models.CharField(max_length=80)
    approved_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject", "part", "region_prefix", "since"], name="administration_one_value_from_a_day"
            ),
            models.CheckConstraint(
                condition=~models.Q(approved_by=models.F("proposed_by")), name="administration_four_eyes"
            ),
        ]
