"""Panels as the templates draw them: each asked once, those with nothing to say left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from dashebao.kernel.identity.api import roles_of
from dashebao.platform.screens.register import Ask, Face, Panel, Subject, panels
from dashebao.platform.screens.values import Chart, Content, Drawn, Facts, Figure, Figures, Table, TraceSheet

TEMPLATES: dict[type, str] = {
    Table: "screens/parts/table.html",
    Facts: "screens/parts/facts.html",
    Figures: "screens/parts/figures.html",
    Chart: "screens/parts/chart.html",
    TraceSheet: "screens/parts/trace.html",
}

FIGURES_BELOW = 10


@dataclass(frozen=True)
class Shown:
    """A panel with its content, ready to draw."""

    panel: Panel
    content: Any
    template: str
    flush: bool

    @property
    def anchor(self) -> str:
        """The name by which links lead to the panel on its page."""
        return self.panel.code.replace(".", "-")


@dataclass(frozen=True)
class Silent:
    """What a page of the past must say in words: parts that stand as of today, and parts that remember nothing."""

    today_only: tuple[Any, ...] = ()
    left_out: tuple[Any, ...] = ()


def silent(subject: Subject, ask: Ask, found: Sequence[Shown]) -> Silent:
    """The titles of the panels that do not answer for the day, or for the moment, asked for."""
    if not ask.past:
        return Silent()
    titles = [one.panel.title for one in found if not (one.panel.dated or one.panel.as_known)]
    hidden = [one.title for one in _allowed(subject, ask) if ask.known_at is not None and not one.as_known]
    return Silent(tuple(dict.fromkeys(map(str, titles))), tuple(dict.fromkeys(map(str, hidden))))


def _allowed(subject: Subject, ask: Ask) -> Iterator[Panel]:
    """The panels that this user may see."""
    held = roles_of(ask.user) if ask.face is Face.COUNTER else frozenset()
    for panel in panels(subject, ask.face):
        if ask.face is not Face.COUNTER or not panel.roles or held & set(panel.roles):
            yield panel


def shown(subject: Subject, ask: Ask) -> list[Shown]:
    """The panels of a subject that this user may see and that have something to say."""
    found = []
    for panel in _allowed(subject, ask):
        if ask.known_at is not None and not panel.as_known:
            continue
        content = panel.provide(ask)
        if content is not None:
            found.append(Shown(panel, content, template_of(content), isinstance(content, Table | TraceSheet)))
    return found


def figures(subject: Subject, ask: Ask) -> list[Figure]:
    """The large figures of a subject: only the panels registered for them (order below 10) are asked."""
    found = (panel.provide(ask) for panel in panels(subject, ask.face) if panel.order < FIGURES_BELOW)
    return [figure for content in found if isinstance(content, Figures) for figure in content.items]


def template_of(content: Content) -> str:
    """The template that draws a content value."""
    return content.template if isinstance(content, Drawn) else TEMPLATES[type(content)]
