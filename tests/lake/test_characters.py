"""Characters that steer a terminal or turn text around stop at the border."""

import time
from pathlib import Path

import pyarrow as pa
import pytest
from bad.sheets import column, schema, sheet

from linyin.lake.cells import forbidden_cells, without_zero_width_cells
from linyin.lake.characters import FORBIDDEN, visible
from linyin.lake.files import read_table
from linyin.lake.findings import Finding, Where
from linyin.lake.messages import render
from linyin.lake.sheets import sheet_from_arrow

STEERING = [
    *map(chr, (0x01, 0x07, 0x08, 0x0B, 0x0C, 0x0E, 0x1B, 0x1F, 0x7F, 0x80, 0x85, 0x9B, 0x9F)),
    *map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))),
]
HARMLESS = ["\t", "\n", "\r\n", "\u00a0", "é", "©", "“", "…", "‰", "万元", "𠮷", "\u2029", "\u2065"]


@pytest.mark.parametrize("character", STEERING, ids=lambda c: f"U+{ord(c):04X}")
def test_a_cell_that_steers_is_told_by_its_code_point(character: str) -> None:
    cell = f"a{character}b"

    _, findings = schema(column("site")).validate(sheet("site", "SZ", cell, "XA", first_row=7))

    fields = {"value": cell, "character": f"U+{ord(character):04X}"}
    where = Where("a.csv", "", 8, "site")
    assert findings == [Finding("cell-control-character", "error", where, fields)]


@pytest.mark.parametrize("text", HARMLESS, ids=ascii)
def test_what_does_not_steer_is_left_alone(text: str) -> None:
    _, findings = schema(column("note")).validate(sheet("note", f"a{text}b"))

    assert findings == []


@pytest.mark.parametrize("character", ["\u200b", "\u2060", "\ufeff"])
def test_characters_without_width_are_removed_from_cells_and_headers(character: str) -> None:
    given = sheet(f"{character}site", f"S{character}Z{character}")

    table, findings = schema(column("site")).validate(given)

    assert findings == []
    assert table["site"].to_pylist() == ["SZ"]


def test_spaces_that_do_not_break_are_trimmed() -> None:
    table, _ = schema(column("site")).validate(sheet("site", "\u00a0SZ\u00a0\u3000"))

    assert table["site"].to_pylist() == ["SZ"]


def test_a_number_with_a_control_character_is_told_once() -> None:
    given = schema(column("q", "decimal", required=True))

    _, findings = given.validate(sheet("q", "1\x1b[2J2"))

    assert [f.code for f in findings] == ["cell-control-character"]


def test_cells_of_every_kind_of_file_are_looked_at(tmp_path: Path) -> None:
    import pyarrow.parquet as pq
    import xlsxwriter

    (tmp_path / "a.csv").write_bytes("site\nSZ\n\u202eZS\n".encode())
    pq.write_table(pa.table({"site": ["SZ", "\u202eZS"]}), tmp_path / "a.parquet")
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        book.add_worksheet("s").write_column(0, 0, ["site", "SZ", "\u202eZS"])
    given = schema(column("site"))

    for file in sorted(tmp_path.iterdir()):
        (read,) = read_table(file, given)
        codes = [f.code for f in given.validate(read)[1]]
        assert codes == ["cell-control-character"], file.name


def test_the_mask_is_that_of_the_pattern_also_for_slices() -> None:
    import re

    texts = [f"x{c}" for c in (*STEERING, *HARMLESS, "", "a")]
    cells = pa.chunked_array([pa.array(["\x1b", *texts, "\x1b"]).slice(1, len(texts)), ["ok"]])

    expected = [bool(re.search(FORBIDDEN, text)) for text in (*texts, "ok")]
    assert forbidden_cells(cells).tolist() == expected
    assert sum(expected) == len(STEERING)


def test_sound_columns_are_given_back_as_they_are() -> None:
    cells = pa.chunked_array([["a", "“", "万元", "…"]])

    assert without_zero_width_cells(cells) is cells


def test_looking_costs_little_beside_reading() -> None:
    cells = pa.chunked_array([[f"electricity 深圳 {n}" for n in range(400_000)]])
    begin = time.process_time()

    assert not forbidden_cells(cells).any()

    assert time.process_time() - begin < 1.0


def test_findings_are_printed_without_what_steers() -> None:
    where = Where("\x1b]0;x\x07.csv", "s\u202e", 3, "unit\r")
    finding = Finding("cell-excel-error", "error", where, {"value": "\x9b31m\u2066"})

    for lang in ("en", "zh"):
        shown = render(finding, lang)
        assert shown == visible(shown)
        for held in ("<U+001B>", "<U+202E>", "<U+009B>", "<U+2066>"):
            assert held in shown


def test_frames_are_looked_at_like_files() -> None:
    given = schema(column("site"))

    _, findings = given.validate(sheet_from_arrow(pa.table({"site": ["\x1b[31m"]}), "frame"))

    assert [f.fields["character"] for f in findings] == ["U+001B"]
