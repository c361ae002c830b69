"""Faces give what they list, typed imports and all, and load no more than what is asked for."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

HEAVY = ("duckdb", "pyarrow", "narwhals", "numpy", "pint", "deltalake", "pandas")
FACES = [
    "linyin",
    "linyin.lake",
    "linyin.organization",
    "linyin.governance",
    "linyin.ledger",
    "linyin.inventory",
    "linyin.demo",
]


def loaded_by(code: str) -> set[str]:
    script = f"{code}\nimport sys; print(*(m for m in {HEAVY!r} if m in sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


@pytest.mark.parametrize("name", FACES)
def test_a_face_gives_every_name_that_it_lists(name: str) -> None:
    face = import_module(name)

    assert face.__all__
    for public in face.__all__:
        assert getattr(face, public) is vars(face)[public]
    assert set(face.__all__) <= set(dir(face))


@pytest.mark.parametrize("name", FACES)
def test_a_face_knows_its_names_before_it_loads_any(name: str) -> None:
    assert loaded_by(f"import {name} as face; assert {{*face.__all__}} <= {{*dir(face)}}") == set()


@pytest.mark.parametrize(
    ("names", "loaded"),
    [
        ("BadInput, Finding, render_finding", set()),
        ("start_engine", {"narwhals"}),
    ],
)
def test_of_a_face_only_what_is_asked_for_is_loaded(names: str, loaded: set[str]) -> None:
    assert loaded_by(f"from linyin.lake import {names}") == loaded


def test_units_gases_and_factors_load_no_engine_and_no_tables() -> None:
    light = "parse_unit, convert_unit, gas_family, gwp_of, load_packs, choose_factor"

    assert loaded_by(f"from linyin.ledger import {light}") <= {"pint", "numpy"}


def test_an_import_of_everything_gives_the_listed_names() -> None:
    given: dict[str, object] = {}
    exec("from linyin.demo import *", given)

    assert set(given) - {"__builtins__"} == {"write_example"}


def test_a_name_that_no_face_lists_is_an_error_that_names_the_room() -> None:
    lake = import_module("linyin.lake")

    with pytest.raises(AttributeError, match=r"'linyin\.lake' has no attribute 'delta_of_nothing'"):
        _ = lake.delta_of_nothing
    with pytest.raises(ImportError, match="delta_of_nothing"):
        exec("from linyin.lake import delta_of_nothing")


FACE = """
from typing import TYPE_CHECKING
from linyin.lazy import lazy_face
if TYPE_CHECKING:
    from room.words import greet as welcome
else:
    __getattr__, __dir__ = lazy_face(__name__)
__all__ = ["welcome"]
"""


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "room"
    folder.mkdir()
    (folder / "__init__.py").write_text(FACE)
    (folder / "words.py").write_text("def greet(): return 'hello'")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "modules", dict(sys.modules))
    return folder


def test_a_name_may_have_another_name_in_its_own_file(room: Path) -> None:
    face = import_module("room")

    assert "room.words" not in sys.modules
    assert face.welcome() == "hello"
    with pytest.raises(AttributeError):
        _ = face.greet


def test_a_home_that_lacks_the_name_is_an_error_and_not_a_missing_name(room: Path) -> None:
    (room / "words.py").write_text("import nothing_of_the_kind")

    with pytest.raises(ModuleNotFoundError, match="nothing_of_the_kind"):
        _ = import_module("room").welcome


def test_a_face_without_its_source_says_so(room: Path) -> None:
    face = import_module("room")
    (room / "__init__.py").unlink()

    with pytest.raises(ImportError, match="source"):
        _ = face.welcome
