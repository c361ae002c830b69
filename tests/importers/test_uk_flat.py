"""The UK flat file: small files made here, and the whole of 2023 against openpyxl."""

from collections import defaultdict
from decimal import Decimal

import pytest
from openpyxl import load_workbook
from publishers import (
    BUTANE,
    CH4,
    CO2,
    FLAT_HEADER,
    FLAT_LINES,
    TOTAL,
    co2e,
    flat,
    needs_data,
    published,
)

from linyin.ledger.importers import uk_flat
from linyin.ledger.importers.imported import FactorImportError
from linyin.ledger.importers.row_check import problems

FILE = "desnz-flat-2023.xlsx"


@pytest.fixture(scope="module")
def imported():
    return uk_flat.read(published(FILE))


@pytest.fixture(scope="module")
def lines():
    """ID stem to (first row, unit, values) as openpyxl reads the sheet."""
    sheet = load_workbook(published(FILE), read_only=True)["Factors by Category"]
    found = defaultdict(lambda: [0, "", {}])
    for number, cells in enumerate(sheet.iter_rows(min_row=7, values_only=True), start=7):
        if cells[0] and cells[9] is not None:
            entry = found[cells[0].rpartition("_")[0]]
            entry[0] = entry[0] or number
            entry[1] = cells[7]
            entry[2][cells[8]] = cells[9]
    return found


def test_co2e_of_gases_becomes_mass_of_gases(tmp_path):
    row = uk_flat.read(flat(tmp_path / "f.xlsx")).rows[0]

    assert (row["co2_kg"], row["ch4_kg"]) == ("3029.26", "0.09")
    assert Decimal(row["n2o_kg"]) * 265 == pytest.approx(Decimal("1.6"))
    assert (row["co2e_kg"], row["gwp_set"]) == ("", "")
    assert (row["item"], row["unit"], row["use"], row["place"]) == ("butane", "t", "fuel", "GB")


def test_a_total_without_gases_keeps_its_gwp_set(tmp_path):
    waste = ("Scope 3", "Waste disposal", "Metal", "Metal: steel cans", "", "Landfill", "tonnes")

    row = uk_flat.read(flat(tmp_path / "f.xlsx", [("20_1_1_15_1", *waste, TOTAL, 8.9)])).rows[0]

    assert (row["co2e_kg"], row["gwp_set"], row["co2_kg"]) == ("8.9", "AR5-100", "")
    assert (row["item"], row["technology"], row["boundary"]) == ("steel", "landfill", "total")


def test_radiative_forcing_is_no_mass_of_co2(tmp_path):
    flight = ("Scope 3", "Business travel- air", "Flights", "Long-haul, to/from UK")
    with_rf = (*flight, "Economy class", "With RF", "passenger.km")

    row = uk_flat.read(
        flat(
            tmp_path / "f.xlsx",
            [("21_1_1_11_1", *with_rf, TOTAL, 0.2), ("21_1_1_11_2", *with_rf, CO2, 0.199)],
        )
    ).rows[0]

    assert (row["co2_kg"], row["co2e_kg"]) == ("", "0.2")
    assert row["technology"] == "long_haul_economy_rf"


def test_biogenic_co2_joins_its_fuel(tmp_path):
    diesel = ("Diesel (average biofuel blend)", "", "")
    blend = ("Scope 1", "Fuels", "Liquid fuels", *diesel)
    outside = ("Outside of Scopes", "Outside of scopes", "Forecourt fuels containing biofuel")
    lines = [
        ("1_101_1011_15_1", *blend, "tonnes", TOTAL, 3000),
        ("1_101_1011_15_2", *blend, "tonnes", CO2, 3000),
        ("1_101_1011_8_1", *blend, "litres", TOTAL, 2.5),
        ("1_101_1011_8_2", *blend, "litres", CO2, 2.5),
        ("99_604_1011_15_2", *outside, *diesel, "tonnes", CO2, 180),
        ("99_604_1011_8_2", *outside, *diesel, "litres", CO2, 0.2),
    ]

    imported = uk_flat.read(flat(tmp_path / "f.xlsx", lines))

    tonne, litre = imported.rows
    assert tonne["co2_biogenic_kg"] == "180"
    assert litre["co2_biogenic_kg"] == "0.15"
    assert "rounded" in litre["note"]
    assert imported.skipped == []


