"""Notices, policies and guides as the public reads them."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from dashebao.kernel.records.api import History, Mark, Record, Scope


class Notice(Record):
    """A text an office publishes; the one who publishes it is not the one who wrote it."""

    history: ClassVar[History] = History.TRACKED
    scope: ClassVar[Scope] = Scope.PUBLIC
    personal: ClassVar[dict[str, Mark]] = {}

    class Kind(models.TextChoices):
        """What a text is."""

        NOTICE = "notice", _("Notice")
        POLICY = "policy", pgettext_lazy("kind of notice", "Policy")
        GUIDE = "guide", pgettext_lazy("kind of notice", "Guide")

    class State(models.TextChoices):
        """Where a text stands."""

        DRAFT = "draft", pgettext_lazy("notice", "Draft")
        PUBLISHED = "published", pgettext_lazy("notice", "Published")
        WITHDRAWN = "withdrawn", pgettext_lazy("notice", "Withdrawn")

    kind = models.CharField(max_length=10, choices=Kind)
    title_zh = models.CharField(max_length=120)
    title_en = models.CharField(max_length=160)
    body_zh = models.TextField()
    body_en = models.TextField()
    region_code = models.CharField(max_length=6)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    pinned = models.BooleanField(default=False)
    written_by = models.BigIntegerField()
    written_at = models.DateTimeField()
    published_by = models.BigIntegerField(null=True)
    published_at = models.DateTimeField(null=True)
    withdrawn_by = models.BigIntegerField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    why_withdrawn = models.CharField(max_length=200, blank=True)
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="notices_four_eyes", condition=Q(published_by__isnull=True) | ~Q(published_by=F("written_by"))
            ),
            models.CheckConstraint(
                name="notices_published", condition=Q(state="draft") | Q(published_at__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["-pinned", "-published_at"], name="notices_newest", condition=Q(state="published"))
        ]

    def __str__(self) -> str:
        return self.title_zh
