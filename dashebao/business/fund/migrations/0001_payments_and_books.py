"""Payments, their signatures and results, and the books' outside records."""

import django.db.models.deletion
import django.db.models.functions.datetime
from pathlib import Path

from django.db import migrations, models

from dashebao.kernel.records.partitions import CreatePartitionedTable

GUARDS = Path(__file__).parent.parent / "sql" / "guards.sql"


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('records', '0001_history_and_audit'),
        ('identity', '0001_users_and_roles'),
        ('registry', '0001_persons_and_units'),
    ]

    operations = [
        migrations.CreateModel(
            name='FundRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=35, unique=True)),
                ('run_month', models.IntegerField()),
                ('fund', models.CharField(max_length=3)),
                ('region_code', models.CharField(max_length=6)),
                ('purpose', models.CharField(default='benefit', max_length=20)),
                ('amount_fen', models.BigIntegerField()),
                ('state', models.CharField(default='asked', max_length=10)),
                ('transfer', models.CharField(blank=True, max_length=40)),
                ('paid_on', models.DateField(null=True)),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('asked_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='BankFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('name', models.CharField(max_length=120)),
                ('sha256', models.CharField(max_length=64)),
                ('month', models.IntegerField()),
                ('rows', models.IntegerField()),
                ('repeated', models.BooleanField(default=False)),
                ('received_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'indexes': [models.Index(fields=['kind', 'month'], name='fund_bankfile_month')],
            },
        ),
        migrations.CreateModel(
            name='Budget',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fund', models.CharField(max_length=3)),
                ('region_code', models.CharField(max_length=6)),
                ('year', models.IntegerField()),
                ('code', models.CharField(max_length=4)),
                ('amount_fen', models.BigIntegerField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('fund', 'region_code', 'year', 'code'), name='fund_budget_once'), models.CheckConstraint(condition=models.Q(('amount_fen__gte', 0)), name='fund_budget_positive')],
            },
        ),
        migrations.CreateModel(
            name='ExternalStatement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=10)),
                ('account_number', models.CharField(max_length=35)),
                ('statement_id', models.CharField(max_length=60)),
                ('month', models.IntegerField()),
                ('booked_on', models.DateField()),
                ('opening_fen', models.BigIntegerField()),
                ('closing_fen', models.BigIntegerField()),
                ('received_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'indexes': [models.Index(fields=['month'], name='fund_statement_month')],
                'constraints': [models.UniqueConstraint(fields=('source', 'account_number', 'statement_id'), name='fund_statement_once')],
            },
        ),
        migrations.CreateModel(
            name='FundAccount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fund', models.CharField(max_length=3)),
                ('region_code', models.CharField(max_length=6)),
                ('code', models.CharField(max_length=4)),
                ('number', models.CharField(max_length=35, unique=True)),
                ('name', models.CharField(max_length=140)),
                ('bank_code', models.CharField(max_length=20)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('fund', 'region_code', 'code'), name='fund_account_once')],
            },
        ),
        migrations.CreateModel(
            name='FundBook',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fund', models.CharField(max_length=3)),
                ('region_code', models.CharField(max_length=6)),
                ('book', models.IntegerField(unique=True)),
                ('first_month', models.IntegerField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('fund', 'region_code'), name='fund_book_once')],
            },
        ),
        migrations.CreateModel(
            name='PaymentBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('run_month', models.IntegerField()),
                ('fund', models.CharField(max_length=3)),
                ('pool_region', models.CharField(max_length=6)),
                ('region_code', models.CharField(max_length=6)),
                ('bank_code', models.CharField(max_length=20)),
                ('attempt', models.SmallIntegerField()),
                ('part', models.IntegerField(default=0)),
                ('line_count', models.IntegerField()),
                ('total_fen', models.BigIntegerField()),
                ('digest', models.CharField(max_length=64)),
                ('state', models.CharField(choices=[('drafted', 'Drafted'), ('made', 'Made'), ('checked', 'Checked'), ('approved', 'Approved'), ('sent', 'Sent to the bank'), ('answered', 'Answered by the bank'), ('rejected', 'Rejected')], default='drafted', max_length=10)),
                ('msg_id', models.CharField(blank=True, max_length=35)),
                ('drafted_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('sent_at', models.DateTimeField(null=True)),
                ('answered_at', models.DateTimeField(null=True)),
                ('note', models.CharField(blank=True, max_length=300)),
            ],
            options={
                'indexes': [models.Index(fields=['run_month', 'state'], name='fund_paymentbatch_run')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['drafted', 'made', 'checked', 'approved', 'sent', 'answered', 'rejected'])), name='fund_paymentbatch_state'), models.CheckConstraint(condition=models.Q(('attempt__in', (1, 2))), name='fund_paymentbatch_attempt'), models.UniqueConstraint(condition=models.Q(('msg_id', ''), _negated=True), fields=('msg_id',), name='fund_paymentbatch_message_once')],
            },
        ),
        CreatePartitionedTable(
            name='PaymentBatchLine',
            fields=[
                ('pk', models.CompositePrimaryKey('month', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('month', models.IntegerField()),
                ('id', models.BigIntegerField(db_default=models.Func(models.Value('fund_paymentbatchline_id_seq'), function='nextval'))),
                ('batch_id', models.BigIntegerField()),
                ('line_id', models.BigIntegerField()),
                ('person_id', models.BigIntegerField()),
                ('attempt', models.SmallIntegerField()),
                ('amount_fen', models.BigIntegerField()),
                ('end_to_end_id', models.CharField(max_length=35)),
                ('bank_code', models.CharField(max_length=20)),
                ('account_number', models.CharField(max_length=40)),
                ('account_name', models.CharField(max_length=140)),
            ],
            options={
                'indexes': [models.Index(fields=['batch_id'], name='fund_batchline_batch')],
                'constraints': [models.UniqueConstraint(fields=('month', 'line_id', 'attempt'), name='fund_batchline_once'), models.CheckConstraint(condition=models.Q(('attempt__in', (1, 2))), name='fund_batchline_attempt')],
            },
        ),
        CreatePartitionedTable(
            name='PaymentLine',
            fields=[
                ('pk', models.CompositePrimaryKey('month', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('month', models.IntegerField()),
                ('id', models.BigIntegerField(db_default=models.Func(models.Value('fund_paymentline_id_seq'), function='nextval'))),
                ('run_month', models.IntegerField()),
                ('person_id', models.BigIntegerField()),
                ('payee_person_id', models.BigIntegerField()),
                ('region_code', models.CharField(max_length=6)),
                ('scheme', models.CharField(max_length=3)),
                ('fund', models.CharField(max_length=3)),
                ('pool_region', models.CharField(max_length=6)),
                ('benefit_kind', models.CharField(max_length=30)),
                ('seq', models.IntegerField()),
                ('amount_fen', models.BigIntegerField()),
                ('source', models.CharField(max_length=60)),
                ('bank_code', models.CharField(max_length=20)),
                ('account_number', models.CharField(max_length=40)),
                ('account_name', models.CharField(max_length=140)),
                ('end_to_end_id', models.CharField(max_length=35)),
            ],
            options={
                'indexes': [models.Index(fields=['person_id'], name='fund_paymentline_person'), models.Index(fields=['run_month'], name='fund_paymentline_run')],
                'constraints': [models.UniqueConstraint(fields=('month', 'person_id', 'scheme', 'benefit_kind', 'seq'), name='fund_paymentline_once'), models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0)), name='fund_paymentline_positive')],
            },
        ),
        CreatePartitionedTable(
            name='PaymentResult',
            fields=[
                ('pk', models.CompositePrimaryKey('month', 'id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('month', models.IntegerField()),
                ('id', models.BigIntegerField(db_default=models.Func(models.Value('fund_paymentresult_id_seq'), function='nextval'))),
                ('batch_id', models.BigIntegerField()),
                ('line_id', models.BigIntegerField()),
                ('person_id', models.BigIntegerField()),
                ('attempt', models.SmallIntegerField()),
                ('status', models.CharField(max_length=10)),
                ('reason', models.CharField(max_length=10)),
                ('message', models.CharField(max_length=35)),
                ('on_date', models.DateField()),
            ],
            options={
                'indexes': [models.Index(fields=['batch_id'], name='fund_result_batch'), models.Index(condition=models.Q(('status', 'paid'), _negated=True), fields=['attempt'], name='fund_result_not_paid')],
                'constraints': [models.UniqueConstraint(fields=('month', 'line_id', 'attempt', 'status'), name='fund_result_once'), models.CheckConstraint(condition=models.Q(('status__in', ('paid', 'failed', 'returned'))), name='fund_result_status')],
            },
        ),
        migrations.CreateModel(
            name='PaymentWithdrawal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line_month', models.IntegerField()),
                ('line_id', models.BigIntegerField()),
                ('reason', models.CharField(max_length=200)),
                ('withdrawn_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('line_month', 'line_id'), name='fund_withdrawal_once')],
            },
        ),
        migrations.CreateModel(
            name='Reconciliation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.IntegerField()),
                ('through', models.DateField()),
                ('fund', models.CharField(max_length=3)),
                ('region_code', models.CharField(max_length=6)),
                ('ledger_fen', models.BigIntegerField()),
                ('bank_fen', models.BigIntegerField()),
                ('finance_fen', models.BigIntegerField()),
                ('agreed', models.BooleanField()),
                ('open_items', models.JSONField(default=list)),
                ('made_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'indexes': [models.Index(fields=['month', 'fund', 'region_code'], name='fund_reconciliation_month')],
            },
        ),
        migrations.CreateModel(
            name='StoredStatement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.IntegerField()),
                ('fund', models.CharField(max_length=3)),
                ('region_code', models.CharField(max_length=6)),
                ('form', models.CharField(max_length=20)),
                ('content', models.JSONField()),
                ('digest', models.CharField(max_length=64)),
                ('made_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('month', 'fund', 'region_code', 'form'), name='fund_storedstatement_once')],
            },
        ),
        migrations.CreateModel(
            name='YearEnd',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fund', models.CharField(max_length=3)),
                ('region_code', models.CharField(max_length=6)),
                ('year', models.IntegerField()),
                ('lines', models.JSONField(default=dict)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('fund', 'region_code', 'year'), name='fund_yearend_once')],
            },
        ),
        migrations.CreateModel(
            name='ExternalEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=10)),
                ('account_number', models.CharField(max_length=35)),
                ('month', models.IntegerField()),
                ('reference', models.CharField(max_length=60)),
                ('matches', models.CharField(max_length=60)),
                ('kind', models.CharField(max_length=20)),
                ('amount_fen', models.BigIntegerField()),
                ('booked_on', models.DateField()),
                ('statement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='fund.externalstatement')),
            ],
            options={
                'indexes': [models.Index(fields=['account_number', 'month'], name='fund_entry_account_month')],
                'constraints': [models.UniqueConstraint(fields=('source', 'account_number', 'reference'), name='fund_entry_once')],
            },
        ),
        migrations.CreateModel(
            name='BatchSignature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stage', models.SmallIntegerField(choices=[(1, 'Maker'), (2, 'Checker'), (3, 'Approver')])),
                ('user_id', models.BigIntegerField()),
                ('user_name', models.CharField(max_length=80)),
                ('line_count', models.IntegerField()),
                ('total_fen', models.BigIntegerField()),
                ('digest', models.CharField(max_length=64)),
                ('signed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='fund.paymentbatch')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('batch', 'stage'), name='fund_signature_stage_once'), models.UniqueConstraint(fields=('batch', 'user_id'), name='fund_signature_other_person')],
            },
        ),
        migrations.RunSQL(GUARDS.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
