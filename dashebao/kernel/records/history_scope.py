"""Whose history is whose: the changes of a row are seen by the officers who see the row, or saw it when it was theirs."""

from collections.abc import Iterable

from dashebao.kernel.records.declared import History, Record

SEEN = """
create or replace function records.seen(p_table text, p_row text, p_image jsonb) returns boolean
language plpgsql stable set search_path = public, pg_temp as $$
begin
  case p_table
{cases}
  else return false;
  end case;
end $$"""
CASE = """  when '{table}' then return {condition};"""


def statements(models: Iterable[type[Record]]) -> list[str]:
    """The SQL that narrows the history of every tracked table to those who see its rows.

    A row that is there is asked for by its key, so that its own policy decides; one that was deleted, or has moved to
    another place since, is seen by the place in its image of then. Static statements in one function: each is planned
    once in a session.
    """
    tracked = {model._meta.db_table: model for model in models if model.history is History.TRACKED}
    cases = "\n".join(CASE.format(table=table, condition=_condition(model)) for table, model in sorted(tracked.items()))
    return [
        SEEN.format(cases=cases),
        'drop policy if exists scope on "records_change"',
        "create policy scope on \"records_change\" to dashebao_web using ((select ctx.kind()) = 'system' or"
        " ((select ctx.kind()) = 'officer' and records.seen(table_name, row_id, coalesce(after, before))))",
        "grant execute on function records.seen(text, text, jsonb) to dashebao_web",
    ]


def _condition(model: type[Record]) -> str:
    scope = model.scope
    if scope.everybody or scope.staff:
        return "true"
    asked = [f'exists (select 1 from "{model._meta.db_table}" t where t.id = p_row::bigint)']  # noqa: S608
    if scope.region:
        asked.append(f"starts_with(p_image ->> '{scope.region}', ctx.region())")
    if scope.parent:
        child, parent = scope.parent.split(":")
        asked.append(f"exists (select 1 from \"{parent}\" p where p.id = (p_image ->> '{child}')::bigint)")  # noqa: S608
    return f"coalesce({' or '.join(asked)}, false)"
