"""Power in standard coal and gas by gross heat reach their factors by one stated step."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

from builders import FolderBuilder
from linyin.inventory.publish import publish
from linyin.inventory.replay import replay
from linyin.inventory.report.reading.sources import scope2
from linyin.inventory.trace import trace
from linyin.lake import BadInput
from linyin.ledger.bridges import Bridges, cross
from linyin.ledger.faults import LedgerError
from linyin.ledger.units import parse

KG = 1_000_000
GRID = ("mee-grid-2021-2023",)
COAL = [
    {"item": "electricity", "low": "0.1229", "unit": "kgce/kWh", "source": "GB/T 2589",
     "status": "approved"},
    {"item": "heat", "low": "0.03412", "unit": "kgce/MJ", "source": "GB/T 2589",
     "status": "approved"},
    {"item": "raw_coal", "low": "0.7143", "unit": "kgce/kg", "source": "GB/T 2589",
     "status": "approved"},
]  # fmt: skip
YEARS = [
    {"year": "2023", "kgce_per_kwh": "0.3", "publisher": "P", "source": "s", "status": "approved"},
    {"year": "2022", "kgce_per_kwh": "0.4", "publisher": "P", "source": "s", "status": "draft"},
]
FUELS = [{"item": "natural_gas", "gross_to_net": "0.9", "gross_to_net_source": "UK"}]


@pytest.fixture
def bridges() -> Bridges:
    return Bridges(COAL, YEARS, FUELS)


@pytest.mark.parametrize(
    ("item", "unit", "to", "value"),
    [
        ("electricity", "tce当量", "kWh", Fraction(1000) / Fraction("0.1229")),
        ("electricity", "kgce", "MWh", Fraction(1, 1000) / Fraction("0.1229")),
        ("electricity", "万tce", "kWh", Fraction(10_000_000) / Fraction("0.1229")),
        ("heat", "tce", "MJ", Fraction(1000) / Fraction("0.03412")),
        ("electricity", "tce等价", "kWh", Fraction(10_000, 3)),
        ("electricity", "万tce等价", "MWh", Fraction(100_000, 3)),
        ("natural_gas", "MWh gross", "MWh net", Fraction(9, 10)),
        ("natural_gas", "MWh gross", "GJ net", Fraction(36, 10) * Fraction(9, 10)),
        ("electricity", "MWh", "kWh", Fraction(1000)),
        ("natural_gas", "tce", "GJ net", Fraction("29.3076")),
    ],
)
def test_a_bridge_is_worth_its_fact_and_is_crossed_only_where_units_do_not_fit(
    bridges, item, unit, to, value
):
    assert bridges.convert(item, parse(unit), parse(to), 2023) == value


@pytest.mark.parametrize(
    ("item", "unit", "to"),
    [
        ("electricity", "GJ net", "kWh"),
        ("electricity", "MWh gross", "kWh"),
        ("raw_coal", "tce", "kWh"),
        ("heat", "tce equivalent", "MJ"),
        ("peat", "MWh gross", "MWh net"),
        ("natural_gas", "MWh net", "MWh gross"),
        ("natural_gas", "MWh", "MWh net"),
    ],
)
def test_nothing_else_is_bridged(bridges, item, unit, to):
    assert bridges.steps(item, parse(unit), parse(to), 2023) == ()
    with pytest.raises(LedgerError, match="mismatch"):
        bridges.convert(item, parse(unit), parse(to), 2023)


def test_a_year_without_a_coal_equivalent_is_an_error_that_names_those_known(bridges):
    with pytest.raises(LedgerError) as caught:
        bridges.find("electricity", parse("tce等价"), 2019)

    assert caught.value.code == "equivalent-missing"
    assert caught.value.choices == ("2022", "2023")


def test_recorded_steps_lead_to_the_unit_beyond_the_bridge(bridges):
    steps = bridges.steps("electricity", parse("tce"), parse("MWh"), 2023)

    assert [(s.step, s.unit) for s in steps] == [("coal equivalent", "kWh/tce")]
    assert cross(parse("tce"), steps) == (parse("kWh"), Fraction(1000) / Fraction("0.1229"))
    assert cross(parse("tce"), ()) == (parse("tce"), 1)


def in_coal(folder: FolderBuilder, unit: str, period: str = "2023") -> FolderBuilder:
    folder.packs(GRID).company("S", place="CN-GD")
    return folder.activity(
        "e", source_type="electricity", item="electricity", quantity=100, unit=unit, period=period
    )


@pytest.mark.parametrize(
    ("unit", "kgce"), [("吨标准煤（当量）", "0.1229"), ("吨标准煤（等价）", "0.3019")]
)
def test_power_in_standard_coal_is_its_kwh_by_location_and_by_market(folder, unit, kgce):
    in_coal(folder, unit).certificates("G", 100)
    kwh = 100_000 / Fraction(kgce)

    inventory = folder.calculate(2023)

    located = round(kwh * Fraction("0.4419") * KG)
    marketed = round((kwh - 100_000) * Fraction("0.6096") * KG)
    assert abs(inventory.by_line("location")["2.1"] - located) <= 1
    assert abs(inventory.by_line("market")["2.1"] - marketed) <= 2
    (market,) = scope2(inventory)
    assert market.consumption_kwh == pytest.approx(float(kwh), rel=1e-12)
    assert market.covered_kwh == pytest.approx(100_000, rel=1e-9)
    assert replay(inventory.path).same


def test_every_entry_behind_a_bridge_is_traced_with_the_bridge_as_a_step(folder):
    in_coal(folder, "tce").certificates("G", 100)

    inventory = folder.packs().calculate(2023)

    traced = trace(inventory, "activities/e")
    assert {t.leg["line"] for t in traced} >= {"2.1", "3.3"}
    assert {t.leg["boundary"] for t in traced} >= {"combustion", "losses"}
    assert {bool(t.leg["instrument"]) for t in traced} == {True, False}
    for one in traced:
        assert one.same, one.id
        (step,) = (t for t in one.terms if t.name == "coal equivalent")
        assert (step.value, step.unit) == (Fraction(1000) / Fraction("0.1229"), "kWh/tce")
        assert "GB/T 2589" in step.source


def test_a_remembered_coal_equivalent_is_used_shown_and_blocks_publishing(folder):
    inventory = in_coal(folder, "tce等价", "2022").calculate(2022)

    drafts = [f.fields["factor"] for f in inventory.findings if f.code == "factor-draft"]
    assert drafts == ["tce_equivalent-2022"]
    with pytest.raises(BadInput) as caught:
        publish(inventory.path, prepared_by="Ann", approved_by="Bo")
    assert [f.code for f in caught.value.findings] == ["publish-draft"]

    folder.config["factors"] = {"packs": list(GRID), "waived": ["tce_equivalent-2022"]}
    waived = folder.calculate(2022)

    assert publish(waived.path, prepared_by="Ann", approved_by="Bo").run["state"] == "published"


def test_a_year_without_a_coal_equivalent_stops_the_run(folder):
    with pytest.raises(BadInput) as caught:
        in_coal(folder, "tce等价", "2019").calculate(2019)

    assert [f.code for f in caught.value.findings] == ["equivalent-missing"]


def gas(folder: FolderBuilder, item: str = "natural_gas", place: str = "CN-GD") -> FolderBuilder:
    folder.company("S", place=place)
    folder.factor("net", use="fuel", item=item, unit="GJ net", co2_kg="56.1")
    return folder.activity(
        "g", source_type="stationary_combustion", item=item, quantity=10, unit="MWh gross"
    )


def test_gross_heat_takes_a_net_factor_by_the_ratio_of_the_fuel(folder):
    inventory = gas(folder).calculate(2023)

    exact = 36 * Fraction("0.90258") * Fraction("56.1") * KG
    assert abs(inventory.by_line("location")["1.1"] - exact) <= 1
    (leg,) = inventory.query("SELECT steps FROM legs").to_pylist()
    (step,) = json.loads(leg["steps"])
    assert (step["step"], step["unit"]) == ("net per gross heat", "MWh net/MWh gross")
    assert Fraction(step["value"]) == Fraction("0.90258")
    assert "Fuel properties" in step["source"]
    (traced,) = trace(inventory, "activities/g")
    assert traced.same


def test_a_factor_per_gross_heat_is_taken_as_it_is(folder):
    gas(folder).factor("gross", use="fuel", item="natural_gas", unit="kWh gross", co2_kg="0.18")

    inventory = folder.calculate(2023)

    assert inventory.by_line("location") == {"1.1": 1800 * KG}
    assert inventory.query("SELECT steps FROM legs").to_pylist() == [{"steps": "[]"}]


def test_what_is_missing_beyond_a_bridge_is_named_not_the_bridge(folder):
    folder.company("S")
    folder.factor(
        "rail", use="fuel", item="natural_gas", unit="GJ net", technology="rail", co2_kg="56.1"
    )
    folder.activity(
        "g", source_type="stationary_combustion", item="natural_gas", quantity=10,
        unit="MWh gross", technology="boiler",
    )  # fmt: skip

    with pytest.raises(BadInput) as caught:
        folder.calculate(2023)

    (finding,) = caught.value.findings
    assert (finding.code, finding.fields["choices"]) == ("factor-technology", "rail")


def test_gross_heat_of_a_fuel_without_a_ratio_is_an_error_that_names_both(folder):
    with pytest.raises(BadInput) as caught:
        gas(folder, "peat").calculate(2023)

    (finding,) = caught.value.findings
    assert finding.code == "factor-basis"
    assert (finding.fields["stated"], finding.fields["expected"]) == ("gross", "net")


def test_gas_by_gross_heat_in_china_takes_the_packs(folder):
    folder.packs().company("S", place="CN-GD")
    for number, (quantity, unit) in enumerate([(1000, "MWh gross"), ("902.58", "MWh net")]):
        folder.activity(
            f"g{number}", source_type="stationary_combustion", item="natural_gas",
            quantity=quantity, unit=unit,
        )  # fmt: skip

    inventory = folder.calculate(2023)

    rows = inventory.query(
        "SELECT DISTINCT factor_id, co2e_mg FROM entries JOIN legs USING (leg) "
        "WHERE legs.line = '1.1'"
    ).to_pylist()
    assert len(rows) == 1
    assert rows[0]["factor_id"].startswith("ipcc")
