"""Proposals of reference data, their closing and their enactment, with the guard that needs two officers."""

from pathlib import Path

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


GUARDS = Path(__file__).resolve().parents[1] / "sql" / "guards.sql"


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ("records", "0002_generation"),
        ("identity", "0002_joining_and_leaving"),
        ("ledger", "0001_books"),
        ("batches", "0001_runs_and_chunks"),
    ]

    operations = [
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('parameter', 'Parameter of the law'), ('code', 'Code table'), ('calendar', 'Working-day calendar'), ('text', 'Text of a letter')], max_length=10)),
                ('subject', models.CharField(max_length=120)),
                ('part', models.CharField(blank=True, default='', max_length=40)),
                ('region_prefix', models.CharField(blank=True, default='', max_length=6)),
                ('since', models.DateField()),
                ('content', models.JSONField()),
                ('act_title', models.CharField(max_length=200)),
                ('act_article', models.CharField(max_length=120)),
                ('act_url', models.CharField(blank=True, default='', max_length=300)),
                ('backdated_reason', models.CharField(blank=True, default='', max_length=400)),
                ('proposed_by', models.BigIntegerField()),
                ('proposed_name', models.CharField(max_length=80)),
                ('digest', models.CharField(max_length=64)),
                ('reason', models.CharField(max_length=400)),
                ('proposed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'indexes': [models.Index(fields=['kind', 'subject', '-id'], name='administration_proposed')],
            },
        ),
        migrations.CreateModel(
            name='Closure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outcome', models.CharField(choices=[('rejected', 'Rejected'), ('withdrawn', 'Withdrawn')], max_length=10)),
                ('reason', models.CharField(max_length=400)),
                ('closed_by', models.BigIntegerField()),
                ('closed_name', models.CharField(max_length=80)),
                ('closed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('proposal', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, to='administration.proposal')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Enactment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('parameter', 'Parameter of the law'), ('code', 'Code table'), ('calendar', 'Working-day calendar'), ('text', 'Text of a letter')], max_length=10)),
                ('subject', models.CharField(max_length=120)),
                ('part', models.CharField(blank=True, default='', max_length=40)),
                ('region_prefix', models.CharField(blank=True, default='', max_length=6)),
                ('since', models.DateField()),
                ('content', models.JSONField()),
                ('act_title', models.CharField(max_length=200)),
                ('act_article', models.CharField(max_length=120)),
                ('act_url', models.CharField(blank=True, default='', max_length=300)),
                ('backdated_reason', models.CharField(blank=True, default='', max_length=400)),
                ('proposed_by', models.BigIntegerField()),
                ('proposed_name', models.CharField(max_length=80)),
                ('digest', models.CharField(max_length=64)),
                ('opinion', models.CharField(blank=True, default='', max_length=400)),
                ('approved_by', models.BigIntegerField()),
                ('approved_name', models.CharField(max_length=80)),
                ('approved_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('proposal', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, to='administration.proposal')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'subject', 'part', 'region_prefix', 'since'), name='administration_one_value_from_a_day'), models.CheckConstraint(condition=models.Q(('approved_by', models.F('proposed_by')), _negated=True), name='administration_four_eyes')],
            },
        ),
        migrations.RunSQL(GUARDS.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
