import datetime as dt
import time
import zipfile

import openpyxl
import pytest
import xlsxwriter
from bad.sheets import column, schema
from bad.workbooks import rows_xml, workbook
from hypothesis import given, settings
from hypothesis import strategies as st

from linyin.lake.files import read_here, read_table
from linyin.lake.findings import BadInput, Finding, Where
from linyin.lake.limits import DEFAULT_LIMITS, Limits
from linyin.lake.xlsx_scan import column_index, column_letters


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a.xlsx"


def cells(sheet):
    return list(zip(*(column.to_pylist() for column in sheet.columns), strict=True))


def read(path, limits=DEFAULT_LIMITS, hint=()):
    return read_here(path, hint, limits)


def refusal(path, limits=DEFAULT_LIMITS):
    with pytest.raises(BadInput) as caught:
        read(path, limits)
    return list(caught.value.findings)


def at(row=None, name="", sheet="Sheet"):
    return Where("a.xlsx", sheet, row, name)


def save(path, rows, **formats):
    """A workbook of openpyxl, an independent writer; `formats` by cell name."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for name, form in formats.items():
        book.active[name].number_format = form
    book.save(path)
    return path


def test_cells_become_the_text_that_a_person_would_have_typed(path):
    day = dt.date(2023, 5, 31)
    rows = [
        ("a", "b", "c", "d"),
        (1, 0.1 + 0.2, True, "x "),
        (1001.0, -2.5e-7, day, dt.datetime(2023, 5, 1, 10, 30)),
    ]

    (sheet,) = read(save(path, rows))

    assert sheet.header == ("a", "b", "c", "d")
    assert cells(sheet) == [
        ("1", "0.3", "true", "x"),
        ("1001", "-2.5e-07", "2023-05-31", "2023-05-01 10:30:00"),
    ]
    assert sheet.dates[2].to_pylist() == [False, True]


def test_the_header_is_the_row_with_the_most_known_names(path):
    rows = [("Electricity 2023", None), ("item", "—"), ("site", "quantity"), ("SZ", 5)]
    given_schema = schema(column("site"), column("item"), column("quantity", "decimal"))

    (sheet,) = read(save(path, rows), hint=given_schema.header_keys)

    assert (sheet.header_row, sheet.header, cells(sheet)) == (
        3,
        ("site", "quantity"),
        [("SZ", "5")],
    )


def test_a_percent_cell_reads_as_percent_and_a_month_cell_as_a_month(path):
    rows = [("p", "m", "d"), (0.07, dt.date(2023, 5, 1), dt.date(2023, 5, 1))]

    (sheet,) = read(save(path, rows, A2="0.0%", B2='yyyy"年"m"月"', C2="yyyy/m/d"))

    assert cells(sheet) == [("7%", "2023-05", "2023-05-01")]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(-(10**9), 10**9), st.text("abc深圳", max_size=4)),
        min_size=1,
        max_size=6,
    ),
    st.integers(1, 5),
    st.integers(1, 30),
)
def test_a_table_anywhere_on_a_sheet_keeps_its_rows(tmp_path_factory, rows, top, left):
    path = tmp_path_factory.mktemp("xlsx") / "a.xlsx"
    book = openpyxl.Workbook()
    for i, row in enumerate([("n", "t"), *rows]):
        for j, cell in enumerate(row):
            book.active.cell(top + i, left + j, cell or None if cell == "" else cell)
    book.save(path)

    (sheet,) = read(path)

    assert sheet.header_row == top
    assert sheet.header[left - 1 :] == ("n", "t")
    assert [row[left - 1 :] for row in cells(sheet)] == [(str(n), t) for n, t in rows]
    assert sheet.rows.to_pylist() == list(range(top + 1, top + 1 + len(rows)))


def test_formulas_without_a_stored_result_are_found(path):
    save(path, [("a", "total"), (1, "=A2*2"), (2, "=A3*2")])

    (sheet,) = read(path)

    assert list(sheet.findings) == [
        Finding("formula-uncached", "error", at(2, "total")),
        Finding("formula-uncached", "error", at(3, "total")),
    ]


def test_formulas_with_a_stored_result_are_read_an_empty_text_is_one(path):
    formulas = '<c><f>A2*2</f><v>8</v></c><c t="str"><f>""</f><v></v></c>'
    workbook(path, rows_xml([("a", "total", "text")]) + f"<row><c><v>4</v></c>{formulas}</row>")

    (sheet,) = read(path)

    assert cells(sheet) == [("4", "8", "")]
    assert sheet.findings == ()


def test_formulas_that_wait_to_be_calculated_are_named(path):
    with xlsxwriter.Workbook(path) as book:
        page = book.add_worksheet("S")
        page.write_row(0, 0, ["a", "total"])
        page.write_number(1, 0, 4)
        page.write_formula(1, 1, "=A2*2")

    (sheet,) = read(path)

    assert cells(sheet) == [("4", "0")]
    assert sheet.findings == (Finding("formula-stale", "warning", at(sheet="S"), {"count": 1}),)


def test_merged_cells_among_the_data_are_found_those_of_a_title_are_not(path):
    book = openpyxl.Workbook()
    for row in [("2023", None), ("site", "q"), ("SZ", 1), (None, 2)]:
        book.active.append(row)
    book.active.merge_cells("A1:B1")
    book.active.merge_cells("A3:A4")
    book.save(path)
    given_schema = schema(column("site", required=True), column("q", "decimal"))

    (sheet,) = read(path, hint=given_schema.header_keys)
    _, findings = given_schema.validate(sheet)

    assert findings == [
        Finding("cells-merged", "error", at(3, "site"), {"cells": "A3:A4", "to": 4})
    ]


def test_error_cells_keep_their_text_and_are_found_on_validation(path):
    workbook(
        path,
        rows_xml([("q", "s")]) + '<row><c t="e"><v>#DIV/0!</v></c><c t="e"><v>#N/A</v></c></row>',
    )
    (sheet,) = read(path)

    _, findings = schema(column("q", "decimal"), column("s")).validate(sheet)

    assert [(f.code, f.at, f.fields["value"]) for f in findings] == [
        ("cell-excel-error", at(2, "q", "用电"), "#DIV/0!"),
        ("cell-excel-error", at(2, "s", "用电"), "#N/A"),
    ]


def test_every_visible_sheet_is_read_hidden_ones_are_named_and_notes_are_not_read(path):
    book = openpyxl.Workbook()
    book.active.title = "电"
    for name in ("气", "#notes", "lists", "empty"):
        book.create_sheet(name)
    for page in book.worksheets[:-1]:
        page.append(["a"])
        page.append([page.title])
    book["lists"].sheet_state = "hidden"
    book.save(path)

    sheets = read(path)

    assert [(s.sheet, cells(s)) for s in sheets] == [("电", [("电",)]), ("气", [("气",)])]
    assert sheets[0].findings == (Finding("sheet-hidden", "warning", at(sheet="lists")),)


def test_a_million_empty_rows_cost_neither_memory_nor_rows(path):
    empty = "".join(f'<row r="{i}" s="1"><c r="A{i}" s="1"/></row>' for i in range(3, 1_000_003))
    workbook(path, rows_xml([("a", "b"), (1.0, 2.0)]) + empty)

    sheets = read_table(path, limits=Limits(memory_bytes=512 << 20))

    assert [cells(s) for s in sheets] == [[("1", "2")]]
    assert sheets[0].findings == (
        Finding("rows-empty", "warning", at(3, sheet="用电"), {"count": 1_000_000}),
    )


def test_a_stray_cell_far_away_is_refused_before_it_is_read(path):
    stray = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    workbook(path, rows_xml([("a",), (1.0,)]) + stray)

    found = {f.code: f.fields["found"] for f in refusal(path)}

    assert found == {"too-many-columns": 16384, "too-many-cells": 16384 * 1048576}


def test_a_zip_bomb_is_refused_by_its_directory(path):
    workbook(path, rows_xml([("a",)]), parts={"xl/media/x.bin": b"\0" * (64 << 20)})

    (finding,) = refusal(path)
    assert finding.code == "zip-ratio"
    assert finding.fields["found"] > 200

    (finding,) = refusal(path, Limits(unpacked_bytes=1 << 20))
    assert finding.code == "zip-too-large"


def test_a_bomb_that_lies_about_its_size_is_refused(path):
    sheet_data = rows_xml([("a",)] + [(float(i),) for i in range(20_000)])
    workbook(path, sheet_data)
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    honest, lie = size.to_bytes(4, "little"), (100).to_bytes(4, "little")
    assert data.count(honest) == 2
    path.write_bytes(bytes(data).replace(honest, lie))

    (finding,) = refusal(path)

    assert finding.code == "file-broken"


def test_too_many_parts_and_a_part_twice_are_refused(path):
    workbook(path, rows_xml([("a",)]), parts={f"x/{i}.bin": b"" for i in range(30)})
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")

    found = refusal(path, Limits(entries=20))

    assert [f.code for f in found] == ["zip-entries", "zip-twice"]
    assert found[1].fields == {"part": "xl/workbook.xml"}


BOMB = (
    '<!DOCTYPE lolz [<!ENTITY a "lol">'
    + "".join(f'<!ENTITY a{i} "{f"&a{i - 1 or str()};" * 10}">' for i in range(1, 12))
    + "]>"
)


def test_an_entity_bomb_is_refused_in_the_sheet(path):
    workbook(path, rows_xml([("a",), ("&a11;",)]), before=BOMB)

    assert refusal(path) == [
        Finding("xml-doctype", "error", Where("a.xlsx"), {"part": "xl/worksheets/sheet1.xml"})
    ]


@pytest.mark.parametrize("part", ["xl/sharedStrings.xml", "xl/workbook.xml", "docProps/app.xml"])
def test_a_document_type_is_refused_in_any_part(path, part):
    workbook(path, rows_xml([("a",)]), parts={part: f"{BOMB}<x>&a11;</x>".encode()})

    assert refusal(path) == [Finding("xml-doctype", "error", Where("a.xlsx"), {"part": part})]


@pytest.mark.parametrize(
    "damage",
    [
        {"xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row>"},
        {"xl/worksheets/sheet1.xml": b'<worksheet><row r="one"/></worksheet>'},
        {"xl/workbook.xml": b"no xml"},
    ],
)
def test_a_part_that_is_no_xml_is_refused(path, damage):
    workbook(path, "", parts=damage)

    (finding,) = refusal(path)

    assert (finding.code, finding.fields["kind"]) == ("file-broken", "XLSX")


@pytest.mark.parametrize("share", [0.3, 0.9])
def test_a_truncated_workbook_is_refused(path, share):
    workbook(path, rows_xml([("a",), (1.0,)]))
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])

    (finding,) = refusal(path)

    assert finding.code == "file-broken"


def test_a_workbook_without_cells_is_refused(path):
    workbook(path, "")

    assert refusal(path) == [Finding("file-empty", "error", Where("a.xlsx"))]


@given(st.integers(1, 20_000))
def test_column_letters_and_numbers_are_inverse(index):
    assert column_index(column_letters(index)) == index


def test_a_hundred_thousand_rows_are_read(path, record_property):
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, ["id", "site", "item", "quantity", "unit"])
        for i in range(1, 100_001):
            page.write_row(i, 0, [i, "SZ", "electricity", i * 1.5, "kWh"])
    start = time.perf_counter()

    (sheet,) = read_table(path)

    seconds = time.perf_counter() - start
    record_property("seconds", seconds)
    print(f"100,000 rows of XLSX in {seconds:.1f} s")  # noqa: T201
    assert len(sheet.rows) == 100_000
    assert cells(sheet)[-1] == ("100000", "SZ", "electricity", "150000", "kWh")
