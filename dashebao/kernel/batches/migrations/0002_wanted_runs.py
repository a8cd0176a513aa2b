"""When somebody asked for a run to be carried on by the worker."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("batches", "0001_runs_and_chunks")]

    operations = [migrations.AddField("run", "wanted_at", models.DateTimeField(null=True))]
