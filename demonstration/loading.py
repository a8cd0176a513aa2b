"""Bulk loading of text columns by COPY, as the owner of the tables."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from django.db import connection


def copy_rows(table: str, columns: Mapping[str, Sequence[Any]]) -> int:
    """COPY columns of equal length into a table; numpy values become plain ones; returns the number of rows."""
    plain = [values.tolist() if isinstance(values, np.ndarray) else values for values in columns.values()]
    count = len(plain[0])
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor, cursor.copy(f"copy {table} ({names}) from stdin") as copy:
        for row in zip(*plain, strict=True):
            copy.write_row(row)
    return count


def next_ids_after(table: str, last: int) -> None:
    """Let the table's own numbering go on after `last`."""
    with connection.cursor() as cursor:
        cursor.execute("select setval(pg_get_serial_sequence(%s, 'id'), %s)", [table, max(last, 1)])


def analyse() -> None:
    """Refresh the planner's statistics of every table after a load."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select 'analyze ' || oid::regclass from pg_class"
            " where relkind in ('r', 'p') and not relispartition and pg_get_userbyid(relowner) = current_user"
        )
        for (statement,) in cursor.fetchall():
            cursor.execute(statement)
