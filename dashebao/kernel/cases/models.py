"""Tables of the case machine; their guards in PostgreSQL stand in ``sql/guards.sql``."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.contrib.postgres.indexes import OpClass
from django.db import models
from django.db.models import Q

from dashebao.kernel.cases.models_of_desk import CaseNote, Reentry
from dashebao.kernel.cases.states import (
    LetterKind,
    Means,
    Outcome,
    PaperState,
    PartyState,
    PauseKind,
    State,
    StepState,
)
from dashebao.kernel.records.api import History, Mark, Record, Scope
from dashebao.kernel.secrecy.api import SealedJSONField

__all__ = [
    "Archive",
    "Case",
    "CaseEvent",
    "CaseLetter",
    "CaseMaterial",
    "CaseNote",
    "CaseParty",
    "CaseStep",
    "ClockSuspension",
    "Decision",
    "Delivery",
    "PaperFile",
    "PartyAct",
    "Reentry",
    "Signature",
]
OF_CASE = Scope(parent="case_id:cases_case")
OPEN = Q(state__in=["open", "running"])
NARROWED = ["id", "region_code", "item_code", "level", "kind", "state", "taken_by"]  # what a work list is cut by


class Case(Record):
    """One application for one service item, from submission to archive."""

    history: ClassVar[History] = History.TRACKED
    scope: ClassVar[Scope] = Scope(region="region_code", person="party_person_ids", unit="unit_id")
    personal: ClassVar[dict[str, Mark]] = {"applicant_name": Mark.NAME, "answers": Mark.COPY}

    case_no = models.CharField(max_length=24, unique=True)
    item_code = models.CharField(max_length=12)
    region_code = models.CharField(max_length=6)
    applicant_kind = models.CharField(max_length=10)
    applicant_id = models.BigIntegerField()
    applicant_name = models.CharField(max_length=120)
    person_id = models.BigIntegerField(null=True)
    unit_id = models.BigIntegerField(null=True)
    household_id = models.BigIntegerField(null=True)
    party_person_ids = ArrayField(models.BigIntegerField(), default=list)
    channel = models.CharField(max_length=10)
    answers = SealedJSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.SUBMITTED)
    resume_state = models.CharField(max_length=10, blank=True, default="")
    submitted_at = models.DateTimeField()
    submitted_kind = models.CharField(max_length=10)
    submitted_by = models.BigIntegerField()
    key = models.CharField(max_length=80)
    key_digest = models.CharField(max_length=64)
    accepted_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    promised_on = models.DateField(null=True)
    extended = models.BooleanField(default=False)
    closed_at = models.DateTimeField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["submitted_kind", "submitted_by", "key"], name="cases_case_key"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="cases_case_state"),
            models.CheckConstraint(
                condition=~Q(state=State.SUSPENDED) | Q(resume_state__in=[State.SUBMITTED, State.ACCEPTED]),
                name="cases_case_resumable",
            ),
        ]
        indexes = [
            models.Index(OpClass("region_code", name="text_pattern_ops"), "id", name="cases_case_region"),
            models.Index(OpClass("applicant_name", name="text_pattern_ops"), name="cases_case_name"),
            models.Index(fields=["state", "id"], name="cases_case_by_state"),
            models.Index(fields=["person_id", "-id"], name="cases_case_person"),
            models.Index(fields=["unit_id", "-id"], name="cases_case_unit"),
            models.Index(
                fields=["due_on"], name="cases_case_due", condition=Q(state__in=["submitted", "accepted", "suspended"])
            ),
        ]

    def __str__(self) -> str:
        return self.case_no


class CaseParty(Record):
    """A person or unit in a case: applicant, member, respondent or agent."""

    history: ClassVar[History] = History.TRACKED
    scope: ClassVar[Scope] = OF_CASE
    personal: ClassVar[dict[str, Mark]] = {"name": Mark.NAME}

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="parties")
    role = models.CharField(max_length=12)
    name = models.CharField(max_length=120)
    person_id = models.BigIntegerField(null=True)
    unit_id = models.BigIntegerField(null=True)
    state = models.CharField(max_length=10, choices=PartyState, default=PartyState.ACTIVE)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(person_id__isnull=True) | Q(unit_id__isnull=True), name="cases_party_person_or_unit"
            ),
            models.UniqueConstraint(
                fields=["case", "role", "person_id"], condition=Q(person_id__isnull=False), name="cases_party_person"
            ),
        ]
        indexes = [models.Index(fields=["person_id", "-case"], name="cases_party_of_person")]


class CaseStep(Record):
    """One step of a case: who has it, what it captured, until when it runs.

    The database copies place, item and the nearest limit of an open step (``urgent_on``) from its case, so that a task
    list is one read of an index and needs no look at the case to know whose it is.
    """

    history: ClassVar[History] = History.TRACKED
    scope: ClassVar[Scope] = Scope(region="region_code", parent="case_id:cases_case")
    personal: ClassVar[dict[str, Mark]] = {
        "taken_name": Mark.NAME,
        "done_name": Mark.NAME,
        "opinion": Mark.COPY,
        "data": Mark.COPY,
    }

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="steps")
    position = models.SmallIntegerField()
    key = models.CharField(max_length=40)
    kind = models.CharField(max_length=10)
    role = models.CharField(max_length=40, blank=True)
    level = models.CharField(max_length=10, blank=True)
    officers = models.SmallIntegerField(default=1)
    automatic = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=StepState, default=StepState.AHEAD)
    round = models.SmallIntegerField(default=1)
    taken_by = models.BigIntegerField(null=True)
    taken_name = models.CharField(max_length=80, blank=True, default="")
    opened_at = models.DateTimeField(null=True)
    starts_on = models.DateField(null=True)
    ends_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    extended = models.BooleanField(default=False)
    done_at = models.DateTimeField(null=True)
    done_by = models.BigIntegerField(null=True)
    done_name = models.CharField(max_length=80, blank=True, default="")
    opinion = models.TextField(blank=True, default="")
    data = SealedJSONField(default=dict)
    region_code = models.CharField(max_length=6, blank=True, default="")
    item_code = models.CharField(max_length=12, blank=True, default="")
    urgent_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "position"], name="cases_step_position"),
            models.UniqueConstraint(fields=["case", "key"], name="cases_step_key"),
            models.UniqueConstraint(
                fields=["case"], condition=Q(state__in=["open", "running"]), name="cases_step_one_at_a_time"
            ),
        ]
        indexes = [
            models.Index(
                fields=["role", "urgent_on", "case"], include=NARROWED, name="cases_step_by_limit", condition=OPEN
            ),
            models.Index(
                fields=["role", "case"], include=[*NARROWED, "urgent_on"], name="cases_step_by_arrival", condition=OPEN
            ),
            models.Index(fields=["taken_by"], name="cases_step_mine", condition=OPEN),
        ]


class Signature(Record):
    """An officer's signature under a step; the database refuses a second pair of the same eyes."""

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = OF_CASE
    personal: ClassVar[dict[str, Mark]] = {"officer_name": Mark.NAME, "opinion": Mark.COPY}

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="signatures")
    step = models.ForeignKey(CaseStep, on_delete=models.PROTECT, related_name="signatures")
    step_key = models.CharField(max_length=40)
    four_eyes = models.BooleanField()
    round = models.SmallIntegerField(default=1)
    officer_id = models.BigIntegerField()
    officer_person_id = models.BigIntegerField(null=True)
    officer_name = models.CharField(max_length=80)
    opinion = models.TextField(blank=True)
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["step", "round", "officer_id"], name="cases_signature_once"),
            ExclusionConstraint(
                name="cases_signature_four_eyes",
                expressions=[
                    ("case", RangeOperators.EQUAL),
                    ("officer_id", RangeOperators.EQUAL),
                    ("step_key", RangeOperators.NOT_EQUAL),
                ],
                condition=Q(four_eyes=True),
            ),
            ExclusionConstraint(
                name="cases_signature_one_human",
                expressions=[
                    ("case", RangeOperators.EQUAL),
                    ("officer_person_id", RangeOperators.EQUAL),
                    ("step_key", RangeOperators.NOT_EQUAL),
                ],
                condition=Q(four_eyes=True, officer_person_id__isnull=False),
            ),
        ]


