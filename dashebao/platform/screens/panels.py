"""Panels as the templates draw them: each asked once, those with nothing to say left out."""

from __future__ import annotations

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


def shown(subject: Subject, ask: Ask) -> list[Shown]:
    """The panels of a subject that this user may see and that have something to say."""
    held = roles_of(ask.user) if ask.face is Face.COUNTER else frozenset()
    found = []
    for panel in panels(subject, ask.face):
        if ask.face is Face.COUNTER and panel.roles and not held & set(panel.roles):
            continue
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
