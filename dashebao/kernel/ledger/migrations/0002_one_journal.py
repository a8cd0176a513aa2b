"""Posts one journal in few statements: one judging statement for each guard."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql" / "09_one_journal.sql"


class Migration(migrations.Migration):

    dependencies = [("ledger", "0001_books")]

    operations = [migrations.RunSQL(SQL.read_text(), migrations.RunSQL.noop)]
