"""Headers of activities: units in them, Chinese names, and columns that are missing."""

from __future__ import annotations

import csv

import pytest

from builders import FolderBuilder
from linyin.inventory.dryrun import check
from linyin.inventory.folder import TABLES, read_folder
from linyin.lake import BadInput, header_key, load_schema


def company(folder: FolderBuilder) -> FolderBuilder:
    folder.company("S").factor("f", use="process", item="x", unit="t", co2_kg="1000")
    return folder.activity("a", source_type="process", item="x", quantity=2, unit="t")


def rewrite(folder: FolderBuilder, header: str, *rows: str) -> None:
    path = company(folder).write() / "activities.csv"
    path.write_text("\n".join([header, *rows, ""]), encoding="utf-8")


def read_again(folder: FolderBuilder):
    return read_folder(folder.path)


@pytest.mark.parametrize("header", ["quantity [kg]", "数量[kg]", "quantity（kg）"])
def test_a_unit_in_the_header_counts(folder, header):
    rewrite(folder, f"external_id,site,source_type,item,period,{header}", "a,S,process,x,2023,5")

    read = read_again(folder)

    assert not read.findings
    assert read.activities[0][1].table.select(["quantity", "unit"]).to_pylist() == [
        {"quantity": 5.0, "unit": "kg"}
    ]


def test_a_missing_quantity_is_one_finding_and_no_crash(folder):
    rewrite(folder, "external_id,site,source_type,item,period,unit", "a,S,process,x,2023,t")

    assert [(f.code, f.at.column) for f in check(folder.path).findings] == [
        ("column-missing", "quantity")
    ]


def test_a_missing_external_id_is_one_finding_however_many_rows(folder):
    rows = [f"S,process,x,2023,{n},t" for n in range(50)]
    rewrite(folder, "site,source_type,item,period,quantity,unit", *rows)

    assert [(f.code, f.at.column) for f in check(folder.path).findings] == [
        ("column-missing", "external_id")
    ]


def test_a_file_with_broken_headers_is_set_aside_and_the_others_are_tried(folder):
    path = company(folder).write()
    with (path / "activities-b.csv").open("w", newline="", encoding="utf-8") as handle:
        csv.writer(handle).writerows([["external_id", "zzz"], ["b", "1"]])
    with (path / "activities-c.csv").open("w", newline="", encoding="utf-8") as handle:
        handle.write("external_id,site,source_type,item,period,quantity,unit\n")
        handle.write("c,S,process,nothing,2023,1,t\n")

    codes = {(f.at.file, f.code) for f in check(path).findings if f.severity == "error"}

    assert ("activities-b.csv", "column-missing") in codes
    assert any(code == "factor-missing" for _, code in codes)


def test_a_calculation_says_everything_about_the_headers(folder):
    rewrite(folder, "external_id,site,source_type,item,period,unit,zzz", "a,S,process,x,2023,t,1")

    with pytest.raises(BadInput) as bad:
        read_again(folder).require()
    assert [f.code for f in bad.value.findings] == ["column-missing", "column-unknown"]


def test_a_table_may_be_written_with_chinese_headers(folder):
    rewrite(
        folder,
        "编号,站点,排放源类型,物质,月份,用量（吨）,供应商,备注",
        "a,S,process,x,2023-05,5,甲公司,五月",
    )

    read = read_again(folder)

    assert not read.findings
    row = read.activities[0][1].table.to_pylist()[0]
    stated = ("external_id", "site", "quantity", "unit", "counterparty", "description")
    assert [row[name] for name in stated] == ["a", "S", 5.0, "t", "甲公司", "五月"]


def test_every_alias_of_a_shipped_table_finds_its_column():
    for table, room in TABLES.items():
        schema = load_schema(room, table)
        for column in schema.columns:
            assert column.aliases
            for alias in column.aliases:
                assert schema.headers[header_key(alias)] is column


def test_coded_cells_may_be_written_in_chinese(folder):
    rewrite(
        folder,
        "编号,站点,排放源类型,物质,月份,用量,单位,relation,status",
        "a,S,外购电力,electricity,2023-05,5,kWh,自有,发票",
        "b,S,固定燃烧,x,2023-05,5,t,经营租入,实测",
    )

    read = read_again(folder)

    assert not read.findings
    stated = read.activities[0][1].table.select(["source_type", "relation", "status"])
    assert [tuple(row.values()) for row in stated.to_pylist()] == [
        ("electricity", "owned", "invoiced"),
        ("stationary_combustion", "leased_in_operating", "measured"),
    ]


def test_a_chinese_value_that_is_ambiguous_stays_an_error(folder):
    rewrite(
        folder,
        "external_id,site,source_type,item,period,quantity,unit,relation",
        "a,S,运输,x,2023,5,t,租入",
    )

    assert {(f.code, f.at.column) for f in read_again(folder).findings} == {
        ("code-unknown", "source_type"),
        ("code-unknown", "relation"),
    }


def test_the_place_of_a_node_may_be_called_what_the_template_calls_it(folder):
    folder.company("S")
    for row in folder.tables["organization"]:
        row["适用地区"] = row.pop("place", "")

    read = read_folder(folder.write())

    assert read.sheets["organization"]["place"].to_pylist() == ["", "CN-GD"]
    assert not [f for f in read.findings if f.severity == "error"]


def test_findings_name_columns_as_the_file_does(folder):
    rewrite(
        folder,
        "编号,站点,排放源类型,物质,月份,用量（吨）",
        "a,S,process,x,2023-99,5",
        "b,T,process,x,2023-05,-5",
        "c,S,process,x,1066-05,5",
    )

    found = {(f.code, f.at.column) for f in check(folder.path).findings}

    assert found >= {
        ("period-broken", "月份"),
        ("site-unknown", "站点"),
        ("quantity-negative", "用量（吨）"),
        ("period-outside", "月份"),
    }
