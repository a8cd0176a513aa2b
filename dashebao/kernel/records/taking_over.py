"""Seals what older versions stored in plain text: steps of migrations, for data folders made before values were sealed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from dashebao.kernel.secrecy.api import Family, digest, holder_sql, seal, seal_many, sealed_json
from dashebao.kernel.secrecy.fields import LETTERS, NOBODY

AT_ONCE = 10_000


class Column(NamedTuple):
    """A column to seal, with the kind of its values and the key of its table."""

    table: str
    column: str
    family: Family
    key: tuple[str, ...]


def seal_column(
    table: str,
    column: str,
    holders: Sequence[str] | str,
    key: Sequence[str] = ("id",),
    family: Family = Family.ACCOUNT,
) -> Callable[..., None]:
    """A step that seals a column and its past; `holders` as in the field, or an expression in SQL."""

    def step(_apps: Any, editor: Any) -> None:
        with editor.connection.cursor() as cursor:
            holder = holders if isinstance(holders, str) else holder_sql(holders)
            with unguarded(cursor, table):
                _seal_rows(cursor, Column(table, column, family, tuple(key)), holder)
            _seal_past(cursor, table, lambda image: _sealed_image(image, column, family, holders))

    return step


def seal_json(table: str, column: str) -> Callable[..., None]:
    """A step that seals the long numbers in a column of JSON and in its past."""

    def step(_apps: Any, editor: Any) -> None:
        with editor.connection.cursor() as cursor:
            with unguarded(cursor, table):
                rows = _read(cursor, f'select id, "{column}" from "{table}"', [])  # noqa: S608  names of our own tables
                values = [(json.dumps(sealed_json(json.loads(text))), key) for key, text in rows]
                cursor.executemany(f'update "{table}" set "{column}" = %s::jsonb where id = %s', values)  # noqa: S608
            _seal_past(cursor, table, lambda image: image | {column: sealed_json(image.get(column))})

    return step


def seal_audit_trail(_apps: Any, editor: Any) -> None:
    """A step that seals the long numbers in what acts told; the seals over the audit trail then begin anew."""
    with editor.connection.cursor() as cursor:
        rows = _read(cursor, "select id, detail from records_auditentry where detail::text ~ %s", [r'"[0-9][0-9 ]{6,}'])
        values = [(json.dumps(sealed_json(json.loads(text))), key) for key, text in rows]
        if not values:
            return
        with unguarded(cursor, "records_auditentry"), unguarded(cursor, "records_seal"):
            cursor.executemany("update records_auditentry set detail = %s::jsonb where id = %s", values)
            cursor.execute("delete from records_seal where log = 'audit'")


def key_digests(table: str, column: str, family: Family) -> Callable[..., None]:
    """A step that digests plain SHA-256 digests once more, under a key: their content could be found by trying."""

    def step(_apps: Any, editor: Any) -> None:
        with editor.connection.cursor() as cursor, unguarded(cursor, table):
            rows = _read(cursor, f'select id, "{column}" from "{table}" where length("{column}") = 64', [])  # noqa: S608
            values = [(digest(family, old), key) for key, old in rows]
            cursor.executemany(f'update "{table}" set "{column}" = %s where id = %s', values)  # noqa: S608

    return step


def _seal_rows(cursor: Any, where: Column, holder: str) -> None:
    table, column, family, key = where
    keys = ", ".join(key)
    names = [f"k{n}" for n in range(len(key))]
    same = " and ".join(f't."{one}" = v.{name}' for one, name in zip(key, names, strict=True))
    plain = f"\"{column}\" <> '' and not starts_with(\"{column}\", '~')"
    while True:
        rows = _read(cursor, f'select {keys}, {holder}, "{column}" from "{table}" where {plain} limit {AT_ONCE}', [])  # noqa: S608
        if not rows:
            return
        *ids, owners, texts = (list(values) for values in zip(*rows, strict=True))
        cursor.execute(
            f'update "{table}" t set "{column}" = v.sealed'  # noqa: S608  names of our own tables
            f" from unnest({', '.join(['%s::bigint[]'] * len(key))}, %s::text[]) v({', '.join(names)}, sealed) where {same}",
            [*ids, seal_many(family, owners, texts)],
        )


def _seal_past(cursor: Any, table: str, sealed: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Seal the history of a table; the seals over the history begin anew, because its rows are not what they were."""
    rows = _read(cursor, "select id, before, after from records_change where table_name = %s", [table])
    if not rows:
        return
    with unguarded(cursor, "records_change"), unguarded(cursor, "records_seal"):
        for start in range(0, len(rows), AT_ONCE):
            part = [
                (*(None if image is None else json.dumps(sealed(json.loads(image))) for image in images), key)
                for key, *images in rows[start : start + AT_ONCE]
            ]
            cursor.executemany("update records_change set before = %s::jsonb, after = %s::jsonb where id = %s", part)
        cursor.execute("delete from records_seal where log = 'history'")


def _sealed_image(image: dict[str, Any], column: str, family: Family, holders: Sequence[str]) -> dict[str, Any]:
    text = image.get(column) or ""
    if not text or text.startswith("~"):
        return image
    return image | {column: seal(family, _holder(image, holders), text)}


def _holder(image: dict[str, Any], holders: Sequence[str]) -> str:
    found = next((name for name in holders if image.get(name)), None)
    return NOBODY if found is None else f"{LETTERS.get(found, 'p')}{image[found]}"


def _read(cursor: Any, statement: str, values: list[Any]) -> list[tuple[Any, ...]]:
    cursor.execute(statement, values)
    rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


@contextmanager
def unguarded(cursor: Any, table: str) -> Iterator[None]:
    """The guards of a table let its owner through for one step; nobody else can write it meanwhile."""
    cursor.execute("set constraints all immediate")  # no table is altered while checks of it are put off
    cursor.execute(f'alter table "{table}" disable trigger user')
    yield
    cursor.execute(f'alter table "{table}" enable trigger user')
