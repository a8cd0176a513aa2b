"""Accounts are found by a column of digests: its index serves those who read under a policy too."""

from django.db import migrations, models

from dashebao.kernel.secrecy.fields import SealedField, digest_column

HOLDERS = ("person_id", "unit_id")


class Migration(migrations.Migration):
    dependencies = [("registry", "0004_sealed_accounts")]
    operations = [
        migrations.RemoveIndex("bankaccount", "registry_account_number"),
        migrations.AlterField("bankaccount", "number", SealedField(holders=HOLDERS, searched="digest")),
        migrations.AddField("bankaccount", "digest", digest_column("number")),
        migrations.AddIndex("bankaccount", models.Index(fields=["digest"], name="registry_account_digest")),
    ]
