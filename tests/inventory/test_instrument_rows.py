"""What is wrong with instruments stands at its cell, and hides nothing else."""

from __future__ import annotations

import pytest

from builders import FolderBuilder
from linyin.inventory.dryrun import check
from linyin.inventory.folder import read_folder
from linyin.lake import errors_in


def company(folder: FolderBuilder) -> FolderBuilder:
    folder.company("S").factor("f", use="process", item="x", unit="t", co2_kg="1000")
    return folder.activity("a", source_type="process", item="x", quantity=2, unit="t")


def places(findings) -> list[tuple[str, str, int | None, str]]:
    return [(f.code, f.at.file, f.at.row, f.at.column) for f in errors_in(findings)]


@pytest.mark.parametrize(
    ("cells", "code", "column"),
    [
        ({"unit": "zzz"}, "unit-unknown", "unit"),
        ({"unit": "t"}, "unit-mismatch", "unit"),
        ({"unit": "t", "quantity": ""}, "unit-mismatch", "unit"),
        ({"quantity": -1}, "number-out-of-bounds", "quantity"),
        ({"begin": "2023-05-01", "end": "2023-05-01"}, "period-empty", "end"),
        ({"begin": "2024-01-01", "end": "2023-01-01"}, "period-empty", "end"),
        ({"owner": "NOBODY"}, "site-unknown", "owner"),
        ({"owner": "S"}, "instrument-owner-kind", "owner"),
        ({"site": "NOWHERE"}, "site-unknown", "site"),
        ({"market": "Guangdon"}, "place-unknown-near", "market"),
        ({"instrument": "C0"}, "instrument-twice", "instrument"),
        ({"claimed_for": 2025}, "claim-outside-window", "claimed_for"),
    ],
)
def test_a_broken_instrument_is_found_at_its_cell(folder, cells, code, column):
    company(folder).certificates("G", 1).certificates(**({"owner": "G", "mwh": 1} | cells))

    assert places(read_folder(folder.write()).findings) == [(code, "instruments.csv", 3, column)]


def test_every_row_of_instruments_is_checked_beside_what_is_wrong_elsewhere(folder):
    company(folder).node("X", parent="G", country="ZZZ")
    folder.certificates("G", -1, unit="zzz").certificates("NOBODY", 1, unit="t")

    assert sorted(places(read_folder(folder.write()).findings)) == [
        ("number-out-of-bounds", "instruments.csv", 2, "quantity"),
        ("place-unknown", "organization.csv", 4, "country"),
        ("site-unknown", "instruments.csv", 3, "owner"),
        ("unit-mismatch", "instruments.csv", 3, "unit"),
        ("unit-unknown", "instruments.csv", 2, "unit"),
    ]


def test_a_broken_instrument_does_not_hide_a_missing_factor(folder):
    company(folder).certificates("G", 1, unit="zzz")
    folder.activity("b", source_type="process", item="nothing", quantity=2, unit="t")

    codes = {f.code for f in errors_in(check(folder.write()).findings)}

    assert codes == {"unit-unknown", "factor-missing"}


@pytest.mark.parametrize(
    ("name", "code"),
    [("广东", "CN-GD"), ("广东省", "CN-GD"), ("guangdong", "CN-GD"), ("中国", "CN"),
     ("CN-HK", "HK"), ("cn-mo", "MO"), ("CN-TW", "TW")],
)  # fmt: skip
def test_a_place_may_be_written_by_its_name(folder, name, code):
    folder.node("G", "group", country="CN").node("S", parent="G", country="CN", place=name)
    folder.activity("a", source_type="process", item="x", quantity=2, unit="t", place=name)
    folder.certificates("G", 1, market=name)

    read = read_folder(folder.write())

    assert not [f for f in read.findings if f.code.startswith("place-")]
    assert read.sheets["organization"]["place"].to_pylist()[-1] == code
    assert read.activities[0][1].table["place"].to_pylist() == [code]
    assert read.sheets["instruments"]["market"].to_pylist() == [code]
