"""What an officer leaves to the next one at the end of a shift."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from dashebao.kernel.records.api import History, Mark, Record, Scope


class Handover(Record):
    """One change of shift (交接班): who gave which tasks to whom, with what words, and when it was received."""

    history: ClassVar[History] = History.TRACKED
    scope: ClassVar[Scope] = Scope(region="region_code")
    personal: ClassVar[dict[str, Mark]] = {"giver_name": Mark.NAME, "taker_name": Mark.NAME, "note": Mark.COPY}

    region_code = models.CharField(max_length=6)
    giver_id = models.BigIntegerField()
    giver_name = models.CharField(max_length=80)
    taker_id = models.BigIntegerField()
    taker_name = models.CharField(max_length=80)
    case_nos = ArrayField(models.CharField(max_length=24), default=list)
    left_nos = ArrayField(models.CharField(max_length=24), default=list)
    note = models.TextField(blank=True, default="")
    given_at = models.DateTimeField()
    received_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="counter_handover_other", condition=~models.Q(giver_id=models.F("taker_id")))
        ]
        indexes = [
            models.Index(fields=["taker_id", "-id"], name="counter_handover_taker"),
            models.Index(fields=["giver_id", "-id"], name="counter_handover_giver"),
        ]
