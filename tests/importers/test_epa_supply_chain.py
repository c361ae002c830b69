"""EPA's supply-chain factors: made-up lines, and the whole of v1.3.0."""

import csv

import pytest
from publishers import needs_data, published

from linyin.ledger.importers import epa_supply_chain
from linyin.ledger.importers.epa_supply_chain import HEADER
from linyin.ledger.importers.imported import FactorImportError
from linyin.ledger.importers.row_check import problems

FILE = "epa_supplychain_v1.3.0_co2e_usd2022.csv"
UNIT = "kg CO2e/2022 USD, purchaser price"
CHIPS = ("334413", "Semiconductors", "All GHGs", UNIT, "0.188", "0.028", "0.215", "334413")


def write(path, *lines, header=HEADER):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *lines])
    return path


def test_a_row_is_per_purchaser_price_with_margins(tmp_path):
    row = epa_supply_chain.read(write(tmp_path / FILE, CHIPS)).rows[0]

    assert (row["item"], row["unit"], row["co2e_kg"]) == ("naics_334413", "USD", "0.215")
    assert (row["currency_year"], row["price_basis"]) == ("2022", "purchaser")
    assert (row["gwp_set"], row["boundary"], row["place"]) == ("AR5-100", "total", "US")
    assert problems(row) == []


@pytest.mark.parametrize(
    ("line", "cell", "says"),
    [
        ((*CHIPS[:2], "Methane", "kg/2022 USD, purchaser price", *CHIPS[4:]), "C2", "CO2e file"),
        (("33441", *CHIPS[1:]), "A2", "no NAICS-6 code"),
        ((*CHIPS[:6], "", "334413"), "G2", "no number"),
        ((*CHIPS[:6], "0.315", "334413"), "G2", "is not 0.315"),
        (CHIPS[:5], "A2", "5 cells"),
    ],
)
def test_a_malformed_line_is_named_by_its_cell(tmp_path, line, cell, says):
    with pytest.raises(FactorImportError, match=says) as error:
        epa_supply_chain.read(write(tmp_path / FILE, line))

    assert error.value.cell == cell


def test_a_code_stands_once(tmp_path):
    with pytest.raises(FactorImportError, match="334413 stands twice"):
        epa_supply_chain.read(write(tmp_path / FILE, CHIPS, CHIPS))


def test_a_file_of_an_unknown_release_is_refused(tmp_path):
    with pytest.raises(FactorImportError, match=r"one of v1\.2, v1\.3\.0"):
        epa_supply_chain.read(write(tmp_path / "factors.csv", CHIPS))


def test_a_foreign_header_is_refused(tmp_path):
    with pytest.raises(FactorImportError, match="expected the header"):
        epa_supply_chain.read(write(tmp_path / FILE, CHIPS, header=HEADER[::-1]))


@needs_data
def test_all_1016_codes_of_the_publisher_are_read_with_their_values():
    with published(FILE).open(encoding="utf-8-sig") as file:
        lines = {line[HEADER[0]]: line for line in csv.DictReader(file)}

    imported = epa_supply_chain.read(published(FILE))

    assert len(imported.rows) == len(lines) == 1016
    assert imported.skipped == []
    for row in imported.rows:
        line = lines[row["item"].removeprefix("naics_")]
        assert float(row["co2e_kg"]) == float(line[HEADER[6]])
        assert problems(row) == []
