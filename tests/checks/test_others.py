"""Doubles, texts, factors, instruments, boundaries: each fires, and each leaves the sound alone."""

import pytest

from linyin.inventory.checks import CHECKS, run_checks
from linyin.inventory.checks.run import LISTED
from linyin.lake.messages import LANGUAGES, messages

DIESEL = {"item": "diesel", "unit": "L", "quantity": 500, "period": "2023-05"}
STEEL = {"source_type": "goods", "item": "steel", "counterparty": "Baosteel", "period": "2023"}


@pytest.fixture
def bare(company):
    """The company with factors of its own, so that every item has one."""
    company.config["factors"] = {"packs": []}
    company.factor("grid", use="grid", item="electricity", unit="kWh", co2_kg="0.5", place="CN")
    company.factor("diesel", use="fuel", item="diesel", unit="L", co2_kg="2.6")
    company.factor(
        "steel",
        use="goods",
        item="steel",
        unit="t",
        co2e_kg="2000",
        gwp_set="AR5-100",
        boundary="total",
    )
    company.factor(
        "steel-money",
        use="spend",
        item="steel",
        unit="CNY",
        co2e_kg="0.2",
        gwp_set="AR5-100",
        boundary="total",
        currency_year=2023,
    )
    return company


def test_the_same_row_under_another_id_is_a_duplicate(company):
    company.month(3, 1234, named="a").month(3, 1234, named="b").month(4, 1234, named="c")

    (finding,) = company.found("duplicates")

    assert (finding.code, finding.at.row, finding.fields["ids"]) == ("duplicate", 3, "a, b")


@pytest.mark.parametrize(
    "other",
    [
        {"quantity": 1235},
        {"site": "T"},
        {"kind": "reversal", "quantity": -1234},
        {"description": "meter 2"},
        {"counterparty": "other grid"},
    ],
)
def test_rows_that_differ_are_no_duplicates(company, other):
    company.month(3, 1234, named="a", description="meter 1")
    company.month(3, 1234, named="b", **({"description": "meter 1"} | other))

    assert company.examine("duplicates") == []


def test_one_invoice_twice_with_a_rounded_quantity_is_a_question(company):
    company.month(3, 1234.4, named="a", description="Invoice INV-2023-00817 grid")
    company.month(3, 1234, named="b", description="invoice inv, INV-2023-00817")

    assert company.examine("near-duplicates") == [("duplicate-near", 3)]


def test_two_invoices_of_a_month_are_no_question(company):
    company.month(3, 1234.4, named="a", description="Invoice INV-2023-00817")
    company.month(3, 1234, named="b", description="Invoice INV-2023-00818")

    assert company.examine("near-duplicates") == []


def test_a_litre_as_own_fleet_and_as_freight_is_double(bare):
    bare.activity("own", source_type="mobile_combustion", **DIESEL)
    bare.activity("freight", source_type="inbound_freight", **DIESEL)

    assert bare.examine("double-source-type") == [("double-source-type", 2)]


def test_other_litres_in_the_fleet_and_in_freight_are_not(bare):
    bare.activity("own", source_type="mobile_combustion", **DIESEL)
    bare.activity("freight", source_type="inbound_freight", **(DIESEL | {"quantity": 520}))

    assert bare.examine("double-source-type") == []


def test_a_main_meter_beside_all_its_sub_meters_is_double(company, even):
    company.months(even(100), named="main")
    company.months(even(70), named="sub1").months(even(30), named="sub2")

    (finding,) = company.found("double-meter")

    assert (finding.fields["meter"], finding.fields["months"]) == ("main-*", 12)


def test_three_meters_of_different_loads_are_not(company, even):
    company.months(even(100), named="a").months(even(70), named="b").months(even(40), named="c")

    assert company.examine("double-meter") == []


@pytest.mark.parametrize(("kwh", "found"), [(400, 1), (700, 0)])
def test_a_sub_meters_quantity_as_rows_of_its_site_is_double(company, kwh, found):
    company.node("D", parent="G", country="CN", place="CN-GD")
    company.add(
        "allocations",
        site="S",
        item="electricity",
        target="D",
        key="submeter",
        value=400,
        unit="kWh",
        begin="2023-01-01",
        end="2024-01-01",
    )
    company.month(1, 1000, named="main", period="2023")
    company.month(1, kwh, named="own", period="2023", site="D")

    assert company.examine("double-submeter") == [("double-submeter", 2)] * found


def test_steel_by_price_and_by_tonne_of_one_supplier_is_double(bare):
    bare.activity("t", quantity=10, unit="t", **STEEL)
    bare.activity("cny", quantity=50_000, unit="CNY", **STEEL)

    assert bare.examine("double-spend") == [("double-spend", 3)]


def test_steel_by_price_of_another_supplier_is_not(bare):
    bare.activity("t", quantity=10, unit="t", **STEEL)
    bare.activity("cny", quantity=50_000, unit="CNY", **(STEEL | {"counterparty": "Other"}))

    assert bare.examine("double-spend") == []