class PartyAct(Record):
    """What a party did in a statutory window: confirmed, or withdrew."""

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = OF_CASE
    personal: ClassVar[dict[str, Mark]] = {}

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="party_acts")
    step = models.ForeignKey(CaseStep, on_delete=models.PROTECT, related_name="party_acts")
    party = models.ForeignKey(CaseParty, on_delete=models.PROTECT, related_name="acts")
    act = models.CharField(max_length=10)
    acted_at = models.DateTimeField()
    recorded_kind = models.CharField(max_length=10)
    recorded_by = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["step", "party", "act"], name="cases_partyact_once")]


class PaperFile(Record):
    """The file of a paper as it was handed in; ``digest`` is the SHA-256 of the content. A new file is a new row."""

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = OF_CASE
    personal: ClassVar[dict[str, Mark]] = {"content": Mark.COPY, "file_name": Mark.COPY}

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="files")
    file_name = models.CharField(max_length=160)
    media_type = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    content = models.BinaryField()
    received_at = models.DateTimeField()


class CaseMaterial(Record):
    """One paper of a case, with its newest file if there is one."""

    history: ClassVar[History] = History.TRACKED
    scope: ClassVar[Scope] = OF_CASE
    personal: ClassVar[dict[str, Mark]] = {"name": Mark.COPY}

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="materials")
    name = models.CharField(max_length=120)
    required = models.BooleanField(default=True)
    state = models.CharField(max_length=10, choices=PaperState, default=PaperState.EXPECTED)
    received_at = models.DateTimeField(null=True)
    file = models.ForeignKey(PaperFile, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "name"], name="cases_material_name")]