@pytest.mark.parametrize(
    ("lines", "cell", "says"),
    [
        ([(*FLAT_LINES[0][:9], "n/a")], "J3", "'n/a' is no number"),
        ([(*FLAT_LINES[0][:8], "kg CO2f", 1)], "I3", "'kg CO2f' is not a known GHG/Unit"),
        ([("", *FLAT_LINES[0][1:])], "A3", "a line without an ID"),
        ([FLAT_LINES[0], FLAT_LINES[0]], "A4", "stands in row 3 too"),
        ([("1_1_1_99_1", *BUTANE[:6], "barrels", TOTAL, 1)], "A3", "unknown unit 'barrels'"),
        ([("1_1_1_15_3", *BUTANE, CH4, 1)], "A3", "neither a total nor CO2"),
    ],
)
def test_a_malformed_line_is_named_by_its_cell(tmp_path, lines, cell, says):
    with pytest.raises(FactorImportError, match=says) as error:
        uk_flat.read(flat(tmp_path / "f.xlsx", lines))

    assert (error.value.file, error.value.cell) == ("f.xlsx", cell)
    assert error.value.sheet == "Factors by Category"


def test_a_file_without_its_end_is_cut_off(tmp_path):
    with pytest.raises(FactorImportError, match="cut off"):
        uk_flat.read(flat(tmp_path / "f.xlsx", end=False))


def test_a_foreign_header_is_refused(tmp_path):
    header = (*FLAT_HEADER[:9], "GHG Conversion Factor 2019")

    with pytest.raises(FactorImportError, match="'GHG Conversion Factor 2023' expected") as error:
        uk_flat.read(flat(tmp_path / "f.xlsx", header=header))

    assert error.value.cell == "J2"


def test_two_readings_give_the_same_rows(tmp_path):
    path = flat(tmp_path / "f.xlsx")

    assert uk_flat.read(path) == uk_flat.read(path)


@needs_data
def test_every_line_of_2023_is_a_row_or_named_as_skipped(imported, lines):
    rows = {row["factor_id"].removeprefix("uk2023-") for row in imported.rows}
    named = {item.where.partition("!A")[2] for item in imported.skipped}
    biogenic = {stem for stem in lines if stem.startswith("99_")}

    lost = {stem for stem, line in lines.items() if stem not in rows and str(line[0]) not in named}

    assert len(lines) == 3082
    assert lost <= biogenic
    assert len(rows) == len(imported.rows) == 1718


@needs_data
def test_masses_of_2023_give_back_the_published_total(imported, lines):
    for row in imported.rows:
        if row["use"] == "fugitive":
            continue
        published_total = lines[row["factor_id"].removeprefix("uk2023-")][2][TOTAL]
        assert float(co2e(row)) == pytest.approx(published_total, rel=1e-12, abs=1e-15)


@needs_data
def test_every_biogenic_line_of_a_fuel_of_2023_is_used(imported, lines):
    outside = [item for item in imported.skipped if item.what.startswith("Outside of scopes")]
    joined = [row for row in imported.rows if row["co2_biogenic_kg"]]
    derived = [row for row in joined if row["unit"] == "kWh gross"]
    given = {stem for stem in lines if stem.startswith("99_")}

    assert {item.why for item in outside} == {uk_flat.NO_VALUE}
    assert {row["use"] for row in joined} == {"fuel", "grid", "leased"}
    assert len(joined) - len(derived) == len(given) + 1  # UK power stands on two sheets
    assert {(row["item"], row["technology"]) for row in derived} == {
        ("diesel", "biofuel_blend"),
        ("petrol", "biofuel_blend"),
    }


@needs_data
@pytest.mark.parametrize(
    ("factor_id", "column", "value"),
    [
        ("uk2023-1_100_1000_15", "co2_kg", "3029.26"),
        ("uk2023-2_103_1032_8", "co2_biogenic_kg", "2.39"),
        ("uk2023-25_315_3147_11", "co2_kg", "0.0351"),
        ("uk2023-25_315_3147_11", "ch4_kg", "0.0000028"),
        ("uk2023-12_900_1040_3", "co2e_kg", "0.50291"),
    ],
)
def test_cells_of_2023_read_by_hand(imported, factor_id, column, value):
    row = next(row for row in imported.rows if row["factor_id"] == factor_id)

    assert row[column] == value


@needs_data
def test_rows_of_2023_fit_the_schema(imported):
    assert [(row["factor_id"], problems(row)) for row in imported.rows if problems(row)] == []
