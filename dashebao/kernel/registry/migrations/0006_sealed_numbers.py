"""Identity numbers are sealed one by one and found by a column of digests."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import migrations, models

from dashebao.kernel.records.taking_over import seal_column
from dashebao.kernel.registry.models import number_digest
from dashebao.kernel.secrecy.fields import SealedField, digest_column, sealed_check
from dashebao.kernel.secrecy.values import Family

HOLDERS = ("person_id",)


class Migration(migrations.Migration):
    dependencies = [("registry", "0005_account_digests"), ("records", "0005_sealed_values")]
    operations = [
        migrations.RemoveConstraint("personidentifier", "registry_identifier_once"),
        migrations.RemoveIndex("personidentifier", "registry_identifier_value"),
        migrations.AlterField(
            "personidentifier", "value", SealedField(family=Family.IDENTITY, holders=HOLDERS, searched="digest")
        ),
        seal_column("registry_personidentifier", "value", HOLDERS, family=Family.IDENTITY),
        migrations.AddField("personidentifier", "digest", digest_column("value")),
        migrations.AddIndex("personidentifier", models.Index(fields=["digest"], name="registry_identifier_digest")),
        migrations.AddConstraint("personidentifier", sealed_check("registry_identifier_sealed", "value", HOLDERS)),
        migrations.AddConstraint(
            "personidentifier",
            ExclusionConstraint(
                name="registry_identifier_once",
                expressions=[
                    (number_digest("digest"), RangeOperators.EQUAL),
                    ("valid_during", RangeOperators.OVERLAPS),
                ],
            ),
        ),
    ]