class CaseLetter(Record):
    """A paper issued in a case, with its text in both languages as it was on that day."""

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = OF_CASE
    personal: ClassVar[dict[str, Mark]] = {"body_zh": Mark.COPY, "body_en": Mark.COPY}

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="letters")
    kind = models.CharField(max_length=14, choices=LetterKind)
    number = models.CharField(max_length=60, unique=True)
    body_zh = models.TextField()
    body_en = models.TextField()
    digest = models.CharField(max_length=64)
    issued_at = models.DateTimeField()
    issued_kind = models.CharField(max_length=10)
    issued_by = models.BigIntegerField()


class ClockSuspension(Record):
    """Days on which a case's time limit does not run; an open one has no last day yet."""

    history: ClassVar[History] = History.TRACKED
    scope: ClassVar[Scope] = OF_CASE
    personal: ClassVar[dict[str, Mark]] = {"reason": Mark.COPY}

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="suspensions")
    kind = models.CharField(max_length=12, choices=PauseKind)
    reason = models.TextField()
    basis = models.CharField(max_length=200, blank=True, default="")
    from_on = models.DateField()
    until_on = models.DateField(null=True)
    answer_by = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(until_on__isnull=True), name="cases_suspension_one_open"
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(until_on__gte=models.F("from_on")), name="cases_suspension_order"
            ),
        ]


class Decision(Record):
    """The one decision of a case, with its grounds, the trace of the amount and what its effect made."""

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = OF_CASE
    personal: ClassVar[dict[str, Mark]] = {
        "decided_name": Mark.NAME,
        "opinion": Mark.COPY,
        "trace": Mark.BENEFIT,
        "result": Mark.COPY,
        "grounds": Mark.COPY,
    }

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="decision")
    step = models.ForeignKey(CaseStep, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=14, choices=Outcome)
    grounds = models.JSONField(default=list)
    opinion = models.TextField(blank=True)
    trace = models.JSONField(null=True)
    result = models.JSONField(null=True)
    decided_at = models.DateTimeField()
    decided_by = models.BigIntegerField()
    decided_name = models.CharField(max_length=80)


class Delivery(Record):
    """That a decision reached the applicant: how, when, who took it."""

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = OF_CASE
    personal: ClassVar[dict[str, Mark]] = {"receiver": Mark.NAME}

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="delivery")
    means = models.CharField(max_length=12, choices=Means)
    receiver = models.CharField(max_length=120, blank=True)
    delivered_at = models.DateTimeField()
    recorded_by = models.BigIntegerField()


class CaseEvent(Record):
    """The processing track: every act on a case, in order."""

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = OF_CASE
    personal: ClassVar[dict[str, Mark]] = {"actor_name": Mark.NAME, "detail": Mark.COPY}

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    verb = models.CharField(max_length=30)
    step_key = models.CharField(max_length=40, blank=True)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.BigIntegerField()
    actor_name = models.CharField(max_length=80, blank=True)
    at = models.DateTimeField()
    detail = SealedJSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["case", "id"], name="cases_event_order")]


class Archive(Record):
    """The frozen snapshot of a closed case: everything that was said and done, with a SHA-256 digest."""

    history: ClassVar[History] = History.FROZEN
    scope: ClassVar[Scope] = OF_CASE
    personal: ClassVar[dict[str, Mark]] = {"snapshot": Mark.COPY}

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="archive")
    snapshot = SealedJSONField()
    digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()
