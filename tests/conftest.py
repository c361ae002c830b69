from pathlib import Path

import pytest

from builders import FolderBuilder


@pytest.fixture
def folder(tmp_path: Path) -> FolderBuilder:
    """An empty folder of plain files; factor packs are off until asked for."""
    return FolderBuilder(tmp_path / "folder")
