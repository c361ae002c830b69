"""The report as a workbook: numbers as numbers (masses in t), native charts, text as text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import xlsxwriter

from linyin.inventory.report.annex import checklist_table
from linyin.inventory.report.checklist import Answer, answer
from linyin.inventory.report.drawings import drawings
from linyin.inventory.report.figures import by_line, scopes_of_year, total_mg
from linyin.inventory.report.model import SCOPE2_METHODS, Lang, ReportModel
from linyin.inventory.report.numbers import rounded
from linyin.inventory.report.page import period_text
from linyin.inventory.report.palette import INK, SCOPES, SEVERITIES, STATUS
from linyin.inventory.report.tables import (
    Cell,
    Column,
    Context,
    Kind,
    Row,
    Stack,
    Status,
    Table,
)
from linyin.inventory.report.texts import load_table
from linyin.inventory.report.topics import boundary, certainty, sources, time, totals
from linyin.inventory.report.xlsx_charts import write_charts
from linyin.inventory.report.xlsx_entries import write_entries

__all__ = ["write_xlsx"]

OPTIONS = {
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
    "remove_timezone": True,
}
NUMBER_FORMATS = {
    "mass": "#,##0.000",
    "share": "0.0%",
    "percent": "0.0%",
    "number": "0",
    "quantity": "#,##0.####",
    "score": "0.0",
    "year": "0",
}
A4 = 9
"""Paper as spreadsheets number it."""
MG_PER_T = 10**9
MOST_CHARACTERS = 32_767
NARROWEST, WIDEST = 9, 60

SHEETS: dict[str, tuple[Callable[[Context], Table], ...]] = {
    "by_line": (totals.by_line_table,),
    "by_gas": (totals.by_gas_table, totals.gas_mass_table),
    "iso": (totals.iso_table,),
    "by_site": (totals.by_site_table,),
    "entities": (boundary.entities_table,),
    "scope2": (sources.scope2_table,),
    "scope3": (boundary.screening_table, boundary.scope3_table),
    "years": (
        time.years_table,
        time.causes_table,
        time.recalculations_table,
        time.intensities_table,
    ),
    "outside": (totals.outside_table, totals.memo_table, totals.eliminations_table),
    "factors": (sources.factors_table,),
    "methods": (sources.methods_table,),
    "estimates": (certainty.estimates_table, certainty.quality_table),
    "uncertainty": (certainty.uncertainty_table,),
    "exclusions": (boundary.exclusions_table,),
    "findings": (certainty.findings_table,),
    "instruments": (sources.instruments_table,),
}


class Workbook:
    """A workbook being written, with its formats."""

    def __init__(self, path: Path, context: Context) -> None:
        self.book: Any = xlsxwriter.Workbook(str(path), OPTIONS)
        self.context = context
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def format(self, **properties: Any) -> Any:
        """Return a format, made once."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            base = {"font_name": "Calibri", "font_size": 10, "valign": "top"}
            self._formats[key] = self.book.add_format(base | properties)
        return self._formats[key]

    def sheet(self, key: str) -> Any:
        """Add a sheet named in the report's language."""
        sheet = self.book.add_worksheet(self.context.texts(f"sheet.{key}"))
        sheet.hide_gridlines(2)
        sheet.set_paper(A4)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        return sheet


def write_xlsx(model: ReportModel, path: Path, lang: Lang) -> None:
    """Write the report as XLSX; every mass is in t of CO₂e.

    Raises
    ------
    OSError
        If the file cannot be written.

    """
    context = Context.of(model, lang)
    writer = Workbook(path, context)
    _properties(writer)
    answers = answer(model)
    _summary(writer, answers)
    write_charts(writer, writer.sheet("charts"), drawings(context))
    for key, builders in SHEETS.items():
        sheet = writer.sheet(key)
        _tables(writer, sheet, [build(context) for build in builders])
    write_entries(writer.book, writer.sheet("entries"), context)
    by_standard = [
        checklist_table(context, standard, [a for a in answers if a.item.standard == standard])
        for standard in dict.fromkeys(found.item.standard for found in answers)
    ]
    _tables(writer, writer.sheet("checklist"), by_standard)
    _tables(writer, writer.sheet("glossary"), [_glossary(context)])
    writer.book.close()


