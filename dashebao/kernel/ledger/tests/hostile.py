"""A committed world for hostile tests: two sets of books and raw connections as the product's logins."""

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import psycopg
from django.conf import settings
from django.db import connection

from dashebao.kernel.ledger.actions import POST, parameters
from dashebao.kernel.ledger.rules import Journal, Line, SubLine, as_columns
from dashebao.kernel.records.api import Actor, sign


def connect(login: str = "dashebao_web") -> psycopg.Connection:
    """A raw connection to the test database as one of the logins."""
    place = connection.settings_dict
    return psycopg.connect(
        host=place["HOST"],
        port=place["PORT"],
        dbname=place["NAME"],
        user=login,
        password=settings.SECRETS["passwords"][login],
        autocommit=True,
    )


class World:
    """Books of the attacker's own region (`own`) and of another (`foreign`), and his connection as the web login."""

    def __init__(self, own: Any, foreign: Any) -> None:
        self.own, self.foreign = own, foreign
        self.web = connect()
        self.sign_in(Actor("officer", 21, region=foreign.region[:4]))
        abroad = [(foreign.bank, 1), (foreign.income, -1)]
        self.posted_abroad: UUID = self.send(self.web, abroad, book=foreign.id)[0]
        self.sign_in(self.officer())
        self.posted: UUID = self.post([(own.bank, -50), (own.income, 50)], key="levy-1")

    def close(self) -> None:
        self.web.close()

    def officer(self, id: int = 11) -> Actor:
        return Actor("officer", id, region=self.own.region[:4])

    def sign_in(self, actor: Actor | str, **options: Any) -> None:
        text = actor if isinstance(actor, str) else sign(actor, **options)
        self.web.execute("select set_config('app.ctx', %s, false)", (text,))

    def fresh(self) -> None:
        """Back to a signed-in officer on a clean session."""
        self.web.execute("reset all")
        self.web.execute("discard temp")
        self.sign_in(self.officer())

    def run(self, statement: str, *values: Any) -> list[Any]:
        cursor = self.web.execute(statement, values or None)
        return cursor.fetchall() if cursor.description else []

    def post(self, lines: Sequence[tuple[Any, Any]], subs: Sequence[tuple[Any, ...]] = (), **more: Any) -> UUID:
        if self.web.execute("select current_setting('app.ctx', true)").fetchone()[0] in (None, ""):
            self.sign_in(self.officer())
        return self.send(self.web, lines, subs, **more)[0]

    def send(
        self,
        on: psycopg.Connection,
        lines: Sequence[tuple[Any, Any]],
        subs: Sequence[tuple[Any, ...]] = (),
        **more: Any,
    ) -> tuple[UUID, str]:
        journal = Journal(
            more.pop("book", self.own.id),
            "hostile",
            more.pop("key", None) or str(uuid4()),
            more.pop("month", 202611),
            tuple(Line(*line) for line in lines),
            tuple(SubLine(*sub) for sub in subs),
            **more,
        )
        return on.execute(POST, parameters(as_columns([journal]))).fetchall()[0]


@contextmanager
def temporary_world(make: Any) -> Iterator[World]:
    """A world of its own, in regions nobody else uses; its rows stay in the test database."""
    own, foreign = (f"{first}{random.randrange(10_000):04d}" for first in ("71", "82"))
    world = World(make(own), make(foreign))
    try:
        yield world
    finally:
        world.close()
