"""Accounts of payments are sealed one by one; batches are frozen by the digests of their accounts."""

from pathlib import Path

from django.db import migrations

from dashebao.kernel.records.taking_over import seal_column
from dashebao.kernel.secrecy.fields import SealedField, sealed_check

GUARDS = Path(__file__).parent.parent / "sql" / "guards.sql"
PAYEE = ("payee_person_id", "person_id")
OF_THE_LINE = """(select 'p' || coalesce(nullif(l.payee_person_id, 0), l.person_id) from fund_paymentline l
 where l.month = fund_paymentbatchline.month and l.id = fund_paymentbatchline.line_id)"""
DIGESTS = """
alter table fund_paymentbatch disable trigger user;
alter table fund_batchsignature disable trigger user;
update fund_batchsignature s set digest = c.digest
from fund_paymentbatch b cross join lateral fund_batch_content(b.id) c where b.id = s.batch_id and b.state <> 'rejected';
update fund_paymentbatch b set digest = c.digest
from fund_paymentbatch o cross join lateral fund_batch_content(o.id) c
where o.id = b.id and b.digest <> '' and b.state <> 'rejected';
alter table fund_paymentbatch enable trigger user;
alter table fund_batchsignature enable trigger user;
"""


class Migration(migrations.Migration):
    dependencies = [("fund", "0002_orders"), ("records", "0005_sealed_values")]
    operations = [
        migrations.AlterField("paymentline", "account_number", SealedField(holders=PAYEE)),
        migrations.AlterField("paymentbatchline", "account_number", SealedField()),
        migrations.AlterField("reissue", "account_number", SealedField(holders=["person_id"])),
        seal_column("fund_paymentline", "account_number", PAYEE, ("month", "id")),
        seal_column("fund_paymentbatchline", "account_number", OF_THE_LINE, ("month", "id")),
        seal_column("fund_reissue", "account_number", ["person_id"]),
        migrations.AddConstraint("paymentline", sealed_check("fund_paymentline_sealed", "account_number", PAYEE)),
        migrations.AddConstraint("reissue", sealed_check("fund_reissue_sealed", "account_number", ["person_id"])),
        migrations.RunSQL(GUARDS.read_text(encoding="utf-8"), migrations.RunSQL.noop),
        migrations.RunSQL(DIGESTS, migrations.RunSQL.noop),
    ]
