"""What an importer says: every code of its source has a text, and none is left over."""

import re
from pathlib import Path

import pytest

from linyin.lake import load_messages
from linyin.ledger import import_factors, importers
from linyin.ledger.importers.imported import FactorImportError

CODES = re.compile(r"\b(?:factors-file|factor-cell|left-out)-[a-z0-9-]+")
HAN = re.compile(r"[\u4e00-\u9fff]")
HEADER = (
    "factor_id,use,item,unit,boundary,co2_kg,data_year,published,"
    "publisher,release,source,licence,evidence\n"
)
GOOD = "a,goods,steel,t,total,1900,2023,2024-05-01,ACME,1,EPD,own,read\n"


def test_codes_and_texts_are_the_same():
    folder = Path(importers.__file__).parent
    used = {
        code
        for file in folder.glob("*.py")
        for code in CODES.findall(file.read_text(encoding="utf-8"))
    }

    assert used == {code for code in load_messages() if CODES.fullmatch(code)}
    assert all(HAN.search(load_messages()[code].texts["zh"]) for code in used)


@pytest.mark.parametrize(
    ("before", "after", "en", "zh"),
    [
        ("1900", "1.9k", "own.csv, row 2, column co2_kg: '1.9k' is no number. ",
         "own.csv，第 2 行，列 co2_kg：“1.9k”不是数字。"),
        (",t,", ",ton,", "own.csv, row 2, column unit: “ton” can mean several units. ",
         "own.csv，第 2 行，列 unit：“ton”可指多种单位。"),
        ("1900", "", "own.csv, row 2, column co2e_kg: neither gases nor CO2e are given. ",
         "own.csv，第 2 行，列 co2e_kg：既没有气体质量也没有 CO2e。"),
    ],
)  # fmt: skip
def test_an_error_is_told_in_both_languages_at_its_cell(tmp_path, before, after, en, zh):
    file = tmp_path / "own.csv"
    file.write_text(HEADER + GOOD.replace(before, after, 1), encoding="utf-8")

    with pytest.raises(FactorImportError) as error:
        import_factors(file, "template")

    assert error.value.text("en").startswith(en)
    assert error.value.text("zh").startswith(zh)


def test_what_is_left_out_is_told_in_both_languages(tmp_path):
    file = tmp_path / "own.csv"
    file.write_text(HEADER + GOOD + "# a note\n", encoding="utf-8")

    (skipped,) = import_factors(file, "template").skipped

    assert (skipped.reason("en"), skipped.reason("zh")) == ("a comment", "注释")
