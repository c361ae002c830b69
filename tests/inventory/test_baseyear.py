"""Base-year policy: worked cases of the GHG Protocol Corporate Standard, chapter 5."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from builders import FolderBuilder
from linyin.inventory.baseyear import assess, restate
from linyin.inventory.publish import publish
from linyin.inventory.replay import replay

T = 1_000_000_000


def group(folder: FolderBuilder, *sites: str) -> FolderBuilder:
    folder.company(*sites)
    return folder.factor("gas", use="fuel", item="natural_gas", unit="t", co2_kg=1000)


def emits(folder: FolderBuilder, site: str, tonnes: float, year: int = 2021, **cells: object):
    return folder.activity(
        f"{site}-{year}-{len(folder.tables.get('activities', []))}",
        site=site,
        source_type="stationary_combustion",
        item="natural_gas",
        quantity=tonnes,
        unit="t",
        period=str(year),
        **cells,
    )


def joins(folder: FolderBuilder, code: str, day: str, **cells: object) -> FolderBuilder:
    return folder.node(code, parent="G", country="CN", place="CN-GD", **{"from": day, **cells})


def leaves(folder: FolderBuilder, code: str, day: str) -> FolderBuilder:
    return folder.node(code, parent="G", country="CN", place="CN-GD", to=day)


@pytest.fixture
def two(folder: FolderBuilder) -> FolderBuilder:
    """Two units of 50 t in 2021, which grow to 70 t by 2023."""
    group(folder, "A", "B")
    for site in ("A", "B"):
        emits(emits(folder, site, 50), site, 70, 2023)
    return folder


def test_acquiring_a_firm_that_emitted_15_restates_50_and_50_to_115(two):
    emits(emits(joins(two, "F", "2023-07-01"), "F", 15), "F", 20, 2023)
    path = two.write()

    found = assess(path, 2021, 2023)
    restated = restate(path, 2021, 2023)

    assert (found.stated_mg, found.restated_mg) == (100 * T, 115 * T)
    assert [(c.cause, c.what, c.day, c.mg) for c in found.changes] == [
        ("acquisition", "F", date(2023, 7, 1), 15 * T)
    ]
    assert found.accumulated == 0.15
    assert found.needs_restatement
    assert found.restated_years == (2021, 2023)
    assert restated.total("location") == 115 * T
    assert "acquisition F (2023-07-01): +15 t" in restated.run["reason"]
    assert restated.run["restated_to"] == "2023-12-31"


def test_the_year_of_the_deal_counts_whole_too(two):
    emits(emits(joins(two, "F", "2023-07-01"), "F", 15), "F", 20, 2023)

    assert restate(two.write(), 2023, 2023, reason="deal").total("location") == 160 * T


def test_acquiring_a_site_that_did_not_exist_changes_nothing(two):
    emits(joins(two, "F", "2023-07-01", opened="2022-03-01"), "F", 20, 2023)
    path = two.write()

    found = assess(path, 2021, 2023)

    assert (found.changes, found.needs_restatement, found.findings) == ((), False, ())
    assert restate(path, 2021, 2023).total("location") == 100 * T


def test_selling_one_of_three_units_of_25_leaves_50(folder):
    group(folder, "A", "B")
    leaves(folder, "C", "2023-03-01")
    for site in "ABC":
        emits(folder, site, 25)
    path = folder.write()

    found = assess(path, 2021, 2023)

    assert [(c.cause, c.what, c.day, c.mg) for c in found.changes] == [
        ("divestment", "C", date(2023, 3, 1), -25 * T)
    ]
    assert restate(path, 2021, 2023).total("location") == 50 * T


def test_a_unit_that_closed_stays_in_the_base_year(folder):
    group(folder, "A")
    folder.node("C", parent="G", country="CN", place="CN-GD", closed="2022-06-01")
    emits(emits(folder, "A", 75), "C", 25)

    assert assess(folder.write(), 2021, 2023).changes == ()
    assert restate(folder.path, 2021, 2023).total("location") == 100 * T


def test_a_unit_that_closed_keeps_the_place_it_inherits(folder):
    folder.node("G", "group", country="CN")
    folder.node("E", "entity", parent="G", country="CN", place="CN-GD")
    folder.node("C", parent="E", closed="2022-06-01")
    for place, co2 in (("CN-GD", 0.4), ("world", 9)):
        folder.factor(f"grid-{place}", use="grid", item="electricity", unit="kWh", co2_kg=co2,
                      place=place)  # fmt: skip
    folder.electricity("C", 100, "2021")

    restated = restate(folder.write(), 2021, 2023, reason="check")

    assert restated.by_line("location")["2.1"] == 40 * T
    assert restated.query("SELECT DISTINCT entity FROM entries").to_pylist() == [{"entity": "E"}]


def test_organic_growth_never_counts(two):
    found = assess(two.write(), 2021, 2023)

    assert (found.changes, found.accumulated, found.needs_restatement) == ((), 0.0, False)


def test_a_deal_counts_pro_rata_where_the_policy_says_so(two):
    two.config["base_year"] = {"year": 2021, "mid_year": "pro rata"}
    emits(emits(joins(two, "F", "2023-07-02"), "F", 73), "F", 20, 2023)
    path = two.write()

    in_the_year = restate(path, 2021, 2023)
    found = assess(path, 2021, 2023)

    assert in_the_year.total("location") == 100 * T + 73 * T * 183 // 365
    assert found.changes[0].mg == 73 * T * 183 // 365
    assert found.restated_years == (2021,)
    assert restate(path, 2021, 2024).total("location") == 173 * T
    assert replay(in_the_year.path).same


def test_small_changes_accumulate_against_the_threshold(two):
    emits(joins(two, "F", "2022-01-01"), "F", 3)
    first = assess(two.write(), 2021, 2022)
    emits(joins(two, "H", "2023-01-01"), "H", 2)
    second = assess(two.write(), 2021, 2023)

    assert (first.accumulated, first.needs_restatement) == (0.03, False)
    assert (second.accumulated, second.needs_restatement) == (0.05, True)


def test_an_acquisition_and_a_sale_do_not_hide_each_other(two):
    emits(leaves(joins(two, "F", "2022-01-01"), "S", "2022-01-01"), "F", 4)
    emits(two, "S", 4)

    found = assess(two.write(), 2021, 2023)

    assert found.accumulated == pytest.approx(8 / 104)
    assert found.restated_mg == found.stated_mg


def test_changes_count_only_since_the_last_restatement(two):
    emits(joins(two, "F", "2022-01-01"), "F", 15)
    path = two.write()
    first = restate(path, 2021, 2022)
    publish(first.path, prepared_by="Li", approved_by="Wang")

    found = assess(path, 2021, 2023)

    assert found.changes == ()
    assert found.stated_mg == 115 * T


def test_a_restatement_is_a_new_run_that_names_the_old_and_replays(two):
    base = two.calculate(2021)
    publish(base.path, prepared_by="Li", approved_by="Wang")
    emits(joins(two, "F", "2022-01-01"), "F", 15)
    path = two.write()

    restated = restate(path, 2021, 2022, reason="F joined")

    assert restated.path != base.path
    assert restated.run["restates"] == base.manifest.content
    assert restated.run["reason"] == "F joined"
    base.verify()
    assert replay(restated.path).same


def test_factors_methods_and_errors_are_told_apart(two):
    base = two.calculate(2021)
    publish(base.path, prepared_by="Li", approved_by="Wang")
    two.tables["factors"][0]["co2_kg"] = 1030
    two.tables["activities"][0]["quantity"] = 51

    found = assess(two.write(), 2021, 2023)

    assert {c.cause: c.mg for c in found.changes} == {
        "factor": 30 * T // 1000 * 50 + 15 * T // 10 + 15 * T // 1000,
        "error": T + 15 * T // 1000,
    }
    assert not found.needs_restatement


def test_another_gwp_set_is_a_change_of_its_own(two):
    two.tables["factors"][0] |= {"co2_kg": 900, "ch4_kg": 3}
    base = two.calculate(2021)
    publish(base.path, prepared_by="Li", approved_by="Wang")
    two.config["inventory"]["gwp"] = "AR4-100"

    found = assess(two.write(), 2021, 2023)

    assert [(c.cause, c.mg) for c in found.changes] == [("gwp", 100 * 3 * (25 - 28) * T // 1000)]


def test_outsourcing_is_no_change_where_scope_3_is_reported(two):
    emits(two, "A", 1, 2022)
    two.tables["activities"][1]["relation"] = "outsourced"
    path = two.write()

    whole = assess(path, 2021, 2023)
    own = assess(path, 2021, 2023, scopes="1+2")

    assert [(c.cause, c.mg, c.operational_mg) for c in whole.changes] == [
        ("outsourcing", 0, -50 * T)
    ]
    assert (whole.accumulated, whole.needs_restatement) == (0.0, False)
    assert (own.accumulated, own.needs_restatement) == (0.5, True)
    assert [f.code for f in own.findings] == ["base-year-relation"]


def test_insourcing_is_the_way_back(two):
    two.tables["activities"][0]["relation"] = "outsourced"

    found = assess(two.write(), 2021, 2023, scopes="1+2")

    assert [(c.cause, c.mg, c.operational_mg) for c in found.changes] == [("insourcing", 0, 50 * T)]


def test_an_acquired_firm_without_rows_of_the_base_year_is_asked_about(two):
    two.node("F", "entity", parent="G", country="CN", **{"from": "2022-01-01"})
    two.node("F1", parent="F", country="CN", place="CN-GD", **{"from": "2022-01-01"})
    emits(two, "F1", 20, 2023)

    found = assess(two.write(), 2021, 2023)

    assert [(f.code, f.fields["node"]) for f in found.findings] == [
        ("base-year-rows-missing", "F1")
    ]


def test_sites_of_an_acquired_firm_are_one_deal(two):
    two.node("F", "entity", parent="G", country="CN", **{"from": "2022-01-01"})
    for site, tonnes in (("F1", 5), ("F2", 7)):
        two.node(site, parent="F", country="CN", place="CN-GD", **{"from": "2022-01-01"})
        emits(two, site, tonnes)

    found = assess(two.write(), 2021, 2023)

    assert [(c.what, c.mg) for c in found.changes] == [("F", 12 * T)]


def test_an_assessment_leaves_no_run_behind_and_is_json(two, tmp_path: Path):
    emits(joins(two, "F", "2022-01-01"), "F", 15)

    found = assess(two.write(), 2021, 2023)

    assert json.loads(json.dumps(found.to_dict()))["changes"][0]["day"] == "2022-01-01"
    assert sorted(p.name for p in (two.path / ".linyin").iterdir()) == ["lake", "work.lock"]
