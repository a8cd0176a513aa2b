"""The numbers in declared rows are sealed one by one, for the unit that wrote them."""

from django.db import migrations

from dashebao.kernel.records.taking_over import seal_column
from dashebao.kernel.secrecy.fields import SealedField, sealed_check
from dashebao.kernel.secrecy.values import Family

UNIT = ["unit_id"]


class Migration(migrations.Migration):
    dependencies = [("levy", "0004_sealed_accounts")]
    operations = [
        migrations.AlterField("declarationrow", "id_number", SealedField(family=Family.IDENTITY, holders=UNIT)),
        seal_column("levy_declarationrow", "id_number", UNIT, family=Family.IDENTITY),
        migrations.AddConstraint("declarationrow", sealed_check("levy_declared_number_sealed", "id_number", UNIT)),
    ]
