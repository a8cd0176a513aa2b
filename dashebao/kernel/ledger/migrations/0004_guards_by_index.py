"""The guards read a journal's own rows, whatever the planner thinks of the month."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_closing_time")]

    operations = [migrations.RunSQL((SQL / "11_guards_by_index.sql").read_text(), migrations.RunSQL.noop)]
