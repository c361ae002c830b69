"""A workspace with a group that is verified."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from engaged import House, build

from builders import FolderBuilder
from workspace import built_once, django_db_modify_db_settings, workspace

sys.path.append(str(Path(__file__).parents[1] / "web"))

__all__ = ["django_db_modify_db_settings", "workspace"]


@pytest.fixture
def house(workspace, settings):
    """The group, calculated, with both verifiers engaged; no run is locked yet."""
    from linyin.inventory.web.models import Engagement, RunRecord
    from linyin.platform.models import Person

    settings.IS_DEMO = True
    built_once("house", workspace, lambda folder: build(FolderBuilder(folder)))
    people = {person.name: person for person in Person.objects.all()}
    runs = {(run.node.code, run.year): run for run in RunRecord.objects.select_related("node")}
    engaged = Engagement.objects.order_by("pk")
    return House(runs, people["Office"], people["Anna"], people["Ben"], *engaged)
