"""Lets a batch refresh the planner's statistics of the tables it has filled."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent.parent / "sql" / "statistics.sql"


class Migration(migrations.Migration):
    dependencies = [("records", "0003_deleted_rows")]
    operations = [migrations.RunSQL(SQL.read_text(), "drop function records.analyse(text[])")]
