"""Keep words and values of what runs tell instead of sentences: what was said so far is said again by the next attempt."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("batches", "0002_wanted_runs")]

    operations = [
        migrations.RemoveField("chunk", "note"),
        migrations.AddField("chunk", "counted", models.JSONField(default=dict)),
        migrations.RemoveField("run", "waiting_for"),
        migrations.AddField("run", "waits_for", models.JSONField(default=dict)),
    ]
