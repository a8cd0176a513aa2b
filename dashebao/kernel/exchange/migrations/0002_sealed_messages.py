"""Messages are kept sealed: files to the bank name its customers and their accounts."""

from django.db import migrations

from dashebao.kernel.records.taking_over import key_digests, seal_column, seal_json
from dashebao.kernel.secrecy.fields import SealedField, SealedJSONField, sealed_check
from dashebao.kernel.secrecy.values import Family

HOLDERS = ["partner_id"]
TABLES = {"outboxmessage": "exchange_sent_sealed", "inboxmessage": "exchange_received_sealed"}


class Migration(migrations.Migration):
    dependencies = [("exchange", "0001_messages_in_and_out"), ("records", "0005_sealed_values")]
    operations = [
        step
        for model, check in TABLES.items()
        for step in (
            migrations.AlterField(model, "data", SealedJSONField(default=dict)),
            migrations.AlterField(model, "token", SealedField(family=Family.MESSAGE, holders=HOLDERS)),
            seal_json(f"exchange_{model}", "data"),
            seal_column(f"exchange_{model}", "token", HOLDERS, family=Family.MESSAGE),
            migrations.AddConstraint(model, sealed_check(check, "token", HOLDERS)),
        )
    ] + [key_digests("exchange_outboxmessage", "digest", Family.MESSAGE)]
