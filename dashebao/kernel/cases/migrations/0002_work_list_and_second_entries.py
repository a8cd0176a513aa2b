"""The work list's columns with the triggers that fill them, notes of officers, and fields typed a second time."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models


WORK_LIST = Path(__file__).parents[1] / "sql" / "worklist.sql"


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0001_case_machine'),
    ]

    operations = [
        migrations.CreateModel(
            name='CaseNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region_code', models.CharField(max_length=6)),
                ('author_id', models.BigIntegerField()),
                ('author_name', models.CharField(max_length=80)),
                ('text', models.TextField()),
                ('written_at', models.DateTimeField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Reentry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region_code', models.CharField(max_length=6)),
                ('round', models.SmallIntegerField(default=1)),
                ('field', models.CharField(max_length=60)),
                ('state', models.CharField(choices=[('wanted', 'Still to be typed'), ('same', 'Both entries agree'), ('different', 'The entries differ'), ('settled', 'Settled: the first entry stands'), ('returned', 'Sent back to be corrected')], default='wanted', max_length=10)),
                ('first', models.TextField(blank=True, default='')),
                ('second', models.TextField(blank=True, default='')),
                ('entered_by', models.BigIntegerField(null=True)),
                ('entered_name', models.CharField(blank=True, default='', max_length=80)),
                ('entered_at', models.DateTimeField(null=True)),
                ('reason', models.TextField(blank=True, default='')),
                ('settled_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.RemoveIndex(
            model_name='casestep',
            name='cases_step_tasks',
        ),
        migrations.AddField(
            model_name='casestep',
            name='item_code',
            field=models.CharField(blank=True, default='', max_length=12),
        ),
        migrations.AddField(
            model_name='casestep',
            name='region_code',
            field=models.CharField(blank=True, default='', max_length=6),
        ),
        migrations.AddField(
            model_name='casestep',
            name='urgent_on',
            field=models.DateField(null=True),
        ),
        migrations.AddIndex(
            model_name='casestep',
            index=models.Index(condition=models.Q(('state__in', ['open', 'running'])), fields=['role', 'urgent_on', 'case'], name='cases_step_urgent'),
        ),
        migrations.AddIndex(
            model_name='casestep',
            index=models.Index(condition=models.Q(('state__in', ['open', 'running'])), fields=['role', '-case'], name='cases_step_newest'),
        ),
        migrations.AddField(
            model_name='casenote',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notes', to='cases.case'),
        ),
        migrations.AddField(
            model_name='reentry',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reentries', to='cases.case'),
        ),
        migrations.AddField(
            model_name='reentry',
            name='step',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reentries', to='cases.casestep'),
        ),
        migrations.AddIndex(
            model_name='reentry',
            index=models.Index(fields=['case', 'id'], name='cases_reentry_case'),
        ),
        migrations.AddConstraint(
            model_name='reentry',
            constraint=models.UniqueConstraint(fields=('step', 'round', 'field'), name='cases_reentry_once'),
        ),
        migrations.AddConstraint(
            model_name='reentry',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'wanted'), ('entered_by__isnull', False), _connector='OR'), name='cases_reentry_entered'),
        ),
        migrations.AddConstraint(
            model_name='reentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['settled', 'returned']), _negated=True), models.Q(('reason', ''), _negated=True), _connector='OR'), name='cases_reentry_reasoned'),
        ),
        migrations.RunSQL(WORK_LIST.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
