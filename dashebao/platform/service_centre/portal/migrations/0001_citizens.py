"""The tables of the portal and the guards that hold against any statement."""

from pathlib import Path

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

GUARDS = Path(__file__).parents[1] / "sql" / "guards.sql"


class Migration(migrations.Migration):

    initial = True

    dependencies = [('cases', '0001_case_machine'), ('records', '0001_history_and_audit')]

    operations = [
        migrations.CreateModel(
            name='Preference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person_id', models.BigIntegerField(unique=True)),
                ('language', models.CharField(blank=True, max_length=10)),
                ('elder', models.BooleanField(default=False)),
                ('by_sms', models.BooleanField(default=True)),
                ('by_post', models.BooleanField(default=False)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Joint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item_code', models.CharField(max_length=12)),
                ('key', models.CharField(max_length=40, unique=True)),
                ('starter_id', models.BigIntegerField()),
                ('person_ids', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('names', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=80), size=None)),
                ('confirmed_ids', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('region_code', models.CharField(max_length=6)),
                ('answers', models.JSONField(default=dict)),
                ('state', models.CharField(choices=[('waiting', 'Waiting for confirmation'), ('declined', 'Declined'), ('submitted', 'Handed in')], default='waiting', max_length=10)),
                ('case_no', models.CharField(blank=True, max_length=24)),
                ('begun_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('person_ids__len__gt', 1)), name='portal_joint_several')],
            },
        ),
        migrations.CreateModel(
            name='Mandate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('principal_id', models.BigIntegerField()),
                ('principal_name', models.CharField(max_length=80)),
                ('agent_id', models.BigIntegerField()),
                ('agent_name', models.CharField(max_length=80)),
                ('person_ids', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('region_code', models.CharField(max_length=6)),
                ('relation', models.CharField(choices=[('spouse', 'Spouse'), ('child', 'Child'), ('parent', 'Parent'), ('relative', 'Other relative'), ('community', 'Community worker'), ('other', 'Somebody else')], max_length=12)),
                ('item_codes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), size=None)),
                ('valid_during', django.contrib.postgres.fields.ranges.DateRangeField()),
                ('state', models.CharField(choices=[('offered', 'Waiting for the agent'), ('accepted', 'In force'), ('declined', 'Declined'), ('revoked', 'Revoked')], default='offered', max_length=10)),
                ('offered_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('answered_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['principal_id'], name='portal_mandate_principal'), models.Index(fields=['agent_id'], name='portal_mandate_agent')],
                'constraints': [models.CheckConstraint(condition=models.Q(('principal_id', models.F('agent_id')), _negated=True), name='portal_mandate_other'), models.CheckConstraint(condition=models.Q(('item_codes__len__gt', 0)), name='portal_mandate_items'), django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('state__in', ('offered', 'accepted'))), expressions=[('principal_id', '='), ('agent_id', '='), ('valid_during', '&&')], name='portal_mandate_once')],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person_id', models.BigIntegerField()),
                ('kind', models.CharField(max_length=20)),
                ('title_zh', models.CharField(max_length=160)),
                ('title_en', models.CharField(max_length=160)),
                ('body_zh', models.TextField(blank=True)),
                ('body_en', models.TextField(blank=True)),
                ('case_no', models.CharField(blank=True, max_length=24)),
                ('source', models.CharField(max_length=60)),
                ('sent_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('read_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['person_id', '-id'], name='portal_message_person'), models.Index(condition=models.Q(('read_at__isnull', True)), fields=['person_id'], name='portal_message_unread')],
                'constraints': [models.UniqueConstraint(fields=('person_id', 'source'), name='portal_message_once')],
            },
        ),
        migrations.CreateModel(
            name='Rating',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('case_no', models.CharField(max_length=24)),
                ('item_code', models.CharField(max_length=12)),
                ('person_id', models.BigIntegerField()),
                ('region_code', models.CharField(max_length=6)),
                ('stars', models.SmallIntegerField(choices=[(5, 'Very satisfied'), (4, 'Satisfied'), (3, 'Fair'), (2, 'Dissatisfied'), (1, 'Very dissatisfied')])),
                ('text', models.CharField(blank=True, max_length=500)),
                ('rated_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('due_on', models.DateField(null=True)),
                ('answer', models.TextField(blank=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('answered_by', models.BigIntegerField(null=True)),
                ('answered_name', models.CharField(blank=True, max_length=80)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('answered_at__isnull', True), ('stars__lte', 2)), fields=['due_on'], name='portal_rating_open')],
                'constraints': [models.UniqueConstraint(fields=('case_no', 'person_id'), name='portal_rating_once'), models.CheckConstraint(condition=models.Q(('stars__range', (1, 5))), name='portal_rating_stars'), models.CheckConstraint(condition=models.Q(('answered_at__isnull', True), models.Q(('answer', ''), _negated=True), _connector='OR'), name='portal_rating_answered')],
            },
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('person_id', models.BigIntegerField()),
                ('item_code', models.CharField(max_length=12)),
                ('answers', models.JSONField(default=dict)),
                ('partners', models.JSONField(default=list)),
                ('key', models.CharField(max_length=40, unique=True)),
                ('version', models.IntegerField(default=1)),
                ('case_no', models.CharField(blank=True, max_length=24)),
                ('changed_at', models.DateTimeField(auto_now=True)),
                ('mandate', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, to='portal.mandate')),
            ],
            options={
                'indexes': [models.Index(fields=['person_id', '-changed_at'], name='portal_draft_person')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('case_no', '')), fields=('person_id', 'item_code', 'mandate'), name='portal_draft_once', nulls_distinct=False)],
            },
        ),
        migrations.RunSQL(GUARDS.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
