"""The workbook: numbers are numbers, text is text, charts are native."""

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from linyin.inventory.report.checklist import load_items
from linyin.inventory.report.drawings import drawings
from linyin.inventory.report.figures import total_mg
from linyin.inventory.report.model import Exclusion, FindingLine, Label
from linyin.inventory.report.tables import Context
from linyin.inventory.report.texts import Texts, load_table
from linyin.inventory.report.write import write_report

from .sample import model

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0", "\t=1", "{=1}", "http://x.y"]


@pytest.fixture(scope="module", params=["en", "zh"])
def lang(request):
    return request.param


@pytest.fixture(scope="module")
def book(lang, tmp_path_factory):
    path = write_report(model(), tmp_path_factory.mktemp("xlsx") / "r.xlsx", "xlsx", lang)
    return openpyxl.load_workbook(path)


def cells(sheet):
    return [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]


def test_every_sheet_has_its_name_in_the_language(book, lang):
    keys = [key for key in load_table() if key.startswith("sheet.")]
    assert len(keys) == 21
    assert set(book.sheetnames) == {Texts(lang)(key) for key in keys}


def test_no_cell_is_a_formula(book):
    assert all(cell.data_type != "f" for sheet in book for cell in cells(sheet))


def test_panes_are_frozen_on_every_sheet(book):
    assert all(sheet.freeze_panes for sheet in book)


def test_charts_are_native_and_those_of_the_pdf(book, lang):
    context = Context.of(model(), lang)
    made = drawings(context)
    sheet = book[Texts(lang)("sheet.charts")]

    def title(chart):
        return "".join(run.t for part in chart.title.tx.rich.p for run in part.r or ())

    assert [title(chart) for chart in sheet._charts] == [one.caption for one in made.values()]
    for chart, drawing in zip(sheet._charts, made.values(), strict=True):
        bars = [one for one in drawing.option["series"] if one["type"] == "bar"]
        drawn = [
            [float(one["value"] if isinstance(one, dict) else one) for one in series["data"]]
            for series in bars
        ]
        shown = [
            [
                cell.value
                for (cell,) in sheet[str(series.val.numRef.f).rpartition("!")[2].replace("$", "")]
            ]
            for series in chart.series
        ]
        assert shown == [pytest.approx(values) for values in drawn if any(values)]


def test_the_total_is_a_number_in_tonnes(book, lang):
    texts = Texts(lang)
    sheet = book[texts("sheet.by_line")]
    (row,) = [row for row in sheet.iter_rows() if row[0].value == texts("total")]
    assert row[1].value == pytest.approx(total_mg(model(), "location") / 1e9, rel=1e-12)
    assert row[2].value == pytest.approx(total_mg(model(), "market") / 1e9, rel=1e-12)
    assert row[1].number_format == "#,##0.000"
    assert "t CO₂e" in sheet.cell(2, 2).value


def test_every_required_item_is_listed_with_its_state(book, lang):
    texts = Texts(lang)
    sheet = book[texts("sheet.checklist")]
    listed = {row[1].value: row[2].value for row in sheet.iter_rows() if row[1].value}
    for item in load_items():
        assert texts.pick(item.text) in listed
    assert texts("state.missing") in listed.values()


def test_every_factor_has_its_provenance(book, lang):
    texts = Texts(lang)
    written = {str(cell.value) for cell in cells(book[texts("sheet.factors")])}
    for factor in model().factors:
        publisher = texts.known("publisher", factor.publisher)
        licence = texts.known("licence", factor.licence)
        assert {factor.factor_id, publisher, factor.release, factor.source, licence} <= written


@pytest.mark.parametrize("text", FORMULAS)
def test_text_never_becomes_a_formula_a_number_or_a_link(text, tmp_path):
    given = model()
    changed = replace(
        given,
        identity=replace(given.identity, name=Label(text, text), prepared_by=text),
        exclusions=(Exclusion(Label(text), Label(text)),),
        findings=(FindingLine(text, "warning", Label(text)),),
        factors=(replace(given.factors[0], factor_id=text, source=text, name=Label(text)),),
    )
    book = openpyxl.load_workbook(write_report(changed, tmp_path / "f.xlsx", "xlsx", "en"))
    found = [cell for sheet in book for cell in cells(sheet) if cell.value == text]
    assert len(found) >= 8
    assert {cell.data_type for cell in found} == {"s"}
    assert not any(cell.hyperlink for cell in found)


def width_of(sheet, column: int) -> float:
    """Width of a column; the file stores neighbours of one width as one entry."""
    for dimension in sheet.column_dimensions.values():
        if dimension.min <= column <= dimension.max:
            return dimension.width
    return 0.0


def test_columns_are_as_wide_as_their_numbers(book):
    checked = 0
    for sheet in book:
        for cell in cells(sheet):
            if isinstance(cell.value, float) and "0.000" in cell.number_format:
                needed = len(f"{cell.value:,.3f}")
                assert width_of(sheet, cell.column) >= needed, (sheet.title, cell.coordinate)
                checked += 1
    assert checked > 100


def test_an_unfinished_workbook_never_replaces_a_report(tmp_path, monkeypatch):
    target = tmp_path / "r.xlsx"
    target.write_bytes(b"before")

    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("linyin.inventory.report.xlsx._summary", fail)
    with pytest.raises(OSError, match="disk full"):
        write_report(model(), target, "xlsx", "en")
    assert target.read_bytes() == b"before"
    assert [file.name for file in Path(tmp_path).iterdir()] == ["r.xlsx"]
