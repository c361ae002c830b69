from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from builders import FolderBuilder

# A busy machine is slow, which is no finding.
settings.register_profile("linyin", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("linyin")


@pytest.fixture
def folder(tmp_path: Path) -> FolderBuilder:
    """An empty folder of plain files; factor packs are off until asked for."""
    return FolderBuilder(tmp_path / "folder")