def _properties(writer: Workbook) -> None:
    who, texts = writer.context.model.identity, writer.context.texts
    properties: dict[str, Any] = {
        "title": f"{texts.pick(who.name)} · {texts('report_title')} {who.year}",
        "comments": who.run_id,
    }
    try:
        properties["created"] = datetime.fromisoformat(who.created)
    except ValueError:
        properties["comments"] += f" {who.created}"
    writer.book.set_properties(properties)


def _tables(writer: Workbook, sheet: Any, tables: Sequence[Table]) -> None:
    """Write tables below each other and fit the columns to what is in them."""
    widths: dict[int, int] = {}
    top = 0
    for number, table in enumerate(tables):
        sheet.write_string(top, 0, table.caption, writer.format(bold=True, font_size=12))
        head = writer.format(
            bold=True, bottom=1, bg_color=INK["tint"], text_wrap=True, font_color=INK["text"]
        )
        for column, title in enumerate(_titles(table.columns)):
            _text(sheet, top + 1, column, title, head)
            widths[column] = max(widths.get(column, 0), _longest_word(title) + 2)
        if number == 0 and len(tables) == 1:
            sheet.freeze_panes(2, 1)
        elif number == 0:
            sheet.freeze_panes(0, 1)
        for index, row in enumerate(table.rows):
            for column, cell in enumerate(row.cells):
                spec = table.columns[column]
                length = _write(writer, sheet, (top + 2 + index, column), spec, row, cell)
                widths[column] = max(widths.get(column, 0), length)
        top += 2 + len(table.rows)
        remark = table.note if table.rows else table.empty
        if remark:
            sheet.write_string(top, 0, remark, writer.format(italic=True, font_color=INK["muted"]))
            top += 1
        top += 1
    for column, width in widths.items():
        sheet.set_column(column, column, min(max(width + 2, NARROWEST), WIDEST))


def _titles(columns: Sequence[Column]) -> list[str]:
    units = {"mass": " [t CO₂e]"}
    return [column.title + units.get(column.kind, "") for column in columns]


def _width(text: str) -> int:
    return sum(2 if ord(char) >= 0x2E80 else 1 for char in text)


def _longest_word(text: str) -> int:
    return max((_width(word) for word in text.split()), default=0)


def _text(sheet: Any, row: int, column: int, text: str, style: Any) -> None:
    """Write text as text whatever it starts with, and never more than a cell holds."""
    sheet.write_string(row, column, text[:MOST_CHARACTERS], style)


def _write(
    writer: Workbook, sheet: Any, at: tuple[int, int], column: Column, row: Row, cell: Cell
) -> int:
    """Write one cell and return its width in characters."""
    styles: dict[str, Any] = {}
    if row.style != "plain":
        styles |= {"bold": True}
    if row.style == "group":
        styles |= {"bg_color": INK["tint"]}
    if row.style == "total":
        styles |= {"top": 1}
    if isinstance(cell, Status):
        styles |= {"bold": True, "font_color": (STATUS | SEVERITIES)[cell.tone]}
        cell = cell.text
    elif isinstance(cell, Stack):
        cell = "\n".join((cell.main, *cell.below))
    if cell is None:
        sheet.write_blank(*at, None, writer.format(**styles))
        return 0
    if isinstance(cell, str):
        _text(sheet, *at, cell, writer.format(**styles, text_wrap=True))
        return max((_width(line) for line in cell.split("\n")), default=0)
    value = _number(column.kind, cell)
    style = writer.format(**styles, num_format=NUMBER_FORMATS.get(column.kind, "General"))
    sheet.write_number(*at, value, style)
    return len(f"{value:,.3f}")


def _number(kind: Kind, cell: float | Fraction) -> float:
    """Return the number that a cell holds, to the 15 digits that a workbook shows."""
    scale = {"mass": MG_PER_T, "percent": 100}.get(kind, 1)
    return rounded(float(Fraction(cell) / scale))


