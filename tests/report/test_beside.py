"""Earlier years beside a bundle are found without being named."""

import json
import shutil

import pymupdf
import pytest

from builders import FolderBuilder
from linyin.inventory.inventory import Inventory
from linyin.inventory.report.beside import earlier_beside
from linyin.inventory.report.texts import Texts
from linyin.inventory.report.write import write_report

from .enterprise import write_enterprise


@pytest.fixture(scope="module")
def bundles(tmp_path_factory):
    folder = FolderBuilder(tmp_path_factory.mktemp("enterprise") / "folder")
    return [one.path for one in write_enterprise(folder).calculate_all(2022, 2023)]


@pytest.fixture
def runs(bundles, tmp_path):
    """Both bundles beside each other, under names that say nothing."""
    for path, name in zip(bundles, ("a", "b"), strict=True):
        shutil.copytree(path, tmp_path / "runs" / name)
    (tmp_path / "runs" / "notes.txt").write_text("not a bundle")
    (tmp_path / "runs" / "empty").mkdir()
    return tmp_path / "runs"


def changed(path, **fields):
    run = json.loads((path / "run.json").read_text(encoding="utf-8"))
    (path / "run.json").write_text(json.dumps(run | fields), encoding="utf-8")


def test_the_earlier_year_is_found_whatever_its_folder_is_called(runs):
    assert [one.path.name for one in earlier_beside(Inventory(runs / "b"))] == ["a"]


def test_a_later_year_is_never_earlier(runs):
    assert earlier_beside(Inventory(runs / "a")) == []


@pytest.mark.parametrize("field", ["entity", "approach", "gwp", "standard"])
def test_a_run_of_another_boundary_is_not_compared(runs, field):
    changed(runs / "a", **{field: "another"})
    assert earlier_beside(Inventory(runs / "b")) == []


def test_of_two_runs_of_a_year_the_restated_one_counts(runs):
    shutil.copytree(runs / "a", runs / "c")
    changed(runs / "c", restated_to="2023-12-31")
    shutil.copytree(runs / "a", runs / "d")
    assert [one.path.name for one in earlier_beside(Inventory(runs / "b"))] == ["c"]


def test_a_bundle_that_cannot_be_read_is_passed_over(runs):
    (runs / "a" / "manifest.json").write_text("{}")
    assert earlier_beside(Inventory(runs / "b")) == []


def text_of(path):
    return "".join(page.get_text() for page in pymupdf.open(path)).replace("\n", " ")


def test_a_report_of_a_bundle_alone_tells_the_change_from_the_base_year_beside_it(runs, tmp_path):
    written = write_report(Inventory(runs / "b"), tmp_path / "r.json", "json", "en")
    data = json.loads(written.read_text(encoding="utf-8"))
    assert [year["year"] for year in data["years"]] == [2022, 2023]
    assert data["base_year"]["causes"]


def test_a_report_without_its_base_year_says_how_to_get_it(runs, tmp_path):
    shutil.rmtree(runs / "a")
    text = text_of(write_report(Inventory(runs / "b"), tmp_path / "r.pdf", "pdf", "en"))
    assert "linyin calculate FOLDER --year 2022" in text
    assert Texts("en")("empty.causes") in text
