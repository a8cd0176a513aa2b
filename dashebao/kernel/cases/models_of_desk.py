"""Tables of the officers' own work on a case: notes among colleagues and fields typed a second time."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from dashebao.kernel.cases.states import ReentryState
from dashebao.kernel.records.api import History, Mark, Record, Scope
from dashebao.kernel.secrecy.api import Family, SealedField, sealed_check


class CaseNote(Record):
    """What officers tell each other about a case; no applicant sees it."""

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = Scope(region="region_code")
    personal: ClassVar[dict[str, Mark]] = {"author_name": Mark.NAME, "text": Mark.COPY}

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="notes")
    region_code = models.CharField(max_length=6)
    author_id = models.BigIntegerField()
    author_name = models.CharField(max_length=80)
    text = models.TextField()
    written_at = models.DateTimeField()


class Reentry(Record):
    """One field of an application that a second officer types again without seeing the first entry (双录).

    The database lets nobody type it who took the application in or signed another step, nobody change what was typed,
    and no step end while a field is still to be typed or differs.
    """

    history: ClassVar[History] = History.TRACKED
    scope: ClassVar[Scope] = Scope(region="region_code")
    personal: ClassVar[dict[str, Mark]] = {
        "first": Mark.COPY,
        "second": Mark.COPY,
        "reason": Mark.COPY,
        "entered_name": Mark.NAME,
    }

    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="reentries")
    step = models.ForeignKey("cases.CaseStep", on_delete=models.PROTECT, related_name="reentries")
    region_code = models.CharField(max_length=6)
    round = models.SmallIntegerField(default=1)
    field = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=ReentryState, default=ReentryState.WANTED)
    first = SealedField(blank=True, default="", family=Family.ANSWER, holders=["case_id"])
    second = SealedField(blank=True, default="", family=Family.ANSWER, holders=["case_id"])
    entered_by = models.BigIntegerField(null=True)
    entered_name = models.CharField(max_length=80, blank=True, default="")
    entered_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True, default="")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            sealed_check("cases_reentry_first_sealed", "first", ["case_id"]),
            sealed_check("cases_reentry_second_sealed", "second", ["case_id"]),
            models.UniqueConstraint(fields=["step", "round", "field"], name="cases_reentry_once"),
            models.CheckConstraint(
                condition=Q(state=ReentryState.WANTED) | Q(entered_by__isnull=False), name="cases_reentry_entered"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[ReentryState.SETTLED, ReentryState.RETURNED]) | ~Q(reason=""),
                name="cases_reentry_reasoned",
            ),
        ]
        indexes = [models.Index(fields=["case", "id"], name="cases_reentry_case")]
