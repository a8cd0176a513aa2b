"""Orders that need two officers: the yearly budget, a payment made again with another account, words on open items."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import pgettext_lazy

from dashebao.kernel.records.api import History, Mark, Record, Scope
from dashebao.kernel.secrecy.api import SealedField, sealed_check


class OrderState(models.TextChoices):
    """The life of an order: one officer proposes, another decides."""

    PROPOSED = "proposed", pgettext_lazy("order", "Proposed")
    APPROVED = "approved", pgettext_lazy("order", "Approved")
    REJECTED = "rejected", pgettext_lazy("order", "Rejected")


def decided_by_another(name: str) -> models.CheckConstraint:
    """No order is decided by the officer who proposed it."""
    return models.CheckConstraint(
        condition=Q(state="proposed", decided_by__isnull=True)
        | (Q(state__in=["approved", "rejected"], decided_by__isnull=False) & ~Q(decided_by=F("proposed_by"))),
        name=name,
    )


class BudgetProposal(Record):
    """A budget of one fund and year as a maker proposes it: amounts by account; an approver puts it in force."""

    history: ClassVar[History] = History.TRACKED
    scope: ClassVar[Scope] = Scope.STAFF
    personal: ClassVar[dict[str, Mark]] = {}

    fund = models.CharField(max_length=3)
    region_code = models.CharField(max_length=6)
    year = models.IntegerField()
    amounts = models.JSONField()
    note = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=OrderState.choices, default=OrderState.PROPOSED)
    proposed_by = models.BigIntegerField()
    proposer = models.CharField(max_length=80)
    proposed_at = models.DateTimeField(db_default=Now())
    decided_by = models.BigIntegerField(null=True)
    decider = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["fund", "region_code", "year"], condition=Q(state="proposed"), name="fund_one_open_budget"
            ),
            decided_by_another("fund_budget_four_eyes"),
        ]


class Reissue(Record):
    """An order to pay a payment again that failed twice, to an account corrected by one officer and seen by another."""

    history: ClassVar[History] = History.TRACKED
    scope: ClassVar[Scope] = Scope(region="region_code", person="person_id")
    personal: ClassVar[dict[str, Mark]] = {
        "person_id": Mark.IDENTITY,
        "amount_fen": Mark.BENEFIT,
        "bank_code": Mark.BANK,
        "account_number": Mark.BANK,
        "account_name": Mark.NAME,
    }

    line_month = models.IntegerField()
    line_id = models.BigIntegerField()
    person_id = models.BigIntegerField()
    region_code = models.CharField(max_length=6)
    amount_fen = models.BigIntegerField()
    bank_code = models.CharField(max_length=20)
    account_number = SealedField(holders=["person_id"])
    account_name = models.CharField(max_length=140)
    note = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=OrderState.choices, default=OrderState.PROPOSED)
    proposed_by = models.BigIntegerField()
    proposer = models.CharField(max_length=80)
    proposed_at = models.DateTimeField(db_default=Now())
    decided_by = models.BigIntegerField(null=True)
    decider = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["line_month", "line_id"], condition=~Q(state="rejected"), name="fund_reissue_once"
            ),
            decided_by_another("fund_reissue_four_eyes"),
            sealed_check("fund_reissue_sealed", "account_number", ["person_id"]),
        ]


class OpenItemNote(Record):
    """What an officer found out about an item on which ledger and outside disagree; the newest stands on the page."""

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = Scope.STAFF
    personal: ClassVar[dict[str, Mark]] = {"user_name": Mark.NAME}

    fund = models.CharField(max_length=3)
    region_code = models.CharField(max_length=6)
    month = models.IntegerField()
    account = models.CharField(max_length=9)
    reference = models.CharField(max_length=60)
    text = models.CharField(max_length=300)
    user_id = models.BigIntegerField()
    user_name = models.CharField(max_length=80)
    written_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["fund", "region_code", "month"], name="fund_note_of_month")]
