"""Indexes that hold everything a work list is cut by, and one for lists of cases in a state."""

from django.db import migrations, models

OPEN = models.Q(("state__in", ["open", "running"]))
NARROWED = ["id", "region_code", "item_code", "level", "kind", "state", "taken_by"]


class Migration(migrations.Migration):

    dependencies = [
        ("cases", "0002_work_list_and_second_entries"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="casestep", name="cases_step_urgent"),
        migrations.RemoveIndex(model_name="casestep", name="cases_step_newest"),
        migrations.AddIndex(
            model_name="casestep",
            index=models.Index(
                fields=["role", "urgent_on", "case"], include=NARROWED, name="cases_step_by_limit", condition=OPEN
            ),
        ),
        migrations.AddIndex(
            model_name="casestep",
            index=models.Index(
                fields=["role", "case"], include=[*NARROWED, "urgent_on"], name="cases_step_by_arrival", condition=OPEN
            ),
        ),
        migrations.AddIndex(model_name="case", index=models.Index(fields=["state", "id"], name="cases_case_by_state")),
    ]
