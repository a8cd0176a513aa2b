"""Installs what the tables declare of themselves: history triggers, frozen rows, row-level security and rights.

Runs after every migration, as the owner. Everything is dropped and made anew, so the database always says what the
models say, and migrations hold nothing but tables.
"""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import connections, models, transaction

from dashebao.kernel.records import history_scope
from dashebao.kernel.records.context import KEY_NUMBER
from dashebao.kernel.records.declared import History, Record, Scope
from dashebao.kernel.secrecy.api import SealedField, SealedJSONField

WEB, WORKER = "dashebao_web", "dashebao_worker"
WRITES = "select, insert, update, delete"


def records() -> Iterator[type[Record]]:
    """Every concrete table of the product that declares itself."""
    for model in apps.get_models(include_auto_created=True):
        if issubclass(model, Record) and not model._meta.proxy:
            yield model


def install_after_migrate(sender: Any, using: str = "default", **_: Any) -> None:
    """Signal receiver: install once, after the last app has migrated, where the records system itself is there."""
    last = [config for config in apps.get_app_configs() if config.models_module is not None][-1]
    if sender.label != last.label:
        return
    connection = connections[using]
    if "records_change" in connection.introspection.table_names():
        install(using)


def install(using: str = "default") -> None:
    """Write the context key, rights, triggers and policies of every table into database `using`."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        _write_key(cursor)
        present = set(connections[using].introspection.table_names(cursor))
        guarded = [model for model in records() if model._meta.db_table in present and model._meta.managed]
        _begin_history(cursor, guarded)
        for model in guarded:
            for statement in statements_for(model):
                cursor.execute(statement)
        for statement in (*history_scope.statements(guarded), *_rights_of_the_rest(present)):
            cursor.execute(statement)


def _begin_history(cursor: Any, guarded: list[type[Record]]) -> None:
    """Rows that migrations wrote before their table had its triggers are the beginning of its history."""
    cursor.execute("select tgrelid::regclass::text from pg_trigger where tgname = 'track_i'")
    kept = {table for (table,) in cursor.fetchall()}
    for model in guarded:
        table = model._meta.db_table
        if model.history is History.TRACKED and table not in kept:
            cursor.execute(
                "insert into records_change (table_name, row_id, op, actor_kind, why, after)"  # noqa: S608
                f" select %s, r.\"{key_of(model)}\"::text, 'I', 'database', 'migration', to_jsonb(r) from \"{table}\" r",
                [table],
            )


def statements_for(model: type[Record]) -> list[str]:
    """The SQL that brings one table's guards in line with its declaration."""
    table = model._meta.db_table
    sealed = any(isinstance(field, SealedField | SealedJSONField) for field in model._meta.concrete_fields)
    return [*_triggers(table, model.history, key_of(model), sealed), *_policies(table, model), *_rights(table, model)]


def key_of(model: type[Record]) -> str:
    """The column by which the history names a row of the table."""
    return "id" if isinstance(model._meta.pk, models.CompositePrimaryKey) else str(model._meta.pk.column)


def _triggers(table: str, history: History, key: str, sealed: bool) -> list[str]:
    arguments = f"'{key}', 'sealed'" if sealed else f"'{key}'"
    out = [
        f'drop trigger if exists {name} on "{table}"'
        for name in ("track_i", "track_u", "track_d", "frozen", "frozen_truncate")
    ]
    if history is History.TRACKED:
        for event, short, tables in (
            ("insert", "i", "new table as new_rows"),
            ("update", "u", "old table as old_rows new table as new_rows"),
            ("delete", "d", "old table as old_rows"),
        ):
            out.append(
                f'create trigger track_{short} after {event} on "{table}" referencing {tables} '
                f"for each statement execute function records.track({arguments})"
            )
    elif history is History.FROZEN:
        out += [
            f'create trigger frozen before update or delete on "{table}" '
            "for each row execute function records.frozen()",
            f'create trigger frozen_truncate before truncate on "{table}" '
            "for each statement execute function records.frozen()",
        ]
    return out


