"""Lets sealed values change their key without a trace in the history, and seals long numbers in what acts tell."""

from pathlib import Path

from django.db import migrations

from dashebao.kernel.records.taking_over import seal_audit_trail
from dashebao.kernel.secrecy.fields import SealedJSONField

SQL = Path(__file__).parent.parent / "sql" / "sealed.sql"


class Migration(migrations.Migration):
    dependencies = [("records", "0004_statistics")]
    operations = [
        migrations.RunSQL(SQL.read_text(), migrations.RunSQL.noop),
        migrations.AlterField("change", "before", SealedJSONField(null=True)),
        migrations.AlterField("change", "after", SealedJSONField(null=True)),
        migrations.AlterField("auditentry", "detail", SealedJSONField(default=dict)),
        seal_audit_trail(),
    ]
