"""Tables of benefits paid by the month: components, interruptions, one-off dues, overpayments."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from dashebao.business.insurance.common.models_linking import AccountLink
from dashebao.kernel.records.api import History, Mark, Record, Scope
from dashebao.kernel.secrecy.api import SealedField, sealed_check

PAYEE = ("payee_person_id", "person_id")  # a payee outside the registry has no number of its own

__all__ = [
    "LOST_MONTHS",
    "AccountLink",
    "Benefit",
    "BenefitComponent",
    "BenefitState",
    "Due",
    "Instalment",
    "InterestCredit",
    "Overpayment",
    "Qualification",
    "Recovery",
    "StopReason",
    "Suspension",
]


class BenefitState(models.TextChoices):
    """The life of a running benefit."""

    GRANTED = "granted", _("Granted, not yet due")
    RUNNING = "running", _("Being paid")
    SUSPENDED = "suspended", _("Payment suspended")
    ENDED = "ended", _("Ended")


class StopReason(models.TextChoices):
    """Why a benefit is not paid for a time, or for good."""

    UNPROVEN = "unproven", _("Qualification not proven in time")
    PRISON = "prison", _("Serving a sentence")
    WANTED = "wanted", _("Missing or wanted")
    DOUBLE = "double", _("Receives another state pension")
    REQUEST = "request", _("At the person's own request")
    DEATH = "death", _("Death")
    ABROAD = "abroad", _("Settled abroad and withdrew")
    ERROR = "error", _("Granted in error")
    TERM = "term", _("Granted for a time that has passed")
    WORK = "work", _("Takes up work again")
    RECOVERED = "recovered", _("Able to work again")


# Months of these interruptions are lost; months of the others are paid once the reason is gone.
LOST_MONTHS = (StopReason.PRISON, StopReason.DOUBLE, StopReason.ERROR)


class Benefit(Record):
    """A monthly benefit of one person; the decision it rests on is the award of its scheme."""

    history: ClassVar[History] = History.TRACKED
    scope: ClassVar[Scope] = Scope(region="region_code", person="person_id")
    personal: ClassVar[dict[str, Mark]] = {
        "end_reason": Mark.STATUS,
        "monthly_fen": Mark.BENEFIT,
        "account_fen": Mark.BENEFIT,
    }

    person_id = models.BigIntegerField()
    scheme = models.CharField(max_length=3)
    kind = models.CharField(max_length=16, default="pension")
    region_code = models.CharField(max_length=6)
    award_id = models.BigIntegerField()
    case_no = models.CharField(max_length=40, blank=True, default="")
    state = models.CharField(max_length=10, choices=BenefitState.choices, default=BenefitState.GRANTED)
    start_month = models.IntegerField()
    end_month = models.IntegerField(null=True, blank=True)
    end_reason = models.CharField(max_length=10, choices=StopReason.choices, blank=True, default="")
    monthly_fen = models.BigIntegerField()
    account_fen = models.BigIntegerField(default=0)
    arrears_from_month = models.IntegerField(null=True, blank=True)
    qualified_until_on = models.DateField(null=True, blank=True)
    until_month = models.IntegerField(null=True, blank=True, help_text="last month of a benefit granted for a time")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "kind"], condition=~Q(state="ended"), name="common_one_live_benefit_of_a_kind"
            ),
            models.UniqueConstraint(fields=["scheme", "kind", "award_id"], name="common_one_benefit_of_an_award"),
            models.CheckConstraint(
                condition=Q(monthly_fen__gte=0, account_fen__gte=0, account_fen__lte=F("monthly_fen")),
                name="common_benefit_amounts",
            ),
            models.CheckConstraint(
                condition=Q(state="ended", end_month__isnull=False) | (~Q(state="ended") & Q(end_month__isnull=True)),
                name="common_benefit_end_known",
            ),
        ]
        indexes = [
            models.Index(fields=["person_id", "scheme"], name="common_benefit_person"),
            models.Index(fields=["state", "qualified_until_on"], name="common_benefit_qualified"),
        ]


class BenefitComponent(Record):
    """One part of the monthly amount, in force from a month on; an increase of a year is a part of its own."""

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = Scope(region="region_code", person="person_id")
    personal: ClassVar[dict[str, Mark]] = {"amount_fen": Mark.BENEFIT}

    benefit = models.ForeignKey(Benefit, on_delete=models.PROTECT, related_name="components")
    person_id = models.BigIntegerField()
    region_code = models.CharField(max_length=6)
    kind = models.CharField(max_length=16)
    from_month = models.IntegerField()
    amount_fen = models.BigIntegerField()
    source = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["benefit", "kind", "from_month"], name="common_component_once"),
        ]


class Suspension(Record):
    """Months in which a benefit is not paid, and why."""

    history: ClassVar[History] = History.TRACKED
    scope: ClassVar[Scope] = Scope(region="region_code", person="person_id")
    personal: ClassVar[dict[str, Mark]] = {"reason": Mark.STATUS, "note": Mark.STATUS}

    benefit = models.ForeignKey(Benefit, on_delete=models.PROTECT, related_name="suspensions")
    person_id = models.BigIntegerField()
    region_code = models.CharField(max_length=6)
    reason = models.CharField(max_length=10, choices=StopReason.choices)
    months_lost = models.BooleanField(default=False)
    from_month = models.IntegerField()
    to_month = models.IntegerField(null=True, blank=True)
    case_no = models.CharField(max_length=40, blank=True, default="")
    note = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["benefit"], condition=Q(to_month__isnull=True), name="common_one_open_suspension"
            ),
            models.CheckConstraint(
                condition=Q(to_month__isnull=True) | Q(to_month__gte=F("from_month") - 1),
                name="common_suspension_order",
            ),
        ]


class Qualification(Record):
    """A proof that a person is still entitled: by data match, by face, or by a visit."""

    class Method(models.TextChoices):
        MATCH = "match", _("Data match")
        FACE = "face", _("Self check by face")
        VISIT = "visit", _("Home visit")
        COUNTER = "counter", _("In person at the counter")

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = Scope(region="region_code", person="person_id")
    personal: ClassVar[dict[str, Mark]] = {}

    person_id = models.BigIntegerField(db_index=True)
    region_code = models.CharField(max_length=6)
    method = models.CharField(max_length=8, choices=Method.choices)
    proved_on = models.DateField()
    valid_until_on = models.DateField()
    case_no = models.CharField(max_length=40, blank=True, default="")


class Due(Record):
    """An amount owed once, waiting for the next run: a death grant, the arrears of an increase, an account paid out.

    A payee outside the registry (another province's fund) has the number 0 and its bank account here.
    """

    history: ClassVar[History] = History.TRACKED
    scope: ClassVar[Scope] = Scope(region="region_code", person="person_id")
    personal: ClassVar[dict[str, Mark]] = {
        "amount_fen": Mark.BENEFIT,
        "bank_code": Mark.BANK,
        "account_number": Mark.BANK,
        "account_name": Mark.NAME,
    }

    person_id = models.BigIntegerField()
    payee_person_id = models.BigIntegerField()
    region_code = models.CharField(max_length=6)
    scheme = models.CharField(max_length=3)
    benefit_kind = models.CharField(max_length=16)
    month = models.IntegerField()
    seq = models.SmallIntegerField(default=1)
    amount_fen = models.BigIntegerField()
    source = models.CharField(max_length=60)
    bank_code = models.CharField(max_length=20, blank=True, default="", db_default="")
    account_number = SealedField(blank=True, default="", db_default="", holders=PAYEE)
    account_name = models.CharField(max_length=140, blank=True, default="", db_default="")
    run_month = models.IntegerField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["month", "person_id", "scheme", "benefit_kind", "seq"], name="common_due_once"
            ),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="common_due_positive"),
            sealed_check("common_due_sealed", "account_number", PAYEE),
            models.CheckConstraint(
                condition=~Q(payee_person_id=0) | ~Q(account_number=""), name="common_due_outside_has_account"
            ),
        ]
        indexes = [
            models.Index(fields=["person_id"], condition=Q(run_month__isnull=True), name="common_due_waiting"),
        ]


class Overpayment(Record):
    """Money paid without right: whose, for which months, why, and how much has come back."""

    class State(models.TextChoices):
        OPEN = "open", _("Being recovered")
        CLOSED = "closed", _("Recovered in full")
        WRITTEN_OFF = "written_off", _("Rest written off")

    history: ClassVar[History] = History.TRACKED
    scope: ClassVar[Scope] = Scope(region="region_code", person="person_id")
    personal: ClassVar[dict[str, Mark]] = {
        "cause": Mark.STATUS,
        "amount_fen": Mark.BENEFIT,
        "recovered_fen": Mark.BENEFIT,
        "trace": Mark.COPY,
    }

    person_id = models.BigIntegerField(db_index=True)
    region_code = models.CharField(max_length=6)
    scheme = models.CharField(max_length=3)
    benefit = models.ForeignKey(Benefit, on_delete=models.PROTECT, related_name="overpayments")
    cause = models.CharField(max_length=10, choices=StopReason.choices)
    from_month = models.IntegerField()
    to_month = models.IntegerField()
    amount_fen = models.BigIntegerField()
    recovered_fen = models.BigIntegerField(default=0)
    state = models.CharField(max_length=12, choices=State.choices, default=State.OPEN)
    trace = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["benefit", "from_month"], name="common_overpayment_once"),
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0, recovered_fen__gte=0, recovered_fen__lte=F("amount_fen")),
                name="common_overpayment_amounts",
            ),
        ]


class Instalment(Record):
    """A planned step of recovery: withheld from a later payment, or to be paid back by a month."""

    class Way(models.TextChoices):
        WITHHELD = "withheld", _("Withheld from later payments")
        REPAID = "repaid", _("Paid back by the debtor")

    history: ClassVar[History] = History.TRACKED
    scope: ClassVar[Scope] = Scope(region="region_code", person="debtor_id")
    personal: ClassVar[dict[str, Mark]] = {"amount_fen": Mark.BENEFIT, "done_fen": Mark.BENEFIT}

    overpayment = models.ForeignKey(Overpayment, on_delete=models.PROTECT, related_name="instalments")
    debtor_id = models.BigIntegerField()
    region_code = models.CharField(max_length=6)
    way = models.CharField(max_length=8, choices=Way.choices)
    due_month = models.IntegerField()
    amount_fen = models.BigIntegerField()
    done_fen = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["overpayment", "due_month", "way"], name="common_instalment_once"),
            models.CheckConstraint(
                condition=Q(amount_fen__gt=0, done_fen__gte=0, done_fen__lte=F("amount_fen")),
                name="common_instalment_amounts",
            ),
        ]
        indexes = [
            models.Index(
                fields=["debtor_id"], condition=Q(done_fen__lt=F("amount_fen")), name="common_instalment_waiting"
            ),
        ]


class Recovery(Record):
    """Money that came back against an overpayment, once and for all."""

    class Way(models.TextChoices):
        OFFSET = "offset", _("Set off against money due")
        WITHHELD = "withheld", _("Withheld from later payments")
        REPAID = "repaid", _("Paid back by the debtor")
        BALANCE = "balance", _("Taken from the personal account")

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = Scope(region="region_code", person="person_id")
    personal: ClassVar[dict[str, Mark]] = {"amount_fen": Mark.BENEFIT}

    overpayment = models.ForeignKey(Overpayment, on_delete=models.PROTECT, related_name="recoveries")
    person_id = models.BigIntegerField()
    region_code = models.CharField(max_length=6)
    way = models.CharField(max_length=8, choices=Way.choices)
    month = models.IntegerField()
    amount_fen = models.BigIntegerField()
    source = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["overpayment", "way", "month", "source"], name="common_recovery_once"),
            models.CheckConstraint(condition=Q(amount_fen__gt=0), name="common_recovery_positive"),
        ]


class InterestCredit(Record):
    """Interest credited to an account for a year: the whole year's, or early for the part year before an award."""

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = Scope(region="region_code", person="person_id")
    personal: ClassVar[dict[str, Mark]] = {"worker_fen": Mark.BENEFIT, "employer_fen": Mark.BENEFIT}

    person_id = models.BigIntegerField()
    scheme = models.CharField(max_length=3)
    region_code = models.CharField(max_length=6)
    year = models.IntegerField()
    month = models.IntegerField()
    whole = models.BooleanField()
    worker_fen = models.BigIntegerField()
    employer_fen = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "scheme", "year"], condition=Q(whole=True), name="common_interest_once"
            ),
        ]
        indexes = [models.Index(fields=["scheme", "person_id", "year"], name="common_interest_person")]
