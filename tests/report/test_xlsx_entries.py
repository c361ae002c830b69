"""The workbook's entries: each leads back to its row, its factor and its trace."""

import datetime as dt
import re

import openpyxl
import pytest

from builders import FolderBuilder
from linyin.inventory import trace_entry
from linyin.inventory.report.collect import collect
from linyin.inventory.report.texts import Texts
from linyin.inventory.report.write import write_report

from .enterprise import write_enterprise

HEAD = 3


@pytest.fixture(scope="module")
def inventory(tmp_path_factory):
    folder = FolderBuilder(tmp_path_factory.mktemp("enterprise") / "folder")
    return write_enterprise(folder).calculate_all(2022, 2023)[1]


@pytest.fixture(scope="module")
def book(inventory, tmp_path_factory):
    path = tmp_path_factory.mktemp("xlsx") / "r.xlsx"
    return openpyxl.load_workbook(write_report(inventory, path, "xlsx", "en"))


def rows_of(book, lang="en"):
    sheet = book[Texts(lang)("sheet.entries")]
    titles = [cell.value for cell in sheet[HEAD]]
    for values in sheet.iter_rows(min_row=HEAD + 1, values_only=True):
        yield dict(zip(titles, values, strict=True))


def test_every_entry_of_the_bundle_has_a_row_the_largest_first(inventory, book):
    rows = list(rows_of(book))
    assert len(rows) == inventory.entries().num_rows
    masses = [abs(row["Emissions [t CO₂e]"]) for row in rows]
    assert masses == sorted(masses, reverse=True)
    assert sum(masses) == pytest.approx(sum(inventory.entries()["co2e_mg"].to_pylist()) / 1e9)


def test_every_entry_can_be_traced_by_its_id_to_the_row_that_is_named(inventory, book):
    for row in rows_of(book):
        (traced, *_) = trace_entry(inventory, row["Entry (for linyin trace)"])
        assert (traced.where.file, traced.where.row) == (row["File"], row["Row"])


def test_days_and_numbers_are_days_and_numbers(book):
    for row in rows_of(book):
        assert row["From"] == dt.datetime(2023, 1, 1)
        assert row["To, inclusive"] == dt.datetime(2023, 12, 31)
        assert isinstance(row["Row"], int)
        assert isinstance(row["Amount at 100%"], int | float)


def test_entries_left_out_are_counted_in_the_sheets_note(inventory, tmp_path):
    model = collect(inventory, most_entries=3)
    path = write_report(model, tmp_path / "cut.xlsx", "xlsx", "zh")
    book = openpyxl.load_workbook(path)
    assert len(list(rows_of(book, "zh"))) == 3
    assert f"{model.entries_in_all}条分录中最大的3条" in book["分录"].cell(2, 1).value


def test_no_number_has_more_than_15_significant_digits(book):
    numbers = [
        cell.value
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, float)
    ]
    assert len(numbers) > 100
    assert all(value == float(f"{value:.15g}") for value in numbers)


def test_counts_and_years_are_numbers(book):
    texts = Texts("en")
    identifiers = {texts("sheet.factors"), texts("sheet.exclusions"), texts("sheet.entries")}
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and sheet.title not in identifiers:
                    assert not re.fullmatch(r"-?[\d,]+", cell.value), (sheet.title, cell.value)
    years = [row[0].value for row in book[texts("sheet.years")].iter_rows(min_row=3, max_row=4)]
    assert years == [2022, 2023]


def test_uncertainty_is_a_percentage(book):
    sheet = book[Texts("en")("sheet.uncertainty")]
    found = [
        cell
        for row in sheet.iter_rows(min_row=3)
        for cell in row
        if isinstance(cell.value, float) and "%" in cell.number_format
    ]
    assert found
    assert all(abs(cell.value) < 2 for cell in found)


def test_items_and_units_of_entries_are_in_the_words_of_the_report(inventory, tmp_path):
    path = write_report(collect(inventory, most_entries=10_000), tmp_path / "r.xlsx", "xlsx", "zh")
    rows = list(rows_of(openpyxl.load_workbook(path), "zh"))

    texts = Texts("zh")
    items = {row[texts("col.item")] for row in rows}
    assert "电力" in items
    assert "electricity" not in items
    assert not {row[texts("col.unit")] for row in rows} & {"piece", "person", "m2", "m3"}
