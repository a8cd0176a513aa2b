"""The register of kinds of papers, filled by the businesses at start-up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from django import forms

from dashebao.platform.screens.api import Face, Subject
from dashebao.platform.screens.values import Text
from dashebao.platform.service_centre.papers.values import Content, Wanted

SHEET = Path(__file__).parent / "typst" / "sheet.typ"


class NoQuestions(forms.Form):
    """A paper without choices."""


@dataclass(frozen=True, kw_only=True)
class PaperKind:
    """A kind of paper. `provide` reads what it says, in the reader's scope and the active language.

    `mark` stands in its numbers. `subject` says whose page offers it; `listed` kinds can be chosen there, the others are
    reached from what they print (`source`). `items` are the services whose result it prints. `duties` narrow it at the
    counter and `right` at the employer portal ("" = every operator). `template` is a Typst file that takes the data of `sheet.typ`.
    """

    code: str
    mark: str
    title: Text
    provide: Callable[[Wanted], Content]
    subject: Subject = Subject.PERSON
    summary: Text = ""
    form: type[forms.Form] = NoQuestions
    items: tuple[str, ...] = ()
    faces: frozenset[Face] = frozenset(Face)
    listed: bool = True
    english: bool = True
    duties: tuple[str, ...] = ()
    right: str = ""
    icon: str = "file-text"
    order: int = 100
    template: Path = SHEET


_kinds: dict[str, PaperKind] = {}
_results: dict[str, PaperKind] = {}


class UnknownKind(LookupError):
    """No kind of paper has this code."""


def register_paper(kind: PaperKind) -> PaperKind:
    """Add a kind of paper; its code is unique, and an item's result is printed by one kind."""
    known = _kinds.get(kind.code)
    if known is not None and known != kind:
        raise ValueError(f"the paper {kind.code} is registered twice")
    for code in kind.items:
        other = _results.setdefault(code, kind)
        if other.code != kind.code:
            raise ValueError(f"the result of {code} is printed by {other.code} and {kind.code}")
    _kinds[kind.code] = kind
    return kind


def paper_kind(code: str) -> PaperKind:
    """The kind with this code; raises UnknownKind."""
    try:
        return _kinds[code]
    except KeyError:
        raise UnknownKind(code) from None


def paper_kinds(subject: Subject | None = None, face: Face | None = None) -> list[PaperKind]:
    """All kinds in order; with a subject and a face those that can be chosen there."""
    found = [
        kind
        for kind in _kinds.values()
        if subject is None or (kind.listed and kind.subject is subject and (face is None or face in kind.faces))
    ]
    return sorted(found, key=lambda kind: (kind.order, kind.code))


def result_kind(item_code: str) -> PaperKind:
    """The kind that prints the result of a service; the general sheet if no business registered its own."""
    return _results.get(item_code) or paper_kind("case.result")
