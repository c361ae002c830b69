"""Inputs that a workspace kept as numbers are the texts that people write after an upgrade."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from linyin.ledger.web.models import SourceLine

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE, AFTER = ("ledger", "0002_refused_drafts"), ("ledger", "0003_inputs_of_sources")


def migrate(to):
    executor = MigrationExecutor(connection)
    executor.migrate([to])
    return executor.loader.project_state([to]).apps.get_model("ledger", "SourceLine")


def test_inputs_kept_as_numbers_become_texts_and_back(world):
    said = {"density": 0.75, "lifetime": 4.0}
    try:
        old = migrate(BEFORE)
        assert all(kept == {} for kept in old.objects.values_list("inputs", flat=True))
        old.objects.filter(pk=world.gas.pk).update(inputs=said)
    finally:
        migrate(AFTER)

    told = dict(SourceLine.objects.values_list("code", "inputs"))
    assert told.pop(world.gas.code) == "density=0.75 kg/L; lifetime=4 year"
    assert set(told.values()) == {""}
