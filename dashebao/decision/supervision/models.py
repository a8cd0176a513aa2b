"""Suspicious items, and every step of their handling."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import pgettext_lazy

from dashebao.kernel.records.api import History, Mark, Record, Scope


class FindingState(models.TextChoices):
    """The life of a suspicious item."""

    NEW = "new", pgettext_lazy("finding", "New")
    CHECKED = "checked", pgettext_lazy("finding", "Checked")
    PROPOSED = "proposed", pgettext_lazy("finding", "Dismissal proposed")
    DISMISSED = "dismissed", pgettext_lazy("finding", "Dismissed")
    CONFIRMED = "confirmed", pgettext_lazy("finding", "Confirmed")
    RECOVERED = "recovered", pgettext_lazy("finding", "Put right")


OPEN = (FindingState.NEW, FindingState.CHECKED, FindingState.PROPOSED, FindingState.CONFIRMED)


class Finding(Record):
    """One suspicious item found by a rule: what it is about, the facts, its state, who works on it."""

    history: ClassVar[History] = History.TRACKED
    scope: ClassVar[Scope] = Scope(region="region_code")
    personal: ClassVar[dict[str, Mark]] = {"person_id": Mark.IDENTITY, "amount_fen": Mark.BENEFIT, "facts": Mark.COPY}

    rule = models.CharField(max_length=40)
    subject = models.CharField(max_length=100)
    gravity = models.SmallIntegerField()
    region_code = models.CharField(max_length=6)
    person_id = models.BigIntegerField(null=True)
    unit_id = models.BigIntegerField(null=True)
    case_no = models.CharField(max_length=40, blank=True)
    month = models.IntegerField()
    amount_fen = models.BigIntegerField(null=True)
    facts = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=FindingState.choices, default=FindingState.NEW)
    assigned_to = models.BigIntegerField(null=True)
    assigned_name = models.CharField(max_length=80, blank=True)
    proposed_by = models.BigIntegerField(null=True)
    closed_by = models.BigIntegerField(null=True)
    recovered_fen = models.BigIntegerField(default=0)
    found_at = models.DateTimeField(db_default=Now())
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rule", "subject"], name="supervision_finding_once"),
            models.CheckConstraint(condition=Q(state__in=FindingState.values), name="supervision_finding_state"),
            models.CheckConstraint(
                condition=~Q(state="dismissed")
                | (Q(proposed_by__isnull=False, closed_by__isnull=False) & ~Q(proposed_by=F("closed_by"))),
                name="supervision_dismissed_by_two",
            ),
            models.CheckConstraint(condition=Q(recovered_fen__gte=0), name="supervision_recovered"),
        ]
        indexes = [
            models.Index(fields=["state", "-gravity", "-id"], name="supervision_finding_open"),
            models.Index(fields=["person_id"], name="supervision_finding_person"),
        ]


class FindingStep(Record):
    """One step of handling a suspicious item: who did what, when, and why."""

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = Scope(parent="finding_id:supervision_finding")
    personal: ClassVar[dict[str, Mark]] = {"user_name": Mark.NAME}

    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="steps")
    act = models.CharField(max_length=12)
    user_id = models.BigIntegerField()
    user_name = models.CharField(max_length=80)
    note = models.CharField(max_length=500, blank=True)
    amount_fen = models.BigIntegerField(null=True)
    at = models.DateTimeField(db_default=Now())


class RuleRun(Record):
    """One run of one rule: the month, how many items it found and how many were new."""

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = Scope.STAFF
    personal: ClassVar[dict[str, Mark]] = {}

    rule = models.CharField(max_length=40)
    month = models.IntegerField()
    found = models.IntegerField()
    fresh = models.IntegerField()
    milliseconds = models.IntegerField()
    ran_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["rule", "-id"], name="supervision_run_of_rule")]
