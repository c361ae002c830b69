"""Mappings belong to a node: those remembered for everybody are forgotten."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def forget_mappings(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001 - Django's signature
    """Forget what is nobody's; the next file is mapped by the names of its headers."""
    apps.get_model("inventory", "ColumnMapping").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0001_initial"),
        ("organization", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(forget_mappings, migrations.RunPython.noop),
        migrations.AddField(
            model_name="columnmapping",
            name="node",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="organization.node",
            ),
        ),
        migrations.AlterField(
            model_name="columnmapping",
            name="headers_key",
            field=models.CharField(max_length=64),
        ),
        migrations.AddConstraint(
            model_name="columnmapping",
            constraint=models.UniqueConstraint(
                fields=("node", "headers_key"), name="one_mapping_a_node"
            ),
        ),
    ]
