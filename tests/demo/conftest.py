from __future__ import annotations

from pathlib import Path

import pytest

from linyin.demo.writing import write


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the example enterprise once."""
    folder = tmp_path_factory.mktemp("demo") / "linyin"
    write(folder)
    return folder
