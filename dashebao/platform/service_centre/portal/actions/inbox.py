"""Messages to citizens: told once, in both languages, read or unread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils import translation

from dashebao.kernel.cases.api import LetterSent, now
from dashebao.kernel.catalogue.api import item
from dashebao.kernel.records.api import SYSTEM, acting
from dashebao.platform.service_centre.portal.models import Message
from dashebao.platform.service_centre.portal.words import LETTER_TITLES, TOLD


@dataclass(frozen=True)
class Told:
    """What is told: the kind (a key of words.TOLD), the source that makes it unique for its reader, and its values."""

    kind: str
    source: str
    case_no: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


def tell(person_id: int, told: Told) -> None:
    """Put a message into a person's inbox; the same source twice is one message."""
    texts = {}
    for short, language in (("zh", "zh-hans"), ("en", "en")):
        with translation.override(language):
            title, body = TOLD[told.kind]
            texts[f"title_{short}"] = str(title) % told.values
            texts[f"body_{short}"] = str(body) % told.values
    row = Message(person_id=person_id, kind=told.kind, case_no=told.case_no, source=told.source, **texts)
    with acting(SYSTEM, "a message to a citizen"):
        Message.objects.bulk_create([row], ignore_conflicts=True)


def tell_letter(letter_id: int, sent: LetterSent) -> None:
    """Put an issued letter into the inbox of everybody who applies or acts for the applicant."""
    declared = item(sent.item_code)
    titles = {}
    for short, language in (("zh", "zh-hans"), ("en", "en")):
        with translation.override(language):
            titles[f"title_{short}"] = f"{LETTER_TITLES[sent.kind]} · {declared.label}"[:160]
    rows = [
        Message(
            person_id=reader,
            kind=sent.kind,
            case_no=sent.case_no,
            source=f"letter {letter_id}",
            body_zh=sent.body_zh,
            body_en=sent.body_en,
            **titles,
        )
        for reader in sent.person_ids
    ]
    with acting(SYSTEM, "a letter to a citizen"):
        Message.objects.bulk_create(rows, ignore_conflicts=True)


def unread(person_id: int) -> int:
    """How many messages a person has not read; counts to 100."""
    return Message.objects.filter(person_id=person_id, read_at__isnull=True)[:100].count()


def read(person_id: int, message_id: int) -> Message | None:
    """A message of this person, read from now on; None if there is no such message."""
    row = Message.objects.filter(person_id=person_id, pk=message_id).first()
    if row is not None and row.read_at is None:
        row.read_at = now()
        row.save(update_fields=["read_at"])
    return row


def read_all(person_id: int) -> int:
    """Mark all messages of a person as read; returns how many were not."""
    return Message.objects.filter(person_id=person_id, read_at__isnull=True).update(read_at=now())
