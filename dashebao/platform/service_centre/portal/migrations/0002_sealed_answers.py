"""Long numbers in the answers of drafts and joint applications are sealed."""

from pathlib import Path

from django.db import migrations

from dashebao.kernel.records.taking_over import seal_json
from dashebao.kernel.secrecy.fields import SealedJSONField

GUARD = Path(__file__).parents[1] / "sql" / "sealed.sql"


class Migration(migrations.Migration):
    dependencies = [("portal", "0001_citizens"), ("records", "0005_sealed_values")]
    operations = [
        migrations.AlterField("draft", "answers", SealedJSONField(default=dict)),
        migrations.AlterField("joint", "answers", SealedJSONField(default=dict)),
        seal_json("portal_draft", "answers"),
        seal_json("portal_joint", "answers"),
        migrations.RunSQL(GUARD.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
