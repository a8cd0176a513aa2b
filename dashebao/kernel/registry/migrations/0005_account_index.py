"""Accounts are found by a range over their digests: the index serves those who read under a policy too."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0004_sealed_accounts")]
    operations = [
        migrations.RemoveIndex("bankaccount", "registry_account_number"),
        migrations.AddIndex(
            "bankaccount",
            models.Index(fields=["number"], name="registry_account_number", opclasses=["text_pattern_ops"]),
        ),
    ]
