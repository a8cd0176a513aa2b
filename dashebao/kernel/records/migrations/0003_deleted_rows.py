"""The index that finds the deleted rows of a table in the row history."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0002_generation")]

    operations = [
        migrations.AddIndex(
            "change",
            models.Index(fields=["table_name", "id"], name="records_change_gone", condition=models.Q(op="D")),
        ),
    ]
