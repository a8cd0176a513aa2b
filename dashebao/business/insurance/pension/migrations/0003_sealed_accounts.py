"""Accounts in contact letters are sealed one by one."""

from django.db import migrations

from dashebao.kernel.records.taking_over import seal_column
from dashebao.kernel.secrecy.fields import SealedField, sealed_check


class Migration(migrations.Migration):
    dependencies = [("pension", "0002_transfers_by_message_and_findings"), ("records", "0005_sealed_values")]
    operations = [
        migrations.AlterField("transferletter", "account_number", SealedField(holders=["person_id"])),
        seal_column("pension_transferletter", "account_number", ["person_id"]),
        migrations.AddConstraint(
            "transferletter", sealed_check("pension_letter_sealed", "account_number", ["person_id"])
        ),
    ]
