"""The house rule about faces sees what reaches behind one, and nothing else."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
FACE = "from linyin.lake.delta import DeltaFolder\n__all__ = ['DeltaFolder']"


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
    (source / "lake" / "__init__.py").write_text(FACE)
    return source


@pytest.mark.parametrize(
    ("text", "reached"),
    [
        ("from linyin.lake.delta import DeltaFolder", "linyin.lake.delta.DeltaFolder"),
        ("import linyin.lake.delta", "linyin.lake.delta"),
        ("from linyin.lake import delta", "linyin.lake.delta"),
        ("from linyin.lake import DeltaFolder, sweep", "linyin.lake.sweep"),
        ("from ..lake.delta import DeltaFolder", "linyin.lake.delta.DeltaFolder"),
        ("def late(): from linyin.lake.delta import sweep", "linyin.lake.delta.sweep"),
        ("import_module('linyin.lake.delta')", "linyin.lake.delta"),
        ("import_module(f'linyin.lake.{name}')", "linyin.lake."),
    ],
)
def test_what_reaches_behind_another_rooms_face_is_found(
    rule: dict[str, Any], tmp_path: Path, text: str, reached: str
) -> None:
    source = _package(tmp_path, lake__delta="", ledger__book=text)

    assert list(rule["faults"](source)) == [
        f"linyin.ledger.book, line 1: {reached} is behind a face; import it from the room"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "from linyin.lake import DeltaFolder",
        "from linyin.lake import DeltaFolder as D",
        "import linyin.lake",
        "from linyin.ledger.units import parse",
        "from .units import parse",
        "'linyin.lake.delta holds the folder.'",
    ],
)
def test_faces_and_neighbours_in_the_same_room_may_be_imported(
    rule: dict[str, Any], tmp_path: Path, text: str
) -> None:
    source = _package(tmp_path, lake__delta="", ledger__units="", ledger__book=text)

    assert list(rule["faults"](source)) == []


@pytest.mark.parametrize("module", ["linyin.platform.actions", "linyin.ledger.web.models"])
def test_modules_of_the_platform_and_of_pages_are_known_by_name(
    rule: dict[str, Any], tmp_path: Path, module: str
) -> None:
    source = _package(tmp_path, ledger__units="", lake__delta=f"from {module} import name")

    assert list(rule["faults"](source)) == []


@pytest.mark.parametrize("module", ["lake__DeltaFolder", "lake__DeltaFolder__inner"])
def test_a_face_offers_no_name_that_a_module_of_the_room_would_replace(
    rule: dict[str, Any], tmp_path: Path, module: str
) -> None:
    source = _package(tmp_path, **{module: ""})

    assert list(rule["faults"](source)) == [
        "linyin.lake offers DeltaFolder, which is also a module of the room"
    ]


def test_no_room_of_the_program_reaches_behind_a_face(rule: dict[str, Any]) -> None:
    assert list(rule["faults"](ROOT / "src" / "linyin")) == []
