"""The generation of the reference data that processes keep in memory."""

import django.db.models.functions.datetime
from django.db import migrations, models

NEXT = """
create sequence records_generation_number;
create function records.next_generation() returns void language sql security definer
set search_path = public, pg_temp as $$
  delete from records_generation;
  insert into records_generation(number) values (nextval('records_generation_number'));
$$;
revoke all on function records.next_generation() from public;
"""


class Migration(migrations.Migration):
    dependencies = [("records", "0001_history_and_audit")]

    operations = [
        migrations.CreateModel(
            name="Generation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.BigIntegerField()),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
            options={"abstract": False},
        ),
        migrations.AddIndex("auditentry", models.Index(fields=["actor_id", "-id"], name="records_audit_actor")),
        migrations.AddIndex("auditentry", models.Index(fields=["at"], name="records_audit_at")),
        migrations.RunSQL(NEXT, "drop function records.next_generation(); drop sequence records_generation_number"),
    ]
