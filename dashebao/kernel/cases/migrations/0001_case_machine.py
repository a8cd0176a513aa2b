"""The tables of the case machine and the guards that hold against any statement."""


from pathlib import Path

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models


GUARDS = Path(__file__).parents[1] / "sql" / "guards.sql"


class Migration(migrations.Migration):

    initial = True

    dependencies = [("records", "0001_history_and_audit")]

    operations = [
        migrations.CreateModel(
            name='Case',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('case_no', models.CharField(max_length=24, unique=True)),
                ('item_code', models.CharField(max_length=12)),
                ('region_code', models.CharField(max_length=6)),
                ('applicant_kind', models.CharField(max_length=10)),
                ('applicant_id', models.BigIntegerField()),
                ('applicant_name', models.CharField(max_length=120)),
                ('person_id', models.BigIntegerField(null=True)),
                ('unit_id', models.BigIntegerField(null=True)),
                ('household_id', models.BigIntegerField(null=True)),
                ('party_person_ids', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ('channel', models.CharField(max_length=10)),
                ('answers', models.JSONField(default=dict)),
                ('state', models.CharField(choices=[('submitted', 'Submitted'), ('accepted', 'Accepted'), ('suspended', 'Suspended'), ('granted', 'Granted'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn'), ('delivered', 'Delivered')], default='submitted', max_length=10)),
                ('resume_state', models.CharField(blank=True, default='', max_length=10)),
                ('submitted_at', models.DateTimeField()),
                ('submitted_kind', models.CharField(max_length=10)),
                ('submitted_by', models.BigIntegerField()),
                ('key', models.CharField(max_length=80)),
                ('key_digest', models.CharField(max_length=64)),
                ('accepted_on', models.DateField(null=True)),
                ('due_on', models.DateField(null=True)),
                ('promised_on', models.DateField(null=True)),
                ('extended', models.BooleanField(default=False)),
                ('closed_at', models.DateTimeField(null=True)),
                ('version', models.IntegerField(default=1)),
            ],
            options={
                'indexes': [models.Index(django.contrib.postgres.indexes.OpClass('region_code', name='text_pattern_ops'), models.F('id'), name='cases_case_region'), models.Index(django.contrib.postgres.indexes.OpClass('applicant_name', name='text_pattern_ops'), name='cases_case_name'), models.Index(fields=['person_id', '-id'], name='cases_case_person'), models.Index(fields=['unit_id', '-id'], name='cases_case_unit'), models.Index(condition=models.Q(('state__in', ['submitted', 'accepted', 'suspended'])), fields=['due_on'], name='cases_case_due')],
                'constraints': [models.UniqueConstraint(fields=('submitted_kind', 'submitted_by', 'key'), name='cases_case_key'), models.CheckConstraint(condition=models.Q(('state__in', ['submitted', 'accepted', 'suspended', 'granted', 'refused', 'withdrawn', 'delivered'])), name='cases_case_state'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'suspended'), _negated=True), ('resume_state__in', ['submitted', 'accepted']), _connector='OR'), name='cases_case_resumable')],
            },
        ),
        migrations.CreateModel(
            name='Archive',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('snapshot', models.JSONField()),
                ('digest', models.CharField(max_length=64)),
                ('sealed_at', models.DateTimeField()),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='archive', to='cases.case')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='CaseLetter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('receipt', 'Receipt for papers handed in'), ('acceptance', 'Notice of acceptance'), ('correction', 'One-time notice of what to complete'), ('not_accepted', 'Notice of non-acceptance'), ('suspension', 'Notice of suspension'), ('extension', 'Notice of a longer time limit'), ('grant', 'Decision granting the application'), ('refusal', 'Decision refusing the application'), ('withdrawal', 'Confirmation of withdrawal'), ('lapse', 'Notice that the application counts as withdrawn')], max_length=14)),
                ('number', models.CharField(max_length=60, unique=True)),
                ('body_zh', models.TextField()),
                ('body_en', models.TextField()),
                ('digest', models.CharField(max_length=64)),
                ('issued_at', models.DateTimeField()),
                ('issued_kind', models.CharField(max_length=10)),
                ('issued_by', models.BigIntegerField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='letters', to='cases.case')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='CaseParty',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(max_length=12)),
                ('name', models.CharField(max_length=120)),
                ('person_id', models.BigIntegerField(null=True)),
                ('unit_id', models.BigIntegerField(null=True)),
                ('state', models.CharField(choices=[('active', 'Takes part'), ('withdrawn', 'Withdrew')], default='active', max_length=10)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parties', to='cases.case')),
            ],
        ),
        migrations.CreateModel(
            name='CaseStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.SmallIntegerField()),
                ('key', models.CharField(max_length=40)),
                ('kind', models.CharField(max_length=10)),
                ('role', models.CharField(blank=True, max_length=40)),
                ('level', models.CharField(blank=True, max_length=10)),
                ('officers', models.SmallIntegerField(default=1)),
                ('automatic', models.BooleanField(default=False)),
                ('state', models.CharField(choices=[('ahead', 'Ahead'), ('open', 'Open'), ('running', 'Running'), ('done', 'Done'), ('dropped', 'No longer needed')], default='ahead', max_length=10)),
                ('round', models.SmallIntegerField(default=1)),
                ('taken_by', models.BigIntegerField(null=True)),
                ('taken_name', models.CharField(blank=True, default='', max_length=80)),
                ('opened_at', models.DateTimeField(null=True)),
                ('starts_on', models.DateField(null=True)),
                ('ends_on', models.DateField(null=True)),
                ('due_on', models.DateField(null=True)),
                ('extended', models.BooleanField(default=False)),
                ('done_at', models.DateTimeField(null=True)),
                ('done_by', models.BigIntegerField(null=True)),
                ('done_name', models.CharField(blank=True, default='', max_length=80)),
                ('opinion', models.TextField(blank=True, default='')),
                ('data', models.JSONField(default=dict)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='cases.case')),
            ],
        ),
        migrations.CreateModel(
            name='ClockSuspension',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('correction', 'Papers to be completed'), ('suspension', 'Suspended'), ('statutory', 'Time outside the limit by law')], max_length=12)),
                ('reason', models.TextField()),
                ('basis', models.CharField(blank=True, default='', max_length=200)),
                ('from_on', models.DateField()),
                ('until_on', models.DateField(null=True)),
                ('answer_by', models.DateField(null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='suspensions', to='cases.case')),
            ],
        ),
        migrations.CreateModel(
            name='Decision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('outcome', models.CharField(choices=[('granted', 'Granted'), ('refused', 'Refused'), ('not_accepted', 'Not accepted')], max_length=14)),
                ('grounds', models.JSONField(default=list)),
                ('opinion', models.TextField(blank=True)),
                ('trace', models.JSONField(null=True)),
                ('result', models.JSONField(null=True)),
                ('decided_at', models.DateTimeField()),
                ('decided_by', models.BigIntegerField()),
                ('decided_name', models.CharField(max_length=80)),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='decision', to='cases.case')),
                ('step', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.casestep')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('means', models.CharField(choices=[('direct', 'Handed over in person'), ('electronic', 'Electronically'), ('post', 'By post'), ('left', 'Left at the address'), ('entrusted', 'Through another agency'), ('public', 'By public announcement')], max_length=12)),
                ('receiver', models.CharField(blank=True, max_length=120)),
                ('delivered_at', models.DateTimeField()),
                ('recorded_by', models.BigIntegerField()),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='delivery', to='cases.case')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PaperFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file_name', models.CharField(max_length=160)),
                ('media_type', models.CharField(max_length=80)),
                ('digest', models.CharField(max_length=64)),
                ('content', models.BinaryField()),
                ('received_at', models.DateTimeField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='cases.case')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='CaseMaterial',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('required', models.BooleanField(default=True)),
                ('state', models.CharField(choices=[('expected', 'Still to come'), ('received', 'Received'), ('shared', 'Comes from another agency'), ('promised', 'Replaced by a signed promise'), ('waived', 'Not needed in this case')], default='expected', max_length=10)),
                ('received_at', models.DateTimeField(null=True)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='materials', to='cases.case')),
                ('file', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.paperfile')),
            ],
        ),
        migrations.CreateModel(
            name='PartyAct',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('act', models.CharField(max_length=10)),
                ('acted_at', models.DateTimeField()),
                ('recorded_kind', models.CharField(max_length=10)),
                ('recorded_by', models.BigIntegerField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='party_acts', to='cases.case')),
                ('party', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='acts', to='cases.caseparty')),
                ('step', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='party_acts', to='cases.casestep')),
            ],
        ),
        migrations.CreateModel(
            name='Signature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('step_key', models.CharField(max_length=40)),
                ('four_eyes', models.BooleanField()),
                ('round', models.SmallIntegerField(default=1)),
                ('officer_id', models.BigIntegerField()),
                ('officer_person_id', models.BigIntegerField(null=True)),
                ('officer_name', models.CharField(max_length=80)),
                ('opinion', models.TextField(blank=True)),
                ('signed_at', models.DateTimeField()),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='cases.case')),
                ('step', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='cases.casestep')),
            ],
        ),
        migrations.CreateModel(
            name='CaseEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verb', models.CharField(max_length=30)),
                ('step_key', models.CharField(blank=True, max_length=40)),
                ('actor_kind', models.CharField(max_length=10)),
                ('actor_id', models.BigIntegerField()),
                ('actor_name', models.CharField(blank=True, max_length=80)),
                ('at', models.DateTimeField()),
                ('detail', models.JSONField(default=dict)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='events', to='cases.case')),
            ],
            options={
                'indexes': [models.Index(fields=['case', 'id'], name='cases_event_order')],
            },
        ),
        migrations.AddIndex(
            model_name='caseparty',
            index=models.Index(fields=['person_id', '-case'], name='cases_party_of_person'),
        ),
        migrations.AddConstraint(
            model_name='caseparty',
            constraint=models.CheckConstraint(condition=models.Q(('person_id__isnull', True), ('unit_id__isnull', True), _connector='OR'), name='cases_party_person_or_unit'),
        ),
        migrations.AddConstraint(
            model_name='caseparty',
            constraint=models.UniqueConstraint(condition=models.Q(('person_id__isnull', False)), fields=('case', 'role', 'person_id'), name='cases_party_person'),
        ),
        migrations.AddIndex(
            model_name='casestep',
            index=models.Index(condition=models.Q(('state__in', ['open', 'running'])), fields=['role'], name='cases_step_tasks'),
        ),
        migrations.AddIndex(
            model_name='casestep',
            index=models.Index(condition=models.Q(('state__in', ['open', 'running'])), fields=['taken_by'], name='cases_step_mine'),
        ),
        migrations.AddConstraint(
            model_name='casestep',
            constraint=models.UniqueConstraint(fields=('case', 'position'), name='cases_step_position'),
        ),
        migrations.AddConstraint(
            model_name='casestep',
            constraint=models.UniqueConstraint(fields=('case', 'key'), name='cases_step_key'),
        ),
        migrations.AddConstraint(
            model_name='casestep',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['open', 'running'])), fields=('case',), name='cases_step_one_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='clocksuspension',
            constraint=models.UniqueConstraint(condition=models.Q(('until_on__isnull', True)), fields=('case',), name='cases_suspension_one_open'),
        ),
        migrations.AddConstraint(
            model_name='clocksuspension',
            constraint=models.CheckConstraint(condition=models.Q(('until_on__isnull', True), ('until_on__gte', models.F('from_on')), _connector='OR'), name='cases_suspension_order'),
        ),
        migrations.AddConstraint(
            model_name='casematerial',
            constraint=models.UniqueConstraint(fields=('case', 'name'), name='cases_material_name'),
        ),
        migrations.AddConstraint(
            model_name='partyact',
            constraint=models.UniqueConstraint(fields=('step', 'party', 'act'), name='cases_partyact_once'),
        ),
        migrations.AddConstraint(
            model_name='signature',
            constraint=models.UniqueConstraint(fields=('step', 'round', 'officer_id'), name='cases_signature_once'),
        ),
        migrations.AddConstraint(
            model_name='signature',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('four_eyes', True)), expressions=[('case', '='), ('officer_id', '='), ('step_key', '<>')], name='cases_signature_four_eyes'),
        ),
        migrations.AddConstraint(
            model_name='signature',
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('four_eyes', True), ('officer_person_id__isnull', False)), expressions=[('case', '='), ('officer_person_id', '='), ('step_key', '<>')], name='cases_signature_one_human'),
        ),
        migrations.RunSQL(GUARDS.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
