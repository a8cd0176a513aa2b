"""The database's guard over accounts reaches those of citizens and operators."""

from pathlib import Path

from django.db import migrations

ACCOUNTS = Path(__file__).resolve().parents[1] / "sql" / "accounts.sql"


class Migration(migrations.Migration):
    dependencies = [("identity", "0002_joining_and_leaving")]

    operations = [migrations.RunSQL(ACCOUNTS.read_text(encoding="utf-8"), migrations.RunSQL.noop)]
