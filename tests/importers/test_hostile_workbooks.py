"""Workbooks that are broken, cut off, or built to fill the memory."""

import contextlib
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from publishers import flat

from linyin.ledger.importers import uk_flat, uk_full, workbook
from linyin.ledger.importers.imported import FactorImportError
from linyin.ledger.importers.workbook import cell_name, open_workbook


@pytest.mark.parametrize("read", [uk_flat.read, uk_full.read])
@pytest.mark.parametrize("content", [b"", b"not a workbook", b"PK\x03\x04" + b"\0" * 40])
def test_a_file_that_is_no_workbook_is_one_error(tmp_path, read, content):
    path = tmp_path / "f.xlsx"
    path.write_bytes(content)

    with pytest.raises(FactorImportError, match=r"f\.xlsx: is no XLSX workbook"):
        read(path)


def test_a_missing_file_is_one_error(tmp_path):
    with pytest.raises(FactorImportError, match="no XLSX workbook"):
        uk_flat.read(tmp_path / "f.xlsx")


def test_a_zip_that_is_no_workbook_is_one_error(tmp_path):
    path = tmp_path / "f.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("hello.txt", "hello")

    with pytest.raises(FactorImportError, match="cannot be read as XLSX"):
        uk_full.read(path)


def test_a_workbook_that_is_cut_off_is_one_error(tmp_path):
    path = flat(tmp_path / "f.xlsx")
    path.write_bytes(path.read_bytes()[:-200])

    with pytest.raises(FactorImportError):
        uk_flat.read(path)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "MAX_UNPACKED_BYTES", 1_000_000)
    path = tmp_path / "f.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 1_000_001)

    with pytest.raises(FactorImportError, match="unpacks to 1000001 bytes"):
        open_workbook(path)


@pytest.mark.parametrize(
    ("row", "column", "cell"), [(1_048_576, 1, "1048576"), (1, 16_384, "XFD1")]
)
def test_a_cell_at_the_end_of_the_sheet_is_refused(tmp_path, row, column, cell):
    book = Workbook()
    book.active.cell(1, 1, "x")
    book.active.cell(row, column, "x")
    book.save(tmp_path / "f.xlsx")

    with pytest.raises(FactorImportError, match="beyond row 100000 or column 1000") as error:
        open_workbook(tmp_path / "f.xlsx")

    assert error.value.cell == cell


def test_a_merge_of_a_whole_sheet_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "MAX_MERGED_CELLS", 899)
    book = Workbook()
    book.active.cell(1, 1, "x")
    book.active.merge_cells("A1:I100")
    book.save(tmp_path / "f.xlsx")

    with pytest.raises(FactorImportError, match="900 merged cells"):
        open_workbook(tmp_path / "f.xlsx")


def test_a_workbook_of_another_publisher_is_named_by_its_sheets(tmp_path):
    book = Workbook()
    book.active.title = "Tabelle1"
    book.save(tmp_path / "f.xlsx")

    with pytest.raises(FactorImportError, match="has no sheet 'Front page'; found Tabelle1"):
        uk_flat.read(tmp_path / "f.xlsx")


@pytest.mark.parametrize("reference", ["A99999999999999", "XFD1", "A0", "&#65;1", "A1:ZZ99"])
def test_a_cell_reference_that_is_none_never_reaches_the_reader(tmp_path, reference):
    good = flat(tmp_path / "good.xlsx")
    path = tmp_path / "f.xlsx"
    with zipfile.ZipFile(good) as source, zipfile.ZipFile(path, "w") as target:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename == "xl/worksheets/sheet1.xml":
                assert b'r="A1"' in content
                content = content.replace(b'r="A1"', f'r = "{reference}"'.encode())
            target.writestr(entry, content)

    with pytest.raises(FactorImportError, match="beyond row 100000") as error:
        open_workbook(path)

    assert error.value.cell == reference


@settings(max_examples=150, deadline=None, derandomize=True)
@given(st.data())
def test_a_workbook_with_damaged_parts_is_read_or_is_one_error(data):
    with tempfile.TemporaryDirectory() as folder:
        good, path = flat(Path(folder) / "good.xlsx"), Path(folder) / "f.xlsx"
        with zipfile.ZipFile(good) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        name = data.draw(st.sampled_from(sorted(parts)))
        start = data.draw(st.integers(0, len(parts[name])))
        gone = data.draw(st.integers(0, 40))
        put = data.draw(st.sampled_from([b"", b"<", b'"', b"999999999999", b"&#0;", b"A1:ZZ99"]))
        parts[name] = parts[name][:start] + put + parts[name][start + gone :]
        with zipfile.ZipFile(path, "w") as archive:
            for part, content in parts.items():
                archive.writestr(part, content)
        with contextlib.suppress(FactorImportError):
            assert len(uk_flat.read(path).rows) <= 1


@given(st.integers(0, 20_000), st.integers(0, 16_383))
def test_cells_are_called_as_spreadsheets_call_them(row, column):
    from openpyxl.utils import get_column_letter

    assert cell_name(row, column) == f"{get_column_letter(column + 1)}{row + 1}"
