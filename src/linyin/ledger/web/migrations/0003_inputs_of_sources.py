"""Inputs of a source are a text that people write; what is kept becomes one."""

from typing import Any

from django.db import migrations, models

from linyin.ledger.stated_inputs import inputs_in, inputs_text


def to_text(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001 - Django's signature
    lines = apps.get_model("ledger", "SourceLine")
    for line in lines.objects.exclude(inputs={}):
        line.stated = inputs_text(line.inputs)
        line.save(update_fields=["stated"])


def to_numbers(apps: Any, schema_editor: Any) -> None:  # noqa: ARG001 - as above
    lines = apps.get_model("ledger", "SourceLine")
    for line in lines.objects.exclude(stated=""):
        line.inputs = inputs_in(line.stated)
        line.save(update_fields=["inputs"])


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_refused_drafts")]

    operations = [
        migrations.AddField(
            "sourceline", "stated", models.CharField(max_length=1000, blank=True, default="")
        ),
        migrations.RunPython(to_text, to_numbers),
        migrations.RemoveField("sourceline", "inputs"),
        migrations.RenameField("sourceline", "stated", "inputs"),
        migrations.AlterField(
            "sourceline", "inputs", models.CharField(max_length=1000, blank=True)
        ),
    ]