def _policies(table: str, model: type[Record]) -> list[str]:
    arrays = frozenset(str(field.column) for field in model._meta.concrete_fields if isinstance(field, ArrayField))
    condition = visible(table, model.scope, arrays)
    return [
        f'alter table "{table}" enable row level security',
        f'drop policy if exists scope on "{table}"',
        f'drop policy if exists worker on "{table}"',
        f'create policy scope on "{table}" to {WEB} using ({condition})',
        f'create policy worker on "{table}" to {WORKER} using (true) with check (true)',
    ]


def visible(table: str, scope: Scope, arrays: frozenset[str] = frozenset()) -> str:
    """The SQL condition under which the web login sees (and writes) a row.

    The context is read through scalar subqueries, so it is checked once per query and not once per row;
    `arrays` names the columns that hold several ids. `starts_with` because LIKE is not leakproof and would not use an index under row-level security.
    """
    if scope.everybody:
        return "true"
    kinds = ["(select ctx.kind()) = 'system'"]
    if scope.staff:
        kinds.append("(select ctx.kind()) = 'officer'")
    if scope.region:
        placed = f'starts_with("{scope.region}", (select ctx.region()))'
        kinds.append(f"((select ctx.kind()) in ('officer', 'partner') and {placed})")
    if scope.person:
        equal = f'any("{scope.person}")' if scope.person in arrays else f'"{scope.person}"'
        kinds.append(f"((select ctx.kind()) = 'person' and (select ctx.actor_id()) = {equal})")
    if scope.unit:
        kinds.append(f"((select ctx.kind()) = 'unit' and \"{scope.unit}\" = (select ctx.unit_id()))")
    if scope.parent:
        column, parent = scope.parent.split(":")
        kinds.append(f'exists (select 1 from "{parent}" parent where parent.id = "{table}"."{column}")')  # noqa: S608
    if scope.author:
        kind, actor = scope.author.split(":")
        kinds.append(f'("{kind}" = (select ctx.kind()) and "{actor}" = (select ctx.actor_id()))')
    return " or ".join(kinds)


def _rights(table: str, model: type[Record]) -> list[str]:
    if model.rights == "read":
        granted = "select"
    elif model.history is History.FROZEN:
        granted = "select, insert"
    else:
        granted = WRITES
    out = [f'revoke all on "{table}" from {WEB}, {WORKER}', f'grant {granted} on "{table}" to {WEB}, {WORKER}']
    if isinstance(model._meta.pk, models.CompositePrimaryKey):
        out.append(
            f"do $$ begin if to_regclass('{table}_id_seq') is not null then "
            f'grant usage on sequence "{table}_id_seq" to {WEB}, {WORKER}; end if; end $$'
        )
    return out


def _rights_of_the_rest(present: set[str]) -> list[str]:
    """Rights on Django's own tables, on sequences and on the helper functions."""
    ours = {model._meta.db_table for model in records()}
    foreign = sorted(
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model._meta.db_table in present and model._meta.db_table not in ours
    )
    out = [f'grant {WRITES} on "{table}" to {WEB}, {WORKER}' for table in foreign]
    for schema in ("ctx", "records"):
        out.append(f"grant usage on schema {schema} to {WEB}, {WORKER}")
    out += [
        f"grant execute on all functions in schema ctx to {WEB}, {WORKER}",
        f"grant execute on function records.ensure_partition(regclass, int) to {WORKER}, {WEB}",
        f"grant execute on function records.analyse(text[]) to {WORKER}",
        f"grant execute on function records.unkeyed(text) to {WEB}, {WORKER}",
        f"grant usage on all sequences in schema public to {WEB}, {WORKER}",
        f"grant execute on all functions in schema public to {WEB}, {WORKER}",
    ]
    return out


def _write_key(cursor: Any) -> None:
    padded = settings.CONTEXT_KEY.ljust(64, b"\0")
    cursor.execute(
        "insert into ctx.key values (%s, %s, %s) on conflict (number) do update"
        " set inner_pad = excluded.inner_pad, outer_pad = excluded.outer_pad",
        [KEY_NUMBER, bytes(b ^ 0x36 for b in padded), bytes(b ^ 0x5C for b in padded)],
    )
