"""Brings sealed values under the newest key, chunk by chunk, in every table and in the history."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction

from dashebao.kernel.records.guards import records
from dashebao.kernel.records.rewriting import Place
from dashebao.kernel.secrecy.api import (
    CannotOpen,
    Family,
    SealedField,
    SealedJSONField,
    current_keys,
    drop_key,
    open_,
    resealed,
)
from dashebao.kernel.secrecy.values import SEALED

AT_ONCE, MESSAGES_AT_ONCE = 2_000, 5  # a message may hold a file of many megabytes
GRACE = timedelta(hours=1)  # longer than any request or chunk that may still write what it sealed with the older key
IN_JSON = re.compile(rf'"({SEALED.pattern})"')


class RotationRuns(Exception):
    """Another program is resealing."""


def places() -> list[Place]:
    """Every column of every table that holds sealed values."""
    found = []
    for model in records():
        key = tuple(str(field.column) for field in model._meta.pk_fields)
        for field in model._meta.concrete_fields:
            if isinstance(field, SealedField | SealedJSONField):
                large = isinstance(field, SealedField) and field.family is Family.MESSAGE
                at_once = MESSAGES_AT_ONCE if large else AT_ONCE
                json = isinstance(field, SealedJSONField)
                found.append(Place(model._meta.db_table, str(field.column), key, json, at_once))
    return sorted(found, key=lambda place: (place.table, place.column))


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Hold the lock of the rotation; RotationRuns if somebody else does."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(hashtext('keys rotate'))")
        if not cursor.fetchone()[0]:
            raise RotationRuns
        try:
            yield
        finally:
            cursor.execute("select pg_advisory_unlock(hashtext('keys rotate'))")


def reseal(told: Callable[[Place, int], None] = lambda place, rows: None) -> int:
    """Seal everything under older keys anew; returns how many rows were changed.

    Each chunk is a transaction of its own and only takes what is still to be done, so it can be killed anywhere and run
    again. As the owner of the tables: nobody else may touch frozen rows, and these only in this way.
    """
    return sum(_reseal_place(place, told) for place in places())


def _reseal_place(place: Place, told: Callable[[Place, int], None]) -> int:
    done, after = 0, [-1] * len(place.key)
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            rows = place.chunk(cursor, after, f'"{place.column}"::text ~ %s', [_named(_older())])
            if not rows:
                return done
            changed = [(*row[:-1], new) for row in rows if (new := _anew(place, row[-1])) != row[-1]]
            place.write(cursor, changed)
        done, after = done + len(changed), list(rows[-1][:-1])
        told(place, len(changed))


def _older() -> list[int]:
    keys = current_keys()
    return [number for number in keys.numbered if number != keys.newest]


def _named(numbers: list[int]) -> str:
    """A pattern that finds sealed values under any of these keys."""
    wanted = "|".join(map(str, numbers)) or "none"
    return rf"~[A-Za-z0-9_-]{{22}}\.[pucox][0-9]*\.[a-z]({wanted})\."


def _anew(place: Place, text: str) -> str:
    def again(found: re.Match[str]) -> str:
        with suppress(CannotOpen):  # somebody typed what only looks sealed
            return f'"{resealed(found[1])}"'
        return found[0]

    return IN_JSON.sub(again, text) if place.json else str(resealed(text))


def rows_under(number: int) -> int:
    """How many rows, those of the history among them, hold a value that this key opens."""
    count = 0
    for place in places():
        with connection.cursor() as cursor:
            cursor.execute(
                f'select "{place.column}"::text from "{place.table}" where "{place.column}"::text ~ %s',  # noqa: S608
                [_named([number])],
            )
            count += sum(1 for (text,) in cursor.fetchall() if not place.json or _holds(text, number))
    return count


def _holds(text: str, number: int) -> bool:
    """Whether JSON holds a value under this key, and not only what somebody typed to look so."""
    for found in IN_JSON.finditer(text):
        if found[1].split(".")[2][1:] == str(number):
            with suppress(CannotOpen):
                open_(found[1])
                return True
    return False


def drop_unused(grace: timedelta = GRACE) -> list[int]:
    """Destroy the superseded keys that no row names any more and no running program may still write with."""
    dropped, now = [], datetime.now(UTC)
    for number, key in sorted(current_keys().numbered.items()):
        old = key.superseded_at is not None and now - datetime.fromisoformat(key.superseded_at) >= grace
        if old and not rows_under(number):
            drop_key(number)
            dropped.append(number)
    return dropped
