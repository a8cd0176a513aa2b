"""Accounts of payees outside the registry are sealed one by one."""

from django.db import migrations

from dashebao.kernel.records.taking_over import seal_column
from dashebao.kernel.secrecy.fields import SealedField, sealed_check

PAYEE = ("payee_person_id", "person_id")


class Migration(migrations.Migration):
    dependencies = [("common", "0002_outside_payees_and_terms"), ("records", "0005_sealed_values")]
    operations = [
        migrations.AlterField(
            "due", "account_number", SealedField(blank=True, default="", db_default="", holders=PAYEE)
        ),
        seal_column("common_due", "account_number", PAYEE),
        migrations.AddConstraint("due", sealed_check("common_due_sealed", "account_number", PAYEE)),
    ]
