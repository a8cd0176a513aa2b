"""The table of notices and its guard."""

from pathlib import Path

from django.db import migrations, models

GUARDS = Path(__file__).parents[1] / "sql" / "guards.sql"


class Migration(migrations.Migration):

    initial = True

    dependencies = [('records', '0001_history_and_audit')]

    operations = [
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('notice', 'Notice'), ('policy', 'Policy'), ('guide', 'Guide')], max_length=10)),
                ('title_zh', models.CharField(max_length=120)),
                ('title_en', models.CharField(max_length=160)),
                ('body_zh', models.TextField()),
                ('body_en', models.TextField()),
                ('region_code', models.CharField(max_length=6)),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('published', 'Published'), ('withdrawn', 'Withdrawn')], default='draft', max_length=10)),
                ('pinned', models.BooleanField(default=False)),
                ('written_by', models.BigIntegerField()),
                ('written_at', models.DateTimeField()),
                ('published_by', models.BigIntegerField(null=True)),
                ('published_at', models.DateTimeField(null=True)),
                ('withdrawn_by', models.BigIntegerField(null=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('why_withdrawn', models.CharField(blank=True, max_length=200)),
                ('version', models.IntegerField(default=1)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'published')), fields=['-pinned', '-published_at'], name='notices_newest')],
                'constraints': [models.CheckConstraint(condition=models.Q(('published_by__isnull', True), models.Q(('published_by', models.F('written_by')), _negated=True), _connector='OR'), name='notices_four_eyes'), models.CheckConstraint(condition=models.Q(('state', 'draft'), ('published_at__isnull', False), _connector='OR'), name='notices_published')],
            },
        ),
        migrations.RunSQL(GUARDS.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
