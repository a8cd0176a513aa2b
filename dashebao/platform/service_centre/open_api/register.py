"""The register of queries that programs may ask; the businesses fill it at start-up, as they do with panels."""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from django.utils.functional import Promise
from pydantic import BaseModel, ConfigDict

Text: TypeAlias = str | Promise
NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
SCOPE = re.compile(r"[a-z]+\.[a-z]+")


class Answer(BaseModel):
    """Base of everything a query answers with: frozen, nothing undeclared; money is int fen in fields named `*_fen`."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)


class Question(BaseModel):
    """Base of the parameters a query takes from the address; unknown ones are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class About(enum.StrEnum):
    """Whose data a query tells."""

    PERSON = "person"
    UNIT = "unit"
    NOBODY = "nobody"


@dataclass(frozen=True)
class Asked:
    """What a query is asked: about whom (registry id, 0 for nobody), as of which day, with which parameters.

    `after` is what the page before ended with, `limit` how many rows may be answered; only paged queries read them.
    """

    subject_id: int
    on: date
    question: Any = None
    after: Any = None
    limit: int = 0


@dataclass(frozen=True)
class Rows:
    """One page: its rows, and what the next one begins after (a JSON value; None where this was the last)."""

    items: Sequence[Answer]
    after: Any = None


@dataclass(frozen=True, kw_only=True)
class Query:
    """One query: `provide` reads, within the client's row scope, and answers with `answer` (or Rows of it if `paged`).

    `name` ends the address ("contribution-record"), `scope` is what a client must have been given, `question` declares
    the parameters. `missing` are exceptions that mean that there is nothing to tell.
    """

    name: str
    title: Text
    scope: str
    about: About
    answer: type[Answer]
    provide: Callable[[Asked], Any]
    description: Text = ""
    question: type[Question] | None = None
    paged: bool = False
    missing: tuple[type[Exception], ...] = ()

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name):
            raise ValueError(f"the query {self.name!r} must be named like contribution-record")
        if not SCOPE.fullmatch(self.scope):
            raise ValueError(f"the scope {self.scope!r} must look like contributions.read")


_queries: dict[str, Query] = {}
_scopes: dict[str, Text] = {}
_told: set[type[Exception]] = set()


def register_query(query: Query) -> Query:
    """Add a query; its name and the name of its answer are unique over the product."""
    known = _queries.get(query.name)
    if known is not None and known != query:
        raise ValueError(f"the query {query.name} is registered twice")
    for other in _queries.values():
        if other.answer is not query.answer and other.answer.__name__ == query.answer.__name__:
            raise ValueError(f"two queries answer with a {query.answer.__name__}: {other.name} and {query.name}")
    _queries[query.name] = query
    return query


def register_scope(code: str, title: Text) -> None:
    """Name a scope for the administration's form and for the documentation."""
    _scopes[code] = title


def queries() -> tuple[Query, ...]:
    """All queries by name."""
    return tuple(_queries[name] for name in sorted(_queries))


def scope_titles() -> dict[str, Text]:
    """Titles of the scopes that queries ask for; an unnamed one shows its code."""
    return {query.scope: _scopes.get(query.scope, query.scope) for query in queries()} | _scopes


def register_told(*refusals: type[Exception]) -> None:
    """Name exceptions of a business whose text is meant for the applicant: programs get them as 409."""
    _told.update(refusals)


def told() -> tuple[type[Exception], ...]:
    """The exceptions whose text is meant for the applicant."""
    return tuple(_told)
