"""Accounts that contributions are debited from are sealed one by one."""

from django.db import migrations

from dashebao.kernel.records.taking_over import seal_column
from dashebao.kernel.secrecy.fields import SealedField, sealed_check


class Migration(migrations.Migration):
    dependencies = [("levy", "0003_movements_told"), ("records", "0005_sealed_values")]
    operations = [
        migrations.AlterField("unitregistration", "debit_account", SealedField(blank=True, holders=["unit_id"])),
        seal_column("levy_unitregistration", "debit_account", ["unit_id"]),
        migrations.AddConstraint(
            "unitregistration", sealed_check("levy_debit_account_sealed", "debit_account", ["unit_id"])
        ),
    ]
