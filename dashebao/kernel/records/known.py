"""Time travel: what the database knew at one moment about the state of things on a day."""

from datetime import date, datetime
from typing import Any, TypeVar

from django.db.models.query import RawQuerySet

from dashebao.kernel.records.declared import History, Record

R = TypeVar("R", bound=Record)


def as_known(
    model: type[R],
    known_at: datetime,
    valid_on: date | None = None,
    *,
    where: dict[str, Any] | None = None,
    of: tuple[str, Any] | None = None,
) -> "RawQuerySet[R]":
    """The rows of a tracked table as they stood at `known_at`; with `valid_on`, only those in force on that day.

    `where` narrows by column = value. A row that changed since then is rebuilt from the earliest change after
    `known_at`; one that was inserted since then is left out; a deleted one comes back. `of` is a column with its value
    that never changes in a row (its key, or the person or unit it belongs to): only the history of those rows is
    read, by index. Raises ValueError for a table whose history is not kept.
    """
    if model.history is not History.TRACKED:
        raise ValueError(f"{model._meta.label} keeps no row history")
    table, conditions, values = model._meta.db_table, [], []
    for column, value in (where or {}).items():
        conditions.append(f'state."{model._meta.get_field(column).column}" = %s')  # type: ignore[union-attr]
        values.append(value)
    if valid_on is not None:
        conditions.append("state.valid_during @> %s::date")
        values.append(valid_on)
    whose, keys = ("", []) if of is None else _narrowed(model, of)
    if of is not None:
        conditions.append(f'state."{model._meta.get_field(of[0]).column}" = %s')  # type: ignore[union-attr]
        values.append(of[1])
    selection = f"where {' and '.join(conditions)}" if conditions else ""
    statement = f"""
        with later as (
          select distinct on (row_id) row_id, op, before from records_change
          where table_name = %s and at > %s {whose} order by row_id, id
        ), state as (
          select t.* from "{table}" t where not exists (select 1 from later where later.row_id = t.id::text)
          union all
          select old.* from later, jsonb_populate_record(null::"{table}", later.before) old where later.op <> 'I'
        )
        select * from state {selection} order by id"""  # noqa: S608
    return model._default_manager.raw(statement, [table, known_at, *keys, *values])  # type: ignore[no-any-return]


def _narrowed(model: type[Record], of: tuple[str, Any]) -> tuple[str, list[Any]]:
    """The condition for the history of the rows that belong to one owner, among them those deleted since."""
    table, (column, value) = model._meta.db_table, of
    name = model._meta.get_field(column).column  # type: ignore[union-attr]
    if name == model._meta.pk.column:
        return "and row_id = %s", [str(value)]
    there = f'select id::text from "{table}" where "{name}" = %s'  # noqa: S608
    gone = f"select row_id from records_change where op = 'D' and table_name = %s and before ->> '{name}' = %s"  # noqa: S608
    return f"and row_id in ({there} union {gone})", [value, table, str(value)]
