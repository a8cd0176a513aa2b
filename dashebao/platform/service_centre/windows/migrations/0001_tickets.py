"""The numbers of the halls."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('identity', '0002_joining_and_leaving'),
    ]

    operations = [
        migrations.CreateModel(
            name='Ticket',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('region_code', models.CharField(max_length=6)),
                ('day', models.DateField()),
                ('business', models.CharField(max_length=40)),
                ('letter', models.CharField(max_length=1)),
                ('serial', models.IntegerField()),
                ('first', models.BooleanField(default=False)),
                ('person_id', models.BigIntegerField(null=True)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('called', 'Called'), ('served', 'Finished'), ('missed', 'Did not come')], default='waiting', max_length=10)),
                ('taken_at', models.DateTimeField()),
                ('queued_at', models.DateTimeField()),
                ('called_at', models.DateTimeField(null=True)),
                ('calls', models.SmallIntegerField(default=0)),
                ('ended_at', models.DateTimeField(null=True)),
                ('window', models.CharField(blank=True, default='', max_length=20)),
                ('officer_id', models.BigIntegerField(null=True)),
                ('officer_name', models.CharField(blank=True, default='', max_length=80)),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.office')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'waiting')), fields=['office', 'day', '-first', 'queued_at'], name='windows_waiting'), models.Index(fields=['office', 'day', '-called_at'], name='windows_called')],
                'constraints': [models.UniqueConstraint(fields=('office', 'day', 'letter', 'serial'), name='windows_ticket_number'), models.UniqueConstraint(condition=models.Q(('state', 'called')), fields=('officer_id',), name='windows_ticket_one_at_a_time'), models.CheckConstraint(condition=models.Q(models.Q(('officer_id__isnull', True), ('state', 'waiting')), models.Q(('officer_id__isnull', False), models.Q(('state', 'waiting'), _negated=True)), _connector='OR'), name='windows_ticket_called_by')],
            },
        ),
    ]
