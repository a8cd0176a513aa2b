"""The register of issued papers, their revocations and the count of checks."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.RunSQL("create sequence papers_number", "drop sequence papers_number"),
        migrations.CreateModel(
            name='CheckCount',
            fields=[
                ('address', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('minute', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('checks', models.IntegerField(default=1)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='IssuedPaper',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=40, unique=True)),
                ('code', models.CharField(max_length=16, unique=True)),
                ('kind', models.CharField(max_length=40)),
                ('source', models.CharField(blank=True, max_length=60)),
                ('title_zh', models.CharField(max_length=120)),
                ('title_en', models.CharField(max_length=120)),
                ('language', models.CharField(max_length=2)),
                ('subject_name', models.CharField(max_length=120)),
                ('person_id', models.BigIntegerField(null=True)),
                ('unit_id', models.BigIntegerField(null=True)),
                ('reader_ids', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ('region_code', models.CharField(max_length=6)),
                ('case_no', models.CharField(blank=True, max_length=24)),
                ('office', models.CharField(max_length=120)),
                ('content_digest', models.CharField(max_length=64)),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('pages', models.SmallIntegerField()),
                ('pdf', models.BinaryField()),
                ('issued_at', models.DateTimeField()),
                ('issued_kind', models.CharField(max_length=10)),
                ('issued_by', models.BigIntegerField()),
                ('issued_name', models.CharField(max_length=80)),
                ('valid_until', models.DateField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['content_digest'], name='papers_issued_content'), models.Index(fields=['person_id', '-id'], name='papers_issued_person'), models.Index(fields=['unit_id', '-id'], name='papers_issued_unit')],
            },
        ),
        migrations.CreateModel(
            name='PaperRevocation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=200)),
                ('revoked_at', models.DateTimeField()),
                ('revoked_by', models.BigIntegerField()),
                ('revoked_name', models.CharField(max_length=80)),
                ('paper', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='revocation', to='papers.issuedpaper')),
            ],
            options={
                'abstract': False,
            },
        ),
    ]
