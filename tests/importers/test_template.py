"""Users' own factors in our template, and what a row must fit."""

from datetime import date

import pytest
from openpyxl import Workbook

from linyin.ledger.importers import template
from linyin.ledger.importers.imported import FactorImportError, schema_columns
from linyin.ledger.importers.row_check import problems

GOOD = {
    "factor_id": "acme-steel",
    "use": "goods",
    "item": "steel",
    "unit": "t",
    "boundary": "total",
    "co2_kg": "1900",
    "data_year": "2023",
    "published": "2024-05-01",
    "publisher": "ACME",
    "release": "1",
    "source": "EPD S-1",
    "licence": "own",
    "evidence": "read",
    "name_zh": "钢",
}


def write(path, *rows, encoding="utf-8"):
    lines = [",".join(rows[0]), *(",".join(row.values()) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding=encoding)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_a_row_gets_all_columns_and_the_schema_s_defaults(tmp_path, encoding):
    imported = template.read(write(tmp_path / "factors.csv", GOOD, encoding=encoding))

    (row,) = imported.rows
    assert list(row) == [column.name for column in schema_columns()]
    assert (row["place"], row["basis"], row["status"]) == ("world", "average", "draft")
    assert row["name_zh"] == "钢"


def test_columns_go_by_their_chinese_headers_too(tmp_path):
    named = {"factor_id": "因子编号", "name_zh": "中文名称", "place": "适用地区"}
    given = GOOD | {"place": "CN-GD"}
    path = write(tmp_path / "factors.csv", {named.get(name, name): given[name] for name in given})

    assert template.read(path) == template.read(write(tmp_path / "factors-en.csv", given))


def test_a_workbook_is_read_as_the_same_table_in_csv(tmp_path):
    path, sheet = tmp_path / "factors.xlsx", Workbook()
    sheet.create_sheet("Notes", 0)
    typed = GOOD | {"co2_kg": 1900.5, "data_year": 2023, "published": date(2024, 5, 1)}
    sheet["Sheet"].append(list(typed))
    sheet["Sheet"].append(list(typed.values()))
    sheet.save(path)

    plain = template.read(write(tmp_path / "factors.csv", GOOD | {"co2_kg": "1900.5"}))

    assert template.read(path) == plain


def test_comments_and_empty_lines_are_named_as_skipped(tmp_path):
    path = write(tmp_path / "factors.csv", GOOD)
    path.write_text("# our factors\n" + path.read_text("utf-8") + ",,\n# end\n", encoding="utf-8")

    imported = template.read(path)

    assert len(imported.rows) == 1
    assert [(item.where, item.why) for item in imported.skipped] == [
        ("row 4", template.EMPTY),
        ("row 5", template.COMMENT),
    ]


@pytest.mark.parametrize(
    ("change", "cell", "says"),
    [
        ({"unit": "ton"}, "D2", "unit: "),
        ({"co2_kg": "1.9k"}, "F2", "'1.9k' is no number"),
        ({"use": "good"}, "B2", "'good' is not one of"),
        ({"published": "1/5/2024"}, "H2", "is no date"),
        ({"publisher": ""}, "I2", "is required"),
        ({"data_year": "2023.5"}, "G2", "no whole number"),
        ({"co2_kg": ""}, "O2", "neither gases nor CO2e"),
        ({"item": "our steel"}, "C2", "has blanks"),
    ],
)
def test_a_cell_that_does_not_fit_is_named(tmp_path, change, cell, says):
    with pytest.raises(FactorImportError, match=says) as error:
        template.read(write(tmp_path / "factors.csv", GOOD | change))

    assert error.value.cell == cell


def test_an_unknown_column_is_refused(tmp_path):
    with pytest.raises(FactorImportError, match="unknown column 'colour'"):
        template.read(write(tmp_path / "factors.csv", GOOD | {"colour": "red"}))


def test_a_missing_required_column_is_refused(tmp_path):
    short = {name: cell for name, cell in GOOD.items() if name != "licence"}

    with pytest.raises(FactorImportError, match="required columns are missing: licence"):
        template.read(write(tmp_path / "factors.csv", short))


def test_an_id_stands_once(tmp_path):
    with pytest.raises(FactorImportError, match="stands twice"):
        template.read(write(tmp_path / "factors.csv", GOOD, GOOD))


def test_an_empty_file_holds_no_table(tmp_path):
    path = tmp_path / "factors.csv"
    path.write_text("\n\n")

    with pytest.raises(FactorImportError, match="holds no table"):
        template.read(path)


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"co2e_kg": "1900", "gwp_set": "AR5-100"}, "co2e_kg"),
        ({"gwp_set": "AR5-100"}, "gwp_set"),
        ({"evidence": "remembered", "status": "approved"}, "status"),
        ({"use": "spend"}, "currency_year"),
        ({"co2_low_kg": "2", "co2_high_kg": "1"}, "co2_low_kg"),
        ({"uncertainty_pct": "-1"}, "uncertainty_pct"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_must_go_together_goes_together(change, column):
    row = GOOD | {"basis": "average", "place": "world", "status": "draft"}

    assert problems(row) == []
    assert [name for name, _ in problems(row | change)] == [column]
