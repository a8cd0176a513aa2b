"""Acts of the audit trail in words, and the register where systems name theirs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language

from dashebao.kernel.cases.api import verb_label
from dashebao.kernel.codes.api import table
from dashebao.kernel.identity.api import roles
from dashebao.kernel.money.api import format_yuan
from dashebao.kernel.registry.api import region_name
from dashebao.platform.administration.acts_words import ACTORS, ACTS, AREAS, LABELS, SUBJECTS
from dashebao.platform.administration.models import Kind

_registered: dict[str, str | Promise] = {}
_HIDDEN = ("key", "digest", "token")
NAMELESS = ("system", "database", "partner")


def register_acts(words: Mapping[str, str | Promise]) -> None:
    """Name further acts: verb ("levy.declared") to words."""
    _registered.update(words)


def act_name(verb: str) -> str:
    """An act in words: its own, else those of the processing track, else of its area, else as it is."""
    words = _registered.get(verb) or ACTS.get(verb)
    if words is not None:
        return str(words)
    area, _dot, rest = verb.partition(".")
    if area == "cases":
        return verb_label(rest)
    return str(AREAS.get(area, verb))


def actor_name(kind: str, name: str = "") -> str:
    """Who acted, in words: by name where people have one, else the kind of actor."""
    return name if name and kind not in NAMELESS else str(ACTORS.get(kind, kind))


def areas() -> list[tuple[str, str]]:
    """Areas of work for a filter, by name."""
    return sorted(((code, str(words)) for code, words in AREAS.items()), key=lambda row: row[1])


def acts_of(area: str) -> list[tuple[str, str]]:
    """The named acts of an area for a filter."""
    known = {**ACTS, **_registered}
    return [(verb, str(words)) for verb, words in known.items() if verb.split(".")[0] == area]


def subject_name(kind: str) -> str:
    """A kind of subject in words."""
    return str(SUBJECTS.get(kind, kind))


def detail_text(detail: Mapping[str, Any]) -> str:
    """The detail of an act as one line: roles and places by name, empty values left out."""
    parts = []
    for name, value in detail.items():
        if value in (None, "", [], {}) or name in _HIDDEN:
            continue
        parts.append(_value(name, value))
    return " · ".join(parts)


def _value(name: str, value: Any) -> str:
    writer = _WRITERS.get(name)
    if name == "role" and value in roles():
        return str(roles()[value].name)
    if writer is not None:
        return writer(value)
    if isinstance(value, list):
        return ", ".join(_value("role" if name.endswith("roles") else "", one) for one in value)
    if isinstance(value, int | float):
        return f"¥ {format_yuan(int(value))}" if name.endswith("fen") else f"{_label(name)} {value}".strip()
    return f"{_label(name)} {value}" if name in LABELS else str(value)


def _label(name: str) -> str:
    return str(LABELS.get(name, name.replace("_", " ")))


def _month(value: Any) -> str:
    return f"{int(value) // 100}-{int(value) % 100:02d}" if str(value).isdecimal() else str(value)


def _scheme(value: Any) -> str:
    language = get_language() or "zh"
    return next(
        (t.label(str(value), language) for t in (table("scheme"), table("medical_scheme")) if value in t), str(value)
    )


def _kind(value: Any) -> str:
    return str(Kind(value).label) if value in Kind.values else str(value)


_WRITERS: dict[str, Callable[[Any], str]] = {
    "month": _month,
    "fund": _scheme,
    "scheme": _scheme,
    "kind": _kind,
    "region": lambda value: region_name(str(value)),
    "region_code": lambda value: region_name(str(value)),
}
