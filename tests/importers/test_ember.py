"""Ember's table in an npm tarball: tarballs made here in both of the package's shapes."""

import io
import json
import tarfile
from datetime import date

import pytest

from linyin.ledger.importers import ember
from linyin.ledger.importers.imported import FactorImportError
from linyin.ledger.importers.row_check import problems

TABLE = '\nconst data = { "DEU": 381.5, "XKX": 900, "WORLD": 480, "CAF": 0 };\nexport { data };'
CHANGES = "### [0.16.8] - 2025-05-12\n\n### [0.16.7] - 2025-04-18\n"
LINES = {
    "Germany": {
        "country_code": "DEU",
        "country_or_region": "Germany",
        "year": "2021",
        "emissions_intensity_gco2_per_kwh": "404.6",
    },
    "Asia": {
        "country_code": "",
        "country_or_region": "Asia",
        "year": "2021",
        "emissions_intensity_gco2_per_kwh": "600",
    },
}
OLD = "package/data/output/average-intensities-2021.json"


def tarball(path, version="0.16.8", name="@tgwf/co2", **files):
    texts = {
        "package/package.json": json.dumps({"name": name, "version": version}),
        "package/CHANGELOG.md": CHANGES,
    } | files
    with tarfile.open(path, "w:gz") as archive:
        for member, text in texts.items():
            entry = tarfile.TarInfo(member)
            entry.size = len(text.encode())
            archive.addfile(entry, io.BytesIO(text.encode()))
    return path


def new(path, **options):
    return tarball(path, **{ember.WITHOUT_YEARS: TABLE}, **options)


def test_grams_become_kilograms_and_regions_are_named_as_skipped(tmp_path):
    imported = ember.read(new(tmp_path / "t.tgz"), year=2024)

    assert [(row["place"], row["co2e_kg"]) for row in imported.rows] == [
        ("DE", "0.3815"),
        ("XK", "0.9"),
    ]
    assert {item.what: item.why for item in imported.skipped} == {
        "WORLD": ember.NO_COUNTRY,
        "CAF": ember.NOT_CREDIBLE,
    }
    assert all(problems(row) == [] for row in imported.rows)


def test_a_life_cycle_intensity_is_a_total_of_an_unknown_gwp_set(tmp_path):
    row = ember.read(new(tmp_path / "t.tgz"), year=2024).rows[0]

    assert (row["boundary"], row["gwp_set"]) == ("total", "unknown")
    assert (row["data_year"], row["published"]) == ("2024", "2025-05-12")


def test_a_release_without_years_must_be_given_one(tmp_path):
    with pytest.raises(FactorImportError, match="does not state the year"):
        ember.read(new(tmp_path / "t.tgz"))


def test_a_release_with_years_states_them_itself(tmp_path):
    path = tarball(tmp_path / "t.tgz", **{OLD: json.dumps(LINES)})

    assert [row["factor_id"] for row in ember.read(path).rows] == ["ember-0.16.8-2021-DE"]
    with pytest.raises(FactorImportError, match="states the year"):
        ember.read(path, year=2021)


def test_a_release_whose_day_is_not_listed_must_be_given_one(tmp_path):
    path = new(tmp_path / "t.tgz", version="9.9.9")

    with pytest.raises(FactorImportError, match=r"no day of release 9\.9\.9"):
        ember.read(path, year=2024)
    assert ember.read(path, year=2024, published=date(2026, 1, 1)).rows


def test_another_package_is_refused(tmp_path):
    with pytest.raises(FactorImportError, match="not the npm package"):
        ember.read(new(tmp_path / "t.tgz", name="left-pad"), year=2024)


def test_a_file_that_is_no_tarball_is_refused(tmp_path):
    path = tmp_path / "t.tgz"
    path.write_bytes(b"PK\x03\x04 not a tarball")

    with pytest.raises(FactorImportError, match="no npm tarball"):
        ember.read(path, year=2024)


def test_broken_json_is_refused_with_its_file(tmp_path):
    path = tarball(tmp_path / "t.tgz", **{OLD: '{"a": '})

    with pytest.raises(FactorImportError, match="no JSON") as error:
        ember.read(path)

    assert error.value.sheet == OLD
