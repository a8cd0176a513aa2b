"""The outbox of facts: one row per event, written with the change it tells of."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from dashebao.kernel.records.api import History, Mark, Record, Scope


class EventRow(Record):
    """A fact that happened, by name and content; `person_id` and `region_code` for finding it again."""

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = Scope.STAFF
    personal: ClassVar[dict[str, Mark]] = {"content": Mark.COPY}

    name = models.CharField(max_length=80)
    content = models.JSONField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["name", "-id"], name="events_name")]
