"""The JSON edition."""

import json
from decimal import Decimal

import pytest

from linyin.inventory.report.data import FORMAT, as_data
from linyin.inventory.report.figures import total_mg
from linyin.inventory.report.write import write_report

from .sample import model


@pytest.fixture
def data(tmp_path):
    return json.loads(write_report(model(), tmp_path / "r.json", "json", "en").read_text("utf-8"))


def masses(value):
    if isinstance(value, dict):
        if set(value) == {"mg", "t"}:
            yield value
        for item in value.values():
            yield from masses(item)
    elif isinstance(value, list):
        for item in value:
            yield from masses(item)


def keys(value):
    if isinstance(value, dict):
        yield from value
        for item in value.values():
            yield from keys(item)
    elif isinstance(value, list):
        for item in value:
            yield from keys(item)


def test_every_mass_is_whole_milligrams_and_the_same_in_tonnes(data):
    found = list(masses(data))
    assert len(found) > 200
    for mass in found:
        assert isinstance(mass["mg"], int)
        assert Decimal(mass["t"]) * 10**9 == mass["mg"]
    assert not [key for key in keys(data) if key.endswith("_mg")]


def test_every_total_names_its_scope_2_method(data):
    assert set(data["totals"]) == {"location", "market"}
    for method, totals in data["totals"].items():
        total = total_mg(model(), method)
        assert totals["total"]["mg"] == total
        for part in ("by_scope", "by_line", "by_iso_category"):
            assert sum(mass["mg"] for mass in totals[part].values()) == total
        assert sum(gas["co2e"]["mg"] for gas in totals["by_gas"].values()) == total


def test_a_missing_item_is_missing_in_the_data(data):
    states = {row["item"]: (row["state"], row["where"]) for row in data["checklist"]}
    assert states["ghgp-6"] == ("missing", None)
    assert states["iso-c"] == ("present", "about")


def test_the_structure_is_stable(data):
    assert data["format"] == FORMAT == 1
    assert set(data) == {
        "format", "lang", "title", "totals", "checklist", "identity", "boundary", "lines",
        "entities", "sites", "scope2", "years", "base_year", "intensities", "uncertainty",
        "methods", "factors", "estimates", "exclusions", "screening", "findings", "instruments",
        "memos", "eliminations", "removals", "notes", "entries_in_all",
    }  # fmt: skip
    assert data["lines"][0]["gases"][0]["mass"]["mg"] > 0
    assert data["identity"]["begin"] == "2023-01-01"


def test_only_the_words_change_with_the_language():
    en, zh = as_data(model(), "en"), as_data(model(), "zh")
    assert en["checklist"][0]["text"] != zh["checklist"][0]["text"]
    assert en["totals"] == zh["totals"]
    assert en["factors"] == zh["factors"]


@pytest.mark.parametrize(("form", "lang"), [("docx", "en"), ("pdf", "fr")])
def test_an_unknown_format_or_language_is_refused(form, lang, tmp_path):
    with pytest.raises(ValueError, match=form if form != "pdf" else lang):
        write_report(model(), tmp_path / "r", form, lang)
    assert list(tmp_path.iterdir()) == []
