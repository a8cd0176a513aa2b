"""Every table: history, scope and personal-data marks are declared, and the database has what is declared."""

import pytest
from django.apps import apps
from django.db import connection, models

from dashebao.kernel.records.api import History, Mark, Record, Scope
from dashebao.kernel.records.guards import records

OURS = [model for model in apps.get_models(include_auto_created=True) if model.__module__.startswith("dashebao.")]
PERSONAL_WORDS = (
    "name",
    "mobile",
    "phone",
    "birth",
    "died",
    "identity",
    "id_number",
    "bank",
    "account_number",
    "wage",
    "sex",
    "nation",
    "address",
    "password",
    "secret",
)
NOT_OF_PERSONS = {"table_name", "bank_code", "file_name", "name_en", "role_name"}


@pytest.mark.parametrize("model", OURS, ids=lambda m: m._meta.label)
def test_declares_its_history_scope_and_personal_columns(model):
    assert issubclass(model, Record)
    assert isinstance(model.history, History)
    assert isinstance(model.scope, Scope)
    columns = {field.name for field in model._meta.get_fields() if isinstance(field, models.Field)}
    columns |= {field.attname for field in model._meta.concrete_fields}
    assert set(model.personal) <= columns
    assert all(isinstance(mark, Mark) for mark in model.personal.values())


@pytest.mark.django_db
@pytest.mark.parametrize("model", list(records()), ids=lambda m: m._meta.label)
def test_is_guarded_in_the_database_as_declared(model):
    if not model._meta.managed:
        pytest.skip("a view, or a table that another migration operation guards")
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("select relrowsecurity from pg_class where oid = %s::regclass", [table])
        assert cursor.fetchone() == (True,)
        cursor.execute("select polname from pg_policy where polrelid = %s::regclass", [table])
        assert {"scope", "worker"} <= {row[0] for row in cursor.fetchall()}
        cursor.execute("select tgname from pg_trigger where tgrelid = %s::regclass and not tgisinternal", [table])
        triggers = {row[0] for row in cursor.fetchall()}
    wanted = {
        History.TRACKED: {"track_i", "track_u", "track_d"},
        History.FROZEN: {"frozen", "frozen_truncate"},
        History.NONE: set(),
    }[model.history]
    assert wanted <= triggers


@pytest.mark.parametrize("model", list(records()), ids=lambda m: m._meta.label)
def test_every_column_that_sounds_personal_is_marked(model):
    """A column whose name sounds personal is marked, unless its table is open to everybody and holds no persons."""
    if not any((model.scope.person, model.scope.parent, "person" in {f.name for f in model._meta.concrete_fields})):
        return
    sounding = {
        field.name
        for field in model._meta.concrete_fields
        if any(word in field.name for word in PERSONAL_WORDS)
        and field.name not in NOT_OF_PERSONS
        and not field.is_relation
    }
    assert sounding <= set(model.personal)
