"""What the portal keeps for citizens: drafts, agents, applications by several persons, messages, wishes, ratings."""

from datetime import date, timedelta
from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dashebao.kernel.records.api import History, Mark, Record, Scope
from dashebao.kernel.secrecy.api import SealedJSONField

STARS = (
    (5, _("Very satisfied")),
    (4, _("Satisfied")),
    (3, _("Fair")),
    (2, _("Dissatisfied")),
    (1, _("Very dissatisfied")),
)


class Mandate(Record):
    """One person lets another apply for named services for a time (代办授权, 民法典 §161–§175).

    The database lets only the principal offer and revoke it and only the agent accept or decline it.
    """

    history: ClassVar[History] = History.TRACKED
    scope: ClassVar[Scope] = Scope(region="region_code", person="person_ids")
    personal: ClassVar[dict[str, Mark]] = {"principal_name": Mark.NAME, "agent_name": Mark.NAME}

    class State(models.TextChoices):
        """Where a mandate stands."""

        OFFERED = "offered", _("Waiting for the agent")
        ACCEPTED = "accepted", _("In force")
        DECLINED = "declined", pgettext_lazy("mandate", "Declined")
        REVOKED = "revoked", _("Revoked")

    class Relation(models.TextChoices):
        """Who the agent is to the principal."""

        SPOUSE = "spouse", _("Spouse")
        CHILD = "child", _("Child")
        PARENT = "parent", _("Parent")
        RELATIVE = "relative", _("Other relative")
        COMMUNITY = "community", _("Community worker")
        OTHER = "other", pgettext_lazy("relation", "Somebody else")

    principal_id = models.BigIntegerField()
    principal_name = models.CharField(max_length=80)
    agent_id = models.BigIntegerField()
    agent_name = models.CharField(max_length=80)
    person_ids = ArrayField(models.BigIntegerField())
    region_code = models.CharField(max_length=6)
    relation = models.CharField(max_length=12, choices=Relation)
    item_codes = ArrayField(models.CharField(max_length=12))
    valid_during = DateRangeField()
    state = models.CharField(max_length=10, choices=State, default=State.OFFERED)
    offered_at = models.DateTimeField(db_default=Now())
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(name="portal_mandate_other", condition=~Q(principal_id=F("agent_id"))),
            models.CheckConstraint(name="portal_mandate_items", condition=Q(item_codes__len__gt=0)),
            ExclusionConstraint(
                name="portal_mandate_once",
                expressions=[
                    ("principal_id", RangeOperators.EQUAL),
                    ("agent_id", RangeOperators.EQUAL),
                    ("valid_during", RangeOperators.OVERLAPS),
                ],
                condition=Q(state__in=("offered", "accepted")),
            ),
        ]
        indexes = [
            models.Index(fields=["principal_id"], name="portal_mandate_principal"),
            models.Index(fields=["agent_id"], name="portal_mandate_agent"),
        ]

    @property
    def last_day(self) -> date:
        """The last day on which it is in force."""
        end: date = self.valid_during.upper
        return end - timedelta(days=1)


class Draft(Record):
    """An application begun and not yet handed in, kept until it is; `case_no` says what it became."""

    history: ClassVar[History] = History.NONE
    scope: ClassVar[Scope] = Scope(person="person_id")
    personal: ClassVar[dict[str, Mark]] = {"answers": Mark.COPY}

    person_id = models.BigIntegerField()
    item_code = models.CharField(max_length=12)
    mandate = models.ForeignKey(Mandate, on_delete=models.CASCADE, null=True)
    answers = SealedJSONField(default=dict)
    partners = models.JSONField(default=list)
    key = models.CharField(max_length=40, unique=True)
    version = models.IntegerField(default=1)
    case_no = models.CharField(max_length=24, blank=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person_id", "item_code", "mandate"],
                condition=Q(case_no=""),
                nulls_distinct=False,
                name="portal_draft_once",
            )
        ]
        indexes = [models.Index(fields=["person_id", "-changed_at"], name="portal_draft_person")]


