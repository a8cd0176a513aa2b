"""Letters of a case: text in Chinese and English from templates, frozen with a number and a digest when issued."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.template.loader import render_to_string
from django.utils import translation

from dashebao.kernel.cases.clock import now, today
from dashebao.kernel.cases.events import LetterIssued
from dashebao.kernel.cases.hands import Hand
from dashebao.kernel.cases.models import Case, CaseLetter, CaseParty
from dashebao.kernel.cases.states import LetterKind
from dashebao.kernel.catalogue.api import PartyRole, ServiceItem, law_text, limit_text
from dashebao.kernel.events.api import publish

WORDS = {
    LetterKind.RECEIPT: "收",
    LetterKind.ACCEPTANCE: "受",
    LetterKind.CORRECTION: "补",
    LetterKind.NOT_ACCEPTED: "不受",
    LetterKind.SUSPENSION: "中",
    LetterKind.EXTENSION: "延",
    LetterKind.GRANT: "准",
    LetterKind.REFUSAL: "不准",
    LetterKind.WITHDRAWAL: "撤",
    LetterKind.LAPSE: "视撤",
}
"""Word before the year in a letter's number (GB/T 9704: agency word, 〔year〕, serial without leading zeros)."""

LANGUAGES = (("zh", "zh-hans"), ("en", "en"))


def issue(
    case: Case, item: ServiceItem, kind: LetterKind, hand: Hand, facts: Mapping[str, Any] | None = None
) -> CaseLetter:
    """Write, number and keep a letter; ``facts`` are the values only this letter has. Returns the row."""
    number = f"办{WORDS[kind]}〔{today().year}〕{_serial()}号"
    values = {"case": case, "number": number, "today": today(), **(facts or {})}
    bodies = {short: _text(item, kind, language, values) for short, language in LANGUAGES}
    digest = hashlib.sha256("\x00".join(bodies.values()).encode()).hexdigest()
    letter: CaseLetter = CaseLetter.objects.create(
        case=case,
        kind=kind,
        number=number,
        body_zh=bodies["zh"],
        body_en=bodies["en"],
        digest=digest,
        issued_at=now(),
        issued_kind=hand.actor.kind,
        issued_by=hand.actor.id,
    )
    publish(LetterIssued(letter.pk, case.case_no, kind.value))
    return letter


def drafted(case: Case, item: ServiceItem, kind: LetterKind, facts: Mapping[str, Any]) -> str:
    """The text a letter would have today in the reader's language; it gets no number and is not kept."""
    language = "zh-hans" if (translation.get_language() or "zh").startswith("zh") else "en"
    return _text(item, kind, language, {"case": case, "number": "—", "today": today(), **facts})


@dataclass(frozen=True)
class LetterSent:
    """A letter as its readers get it: both texts, and the natural persons who apply or act for the applicant."""

    case_no: str
    item_code: str
    kind: str
    number: str
    body_zh: str
    body_en: str
    person_ids: tuple[int, ...]


def letter_sent(letter_id: int) -> LetterSent:
    """A letter with its readers; CaseLetter.DoesNotExist outside the actor's scope."""
    row = CaseLetter.objects.select_related("case").get(pk=letter_id)
    roles = (PartyRole.APPLICANT, PartyRole.AGENT)
    parties = CaseParty.objects.filter(case=row.case, role__in=roles, state="active", person_id__isnull=False)
    readers = tuple(key for key in parties.order_by("id").values_list("person_id", flat=True) if key)
    return LetterSent(row.case.case_no, row.case.item_code, row.kind, row.number, row.body_zh, row.body_en, readers)


def _text(item: ServiceItem, kind: LetterKind, language: str, facts: Mapping[str, Any]) -> str:
    short = language.split("-")[0]
    with translation.override(language):
        parties = CaseParty.objects.filter(case=facts["case"], role=PartyRole.APPLICANT).order_by("id")
        names = ("、" if short == "zh" else ", ").join(party.name for party in parties)
        values = {
            "names": names or facts["case"].applicant_name,
            "item_name": item.name if short == "zh" else str(item.title),
            "item_code": item.code,
            "result": str(item.result),
            "papers": [paper.label for paper in item.materials],
            "legal_limit": limit_text(item.legal_limit),
            "promised_limit": limit_text(item.promised_limit),
            "law": [law_text(article) for article in item.law],
            **{key: _in_language(value) for key, value in facts.items()},
        }
        text = render_to_string(f"cases/letters/{kind.value}.{short}.txt", values)
    return text.strip() + "\n"


def _in_language(value: Any) -> Any:
    """Texts made when the letter is written in this language; callables give what differs by language."""
    return value() if callable(value) else value


def _serial() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select nextval('cases_letter_number')")
        return int(cursor.fetchone()[0])
