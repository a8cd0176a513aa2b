"""Tables of the residents' pension: enrolment, yearly payments with subsidy, and the frozen award."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dashebao.kernel.records.api import History, Mark, Record, Scope

ITEM_PREFIX = "RY-"


class ResidentEnrolment(Record):
    """A resident's membership of scheme 170 at the place of household registration."""

    class State(models.TextChoices):
        ACTIVE = "active", _("Enrolled")
        ENDED = "ended", _("Ended")

    class EndReason(models.TextChoices):
        DEATH = "death", pgettext_lazy("residents' membership", "Death")
        ABROAD = "abroad", _("Settled abroad and lost nationality")
        OTHER = "other", _("Receives another state pension")
        LINKED = "linked", _("Account gone to the employees' scheme")

    history: ClassVar[History] = History.TRACKED
    scope: ClassVar[Scope] = Scope(region="region_code", person="person_id")
    personal: ClassVar[dict[str, Mark]] = {"tier_fen": Mark.BENEFIT, "end_reason": Mark.STATUS}

    person_id = models.BigIntegerField()
    region_code = models.CharField(max_length=6)
    state = models.CharField(max_length=8, choices=State.choices, default=State.ACTIVE)
    enrolled_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    end_reason = models.CharField(max_length=8, choices=EndReason.choices, blank=True, default="", db_default="")
    tier_fen = models.BigIntegerField(default=0)
    linked_months = models.IntegerField(default=0, db_default=0, help_text="months of the employees' scheme that count")
    case_no = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person_id"], condition=Q(state="active"), name="residents_one_active_enrolment"
            ),
        ]


class YearPayment(Record):
    """What a resident paid for a year, and what the government added to it."""

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = Scope(region="region_code", person="person_id")
    personal: ClassVar[dict[str, Mark]] = {
        "tier_fen": Mark.BENEFIT,
        "subsidy_fen": Mark.BENEFIT,
        "collective_fen": Mark.BENEFIT,
    }

    person_id = models.BigIntegerField()
    region_code = models.CharField(max_length=6)
    for_year = models.IntegerField()
    paid_on = models.DateField()
    month = models.IntegerField()
    tier_fen = models.BigIntegerField()
    subsidy_fen = models.BigIntegerField()
    collective_fen = models.BigIntegerField(default=0)
    receipt_no = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person_id", "for_year"], name="residents_year_paid_once"),
            models.CheckConstraint(
                condition=Q(tier_fen__gt=0, subsidy_fen__gte=0, collective_fen__gte=0), name="residents_payment_amounts"
            ),
        ]


class YearAssessment(Record):
    """应征: a year that a resident is to pay; the tax office collects it, and it counts once the payment is reported."""

    class State(models.TextChoices):
        TOLD = "told", _("Told to the tax office")
        TAKEN = "taken", _("Taken over by the tax office")
        REFUSED = "refused", _("Refused by the tax office")
        PAID = "paid", pgettext_lazy("a resident's year", "Paid")

    history: ClassVar[History] = History.TRACKED
    scope: ClassVar[Scope] = Scope(region="region_code", person="person_id")
    personal: ClassVar[dict[str, Mark]] = {"tier_fen": Mark.BENEFIT}

    person_id = models.BigIntegerField()
    region_code = models.CharField(max_length=6)
    for_year = models.IntegerField()
    tier_fen = models.BigIntegerField()
    receipt_no = models.CharField(max_length=40, blank=True, default="")
    state = models.CharField(max_length=8, choices=State.choices, default=State.TOLD)
    voucher = models.CharField(max_length=40, blank=True, default="")
    problem = models.CharField(max_length=200, blank=True, default="")
    case_no = models.CharField(max_length=40, blank=True, default="")
    assessed_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "for_year"], condition=~Q(state="refused"), name="residents_year_assessed_once"
            ),
            models.CheckConstraint(condition=Q(tier_fen__gt=0), name="residents_assessed_amount"),
        ]

    @property
    def item(self) -> str:
        """The name under which the tax office knows it."""
        return f"{ITEM_PREFIX}{self.pk}"


class MembershipEnd(Record):
    """A membership that ended with its account paid out: to the person, or after a death to an heir."""

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = Scope(region="region_code", person="payee_person_id")
    personal: ClassVar[dict[str, Mark]] = {"reason": Mark.STATUS, "amount_fen": Mark.BENEFIT}

    person_id = models.BigIntegerField(unique=True)
    payee_person_id = models.BigIntegerField()
    region_code = models.CharField(max_length=6)
    reason = models.CharField(max_length=8, choices=ResidentEnrolment.EndReason.choices)
    amount_fen = models.BigIntegerField()
    case_no = models.CharField(max_length=40)
    decided_on = models.DateField()


class ResidentAward(Record):
    """The decision on a residents' pension with frozen inputs and the lines of its calculation."""

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = Scope(region="region_code", person="person_id")
    personal: ClassVar[dict[str, Mark]] = {
        "account_balance_fen": Mark.BENEFIT,
        "basic_fen": Mark.BENEFIT,
        "account_fen": Mark.BENEFIT,
        "monthly_fen": Mark.BENEFIT,
        "inputs": Mark.COPY,
        "trace": Mark.COPY,
    }

    person_id = models.BigIntegerField(unique=True)
    region_code = models.CharField(max_length=6)
    case_no = models.CharField(max_length=40, blank=True, default="")
    start_month = models.IntegerField()
    paid_years = models.IntegerField()
    account_balance_fen = models.BigIntegerField()
    basic_fen = models.BigIntegerField()
    account_fen = models.BigIntegerField()
    monthly_fen = models.BigIntegerField()
    inputs = models.JSONField()
    trace = models.JSONField()
    parameters_digest = models.CharField(max_length=64)
    law_on = models.DateField()
    decided_on = models.DateField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(monthly_fen=F("basic_fen") + F("account_fen")), name="residents_award_adds_up"
            ),
        ]
