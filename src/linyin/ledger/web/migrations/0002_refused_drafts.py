"""Drafts keep whether the ledger refused them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="celldraft", name="is_refused", field=models.BooleanField(default=False)
        ),
    ]
