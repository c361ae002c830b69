"""The builders make the packs again, byte for byte."""

import os
import shutil
import subprocess
import sys

import pytest

from packs import PACKS, ROOT, needs_data

BUILDER = ROOT / "tools" / "packs" / "build.py"
TABLES = {
    "gases": ["gwp", "blends", "ashrae-refrigerants-34"],
    "grids": ["mee-grid-2021-2023", "utilities-grid-tw-hk"],
    "fuels_ipcc": ["ipcc-fuels-2006"],
    "fuels_tables": [
        "fuels",
        "fuel_defaults",
        "oxidation_by_equipment",
        "standard_coal",
        "tce_equivalent",
    ],
    "heat": ["gbt-heat-32150", "gbt-carbonates-32151"],
}


def rebuild(name, out):
    subprocess.run([sys.executable, BUILDER, name, "--out", out], check=True, capture_output=True)


def assert_same(names, out):
    for name in names:
        assert (out / f"{name}.csv").read_bytes() == (PACKS / f"{name}.csv").read_bytes(), name
    assert {path.stem for path in out.iterdir()} == set(names)


@needs_data
@pytest.mark.parametrize("name", TABLES)
def test_a_builder_gives_the_same_bytes(name, tmp_path):
    rebuild(name, tmp_path)

    assert_same(TABLES[name], tmp_path)


def test_places_are_the_same_again(tmp_path):
    babel = pytest.importorskip("babel")
    if babel.__version__ != "2.18.0":
        pytest.skip("place names come from babel 2.18.0")
    rebuild("places", tmp_path)

    assert_same(["places"], tmp_path)


@pytest.mark.skipif(
    "LINYIN_EMBER_TARBALLS" not in os.environ,
    reason="LINYIN_EMBER_TARBALLS does not name the folder of @tgwf/co2 tarballs",
)
def test_ember_is_the_same_again(tmp_path):
    pytest.importorskip("babel")
    rebuild("ember", tmp_path)

    assert_same(["ember-world-0.12.2", "ember-world-0.16.8"], tmp_path)


def test_releases_are_the_same_again(tmp_path):
    for path in PACKS.glob("*.csv"):
        shutil.copy(path, tmp_path)
    rebuild("releases", tmp_path)

    assert (tmp_path / "releases.csv").read_bytes() == (PACKS / "releases.csv").read_bytes()
