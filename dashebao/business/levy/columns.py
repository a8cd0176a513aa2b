"""Columns in and out of PostgreSQL as arrays of whole numbers, by binary COPY: no Python object per row."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from django.db import connection

Column: TypeAlias = np.ndarray[Any, np.dtype[Any]]
Columns: TypeAlias = dict[str, Column]

HEADER = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
TRAILER = b"\xff\xff"
WIDTHS = {"int8": (8, ">i8"), "int4": (4, ">i4"), "int2": (2, ">i2"), "bool": (1, "?"), "code6": (6, "S6")}


def read_columns(query: str, parameters: Sequence[Any] | Mapping[str, Any], kinds: Mapping[str, str]) -> Columns:
    """The rows of `query` as arrays; `kinds` names its columns in order: int8, int4, int2, bool or code6.

    No value may be NULL and a code6 has exactly six characters; otherwise ValueError, because rows must be of one width.
    """
    record = _record(kinds)
    with (
        connection.cursor() as cursor,
        cursor.cursor.copy(f"copy ({query}) to stdout (format binary)", parameters) as copy,
    ):
        raw = b"".join(bytes(part) for part in copy)
    body = raw[len(HEADER) : -len(TRAILER)]
    if len(body) % record.itemsize:
        raise ValueError("a column holds NULL or a value of another width")
    rows = np.frombuffer(body, dtype=record)
    for name, kind in kinds.items():
        if len(rows) and not (rows[f"{name} width"] == WIDTHS[kind][0]).all():
            raise ValueError(f"column {name} holds NULL or a value of another width")
    return {name: _native(rows[name], kind) for name, kind in kinds.items()}


def write_columns(table: str, columns: Columns, kinds: Mapping[str, str], *, conflict: str = "") -> int:
    """Insert arrays of one length into `table` and return how many rows were new.

    The rows go through a temporary table, because COPY may not write under row-level security. `conflict` is the
    ON CONFLICT clause, for calls that may come twice.
    """
    count = len(next(iter(columns.values())))
    if not count:
        return 0
    load_temporary("levy_incoming", columns, kinds)
    names = ", ".join(f'"{name}"' for name in kinds)
    source = ", ".join(f'"{name}"::text::char(6)' if kind == "code6" else f'"{name}"' for name, kind in kinds.items())
    with connection.cursor() as cursor:
        cursor.execute(f"insert into {table} ({names}) select {source} from levy_incoming {conflict}")  # noqa: S608
        written = int(cursor.rowcount)
        cursor.execute("drop table levy_incoming")
    return written


def load_temporary(name: str, columns: Columns, kinds: Mapping[str, str]) -> None:
    """Make the temporary table `name` (gone at commit) and fill it with the columns."""
    types = ", ".join(f'"{column}" {"text" if kind == "code6" else kind}' for column, kind in kinds.items())
    with connection.cursor() as cursor:
        cursor.execute(f"drop table if exists {name}")
        cursor.execute(f"create temporary table {name} ({types}) on commit drop")
    copy_columns(name, columns, kinds)


def copy_columns(table: str, columns: Columns, kinds: Mapping[str, str]) -> None:
    """COPY arrays of one length into a table without row-level security; it must have columns of these very types."""
    rows = np.zeros(len(next(iter(columns.values()))), dtype=_record(kinds))
    rows["fields"] = len(kinds)
    for column, kind in kinds.items():
        rows[f"{column} width"] = WIDTHS[kind][0]
        rows[column] = columns[column]
    names = ", ".join(f'"{name}"' for name in kinds)
    with (
        connection.cursor() as cursor,
        cursor.cursor.copy(f"copy {table} ({names}) from stdin (format binary)") as copy,
    ):
        copy.write(HEADER + rows.tobytes() + TRAILER)


def _record(kinds: Mapping[str, str]) -> "np.dtype[Any]":
    fields: list[tuple[str, str]] = [("fields", ">i2")]
    for name, kind in kinds.items():
        fields += [(f"{name} width", ">i4"), (name, WIDTHS[kind][1])]
    return np.dtype(fields)


def _native(values: Column, kind: str) -> Column:
    if kind == "code6":
        return values.astype("U6")
    return values.astype(np.bool_ if kind == "bool" else np.int64)
