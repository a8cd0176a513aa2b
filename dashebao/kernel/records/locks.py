"""Locks on rows that nobody may update: a row lock needs the right to update, an advisory lock does not."""

from django.db import connection, models


def lock(model: type[models.Model], key: int | str, *, wait: bool = True) -> bool:
    """Hold the lock of one row of a frozen table until the transaction ends; False if it is taken and `wait` is False."""
    name = f"{model._meta.db_table}:{key}"
    with connection.cursor() as cursor:
        if wait:
            cursor.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
            return True
        cursor.execute("select pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [name])
        return bool(cursor.fetchone()[0])
