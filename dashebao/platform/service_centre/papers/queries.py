"""Reads of the register of papers, each without the files themselves and in a fixed number of queries."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import pgettext_lazy

from dashebao.kernel.cases.api import today
from dashebao.kernel.identity.api import User, actor_of
from dashebao.kernel.records.api import SYSTEM, Actor, acting
from dashebao.platform.screens.api import Tag
from dashebao.platform.service_centre.papers.models import IssuedPaper

NEWEST = 200
TONES = {"good": "ok", "revoked": "err", "expired": "warn"}
STATES = {
    "good": pgettext_lazy("paper", "Valid"),
    "revoked": pgettext_lazy("paper", "Revoked"),
    "expired": pgettext_lazy("paper", "Expired"),
}


def papers_of_person(person_id: int) -> QuerySet[IssuedPaper]:
    """A person's papers, newest first."""
    return _light().filter(person_id=person_id, unit_id__isnull=True).order_by("-id")[:NEWEST]


def papers_of_unit(unit_id: int) -> QuerySet[IssuedPaper]:
    """A unit's papers, newest first."""
    return _light().filter(unit_id=unit_id).order_by("-id")[:NEWEST]


def paper_for(by: User, paper_id: int) -> IssuedPaper | None:
    """An issued paper with its file, if this user may read it: its holder, an agent, or an officer of its region."""
    found: IssuedPaper | None = (
        IssuedPaper.objects.select_related("revocation").filter(_visible(actor_of(by)), pk=paper_id).first()
    )
    return found


def paper_by_code(code: str) -> IssuedPaper | None:
    """The paper with a check code, whoever asks: who has the code has the paper."""
    with acting(SYSTEM, "check a paper"):
        found: IssuedPaper | None = _light().filter(code=code).first()
        return found


def paper_by_digest(digest: str) -> IssuedPaper | None:
    """The paper whose file has this SHA-256, whoever asks: who has the file has the paper."""
    with acting(SYSTEM, "check a file"):
        found: IssuedPaper | None = _light().filter(digest=digest).first()
        return found


def state_of(paper: IssuedPaper) -> str:
    """Whether a paper holds today: "good", "revoked" or "expired"."""
    if getattr(paper, "revocation", None) is not None:
        return "revoked"
    return "expired" if paper.valid_until is not None and paper.valid_until < today() else "good"


def tag_of(state: str) -> Tag:
    """A state of a paper as a tag."""
    return Tag(STATES[state], TONES[state])


def _light() -> QuerySet[IssuedPaper]:
    return IssuedPaper.objects.select_related("revocation").defer("pdf")


def _visible(actor: Actor) -> Q:
    if actor.kind == "officer" and actor.region:
        return Q(region_code__startswith=actor.region)
    if actor.kind == "person":
        return Q(reader_ids__contains=[actor.id])
    if actor.kind == "unit" and actor.unit_id:
        return Q(unit_id=actor.unit_id)
    return Q(pk__in=[])


def as_row(paper: IssuedPaper, chinese: bool) -> dict[str, Any]:
    """A paper as lists and the check page show it."""
    return {
        "paper": paper,
        "title": paper.title_zh if chinese else paper.title_en,
        "state": state_of(paper),
        "tag": tag_of(state_of(paper)),
    }
