"""Seals what older versions stored in plain text: steps of migrations, for data folders made before values were sealed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import migrations

from dashebao.kernel.records.rewriting import AT_ONCE, Place
from dashebao.kernel.secrecy.api import Family, digest, holder_sql, seal, seal_many, sealed_json
from dashebao.kernel.secrecy.fields import LETTERS, NOBODY

LONG_NUMBER = r'"[0-9][0-9 ]{6,}|~'  # may stand in a text of JSON, or something that looks sealed


class TakeOver(migrations.RunPython):
    """A step of a migration over stored rows, in SQL: Django need not draw up every model as it was then."""

    def __init__(self, code: Callable[[Any, Any], None]) -> None:
        super().__init__(code, migrations.RunPython.noop)

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        """What Django writes of it in a migration."""
        return self.__class__.__name__, [self.code], {}

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Take the step, which asks for no models."""
        self.code(None, schema_editor)  # type: ignore[arg-type]


def seal_column(
    table: str,
    column: str,
    holders: Sequence[str] | str,
    key: Sequence[str] = ("id",),
    family: Family = Family.ACCOUNT,
) -> TakeOver:
    """A step that seals a column and its past; `holders` as in the field, or an expression in SQL."""

    def step(_apps: Any, editor: Any) -> None:
        with editor.connection.cursor() as cursor:
            holder = holders if isinstance(holders, str) else holder_sql(holders)
            with unguarded(cursor, table):
                _seal_rows(cursor, Place(table, column, tuple(key)), family, holder)
            _seal_past(cursor, table, lambda image: _sealed_image(image, column, family, holders))

    return TakeOver(step)


def seal_json(table: str, column: str) -> TakeOver:
    """A step that seals the long numbers in a column of JSON and in its past."""

    def step(_apps: Any, editor: Any) -> None:
        with editor.connection.cursor() as cursor:
            with unguarded(cursor, table):
                _seal_json_rows(cursor, Place(table, column, json=True))
            _seal_past(cursor, table, lambda image: image | {column: sealed_json(image.get(column))})

    return TakeOver(step)


def seal_audit_trail() -> TakeOver:
    """A step that seals the long numbers in what acts told; the seals over the audit trail then begin anew."""

    def step(_apps: Any, editor: Any) -> None:
        trail = Place("records_auditentry", "detail", json=True)
        with editor.connection.cursor() as cursor, unguarded(cursor, trail.table), unguarded(cursor, "records_seal"):
            if _seal_json_rows(cursor, trail):
                cursor.execute("delete from records_seal where log = 'audit'")

    return TakeOver(step)


def key_digests(table: str, column: str, family: Family) -> TakeOver:
    """A step that digests plain SHA-256 digests once more, under a key: their content could be found by trying."""

    def step(_apps: Any, editor: Any) -> None:
        place = Place(table, column)
        with editor.connection.cursor() as cursor, unguarded(cursor, table):
            for rows in place.rows(cursor, f'length("{column}") = 64'):
                place.write(cursor, [(key, digest(family, old)) for key, old in rows])

    return TakeOver(step)


def _seal_rows(cursor: Any, place: Place, family: Family, holder: str) -> None:
    plain = f"\"{place.column}\" <> '' and not starts_with(\"{place.column}\", '~')"
    for rows in place.rows(cursor, plain, more=holder):
        *keys, owners, texts = zip(*rows, strict=True)
        place.write(cursor, list(zip(*keys, seal_many(family, owners, texts), strict=True)))


def _seal_json_rows(cursor: Any, place: Place) -> int:
    """Seal the long numbers in a column of JSON; returns how many rows were changed."""
    changed = 0
    for rows in place.rows(cursor, f'"{place.column}"::text ~ %s', [LONG_NUMBER]):
        sealed = [(key, old, sealed_json(old)) for key, text in rows for old in (json.loads(text),)]
        written = [(key, json.dumps(new)) for key, old, new in sealed if new != old]
        place.write(cursor, written)
        changed += len(written)
    return changed


def _seal_past(cursor: Any, table: str, sealed: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Seal the history of a table; the seals over the history begin anew, because its rows are not what they were."""
    cursor.execute("select exists (select from records_change where table_name = %s)", [table])
    if not cursor.fetchone()[0]:
        return
    with unguarded(cursor, "records_change"), unguarded(cursor, "records_seal"):
        last = -1
        while rows := _past(cursor, table, last):
            images = [[None if one is None else json.dumps(sealed(json.loads(one))) for one in row[1:]] for row in rows]
            keys = [row[0] for row in rows]
            cursor.execute(
                "update records_change c set before = v.before::jsonb, after = v.after::jsonb"
                " from unnest(%s::bigint[], %s::text[], %s::text[]) v(id, before, after) where c.id = v.id",
                [keys, *(list(column) for column in zip(*images, strict=True))],
            )
            last = keys[-1]
        cursor.execute("delete from records_seal where log = 'history'")


def _past(cursor: Any, table: str, last: int) -> list[tuple[Any, ...]]:
    """The next rows of a table's history behind the one with this id."""
    statement = "select id, before, after from records_change where table_name = %s and id > %s order by id limit %s"
    cursor.execute(statement, [table, last, AT_ONCE])
    rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _sealed_image(image: dict[str, Any], column: str, family: Family, holders: Sequence[str]) -> dict[str, Any]:
    text = image.get(column) or ""
    if not text or text.startswith("~"):
        return image
    return image | {column: seal(family, _holder(image, holders), text)}


def _holder(image: dict[str, Any], holders: Sequence[str]) -> str:
    found = next((name for name in holders if image.get(name)), None)
    return NOBODY if found is None else f"{LETTERS.get(found, 'p')}{image[found]}"


@contextmanager
def unguarded(cursor: Any, table: str) -> Iterator[None]:
    """The guards of a table let its owner through for one step; nobody else can write it meanwhile."""
    cursor.execute("set constraints all immediate")  # no table is altered while checks of it are put off
    cursor.execute(f'alter table "{table}" disable trigger user')
    yield
    cursor.execute(f'alter table "{table}" enable trigger user')
