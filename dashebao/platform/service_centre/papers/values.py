"""What a paper says, as frozen values: its holder, its parts, its validity."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias

from dashebao.kernel.cases.api import CaseView
from dashebao.platform.screens.api import Facts, Table, TraceSheet
from dashebao.platform.screens.values import Text


@dataclass(frozen=True)
class Prose:
    """Paragraphs of a letter, with the line it is addressed to."""

    paragraphs: Sequence[str]
    addressee: str = ""


Body: TypeAlias = Facts | Table | TraceSheet | Prose


@dataclass(frozen=True)
class Part:
    """One part of a paper under a heading ("" for none)."""

    title: Text
    body: Body


@dataclass(frozen=True, kw_only=True)
class Holder:
    """Whom a paper is about: it is theirs and their agents', and the officers' of the region (six digits)."""

    name: str
    region_code: str
    person_id: int = 0
    unit_id: int = 0
    reader_ids: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Content:
    """A whole paper. `heading` replaces the title as drawn; `own_number` is a letter's number in the case.

    `valid_months` None means that it holds until it is revoked; `wide` turns the page; `dated` is printed as its date.
    """

    holder: Holder
    parts: Sequence[Part]
    title: Text = ""
    heading: str = ""
    own_number: str = ""
    case_no: str = ""
    note: Text = ""
    valid_months: int | None = None
    wide: bool = False
    letter: bool = False
    dated: date | None = None


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a paper is asked for: about whom (registry id), printing what (`source`), with which choices, on which day."""

    subject_id: int
    on: date
    source: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    case: CaseView | None = None
