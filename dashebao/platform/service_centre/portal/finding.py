"""Search over services, pages and notices, with the words people use."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from dashebao.kernel.catalogue.api import Channel, ServiceItem, items
from dashebao.platform.screens.api import Face, Page, pages
from dashebao.platform.service_centre.notices.api import search_notices
from dashebao.platform.service_centre.portal.headings import ICONS, TONES, widened


@dataclass(frozen=True)
class Hit:
    """Something found: where it leads, what it is, and how well it fits."""

    title: str
    note: str
    href: str
    kind: str
    icon: str
    tone: str = ""
    score: int = 0


def find(text: str, citizen: bool) -> list[Hit]:
    """What fits a text, best first; one query (notices)."""
    words = widened(text)
    if not words:
        return []
    found = [*_services(words), *_pages(words, citizen), *_notices(words)]
    return sorted(found, key=lambda hit: -hit.score)[:40]


def _score(words: list[str], title: str, rest: str) -> int:
    """The words as typed weigh most, in the title more than in the text; neighbours only a little."""
    title, rest = title.lower(), rest.lower()
    score = 0
    for number, word in enumerate(words):
        weight = 10 if number == 0 else 2
        score += weight * 3 * (word in title) + weight * (word in rest)
    return score


def _services(words: list[str]) -> Iterable[Hit]:
    for item in items():
        score = _score(words, f"{item.code} {item.name} {item.title}", _text(item))
        if score:
            online = bool(item.channels & (Channel.PORTAL | Channel.EMPLOYER))
            yield Hit(
                title=item.label,
                note=str(item.summary),
                href=reverse("portal_guide", args=[item.code]),
                kind=_("Online service") if online else _("At the service hall"),
                icon=ICONS.get(item.category, "file-text"),
                tone=TONES.get(item.category, ""),
                score=score + 3 * online,
            )


def _text(item: ServiceItem) -> str:
    papers = " ".join(f"{paper.name} {paper.name_en}" for paper in item.materials)
    return f"{item.summary} {item.result} {papers}"


def _pages(words: list[str], citizen: bool) -> Iterable[Hit]:
    for page in pages(Face.PORTAL):
        if page.group or (page.public and "<" not in page.path and page.path not in ("/", "/services/")):
            score = _score(words, str(page.title), "")
            if score:
                yield _page(page, score, citizen)


def _page(page: Page, score: int, citizen: bool) -> Hit:
    note = "" if page.public or citizen else _("You sign in first")
    return Hit(str(page.title), note, reverse(page.name), _("Look up"), page.icon, "tile--teal", score + 4)


def _notices(words: list[str]) -> Iterable[Hit]:
    for row in search_notices(words):
        yield Hit(
            title=row.title,
            note=row.kind_label,
            href=reverse("notices_notice", args=[row.id]),
            kind=_("Notice"),
            icon="newspaper",
            score=_score(words, row.title, row.body),
        )
