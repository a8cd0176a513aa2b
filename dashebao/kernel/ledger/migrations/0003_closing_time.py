"""A month is closed at or after the last posting into it, whatever the clock says."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_one_journal")]

    operations = [migrations.RunSQL((SQL / "10_closing_time.sql").read_text(), migrations.RunSQL.noop)]
