"""Long numbers in answers, and what is typed a second time, are sealed."""

from pathlib import Path

from django.db import migrations

from dashebao.kernel.records.taking_over import seal_column, seal_json
from dashebao.kernel.secrecy.fields import SealedField, SealedJSONField, sealed_check
from dashebao.kernel.secrecy.values import Family, digest

GUARD = Path(__file__).parents[1] / "sql" / "sealed.sql"
TYPED = {"blank": True, "default": "", "family": Family.ANSWER, "holders": ["case_id"]}


def key_digests(apps, editor):
    """What tells a second sending from another application is digested once more, under a key."""
    with editor.connection.cursor() as cursor:
        cursor.execute("alter table cases_case disable trigger user")
        cursor.execute("select id, key_digest from cases_case where length(key_digest) = 64")
        rows = [(digest(Family.ANSWER, old), key) for key, old in cursor.fetchall()]
        cursor.executemany("update cases_case set key_digest = %s where id = %s", rows)
        cursor.execute("alter table cases_case enable trigger user")


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_work_lists_from_the_index"), ("records", "0005_sealed_values")]
    operations = [
        migrations.AlterField("case", "answers", SealedJSONField(default=dict)),
        migrations.AlterField("reentry", "first", SealedField(**TYPED)),
        migrations.AlterField("reentry", "second", SealedField(**TYPED)),
        migrations.RunPython(seal_json("cases_case", "answers"), migrations.RunPython.noop),
        migrations.RunPython(
            seal_column("cases_reentry", "first", ["case_id"], family=Family.ANSWER), migrations.RunPython.noop
        ),
        migrations.RunPython(
            seal_column("cases_reentry", "second", ["case_id"], family=Family.ANSWER), migrations.RunPython.noop
        ),
        migrations.AddConstraint("reentry", sealed_check("cases_reentry_first_sealed", "first", ["case_id"])),
        migrations.AddConstraint("reentry", sealed_check("cases_reentry_second_sealed", "second", ["case_id"])),
        migrations.RunPython(key_digests, migrations.RunPython.noop),
        migrations.RunSQL(GUARD.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