def _summary(writer: Workbook, answers: Sequence[Answer]) -> None:
    """Key figures on the left, native charts on the right."""
    context, texts, model = writer.context, writer.context.texts, writer.context.model
    who = model.identity
    lacking = sum(1 for found in answers if found.state == "missing")
    facts: list[tuple[str, str | int]] = [
        (texts("fact.entity"), f"{texts.pick(who.name)} ({who.entity})"),
        (texts("fact.period"), period_text(context)),
        (texts("cover.state"), texts(f"state.{who.state}")),
        (texts("fact.standard"), who.standard),
        (texts("cover.approach"), texts.known("approach", who.approach)),
        (texts("cover.gwp"), who.gwp_set),
        (texts("fact.run"), who.run_id),
        (texts("fact.content"), who.content_hash),
        (texts("fact.prepared_by"), who.prepared_by or texts("not_stated")),
        (texts("fact.approved_by"), who.approved_by or texts("not_stated")),
        (texts("state.missing"), lacking),
        *((texts("fact.note"), texts.pick(note)) for note in model.notes),
    ]
    sheet = writer.sheet("summary")
    sheet.set_column(0, 0, 34)
    for column in (1, 2, 3):
        sheet.set_column(column, column, 24)
    title = f"{texts.pick(who.name)} · {texts('report_title')} {who.year}"
    sheet.write_string(0, 0, title, writer.format(bold=True, font_size=16))
    for index, (name, text) in enumerate(facts):
        sheet.write_string(2 + index, 0, name, writer.format(font_color=INK["muted"]))
        if isinstance(text, int):
            sheet.write_number(2 + index, 1, text, writer.format(num_format="0", align="left"))
        else:
            _text(sheet, 2 + index, 1, text, writer.format())
    top = len(facts) + 3
    head = writer.format(bold=True, bottom=1, bg_color=INK["tint"])
    titles = (texts("col.line"), *(texts(f"col.{method}") for method in SCOPE2_METHODS))
    for column, name in enumerate(titles):
        unit = " [t CO₂e]" if column else ""
        sheet.write_string(top, column, name + unit, head)
    sums = {method: by_line(model, method) for method in SCOPE2_METHODS}
    names = list(sums["location"])
    for index, line in enumerate(names):
        sheet.write_string(top + 1 + index, 0, f"{line}  {context.line(line)}", writer.format())
        for column, method in enumerate(SCOPE2_METHODS):
            _mass(writer, sheet, (top + 1 + index, column + 1), sums[method].get(line, 0))
    bottom = top + 1 + len(names)
    sheet.write_string(bottom, 0, texts("total"), writer.format(bold=True, top=1))
    for column, method in enumerate(SCOPE2_METHODS):
        _mass(writer, sheet, (bottom, column + 1), total_mg(model, method), bold=True, top=1)
    sheet.freeze_panes(1, 0)
    if model.years:
        _years_table(writer, sheet, bottom + 3)


def _mass(writer: Workbook, sheet: Any, at: tuple[int, int], mass_mg: int, **styles: Any) -> None:
    number = _number("mass", mass_mg)
    sheet.write_number(*at, number, writer.format(num_format=NUMBER_FORMATS["mass"], **styles))


def _years_table(writer: Workbook, sheet: Any, top: int) -> None:
    """Write the scopes of the years."""
    context, texts = writer.context, writer.context.texts
    head = writer.format(bold=True, bottom=1, bg_color=INK["tint"])
    sheet.write_string(top, 0, texts("chart.years"), head)
    for scope in SCOPES:
        sheet.write_string(top, scope, texts(f"scope_short.{scope}") + " [t CO₂e]", head)
    for index, year in enumerate(context.model.years):
        plain = writer.format(num_format="0", align="left")
        sheet.write_number(top + 1 + index, 0, year.year, plain)
        for scope, mass in scopes_of_year(year, "location").items():
            _mass(writer, sheet, (top + 1 + index, scope), mass)


def _is_term(key: str) -> bool:
    return key.startswith("glossary.") and key.endswith(".term")


def _glossary(context: Context) -> Table:
    texts = context.texts
    keys = [key.removesuffix(".term") for key in load_table() if _is_term(key)]
    rows = [Row((texts(f"{key}.term"), texts(f"{key}.text"))) for key in keys]
    columns = (Column(texts("col.term")), Column(texts("col.meaning")))
    return Table(texts("sheet.glossary"), columns, rows)
