"""What the tax office has been told about people's movements, and what it refused."""

from django.db import models
from django.db.models.functions import Now

from dashebao.kernel.records.api import History, Record, Scope


class MovementTold(Record):
    """A movement in a file to the tax office (T01): which file, which line, which try; never taken back."""

    history = History.FROZEN
    scope = Scope.STAFF
    personal = {}

    movement_id = models.BigIntegerField()
    attempt = models.SmallIntegerField()
    message_key = models.CharField(max_length=60)
    line = models.IntegerField()
    told_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["movement_id", "attempt"], name="levy_movement_told_once"),
            models.UniqueConstraint(fields=["message_key", "line"], name="levy_told_line_once"),
        ]


class MovementRefusal(Record):
    """A told movement that the tax office refused, and why; it is told again with the next file, twice at most."""

    history = History.FROZEN
    scope = Scope.STAFF
    personal = {}

    movement_id = models.BigIntegerField()
    attempt = models.SmallIntegerField()
    code = models.CharField(max_length=12)
    text = models.CharField(max_length=200)
    refused_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["movement_id", "attempt"], name="levy_movement_refused_once"),
        ]


__all__ = ["MovementRefusal", "MovementTold"]
