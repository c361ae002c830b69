"""Imports keep what was mended in their rows."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inventory", "0002_mapping_of_a_node")]

    operations = [
        migrations.AddField(
            model_name="import", name="mended", field=models.JSONField(default=dict)
        ),
    ]