@pytest.mark.parametrize("boundary", ["total", "combustion"])
def test_no_calculation_adds_upstream_to_a_life_cycle_factor(bare, boundary):
    bare.tables["factors"][0]["boundary"] = boundary
    bare.factor("up", use="grid", item="electricity", unit="kWh", co2_kg="0.1", boundary="upstream")
    bare.month(1, 100)

    assert bare.examine("double-life-cycle") == []


def test_upstream_beside_a_life_cycle_factor_is_found_in_a_bundle(bare):
    import duckdb

    bare.factor("up", use="grid", item="electricity", unit="kWh", co2_kg="0.1", boundary="upstream")
    inventory = bare.month(1, 100).calculate()
    legs = inventory.path / "legs.parquet"
    changed = duckdb.sql(
        f"SELECT * REPLACE (CASE WHEN line = '2.1' THEN 'total' ELSE boundary END AS boundary) "
        f"FROM read_parquet('{legs}')"
    ).to_arrow_table()
    duckdb.from_arrow(changed).write_parquet(str(legs))

    found = run_checks(inventory, only=["double-life-cycle"])

    assert {(f.code, f.fields["boundary"]) for f in found} == {
        ("double-life-cycle", "upstream"),
        ("double-life-cycle", "losses"),
    }


@pytest.mark.parametrize(
    "text",
    [
        "用电 1,200 kWh",
        "used 1200kWh",
        "１２００度 电费",
        "0.12万度",
        "4.32 GJ",
        "1.2 MWh of power",
    ],
)
def test_a_text_with_another_quantity_contradicts(company, text):
    company.month(1, 12_000, description=text)

    assert company.examine("text-contradicts") == [("text-contradicts", 2)]


@pytest.mark.parametrize(
    "text",
    [
        "用电 12,000 kWh",
        "1.2万 kWh",
        "12 MWh",
        "约 1.23 万度",
        "8,000 kWh + 4,000 kWh",
        "0.8 元/kWh, 9600 元",
        "3 kWh/m2",
        "读数 53,200 kWh",
        "10 kV line, 550 kW",
        "",
        "5 t of coal, 3 m3 of water",
        "model X-500kWh",
    ],
)
def test_a_text_that_agrees_or_speaks_of_other_things_does_not(company, text):
    company.month(1, 12_000, description=text)

    assert company.examine("text-contradicts") == []


def test_three_months_in_the_text_of_one_month_is_a_question(company):
    company.month(1, 12_000, description="3 months of power")
    company.month(2, 12_000, description="账期 3 个月")
    company.month(3, 12_000, named="q", period="2023-Q2", description="3个月电费")

    assert company.examine("text-months") == [("text-months", 2)]


def test_measured_rows_without_evidence_are_counted_once_a_table(company, even):
    company.months(even(), status="measured").month(2, 7, site="T", status="measured")
    company.month(1, 5, site="T", status="measured", evidence_file="scan.pdf")

    (finding,) = company.found("measured-without-evidence")

    assert (finding.fields["rows"], finding.fields["site"]) == (13, "S, T")


def test_rows_outside_the_boundary_are_counted_with_the_reason(company, even):
    company.node("X", "entity", owner="G", ownership_pct=30, parent="G", country="CN")
    company.tables["organization"][2]["closed"] = "2022-12-31"
    company.months(even()).month(1, 1, site="T")

    assert company.examine("unmapped") == [("unmapped-absent", 14)]


def test_a_factor_used_beyond_its_validity_is_found(bare):
    bare.tables["factors"][0]["valid_to"] = "2023-07-01"
    bare.month(9, 100)

    assert bare.examine("factors-expired") == [("factor-expired", 2)]


def test_a_factor_valid_for_the_year_is_not(bare):
    bare.tables["factors"][0]["valid_to"] = "2024-01-01"
    bare.month(1, 100)

    assert bare.examine("factors-expired") == []


@pytest.mark.parametrize(("co2", "found"), [("0", 1), ("0.5", 0)])
def test_a_factor_of_nothing_is_asked_about(bare, co2, found):
    bare.tables["factors"][0]["co2_kg"] = co2
    bare.month(1, 100)

    assert bare.examine("factors-zero") == [("factor-zero", 2)] * found


def test_a_gas_outside_the_scopes_is_not_nothing(company):
    company.packs(["ashrae-refrigerants-34"])
    company.month(1, 10, source_type="fugitive", item="R22", unit="kg")

    assert company.examine("factors-zero") == []


@pytest.mark.parametrize(("status", "found"), [("draft", 1), ("approved", 0)])
def test_emissions_on_draft_factors_are_found(bare, status, found):
    bare.tables["factors"][0]["status"] = status
    bare.month(1, 100)

    assert bare.examine("factors-draft") == [("factors-draft", None)] * found


@pytest.mark.parametrize(("year", "found"), [(2019, 1), (2020, 0)])
def test_a_suppliers_factor_is_old_after_three_years(bare, year, found):
    bare.factor(
        "own",
        use="goods",
        item="steel",
        unit="t",
        co2e_kg="1500",
        gwp_set="AR5-100",
        boundary="total",
        supplier="Baosteel",
        basis="supplier",
        data_year=year,
    )
    bare.activity("t", quantity=10, unit="t", **STEEL)

    assert bare.examine("factors-of-suppliers") == [("factor-supplier-old", 2)] * found


