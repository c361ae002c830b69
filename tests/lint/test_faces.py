"""The house rule about faces sees what reaches behind one, and nothing else."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def rule() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / "lint" / "faces.py"))


def _package(tmp_path: Path, **files: str) -> Path:
    source = tmp_path / "linyin"
    for name, text in files.items():
        path = source / (name.replace("__", "/") + ".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        (path.parent / "__init__.py").touch()
    return source


@pytest.mark.parametrize(
    "text",
    [
        "from linyin.lake.delta import DeltaFolder",
        "import linyin.lake.delta",
        "def late():\n    from linyin.lake.delta import DeltaFolder",
    ],
)
def test_an_import_behind_another_rooms_face_is_found(
    rule: dict[str, Any], tmp_path: Path, text: str
) -> None:
    source = _package(tmp_path, lake__delta="", ledger__book=text)

    assert rule["reaches"](source) == {("linyin.ledger.book", "linyin.lake.delta")}


@pytest.mark.parametrize(
    "text",
    [
        "from linyin.lake import delta",
        "from linyin.lake import Delta as D",
        "import linyin.lake",
        "from linyin.ledger.units import parse",
        "from .units import parse",
    ],
)
def test_faces_and_neighbours_in_the_same_room_may_be_imported(
    rule: dict[str, Any], tmp_path: Path, text: str
) -> None:
    source = _package(tmp_path, lake__delta="", ledger__units="", ledger__book=text)

    assert rule["reaches"](source) == set()
