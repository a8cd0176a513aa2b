"""Identity numbers are sealed one by one and found by their digest."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import migrations
from django.db.models.functions import Left

from dashebao.kernel.records.taking_over import seal_column
from dashebao.kernel.registry.models import number_digest
from dashebao.kernel.secrecy.fields import SealedField, sealed_check
from dashebao.kernel.secrecy.values import Family

HOLDERS = ("person_id",)


class Migration(migrations.Migration):
    dependencies = [("registry", "0005_account_index"), ("records", "0005_sealed_values")]
    operations = [
        migrations.RemoveConstraint("personidentifier", "registry_identifier_once"),
        migrations.AlterField("personidentifier", "value", SealedField(family=Family.IDENTITY, holders=HOLDERS)),
        seal_column("registry_personidentifier", "value", HOLDERS, family=Family.IDENTITY),
        migrations.AddConstraint("personidentifier", sealed_check("registry_identifier_sealed", "value", HOLDERS)),
        migrations.AddConstraint(
            "personidentifier",
            ExclusionConstraint(
                name="registry_identifier_once",
                expressions=[
                    (number_digest(Left("value", 23)), RangeOperators.EQUAL),
                    ("valid_during", RangeOperators.OVERLAPS),
                ],
            ),
        ),
    ]
