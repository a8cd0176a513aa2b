"""Who is responsible for a unit in law: its legal representative or person in charge (法定代表人或者负责人)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0002_search_by_mobile")]

    operations = [
        migrations.AddField(
            "unit", "legal_person", models.CharField(max_length=80, blank=True, default="", db_default="")
        ),
    ]
