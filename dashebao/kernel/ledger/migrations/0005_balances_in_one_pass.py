"""Balances of sub-accounts are locked and changed in one pass."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0004_guards_by_index")]

    operations = [migrations.RunSQL((SQL / "12_balances_in_one_pass.sql").read_text(), migrations.RunSQL.noop)]
