"""Issues and revokes papers: one verb, one function, one audit line."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import translation
from django.utils.translation import gettext as _

from dashebao.kernel.cases.api import now, today
from dashebao.kernel.identity.api import User, actor_of
from dashebao.kernel.legal_time.api import add_months
from dashebao.kernel.records.api import SYSTEM, Actor, acting, audit, lock
from dashebao.platform.identity_centre.api import sealed
from dashebao.platform.service_centre.papers.codes import grouped, new_code
from dashebao.platform.service_centre.papers.errors import AlreadyRevoked, NotYours, ReasonNeeded
from dashebao.platform.service_centre.papers.models import IssuedPaper, PaperRevocation
from dashebao.platform.service_centre.papers.offices import Issuer, issuer_of
from dashebao.platform.service_centre.papers.printing import page_count, printed, qr
from dashebao.platform.service_centre.papers.register import PaperKind
from dashebao.platform.service_centre.papers.values import Content, Holder, Wanted
from dashebao.platform.service_centre.papers.writing import written

LANGUAGES = {"zh": "zh-hans", "en": "en"}
SHORTEST_REASON = 4


@dataclass(frozen=True)
class _Draft:
    """A paper between being read and being kept."""

    kind: PaperKind
    content: Content
    language: str
    source: str
    said: dict[str, Any]
    digest: str


def issue(kind: PaperKind, wanted: Wanted, *, language: str = "zh", by: User) -> IssuedPaper:
    """Draw, seal and keep a paper, or give the one that says the same and still holds.

    Its data are read in the actor's scope. Raises NotYours if the actor is neither its holder nor an officer of its
    region, and what the kind raises where there is nothing to print.
    """
    actor = actor_of(by)
    with acting(actor, f"paper {kind.code}"), translation.override(LANGUAGES[language]):
        content = kind.provide(wanted)
        _must_be_theirs(actor, content.holder)
        draft = _draft(kind, content, language, wanted.source)
        with acting(SYSTEM, f"issue a paper for {actor.kind} {actor.id}"):
            lock(IssuedPaper, draft.digest)
            known = _standing(draft.digest)
            if known is not None:
                return known
            paper = _kept(draft, actor, by)
        holder = content.holder
        audit("papers.issued", paper, region=holder.region_code, person=holder.person_id or None, kind=kind.code, number=paper.number)  # fmt: skip
    return paper


def revoke(paper_id: int, reason: str, *, by: User) -> PaperRevocation:
    """Declare a paper void (作废) with a reason; the check page says so from now on."""
    reason = reason.strip()[:200]
    if len(reason) < SHORTEST_REASON:
        raise ReasonNeeded
    actor = actor_of(by)
    with acting(actor, reason):
        lock(IssuedPaper, paper_id)
        paper = IssuedPaper.objects.filter(pk=paper_id).defer("pdf").first()
        if (
            paper is None
            or actor.kind != "officer"
            or not actor.region
            or not paper.region_code.startswith(actor.region)
        ):
            raise NotYours
        if PaperRevocation.objects.filter(paper=paper).exists():
            raise AlreadyRevoked
        made: PaperRevocation = PaperRevocation.objects.create(
            paper=paper, reason=reason, revoked_at=now(), revoked_by=by.pk, revoked_name=by.name
        )
        audit("papers.revoked", paper, region=paper.region_code, person=paper.person_id, number=paper.number, reason=reason)  # fmt: skip
    return made


def _must_be_theirs(actor: Actor, holder: Holder) -> None:
    mine = {
        "officer": bool(actor.region) and holder.region_code.startswith(actor.region),
        "person": actor.id in {holder.person_id, *holder.reader_ids} - {0},
        "unit": bool(holder.unit_id) and actor.unit_id == holder.unit_id,
        "system": True,
    }
    if not mine.get(actor.kind, False):
        raise NotYours


def _draft(kind: PaperKind, content: Content, language: str, source: str) -> _Draft:
    said = written(content)
    said["heading"] = said["heading"] or str(kind.title)
    holder = content.holder
    identity = [kind.code, source, language, holder.person_id, holder.unit_id, content.case_no, said]
    digest = hashlib.sha256(json.dumps(identity, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    return _Draft(kind, content, language, source, said, digest)


def _standing(digest: str) -> IssuedPaper | None:
    """The newest paper that says the same, is not revoked and has not run out."""
    rows = IssuedPaper.objects.filter(content_digest=digest, revocation__isnull=True).order_by("-id")
    paper = rows.first()
    return paper if paper is not None and (paper.valid_until is None or paper.valid_until >= today()) else None


def _kept(draft: _Draft, actor: Actor, by: User) -> IssuedPaper:
    content, holder, on = draft.content, draft.content.holder, today()
    issuer = issuer_of(holder.region_code)
    code = new_code(secrets.token_bytes(10))
    number = _number(holder.region_code, draft.kind.mark, on)
    until = add_months(on, content.valid_months) if content.valid_months else None
    pdf = printed(draft.kind.template, _data(draft, issuer, number, code, until))
    file = sealed(pdf, draft.said["heading"])
    row: IssuedPaper = IssuedPaper.objects.create(
        number=number,
        code=code,
        kind=draft.kind.code,
        source=draft.source,
        language=draft.language,
        **_titles(content.title or draft.kind.title),
        subject_name=holder.name,
        person_id=holder.person_id or None,
        unit_id=holder.unit_id or None,
        reader_ids=sorted({holder.person_id, *holder.reader_ids} - {0}),
        region_code=holder.region_code,
        case_no=content.case_no,
        office=issuer.name,
        content_digest=draft.digest,
        digest=hashlib.sha256(file).hexdigest(),
        pages=page_count(pdf),
        pdf=file,
        issued_at=now(),
        issued_kind=actor.kind,
        issued_by=actor.id,
        issued_name=by.name,
        valid_until=until,
    )
    return row


def _titles(title: Any) -> dict[str, str]:
    found = {}
    for short, language in LANGUAGES.items():
        with translation.override(language):
            found[f"title_{short}"] = str(title)[:120]
    return found


def _data(draft: _Draft, issuer: Issuer, number: str, code: str, until: date | None) -> dict[str, Any]:
    content, english = draft.content, draft.language == "en"
    dated = content.dated or today()
    note = str(content.note)
    if until is not None:
        note = " ".join(filter(None, [note, _("Valid until %(day)s.") % {"day": until.isoformat()}]))
    check = f"{settings.PUBLIC_ADDRESS}/check/"
    return draft.said | {
        "language": draft.language,
        "number": number,
        "code": grouped(code),
        "check": check,
        "qr": qr(f"{check}{code}/"),
        "subtitle": "" if content.letter else _subtitle(content, draft),
        "office": issuer.name_en if english and issuer.name_en else issuer.name,
        "seal": issuer.name,
        "date": dated.isoformat() if english else f"{dated.year}年{dated.month}月{dated.day}日",
        "note": note,
        "words": {
            "code": _("Check code"),
            "check": _("Check at"),
            "number": _("No."),
            "page": _("Page"),
            "qr": _("QR code that leads to the check of this paper"),
        },
    }


def _subtitle(content: Content, draft: _Draft) -> str:
    """The title in the other language, in small letters below."""
    with translation.override("en" if draft.language == "zh" else "zh-hans"):
        return str(content.title or draft.kind.title)


def _number(region_code: str, mark: str, on: date) -> str:
    with connection.cursor() as cursor:
        cursor.execute("select nextval('papers_number')")
        serial = int(cursor.fetchone()[0])
    return f"{region_code}-{mark}-{on:%Y%m%d}-{serial:06d}"
