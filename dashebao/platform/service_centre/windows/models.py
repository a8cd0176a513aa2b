"""The numbers people take in a service hall."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from dashebao.kernel.identity.api import Office
from dashebao.kernel.records.api import History, Mark, Record, Scope


class TicketState(models.TextChoices):
    """Where a number stands."""

    WAITING = "waiting", pgettext_lazy("ticket", "Waiting")
    CALLED = "called", pgettext_lazy("ticket", "Called")
    SERVED = "served", pgettext_lazy("ticket", "Finished")
    MISSED = "missed", pgettext_lazy("ticket", "Did not come")


class Ticket(Record):
    """One number of one office's day: for which business, when taken, called, finished, at which window."""

    history: ClassVar[History] = History.TRACKED
    scope: ClassVar[Scope] = Scope(region="region_code")
    personal: ClassVar[dict[str, Mark]] = {"officer_name": Mark.NAME, "person_id": Mark.IDENTITY}

    office = models.ForeignKey(Office, on_delete=models.PROTECT, related_name="+")
    region_code = models.CharField(max_length=6)
    day = models.DateField()
    business = models.CharField(max_length=40)
    letter = models.CharField(max_length=1)
    serial = models.IntegerField()
    first = models.BooleanField(default=False)
    person_id = models.BigIntegerField(null=True)
    state = models.CharField(max_length=10, choices=TicketState, default=TicketState.WAITING)
    taken_at = models.DateTimeField()
    queued_at = models.DateTimeField()
    called_at = models.DateTimeField(null=True)
    calls = models.SmallIntegerField(default=0)
    ended_at = models.DateTimeField(null=True)
    window = models.CharField(max_length=20, blank=True, default="")
    officer_id = models.BigIntegerField(null=True)
    officer_name = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["office", "day", "letter", "serial"], name="windows_ticket_number"),
            models.UniqueConstraint(
                fields=["officer_id"], condition=Q(state="called"), name="windows_ticket_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", officer_id__isnull=True)
                | Q(officer_id__isnull=False) & ~Q(state="waiting"),
                name="windows_ticket_called_by",
            ),
        ]
        indexes = [
            models.Index(
                fields=["office", "day", "-first", "queued_at"], name="windows_waiting", condition=Q(state="waiting")
            ),
            models.Index(fields=["office", "day", "-called_at"], name="windows_called"),
        ]

    @property
    def number(self) -> str:
        """The number as it is printed and called: A032."""
        return f"{self.letter}{self.serial:03d}"
