"""The register of subjects: named relations that businesses offer to indicators and supervision, read only."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.functional import Promise

NAME = re.compile(r"\{([a-z_]+\.[a-z_]+)\}")


class UnknownSubject(LookupError):
    """A query names a subject that no business has registered."""


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A relation: `sql` is one select with the columns named, without parameters; `name` is "system.subject"."""

    name: str
    title: str | Promise
    sql: str
    columns: tuple[str, ...]


_subjects: dict[str, Subject] = {}


def register_subject(subject: Subject) -> Subject:
    """Make a relation known at start-up; the same name twice with other content is an error."""
    known = _subjects.setdefault(subject.name, subject)
    if known != subject:
        raise ValueError(f"subject {subject.name} is registered twice")
    return known


def subjects() -> dict[str, Subject]:
    """Every registered subject by name."""
    return dict(_subjects)


def composed(sql: str) -> str:
    """The query with each `{system.subject}` replaced by its relation; UnknownSubject for one nobody registered."""

    def relation(match: re.Match[str]) -> str:
        found = _subjects.get(match.group(1))
        if found is None:
            raise UnknownSubject(match.group(1))
        return f"({found.sql})"

    return NAME.sub(relation, sql)
