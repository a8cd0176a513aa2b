"""Columns of an officer's coming and going, and the database's guard over accounts, roles and delegations."""

from pathlib import Path

from django.db import migrations, models

GUARDS = Path(__file__).resolve().parents[1] / "sql" / "guards.sql"


class Migration(migrations.Migration):
    dependencies = [("identity", "0001_users_and_roles"), ("records", "0002_generation")]

    operations = [
        migrations.AddField("user", "must_change_password", models.BooleanField(default=False)),
        migrations.AddField("user", "left_on", models.DateField(blank=True, null=True)),
        migrations.RunSQL(GUARDS.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
