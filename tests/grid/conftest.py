import sys
from pathlib import Path

import pytest

from workspace import django_db_modify_db_settings, workspace

sys.path.append(str(Path(__file__).parents[1] / "web"))

from browsing import visit  # isort: skip
from grid_world import World  # isort: skip

__all__ = ["django_db_modify_db_settings", "visit", "workspace"]


@pytest.fixture
def world(workspace):
    """A group with two sites, their people, and two years of electricity and gas in the lake."""
    return World()
