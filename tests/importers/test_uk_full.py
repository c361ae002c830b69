"""The UK full set: small files made here, and the whole of 2024 against a table of facts."""

import csv
import re
from collections import Counter, defaultdict

import pytest
from openpyxl import load_workbook
from publishers import FULL_HEADER, TOTAL, co2e, full, needs_data, published

from linyin.ledger.importers import uk_full
from linyin.ledger.importers.imported import FactorImportError
from linyin.ledger.importers.row_check import problems

FILE = "desnz-full-2024.xlsx"

BUTANE = ("Gaseous fuels", "Butane", "tonnes", 3033.38, 3029.26, 2.52, 1.6)


@pytest.fixture(scope="module")
def imported():
    return uk_full.read(published(FILE))


@pytest.fixture(scope="module")
def by_cell(imported):
    """(sheet, row) to the rows read from there."""
    found = defaultdict(list)
    for row in imported.rows:
        sheet, _, cell = row["source"].rpartition("v1.1, ")[2].rpartition("!")
        found[sheet, re.match(r"[A-Z]+(\d+)", cell)[1]].append(row)
    return found


def test_a_label_goes_down_through_its_merged_cells(tmp_path):
    lines = [BUTANE, ("", "", "litres", 1.7, 1.69, 0.0028, 0.00265)]

    path = full(tmp_path / "f.xlsx", lines, merge=("A10:A11", "B10:B11"))
    saved = load_workbook(path).properties.modified.date()

    rows = uk_full.read(path).rows

    assert [(row["item"], row["unit"]) for row in rows] == [("butane", "t"), ("butane", "L")]
    assert rows[1]["ch4_kg"] == "0.0001"
    assert rows[0]["published"] == saved.isoformat()


def test_a_heading_over_a_group_of_columns_names_the_technology(tmp_path):
    path = full(
        tmp_path / "f.xlsx",
        [("Metal", "Metal: steel cans", "tonnes", 2854.9, None, 1726.7)],
        header=("Activity", "Material", "Unit", TOTAL, TOTAL, TOTAL),
        above=("", "", "", "Primary material production", "Re-used", "Closed-loop source"),
        title="Material use",
    )

    imported = uk_full.read(path)

    assert [(row["technology"], row["co2e_kg"]) for row in imported.rows] == [
        ("primary", "2854.9"),
        ("closed_loop", "1726.7"),
    ]
    assert [item.where for item in imported.skipped] == ["Material use!E10"]


def test_a_note_above_a_header_is_no_heading(tmp_path):
    path = full(tmp_path / "f.xlsx", [BUTANE], above=("", "", "", "", "", "An error was found"))

    assert [row["technology"] for row in uk_full.read(path).rows] == [""]


@pytest.mark.parametrize(
    ("lines", "cell", "says"),
    [
        ([("Gaseous fuels", "Butane", "tonnes", "see note")], "D10", "'see note' is no number"),
        ([("Gaseous fuels", "", "tonnes", 1)], "B10", "an empty label"),
        ([("Gaseous fuels", "Butane", "", 1)], "C10", "no unit"),
        ([("Gaseous fuels", "Butane", "bushels", 1)], "D10:G10", "unknown unit 'bushels'"),
        ([BUTANE, BUTANE], "D11:G11", "a second line"),
    ],
)
def test_a_malformed_line_is_named_by_sheet_and_cell(tmp_path, lines, cell, says):
    with pytest.raises(FactorImportError, match=says) as error:
        uk_full.read(full(tmp_path / "f.xlsx", lines))

    assert (error.value.file, error.value.sheet, error.value.cell) == ("f.xlsx", "Fuels", cell)


def test_an_unknown_column_heading_is_refused(tmp_path):
    header = ("Activity", "Colour", *FULL_HEADER[2:])

    with pytest.raises(FactorImportError, match="unknown column heading 'Colour'") as error:
        uk_full.read(full(tmp_path / "f.xlsx", [BUTANE], header=header))

    assert error.value.cell == "B9"


def test_groups_of_columns_need_headings(tmp_path):
    header = ("Activity", "Material", "Unit", TOTAL, TOTAL)

    with pytest.raises(FactorImportError, match="has no heading") as error:
        uk_full.read(full(tmp_path / "f.xlsx", [], header=header, above=("", "", "", "Re-used")))

    assert error.value.cell == "E8"


def test_a_sheet_without_a_table_is_no_full_set(tmp_path):
    with pytest.raises(FactorImportError, match="no sheet holds a table"):
        uk_full.read(full(tmp_path / "f.xlsx", [], header=("Activity", "Fuel")))


@needs_data
def test_2024_agrees_with_a_parser_written_by_others(by_cell):
    with published("factors/transport_travel_uk2024.csv").open(encoding="utf-8") as file:
        facts = [fact for fact in csv.DictReader(file) if fact["year"] == "2024"]

    missing = []
    for fact in facts:
        found = [
            row
            for row in by_cell[fact["sheet"], fact["cell_row"]]
            if fact["fuel_or_class_or_route"] in row["name_en"]
            and float(co2e(row)) == pytest.approx(float(fact["value"]), abs=6e-6)
        ]
        missing += [fact["record_id"]] if not found else []

    assert len(facts) == 316
    assert missing == []


@needs_data
def test_masses_of_2024_give_back_the_published_total_within_rounding(by_cell):
    book = load_workbook(published(FILE), data_only=True)
    checked = 0
    for (sheet, number), rows in by_cell.items():
        for row in rows:
            if row["use"] == "fugitive":
                continue
            first = re.search(r"!([A-Z]+)\d+", row["source"])[1]
            assert float(co2e(row)) == pytest.approx(
                book[sheet][f"{first}{number}"].value, abs=1.1e-5
            )
            checked += 1
    assert checked > 800


@needs_data
def test_all_26_sheets_of_2024_are_read_or_named(imported):
    sheets = set(load_workbook(published(FILE), read_only=True).sheetnames)
    read = {row["source"].rpartition("v1.1, ")[2].rpartition("!")[0] for row in imported.rows}
    named = {item.where.partition("!")[0] for item in imported.skipped}

    assert read | named | {"Outside of scopes"} == sheets
    assert sheets - read - {"Outside of scopes"} == {
        "Introduction",
        "What's new",
        "Index",
        "Conversions",
        "Fuel properties",
        "Haul definition",
        "SECR kWh pass & delivery vehs",
        "SECR kWh UK electricity for EVs",
    }


@needs_data
def test_ids_of_2024_are_unique_and_rows_fit_the_schema(imported):
    count = Counter(row["factor_id"] for row in imported.rows)

    assert len(imported.rows) == len(count) == 997
    assert [(row["factor_id"], problems(row)) for row in imported.rows if problems(row)] == []
