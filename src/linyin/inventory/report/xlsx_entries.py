"""The workbook's sheet of entries: many rows, so each column has one format, made once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from typing import Any

from linyin.inventory.report.model import EntryRow
from linyin.inventory.report.numbers import number, rounded
from linyin.inventory.report.palette import INK
from linyin.inventory.report.tables import Context
from linyin.ledger import code_name, item_name, unit_name

__all__ = ["write_entries"]

MG_PER_T = 10**9
EXCEL_DAY_ZERO = date(1899, 12, 30)
HEAD_ROW = 2
MOST_CHARACTERS = 32_767

type Value = Callable[[Context, EntryRow], str | float | None]


def _mass(mass_mg: int) -> float:
    return rounded(float(Fraction(mass_mg, MG_PER_T)))


def _day(day: date) -> int:
    return (day - EXCEL_DAY_ZERO).days


COLUMNS: tuple[tuple[str, str, int, Value], ...] = (
    ("entry", "", 44, lambda _, e: e.entry),
    ("site", "", 16, lambda _, e: e.site),
    ("line", "", 8, lambda _, e: e.line),
    ("name", "", 26, lambda c, e: c.line(e.line)),
    ("scope2_method", "", 14, lambda c, e: c.texts.known("method", e.scope2_method)),
    ("role", "", 12, lambda c, e: c.texts.known("role", e.role)),
    ("flow", "", 10, lambda c, e: c.texts.known("flow", e.flow)),
    ("status", "", 10, lambda c, e: c.texts.known("status", e.status)),
    ("source_type", "", 20, lambda c, e: code_name("source_type", e.source_type, c.texts.lang, {})),
    ("item", "", 28, lambda c, e: item_name(e.item, c.texts.lang)),
    ("begin", "yyyy-mm-dd", 11, lambda _, e: _day(e.begin)),
    ("last", "yyyy-mm-dd", 11, lambda _, e: _day(e.last)),
    ("quantity", "#,##0.######", 18, lambda _, e: rounded(e.amount)),
    ("unit", "", 11, lambda c, e: unit_name(e.unit, c.texts.lang)),
    ("fraction", "0.00%", 10, lambda _, e: rounded(e.fraction)),
    ("booked", "0.00%", 10, lambda _, e: rounded(e.share)),
    ("factor_id", "", 34, lambda _, e: e.factor_id),
    ("co2e", "#,##0.000000", 20, lambda _, e: _mass(e.co2e_mg)),
    ("biogenic", "#,##0.000000", 20, lambda _, e: _mass(e.biogenic_co2_mg)),
    ("file", "", 24, lambda _, e: e.file),
    ("sheet", "", 12, lambda _, e: e.sheet),
    ("row", "0", 8, lambda _, e: e.row),
)
"""Key of the title, number format (none = text), width in characters, value."""
UNITS = {"co2e": " [t CO₂e]", "biogenic": " [t]"}


def write_entries(book: Any, sheet: Any, context: Context) -> None:
    """Write the largest entries, one row each, with what `linyin trace` takes; masses in t."""
    texts, model = context.texts, context.model
    base = {"font_name": "Calibri", "font_size": 10, "valign": "top"}
    shown, entries = len(model.entries), model.entries_in_all
    key = "note.entries_cut" if shown < entries else "note.entries_all"
    note = texts(key, shown=number(shown, 0), count=number(entries, 0))
    sheet.write_string(
        0, 0, texts("table.entries"), book.add_format(base | {"bold": True, "font_size": 12})
    )
    muted = book.add_format(base | {"italic": True, "font_color": INK["muted"]})
    sheet.write_string(1, 0, note, muted)
    head = book.add_format(base | {"bold": True, "bottom": 1, "bg_color": INK["tint"]})
    formats = {style: book.add_format(base | ({"num_format": style} if style else {}))
               for _, style, _, _ in COLUMNS}  # fmt: skip
    for at, (title, _, width, _) in enumerate(COLUMNS):
        sheet.set_column(at, at, width)
        sheet.write_string(HEAD_ROW, at, texts(f"col.{title}") + UNITS.get(title, ""), head)
    sheet.freeze_panes(HEAD_ROW + 1, 1)
    sheet.autofilter(HEAD_ROW, 0, HEAD_ROW + max(shown, 1), len(COLUMNS) - 1)
    for index, entry in enumerate(model.entries, HEAD_ROW + 1):
        for at, (_, style, _, value) in enumerate(COLUMNS):
            cell = value(context, entry)
            if isinstance(cell, str):
                if cell:
                    sheet.write_string(index, at, cell[:MOST_CHARACTERS], formats[style])
            elif cell is not None:
                sheet.write_number(index, at, cell, formats[style])