def test_certificates_must_fit_the_year_and_be_retired(company, even):
    company.months(even())
    company.certificates("G", 1, vintage=2022, retired_on="2023-02-01")
    company.certificates("G", 1, vintage=2023, retired_on="2024-02-01")
    company.certificates("G", 1, vintage=2023)

    (finding,) = company.found("certificate-vintage")
    assert (finding.at.row, finding.fields["count"], finding.fields["instrument"]) == (2, 1, "C0")
    assert company.examine("certificate-not-retired") == [("certificate-not-retired", 4)]


def test_a_certificate_of_another_year_that_has_rows_is_not_asked_about(company, even):
    company.months(even()).month(6, 1000, year=2022)
    company.certificates("G", 1, vintage=2022).certificates("G", 1, vintage=2021)

    (finding,) = company.found("certificate-vintage", previous=True)

    assert (finding.at.row, finding.fields["instrument"]) == (3, "C1")


def test_certificate_that_reaches_over_the_year_and_claims_none_is_told_what_counts(company, even):
    company.months(even())
    window = {"begin": "2023-01-01", "end": "2025-01-01"}
    company.certificates("G", 7.31, **window)
    company.certificates("G", 7.31, **window, claimed_for=2023)
    company.certificates("G", 7.31, **window, claimed_for=2024)

    (found,) = company.found("certificate-divided", "certificate-vintage")

    assert (found.code, found.at.row) == ("certificate-divided", 2)
    assert found.fields["counted"] == "3.65"


@pytest.mark.parametrize(("back", "found"), [(-150, 1), (-50, 0)])
def test_reversals_beyond_what_there_was_are_found(company, back, found):
    company.month(1, 100).month(2, back, kind="reversal", named="back")

    codes = {code for code, _ in company.examine("total-negative")}

    assert codes == ({"total-negative"} if found else set())


@pytest.mark.parametrize(("kwh", "found"), [(2000, 1), (200, 0)])
def test_a_large_share_of_estimates_is_a_question(company, kwh, found):
    company.month(1, 10_000).month(2, kwh, status="estimated")

    assert company.examine("estimates-share") == [("estimates-share", None)] * found


def test_market_over_location_is_asked_only_with_instruments(company):
    company.month(1, 1000)
    assert company.examine("market-over-location") == []

    company.certificates("G", 0.1)
    (found,) = company.found("market-over-location")
    assert (found.fields["residual"], found.fields["year"]) == ("CN: excluding traded", 2023)


@pytest.mark.parametrize(
    ("item", "unit", "more"), [("flight", "person·km", "71"), ("air_freight", "t·km", "71")]
)
def test_a_flight_that_says_nothing_is_told_what_radiative_forcing_adds(company, item, unit, more):
    company.packs(["uk-transport-2024"])
    source_type = "business_travel" if item == "flight" else "outbound_freight"
    flown = {"source_type": source_type, "item": item, "unit": unit}
    company.month(1, 1000, **flown).month(2, 1000, **flown, technology="long_haul")

    (found,) = company.found("flights-default")

    assert (found.code, found.at.row, found.at.column) == ("flight-default", 2, "technology")
    assert (found.fields["meant"], found.fields["forced"], found.fields["more"]) == (
        "international", "international_rf", more,
    )  # fmt: skip


def test_a_line_that_vanished_is_a_question(bare, even):
    bare.months(even(), year=2022).months(even())
    bare.activity("own", source_type="mobile_combustion", **(DIESEL | {"period": "2022-05"}))

    (finding,) = bare.found("line-vanished", previous=True)

    assert finding.fields["line"] == "1.2"


@pytest.mark.parametrize(("area", "found"), [(10, 1), (1000, 0), (10_000_000, 1)])
def test_power_per_square_metre_out_of_bounds_is_a_question(company, even, area, found):
    company.add("metrics", node="S", metric="floor_area", period="2023", value=area, unit="m2")
    company.months(even())

    assert len(company.examine("intensity")) == found


def test_a_sound_company_has_no_finding_at_all(company, even):
    company.months(even(), year=2022).months(even(103), evidence_file="")

    before, now = company.calculate(2022), company.calculate(2023)

    assert run_checks(now, before) == ()


def test_what_is_not_listed_is_counted(company):
    for number in range(LISTED + 7):
        company.month(1, 12, named=f"n{number}", description=f"{number + 20} kWh")

    found = company.found("text-contradicts")

    assert len(found) == LISTED + 1
    (more,) = [f for f in found if f.code == "check-more"]
    assert more.fields["count"] == 7


def test_every_check_has_a_description_and_every_finding_a_text():
    for check in CHECKS.values():
        assert all(check.description(lang) for lang in LANGUAGES)
        assert check.severity in ("error", "warning", "question")
    assert {"slip-of-source", "check-more", "jump"} <= set(messages())
