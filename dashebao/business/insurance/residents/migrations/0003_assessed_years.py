"""Years that residents are to pay, as the tax office was told of them."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("residents", "0002_ended_memberships")]

    operations = [
        migrations.CreateModel(
            name="YearAssessment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person_id", models.BigIntegerField()),
                ("region_code", models.CharField(max_length=6)),
                ("for_year", models.IntegerField()),
                ("tier_fen", models.BigIntegerField()),
                ("receipt_no", models.CharField(blank=True, default="", max_length=40)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("told", "Told to the tax office"),
                            ("taken", "Taken over by the tax office"),
                            ("refused", "Refused by the tax office"),
                            ("paid", "Paid"),
                        ],
                        default="told",
                        max_length=8,
                    ),
                ),
                ("voucher", models.CharField(blank=True, default="", max_length=40)),
                ("problem", models.CharField(blank=True, default="", max_length=200)),
                ("case_no", models.CharField(blank=True, default="", max_length=40)),
                ("assessed_on", models.DateField()),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.UniqueConstraint(
                        condition=~Q(state="refused"),
                        fields=("person_id", "for_year"),
                        name="residents_year_assessed_once",
                    ),
                    models.CheckConstraint(condition=Q(tier_fen__gt=0), name="residents_assessed_amount"),
                ],
            },
        ),
    ]
