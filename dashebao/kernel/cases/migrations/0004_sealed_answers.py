"""Long numbers in answers, and what is typed a second time, are sealed."""

import hashlib
import json
from pathlib import Path

from django.db import migrations

from dashebao.kernel.records.taking_over import TakeOver, key_digests, seal_column, seal_json, unguarded
from dashebao.kernel.secrecy.fields import SealedField, SealedJSONField, digested_json, opened_json, sealed_check
from dashebao.kernel.secrecy.values import Family

GUARD = Path(__file__).parents[1] / "sql" / "sealed.sql"
TYPED = {"blank": True, "default": "", "family": Family.ANSWER, "holders": ["case_id"]}


def archive_digests(apps, editor):
    """The digest of an archived case counts long numbers by their keyed digests."""
    with editor.connection.cursor() as cursor, unguarded(cursor, "cases_archive"):
        cursor.execute("select id, snapshot from cases_archive")
        for key, text in cursor.fetchall():
            told = json.dumps(digested_json(opened_json(json.loads(text))), sort_keys=True, ensure_ascii=False)
            values = [hashlib.sha256(told.encode()).hexdigest(), key]
            cursor.execute("update cases_archive set digest = %s where id = %s", values)


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_work_lists_from_the_index"), ("records", "0005_sealed_values")]
    operations = [
        migrations.AlterField("case", "answers", SealedJSONField(default=dict)),
        migrations.AlterField("reentry", "first", SealedField(**TYPED)),
        migrations.AlterField("reentry", "second", SealedField(**TYPED)),
        migrations.AlterField("casestep", "data", SealedJSONField(default=dict)),
        migrations.AlterField("caseevent", "detail", SealedJSONField(default=dict)),
        migrations.AlterField("archive", "snapshot", SealedJSONField()),
        *(
            seal_json(table, column)
            for table, column in (
                ("cases_case", "answers"),
                ("cases_casestep", "data"),
                ("cases_caseevent", "detail"),
                ("cases_archive", "snapshot"),
            )
        ),
        TakeOver(archive_digests),
        seal_column("cases_reentry", "first", ["case_id"], family=Family.ANSWER),
        seal_column("cases_reentry", "second", ["case_id"], family=Family.ANSWER),
        migrations.AddConstraint("reentry", sealed_check("cases_reentry_first_sealed", "first", ["case_id"])),
        migrations.AddConstraint("reentry", sealed_check("cases_reentry_second_sealed", "second", ["case_id"])),
        key_digests("cases_case", "key_digest", Family.ANSWER),
        migrations.RunSQL(GUARD.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
