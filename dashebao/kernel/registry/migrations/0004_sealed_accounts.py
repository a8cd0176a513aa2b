"""Bank accounts are sealed one by one and found by their digest."""

from django.db import migrations, models
from django.db.models.functions import Left

from dashebao.kernel.records.taking_over import seal_column
from dashebao.kernel.secrecy.fields import SealedField, sealed_check

HOLDERS = ("person_id", "unit_id")


class Migration(migrations.Migration):
    dependencies = [("registry", "0003_legal_person"), ("records", "0005_sealed_values")]
    operations = [
        migrations.RemoveIndex("bankaccount", "registry_account_number"),
        migrations.AlterField("bankaccount", "number", SealedField(holders=HOLDERS)),
        seal_column("registry_bankaccount", "number", HOLDERS),
        migrations.AddIndex("bankaccount", models.Index(Left("number", 23), name="registry_account_number")),
        migrations.AddConstraint("bankaccount", sealed_check("registry_account_sealed", "number", HOLDERS)),
    ]
