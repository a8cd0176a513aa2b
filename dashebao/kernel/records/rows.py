"""Every tracked row must be as its history left it: a change past the triggers is found, and its row named."""

from collections.abc import Iterator

from django.db import connection

from dashebao.kernel.records.declared import History, Record
from dashebao.kernel.records.guards import key_of, records

MOST_NAMED = 100  # of each table; a flood is cut, never hidden: one is enough to fail
# a column that was added or dropped since the row was last written is no difference, so only common ones are compared;
# neither is the key of a sealed value: rotating keys leaves no trace in the history
COMPARED = """
    with newest as (
      select distinct on (row_id) row_id, op, after from records_change where table_name = %(table)s order by row_id, id desc
    ), rows as (select "{key}"::text as row_id, to_jsonb(r) as now from "{table}" r)
    select row_id, case when rows.row_id is null then 'is gone'
                        when newest.after is null then 'has no history'
                        else 'is not as its history left it: ' || differing.columns end
      from rows full join newest using (row_id)
      left join lateral (
        select string_agg(old.key, ', ' order by old.key) as columns
          from jsonb_each(to_jsonb(jsonb_populate_record(null::"{table}", newest.after))) old
         where rows.now is distinct from newest.after and newest.after ? old.key
           and records.unkeyed((rows.now -> old.key)::text) is distinct from records.unkeyed(old.value::text)) differing on rows.row_id is not null
     where (rows.row_id is null and newest.op <> 'D')
        or (rows.row_id is not null and (newest.after is null or differing.columns is not null))
     limit %(most)s"""


def changed_rows() -> Iterator[str]:
    """Rows that somebody inserted, changed or deleted past their history, in words; needs a login that sees every row."""
    for model in records():
        if model.history is History.TRACKED and model._meta.managed:
            yield from _changed(model)


def _changed(model: type[Record]) -> Iterator[str]:
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(COMPARED.format(table=table, key=key_of(model)), {"table": table, "most": MOST_NAMED})
        for row_id, what in cursor.fetchall():
            yield f"{table} {row_id} {what}"
