"""Only the tax office's totals are kept; ours are counted when they are compared."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('levy', '0005_sealed_numbers'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='taxtotals',
            name='agrees',
        ),
        migrations.RemoveField(
            model_name='taxtotals',
            name='our_late_fee_fen',
        ),
        migrations.RemoveField(
            model_name='taxtotals',
            name='our_principal_fen',
        ),
        migrations.RemoveField(
            model_name='taxtotals',
            name='our_row_count',
        ),
    ]
