"""Reads of notices, in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import get_language

from dashebao.platform.service_centre.notices.models import Notice

TONES = {"notice": "info", "policy": "teal", "guide": "violet"}


@dataclass(frozen=True)
class NoticeView:
    """One published notice as the public reads it."""

    id: int
    kind: str
    kind_label: str
    tone: str
    title: str
    body: str
    pinned: bool
    published_at: datetime | None


def view_of(row: Notice) -> NoticeView:
    """A notice in the reader's language."""
    chinese = (get_language() or "zh").startswith("zh")
    return NoticeView(
        id=row.pk,
        kind=row.kind,
        kind_label=str(Notice.Kind(row.kind).label),
        tone=TONES[row.kind],
        title=row.title_zh if chinese else row.title_en,
        body=row.body_zh if chinese else row.body_en,
        pinned=row.pinned,
        published_at=row.published_at,
    )


def in_force() -> QuerySet[Notice]:
    """Published notices, pinned ones first, then the newest."""
    rows: QuerySet[Notice] = Notice.objects.filter(state=Notice.State.PUBLISHED)
    return rows.order_by("-pinned", "-published_at", "-id")


def newest(size: int) -> list[NoticeView]:
    """The first few notices, in one query."""
    return [view_of(row) for row in in_force()[:size]]


def published(notice_id: int) -> Notice | None:
    """A notice the public may read; a withdrawn one still says that it was withdrawn."""
    found: Any = Notice.objects.exclude(state=Notice.State.DRAFT).filter(pk=notice_id).first()
    return found if isinstance(found, Notice) else None


def search_notices(words: Sequence[str], size: int = 10) -> list[NoticeView]:
    """Published notices with any of the words in the title, or the first word in the text."""
    if not words:
        return []
    titles = reduce(or_, (Q(title_zh__icontains=word) | Q(title_en__icontains=word) for word in words))
    first = Q(body_zh__icontains=words[0]) | Q(body_en__icontains=words[0])
    return [view_of(row) for row in in_force().filter(titles | first)[:size]]
