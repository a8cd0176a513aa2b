"""The index that finds a person by the mobile number."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_persons_and_units")]

    operations = [
        migrations.AddIndex(
            "person",
            models.Index(fields=["mobile"], name="registry_person_mobile", condition=~models.Q(mobile="")),
        ),
    ]
