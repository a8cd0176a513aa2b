"""Tables partitioned by month: the migration operation that makes them and the call that adds a month."""

from collections.abc import Sequence

from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import CreateModel
from django.db.migrations.state import ProjectState
from django.db.models import Func, Value


class CreatePartitionedTable(CreateModel):
    """`CreateModel` for a model with `pk = CompositePrimaryKey("month", "id")`: PARTITION BY RANGE (month).

    `id` takes its values from the sequence <table>_id_seq that this operation makes; give the field
    `db_default=next_id("<table>")`.
    """

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        model = to_state.apps.get_model(app_label, self.name)
        if not self.allow_migrate_model(schema_editor.connection.alias, model):
            return
        table = model._meta.db_table
        schema_editor.execute(f'create sequence "{table}_id_seq" as bigint cache 1000')
        statement, parameters = schema_editor.table_sql(model)
        schema_editor.execute(f"{statement} PARTITION BY RANGE (month)", parameters or None)
        for index in schema_editor._model_indexes_sql(model):  # type: ignore[attr-defined]
            schema_editor.execute(index)

    def database_backwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        super().database_backwards(app_label, schema_editor, from_state, to_state)
        table = from_state.apps.get_model(app_label, self.name)._meta.db_table
        schema_editor.execute(f'drop sequence if exists "{table}_id_seq"')

    def describe(self) -> str:
        return f"Create table {self.name}, partitioned by month"


def next_id(table: str) -> Func:
    """Database default of a partitioned table's `id`: the next value of its sequence."""
    return Func(Value(f"{table}_id_seq"), function="nextval")


def ensure_partition(table: str, month: int) -> None:
    """Make the partition of `table` for `month` (yyyymm) where it is missing; the worker's login may call it."""
    with connection.cursor() as cursor:
        cursor.execute("select records.ensure_partition(%s::regclass, %s)", [table, month])


def refresh_statistics(tables: Sequence[str]) -> None:
    """Let the planner see what was just written to these tables; missing ones are passed over. For the worker's login."""
    if tables:
        with connection.cursor() as cursor:
            cursor.execute("select records.analyse(%s)", [list(tables)])
