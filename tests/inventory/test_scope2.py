"""Scope 2 by location and by market; category 3.3 of power."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace
from fractions import Fraction

import pytest

from builders import FolderBuilder, role_total
from linyin.inventory.inventory import Inventory
from linyin.inventory.jobs import job_of, run_jobs
from linyin.inventory.metering import Metering
from linyin.inventory.replay import replay, restore
from linyin.inventory.runfile import read_run
from linyin.inventory.trace import trace
from linyin.lake import BadInput, errors_in, start_engine
from linyin.ledger import seal_bundle
from linyin.ledger.reference import ReferenceTables

T = 1_000_000_000
GRID = ("mee-grid-2021-2023",)


def codes(inventory) -> dict[str, dict[str, object]]:
    return {f.code: dict(f.fields) for f in inventory.findings}


def test_guangdong_2023_by_location_and_by_market(folder):
    folder.packs(GRID).company("S", place="CN-GD").electricity("S", 1000)
    folder.certificates("G", 300)

    inventory = folder.calculate(2023)

    assert inventory.by_line("location")["2.1"] == 441_900_000_000
    assert inventory.by_line("market")["2.1"] == 426_720_000_000


def test_certificates_count_only_up_to_their_owners_load(folder):
    folder.packs(GRID).company("S", place="CN-GD").electricity("S", 100)
    folder.certificates("G", 130)

    inventory = folder.calculate(2023)

    assert inventory.by_line("market").get("2.1", 0) == 0
    assert inventory.by_line("location")["2.1"] == 44_190_000_000
    assert codes(inventory)["certificates-over-load"]["surplus_mwh"] == "30.0"


def two_owners(folder: FolderBuilder) -> FolderBuilder:
    folder.packs(GRID).node("G", "group", country="CN", place="CN-GD")
    for entity in ("E1", "E2"):
        folder.node(entity, "entity", owner="G", ownership_pct=100, control="sole")
        folder.electricity(entity, 100)
    return folder


def test_certificates_of_one_entity_do_not_cover_its_sisters_load(folder):
    two_owners(folder).certificates("E1", 150)

    inventory = folder.calculate(2023)

    assert inventory.by_line("market")["2.1"] == 60_960_000_000


@pytest.mark.parametrize(
    ("cells", "reason"),
    [({"vintage": 2021}, "vintage"), ({"market": "GB"}, "market"), ({"site": "S2"}, "site")],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_certificate_of_another_vintage_market_or_site_covers_nothing(folder, cells, reason):
    folder.packs(GRID).company("S", "S2", place="CN-GD").electricity("S", 100)
    folder.certificates("G", 100, **cells)

    inventory = folder.calculate(2023)

    assert inventory.by_line("market")["2.1"] == 60_960_000_000
    if reason != "vintage":
        (told,) = [f for f in inventory.findings if f.code == "instrument-without-load"]
        assert (told.at.file, told.at.row) == ("instruments.csv", 2)
    assert "certificates-over-load" not in codes(inventory)


@pytest.mark.parametrize(("kind", "mwh"), [("certificate", 50), ("supplier", "")])
def test_what_a_parent_holds_covers_no_load_of_its_subsidiary_and_is_told(folder, kind, mwh):
    two_owners(folder).certificates("G", mwh, kind=kind)

    inventory = folder.calculate(2023)

    told = codes(inventory)["instrument-without-load"]
    assert (told["owner"], told["market"], told["begin"]) == ("G", "CN", "2023-01-01")
    assert inventory.by_line("market")["2.1"] == 2 * 60_960_000_000


def test_a_certificate_whose_load_others_cover_exceeds_it_at_its_row(folder):
    folder.packs(GRID).company("S", place="CN-GD").electricity("S", 100)
    folder.certificates("G", 100).certificates("G", 50)

    (told,) = [f for f in folder.calculate(2023).findings if f.code == "certificates-over-load"]

    assert (told.at.file, told.at.row, told.fields["surplus_mwh"]) == ("instruments.csv", 3, "50.0")


@pytest.mark.parametrize(
    ("rule", "expected"),
    [("proportional", {"S1": 75, "S2": 225}), ("in order", {"S1": 0, "S2": 300})],
)
def test_certificates_are_spread_over_sites_by_the_named_rule(folder, rule, expected):
    folder.config["policies"] = {"certificates": rule}
    folder.packs(GRID).company("S1", "S2", place="CN-GD")
    folder.electricity("S1", 100)
    folder.electricity("S2", 300)
    folder.certificates("G", 100)

    inventory = folder.calculate(2023)

    rows = inventory.query(
        "SELECT booked_site, sum(co2e_mg) AS mg FROM entries "
        "WHERE scope2_method = 'market' GROUP BY ALL"
    ).to_pylist()
    booked = {row["booked_site"]: row["mg"] for row in rows}
    assert booked == {site: mwh * 609_600_000 for site, mwh in expected.items()}


def test_residual_policy_grid_average_takes_the_location_factor(folder):
    folder.config["policies"] = {"residual": {"CN": "grid average"}}
    folder.packs(GRID).company("S", place="CN-GD").electricity("S", 1000)

    inventory = folder.calculate(2023)

    assert inventory.by_line("market")["2.1"] == inventory.by_line("location")["2.1"]


def test_certificates_come_before_contracts_which_keep_their_own_factor(folder):
    folder.packs(GRID).company("S", place="CN-GD").electricity("S", 1000)
    folder.certificates("G", 400, kind="contract", co2_kg_per_kwh="0.1")
    folder.certificates("G", 800)

    inventory = folder.calculate(2023)

    assert inventory.by_line("market")["2.1"] == 200 * 100_000_000
    assert codes(inventory)["certificates-over-load"]["surplus_mwh"] == "200.0"


@pytest.mark.parametrize(("place", "country"), [("CN-XZ", "CN"), ("MO", "MO")])
def test_place_without_a_factor_of_its_own_is_a_finding_never_the_national(folder, place, country):
    from linyin.lake import BadInput

    folder.packs(GRID).node("G", "group", country=country, place=place).electricity("G", 1)

    with pytest.raises(BadInput) as caught:
        folder.calculate(2023)

    assert [f.code for f in caught.value.findings if f.severity == "error"] == ["factor-missing"]


def test_life_cycle_grid_factor_stands_in_with_a_warning_and_without_category_3(folder):
    folder.company("S").electricity("S", 10)
    folder.factor(
        "lc", use="grid", item="electricity", unit="kWh", boundary="total", co2e_kg="0.4",
        gwp_set="AR5-100",
    )  # fmt: skip

    inventory = folder.calculate(2023)

    assert inventory.by_line("location") == {"2.1": 4 * T}
    assert "grid-total" in codes(inventory)


def upstream(folder: FolderBuilder) -> FolderBuilder:
    folder.packs(GRID).company("S", place="CN-GD").electricity("S", 1000)
    folder.certificates("G", 250)
    return folder.factor(
        "wtt", use="grid", item="electricity", unit="kWh", boundary="upstream", place="CN",
        co2_kg="0.1",
    )  # fmt: skip


@pytest.mark.parametrize(("follows", "share"), [("location", 1.0), ("market", 0.75)])
def test_category_3_of_power_follows_the_figures_that_the_policy_names(folder, follows, share):
    folder.config["policies"] = {"upstream_follows": follows}

    inventory = upstream(folder).calculate(2023)

    rows = inventory.query(
        "SELECT sum(e.co2e_mg) AS mg FROM entries e JOIN legs l USING (leg) "
        "WHERE l.boundary = 'upstream'"
    ).to_pylist()
    assert rows[0]["mg"] == int(100 * T * share)
    assert inventory.run["policies"]["upstream_follows"] == follows


def losses(inventory: Inventory) -> list[dict[str, object]]:
    return inventory.query(
        "SELECT l.factor_id, e.co2e_mg AS mg, l.lo, l.hi, l.steps FROM entries e "
        "JOIN legs l USING (leg) WHERE l.boundary = 'losses' ORDER BY ALL"
    ).to_pylist()


@pytest.mark.parametrize(
    ("follows", "kg_per_kwh", "covered"), [("location", "0.4419", 0), ("market", "0.6096", 250)]
)
def test_losses_take_the_factor_of_the_figures_that_category_3_follows(
    folder, follows, kg_per_kwh, covered
):
    folder.config["policies"] = {"upstream_follows": follows}
    upstream(folder)
    lost = ReferenceTables.shipped().losses.find(("CN",), 2023).value

    inventory = folder.calculate(2023)

    (leg,) = losses(inventory)
    exact = (1000 - covered) * 1000 * Fraction(kg_per_kwh) * lost / (1 - lost) * 1_000_000
    assert abs(leg["mg"] - exact) <= 1
    told = [step["step"] for step in json.loads(leg["steps"])]
    assert told == ["excluding traded"] * (follows == "market") + ["lost ÷ delivered"]
    entry = f"activities/{folder.tables['activities'][0]['external_id']}"
    assert all(traced.same for traced in trace(inventory, entry))
    assert replay(inventory.path).same


def test_losses_of_several_instruments_follow_each_uncovered_part_once(folder):
    folder.config["policies"] = {"upstream_follows": "market"}
    upstream(folder).certificates("G", 250)
    lost = ReferenceTables.shipped().losses.find(("CN",), 2023).value

    legs = losses(folder.calculate(2023))

    exact = 500_000 * Fraction("0.6096") * lost / (1 - lost) * 1_000_000
    assert abs(sum(leg["mg"] for leg in legs) - exact) <= len(legs)


def test_a_factor_for_losses_stays_whatever_category_3_follows(folder):
    folder.config["policies"] = {"upstream_follows": "market"}
    upstream(folder).factor(
        "lost", use="grid", item="electricity", unit="kWh", boundary="losses", place="CN",
        co2_kg="0.04",
    )  # fmt: skip

    (leg,) = losses(folder.calculate(2023))

    assert (leg["factor_id"], leg["mg"]) == ("lost", 30 * T)


def test_version_1_of_the_grid_method_keeps_losses_at_the_location_factor(folder, tmp_path):
    folder.config["policies"] = {"upstream_follows": "market"}
    bundle = upstream(folder).calculate(2023).path
    run = read_run(json.loads((bundle / "run.json").read_text(encoding="utf-8")))
    old = replace(run, methods=(("electricity", "grid", 1),))
    source = restore(bundle)
    metered = Metering(source)
    rows = bundle / "inputs" / "activities.parquet"
    metered.reads(rows)

    with closing(start_engine()) as engine:
        job = job_of(source, old, metered, None)
        calculated = run_jobs(source, [job], rows, tmp_path / "work", engine, lambda _: None)

    legs = [leg for leg in calculated.runs[run.run].legs if leg.boundary == "losses"]
    assert {leg.factor.factor_id for leg in legs if leg.factor} == {"mee-grid-2023-CN-GD"}
    assert {leg.method.version for leg in legs} == {1}


def test_exported_power_is_deducted_only_under_the_chinese_standard(folder):
    folder.packs(GRID).company("S", place="CN-GD").electricity("S", 100)
    folder.activity(
        "out", source_type="electricity_exported", item="electricity", quantity=40, unit="MWh"
    )

    protocol, chinese = folder.calculate_all(2023, standards=("GHG Protocol", "GB/T 32150"))

    assert protocol.by_line("location")["2.1"] == 100 * 441_900_000
    assert role_total(protocol, "memo") == {"2.1": -40 * 441_900_000}
    assert chinese.by_line("location")["2.1"] == 60 * 441_900_000
    assert chinese.by_line("market")["2.1"] == 60 * 609_600_000


def test_suppliers_own_factors_for_supply_chain_and_losses_go_before_the_average(folder):
    upstream(folder)
    for boundary, co2 in (("upstream", "0.02"), ("losses", "0.01")):
        folder.factor(
            f"own-{boundary}", use="grid", item="electricity", unit="kWh", boundary=boundary,
            basis="supplier", supplier="utility", co2_kg=co2,
        )  # fmt: skip
    folder.tables["activities"][0]["counterparty"] = "utility"

    inventory = folder.calculate(2023)

    assert inventory.by_line("location")["3.3"] == 30 * T


def test_a_run_of_one_entity_is_not_told_of_the_others_certificates_or_rows(folder):
    two_owners(folder)
    folder.activity("odd", site="E2", source_type="electricity", item="electricity",
                    quantity=1, unit="m2")  # fmt: skip
    folder.certificates(owner="E1", mwh=5, market="GB")
    folder.certificates(owner="E2", mwh=5, market="GB")

    first = folder.calculate(2023, entities=("E1",))

    unused = [f.fields["owner"] for f in first.findings if f.code == "instrument-without-load"]
    assert unused == ["E1"]
    with pytest.raises(BadInput) as caught:
        folder.calculate(2023, entities=("E2",))
    assert {f.code for f in errors_in(caught.value.findings)} == {"method-misfit"}


def test_power_bought_inside_the_group_is_eliminated_in_the_group(folder):
    two_owners(folder)
    for row in folder.tables["activities"]:
        row["counterparty"] = "E1" if row["site"] == "E2" else ""

    buyer, group = folder.calculate_all(2023, entities=("E2", "G"))

    assert buyer.by_line("location")["2.1"] == 44_190_000_000
    assert group.by_line("location")["2.1"] == 44_190_000_000
    assert role_total(group, "eliminated")["2.1"] == 44_190_000_000


@pytest.mark.parametrize("place", ["CN-GD", "GB", "DE", "US", "IN", "BR", "TW", "JP"])
@pytest.mark.parametrize("year", [2021, 2023])
def test_no_kilowatt_hour_has_a_life_cycle_factor_beside_combustion_or_its_supply_chain(
    folder, place, year
):
    folder.packs().node("G", "group", country=place[:2], place=place)
    folder.electricity("G", 100, period=str(year))

    inventory = folder.calculate(year)

    rows = inventory.query(
        "SELECT e.scope2_method AS method, list(DISTINCT l.boundary) AS boundaries "
        "FROM entries e JOIN legs l USING (leg) GROUP BY ALL"
    ).to_pylist()
    by_method = {row["method"]: set(row["boundaries"]) for row in rows}
    for method in ("location", "market"):
        together = by_method[method] | by_method.get("", set())
        assert "total" not in together or together == {"total"}


@pytest.mark.parametrize("code", ["LS", "US", "GB", "HK"])
def test_site_whose_code_is_a_countrys_takes_no_factor_of_that_country(folder, code):
    folder.packs().node("G", "group", country="CN")
    folder.node(code, parent="G", country="DE", place="DE").electricity(code, 1)

    inventory = folder.calculate(2023)

    rows = inventory.query("SELECT DISTINCT factor_id FROM legs WHERE line = '2.1'").to_pylist()
    assert [row["factor_id"] for row in rows] == ["ember-2023-DE"]


@pytest.mark.parametrize("place", ["S", "site:S"])
def test_own_factor_of_a_site_goes_before_its_provinces(folder, place):
    folder.packs(GRID).company("S", "S2", place="CN-GD")
    folder.electricity("S", 1)
    folder.electricity("S2", 1)
    folder.factor("own", use="grid", item="electricity", unit="kWh", place=place, co2_kg="0.1")

    inventory = folder.calculate(2023)

    rows = inventory.query(
        "SELECT booked_site, sum(co2e_mg)::BIGINT AS mg FROM entries "
        "WHERE scope2_method = 'location' GROUP BY ALL"
    ).to_pylist()
    assert {row["booked_site"]: row["mg"] for row in rows} == {
        "S": 100_000_000,
        "S2": 441_900_000,
    }


def test_own_factor_of_an_unknown_place_is_an_error_at_its_row(folder):
    from linyin.lake import BadInput

    folder.company("S").electricity("S", 1)
    folder.factor("own", use="grid", item="electricity", unit="kWh", place="Atlantis", co2_kg="1")

    with pytest.raises(BadInput) as caught:
        folder.calculate(2023)

    found = [(f.code, f.at.file, f.at.row, f.at.column) for f in caught.value.findings]
    assert found == [("place-unknown", "factors.csv", 2, "place")]


def test_certificate_of_one_month_covers_that_months_load_only(folder):
    folder.packs(GRID).company("S", place="CN-GD")
    for month in range(1, 13):
        folder.electricity("S", 100, f"2023-{month:02}")
    folder.certificates("G", 600, begin="2023-12-01", end="2024-01-01")

    inventory = folder.calculate(2023)

    assert inventory.by_line("market")["2.1"] == 1100 * 609_600_000
    assert codes(inventory)["certificates-over-load"]["surplus_mwh"] == "500.0"


def covered_mwh(inventory) -> dict[str, float]:
    rows = inventory.query(
        "SELECT l.instrument, sum(e.amount * e.fraction) AS mwh FROM entries e "
        "JOIN legs l USING (leg) WHERE l.instrument <> '' GROUP BY ALL"
    ).to_pylist()
    return {row["instrument"]: row["mwh"] for row in rows}


def two_years(folder: FolderBuilder) -> FolderBuilder:
    folder.packs(GRID).company("S", place="CN-GD")
    return folder.electricity("S", 504, "2023").electricity("S", 1000, "2024")


def test_certificate_of_two_years_is_divided_by_the_days_of_its_window(folder):
    two_years(folder).certificates("G", 731, begin="2023-01-01", end="2025-01-01")

    first, second = folder.calculate_all(2023, 2024)

    assert covered_mwh(first) == {"C0": pytest.approx(365)}
    assert covered_mwh(second) == {"C0": pytest.approx(366)}


@pytest.mark.parametrize("year", [2023, 2024])
def test_certificate_counts_whole_in_the_year_that_it_is_claimed_for_and_nowhere_else(folder, year):
    two_years(folder)
    folder.certificates("G", 500, begin="2023-01-01", end="2025-01-01", claimed_for=year)

    runs = folder.calculate_all(2023, 2024)

    covered = {run.run["year"]: covered_mwh(run) for run in runs}
    assert covered == {year: {"C0": pytest.approx(500)}, 4047 - year: {}}


def test_certificate_of_a_calendar_year_counts_once_over_two_fiscal_years(folder):
    folder.config["inventory"]["fiscal_year_start"] = "04-01"
    folder.packs(GRID).company("S", place="CN-GD")
    folder.electricity("S", 1000, "2022").electricity("S", 1000, "2023")
    folder.certificates("G", 365)

    runs = folder.calculate_all(2023, 2024)

    assert [covered_mwh(run) for run in runs] == [
        {"C0": pytest.approx(90)},
        {"C0": pytest.approx(275)},
    ]


def test_bundle_that_pins_no_rule_counts_an_instrument_whole_in_every_year_as_it_did(
    folder, tmp_path
):
    window = {"begin": "2023-01-01", "end": "2025-01-01"}
    divided = two_years(folder).certificates("G", 731, **window).calculate(2023)
    other = two_years(FolderBuilder(tmp_path / "whole"))
    whole = other.certificates("G", 731, **window, claimed_for=2023).calculate(2023)
    run = divided.path / "run.json"
    fields = json.loads(run.read_text())
    del fields["pins"]["supply_rule"]
    run.write_text(json.dumps(fields))
    seal_bundle(divided.path, sorted((divided.path / "entries").iterdir()))

    assert replay(divided.path).found == whole.manifest.content