class Joint(Record):
    """An application by several persons that waits until each of them has confirmed it, then becomes a case.

    The database lets each person add only the own confirmation.
    """

    history: ClassVar[History] = History.TRACKED
    scope: ClassVar[Scope] = Scope(region="region_code", person="person_ids")
    personal: ClassVar[dict[str, Mark]] = {"answers": Mark.COPY, "names": Mark.NAME}

    class State(models.TextChoices):
        """Where a joint application stands."""

        WAITING = "waiting", _("Waiting for confirmation")
        DECLINED = "declined", pgettext_lazy("mandate", "Declined")
        SUBMITTED = "submitted", _("Handed in")

    item_code = models.CharField(max_length=12)
    key = models.CharField(max_length=40, unique=True)
    starter_id = models.BigIntegerField()
    person_ids = ArrayField(models.BigIntegerField())
    names = ArrayField(models.CharField(max_length=80))
    confirmed_ids = ArrayField(models.BigIntegerField())
    region_code = models.CharField(max_length=6)
    answers = SealedJSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    case_no = models.CharField(max_length=24, blank=True)
    begun_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.CheckConstraint(name="portal_joint_several", condition=Q(person_ids__len__gt=1))]


class Message(Record):
    """One message to a person, in both languages, with the page it is about."""

    history: ClassVar[History] = History.NONE
    scope: ClassVar[Scope] = Scope(person="person_id")
    personal: ClassVar[dict[str, Mark]] = {"body_zh": Mark.COPY, "body_en": Mark.COPY}

    person_id = models.BigIntegerField()
    kind = models.CharField(max_length=20)
    title_zh = models.CharField(max_length=160)
    title_en = models.CharField(max_length=160)
    body_zh = models.TextField(blank=True)
    body_en = models.TextField(blank=True)
    case_no = models.CharField(max_length=24, blank=True)
    source = models.CharField(max_length=60)
    sent_at = models.DateTimeField(db_default=Now())
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person_id", "source"], name="portal_message_once")]
        indexes = [
            models.Index(fields=["person_id", "-id"], name="portal_message_person"),
            models.Index(fields=["person_id"], name="portal_message_unread", condition=Q(read_at__isnull=True)),
        ]


class Preference(Record):
    """How a person wants the portal and the office's messages."""

    history: ClassVar[History] = History.TRACKED
    scope: ClassVar[Scope] = Scope(person="person_id")
    personal: ClassVar[dict[str, Mark]] = {}

    person_id = models.BigIntegerField(unique=True)
    language = models.CharField(max_length=10, blank=True)
    elder = models.BooleanField(default=False)
    by_sms = models.BooleanField(default=True)
    by_post = models.BooleanField(default=False)


class Rating(Record):
    """What an applicant thinks of a finished case (好差评), and the office's answer to a bad one."""

    history: ClassVar[History] = History.TRACKED
    scope: ClassVar[Scope] = Scope(region="region_code", person="person_id")
    personal: ClassVar[dict[str, Mark]] = {"text": Mark.COPY, "answered_name": Mark.NAME}

    case_no = models.CharField(max_length=24)
    item_code = models.CharField(max_length=12)
    person_id = models.BigIntegerField()
    region_code = models.CharField(max_length=6)
    stars = models.SmallIntegerField(choices=STARS)
    text = models.CharField(max_length=500, blank=True)
    rated_at = models.DateTimeField(db_default=Now())
    due_on = models.DateField(null=True)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.BigIntegerField(null=True)
    answered_name = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case_no", "person_id"], name="portal_rating_once"),
            models.CheckConstraint(name="portal_rating_stars", condition=Q(stars__range=(1, 5))),
            models.CheckConstraint(
                name="portal_rating_answered", condition=Q(answered_at__isnull=True) | ~Q(answer="")
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on"], name="portal_rating_open", condition=Q(stars__lte=2, answered_at__isnull=True)
            )
        ]
