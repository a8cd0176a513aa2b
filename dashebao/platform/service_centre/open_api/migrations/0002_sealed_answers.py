"""Long numbers in kept answers are sealed, and what tells their requests apart is keyed."""

from django.db import migrations

from dashebao.kernel.records.taking_over import key_digests, seal_json
from dashebao.kernel.secrecy.fields import SealedJSONField
from dashebao.kernel.secrecy.values import Family


class Migration(migrations.Migration):
    dependencies = [("open_api", "0001_clients_keys_calls"), ("records", "0005_sealed_values")]
    operations = [
        migrations.AlterField("apianswer", "body", SealedJSONField()),
        seal_json("open_api_apianswer", "body"),
        key_digests("open_api_apianswer", "digest", Family.ANSWER),
    ]
