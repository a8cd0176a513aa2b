"""Lets a function of the database read the whole signed context by one check of its signature."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent.parent / "sql" / "context_once.sql"


class Migration(migrations.Migration):
    dependencies = [("records", "0005_sealed_values")]
    operations = [migrations.RunSQL(SQL.read_text(), migrations.RunSQL.noop)]
