"""Reads and rewrites one column of many rows, chunk by chunk in the order of their key: what sealing and resealing share."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

AT_ONCE = 10_000
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Place:
    """A column that holds sealed values, and the key of its table."""

    table: str
    column: str
    key: tuple[str, ...] = ("id",)
    json: bool = False
    at_once: int = AT_ONCE

    def rows(self, cursor: Any, condition: str, values: Sequence[Any] = (), more: str = "") -> Iterator[list[Row]]:
        """Chunks of (key …, `more` …, the column as text) of the rows where `condition` holds, in the order of the key.

        A chunk is read when the one before has been written, so what lies behind is never read again.
        """
        after: list[Any] = [-1] * len(self.key)
        while rows := self.chunk(cursor, after, condition, values, more):
            yield rows
            after = list(rows[-1][: len(self.key)])

    def chunk(
        self, cursor: Any, after: Sequence[Any], condition: str, values: Sequence[Any] = (), more: str = ""
    ) -> list[Row]:
        """The next rows behind the key `after`, locked."""
        keys, other = ", ".join(self.key), f"{more}, " if more else ""
        cursor.execute(
            f'select {keys}, {other}"{self.column}"::text from "{self.table}"'  # noqa: S608  names of our own tables
            f" where ({keys}) > ({', '.join(['%s'] * len(self.key))}) and {condition} order by {keys} limit %s for update",
            [*after, *values, self.at_once],
        )
        found: list[Row] = cursor.fetchall()
        return found

    def write(self, cursor: Any, rows: Sequence[Row]) -> None:
        """Write (key …, new text) of each row in one statement."""
        if not rows:
            return
        names = [f"k{number}" for number in range(len(self.key))]
        same = " and ".join(f't."{key}" = v.{name}' for key, name in zip(self.key, names, strict=True))
        cursor.execute(
            f'update "{self.table}" t set "{self.column}" = v.sealed::{"jsonb" if self.json else "text"}'  # noqa: S608
            f" from unnest({', '.join(['%s::bigint[]'] * len(names))}, %s::text[]) v({', '.join(names)}, sealed)"
            f" where {same}",
            [list(column) for column in zip(*rows, strict=True)],
        )
