"""Changes of shift."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Handover',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region_code', models.CharField(max_length=6)),
                ('giver_id', models.BigIntegerField()),
                ('giver_name', models.CharField(max_length=80)),
                ('taker_id', models.BigIntegerField()),
                ('taker_name', models.CharField(max_length=80)),
                ('case_nos', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), default=list, size=None)),
                ('left_nos', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), default=list, size=None)),
                ('note', models.TextField(blank=True, default='')),
                ('given_at', models.DateTimeField()),
                ('received_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['taker_id', '-id'], name='counter_handover_taker'), models.Index(fields=['giver_id', '-id'], name='counter_handover_giver')],
                'constraints': [models.CheckConstraint(condition=models.Q(('giver_id', models.F('taker_id')), _negated=True), name='counter_handover_other')],
            },
        ),
    ]
