"""Empties a test database after a test that committed: only the tables that hold something.

Django empties all of a thousand tables and then acts as after a migration; that takes seconds, and a test needs none of it.
"""

from django.db import connection
from django.test import TransactionTestCase

from dashebao.kernel.registry.regions import fill_in_regions

KEPT = ("django_content_type", "auth_permission", "django_migrations")  # the same after every migration
HOLDING = """
select quote_ident(relname) from pg_class
where relkind = 'r' and relnamespace = 'public'::regnamespace and relname <> all(%s) and pg_relation_size(oid) > 0"""


def install() -> None:
    """Take the place of Django's own way."""
    TransactionTestCase._fixture_teardown = _empty


def _empty(case: TransactionTestCase) -> None:
    with connection.cursor() as cursor:
        cursor.execute(HOLDING, [list(KEPT)])
        tables = ", ".join(name for (name,) in cursor.fetchall())
        if tables:
            cursor.execute(f"truncate {tables} cascade")
    fill_in_regions(case)
