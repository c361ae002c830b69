"""The pieces that a page is made of, as JSON-ready mappings for the template."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from linyin.inventory.report.drawings import Drawing
from linyin.inventory.report.numbers import number, percent, quantity
from linyin.inventory.report.tables import Cell, Column, Context, Stack, Status, Table

__all__ = ["Block", "callout", "cards", "chart", "facts", "heading", "paragraph", "table"]

type Block = dict[str, Any]

NUMERIC = {"mass", "share", "percent", "number", "quantity", "score"}
FIRST_WIDE = 0x2E80
TITLE_HAN = 5
MAX_EMS = 14.0
MASS_EMS = 5.0
YEARS_END = 10_000
WIDE_FROM, SIZE, WIDE_SIZE = 7, 8.2, 7.4


def heading(text: str, level: int, number: str = "", *, new_page: bool = False) -> Block:
    """Return a heading; level 1 opens a section with its number."""
    return {"kind": "heading", "text": text, "level": level, "number": number, "break": new_page}


def paragraph(text: str) -> Block:
    """Return a paragraph of running text."""
    return {"kind": "paragraph", "text": text}


def callout(text: str, tone: str) -> Block:
    """Return a remark set apart, in the colour of its tone."""
    return {"kind": "callout", "text": text, "tone": tone}


def cards(items: Iterable[tuple[str, str, str, str]]) -> Block:
    """Key figures: label, value, unit, remark, and nothing else."""
    keys = ("label", "value", "unit", "note")
    return {"kind": "cards", "cards": [dict(zip(keys, item, strict=True)) for item in items]}


def facts(items: Sequence[tuple[str, str]], missing: str) -> Block:
    """Pairs of a name and a statement; what was not stated says so."""
    pairs = [{"name": name, "text": text or missing, "known": bool(text)} for name, text in items]
    return {"kind": "facts", "facts": pairs}


def chart(drawing: Drawing, svg: str) -> Block:
    """Return a drawn chart."""
    return {"kind": "chart", "svg": svg, "alt": drawing.alt, "caption": drawing.caption}


def table(context: Context, content: Table) -> Block:
    """Return a table with its cells printed; an empty one is its sentence."""
    if not content.rows:
        return {"kind": "empty", "caption": content.caption, "text": content.empty or "–"}
    rows: list[Block] = [
        {
            "style": row.style,
            "cells": [
                _cell(context, column, cell)
                for column, cell in zip(content.columns, row.cells, strict=True)
            ],
        }
        for row in content.rows
    ]
    return {
        "kind": "table",
        "caption": content.caption,
        "note": content.note,
        "size": WIDE_SIZE if len(content.columns) > WIDE_FROM else SIZE,
        "columns": [
            _column(context, column, [row["cells"][index] for row in rows])
            for index, column in enumerate(content.columns)
        ],
        "rows": rows,
    }


def _ems(text: str) -> float:
    """Width of a text in ems: Han and other wide characters take one, others about half."""
    return sum(1.02 if ord(char) >= FIRST_WIDE else 0.58 for char in text)


def _width(context: Context, column: Column, cells: Sequence[Block]) -> float:
    """Width in ems that a column needs so that no cell and no word of its title breaks."""
    printed: list[str] = [line for cell in cells for line in cell.get("lines", ())]
    badges: list[str] = [cell["status"] for cell in cells if "status" in cell]
    words = [
        word[:TITLE_HAN] if word and ord(word[0]) >= FIRST_WIDE else word
        for word in column.title.split()
    ]
    needed = [_ems(text) for text in (*printed, *words)] + [_ems(text) + 1.2 for text in badges]
    if column.kind == "mass":
        needed += [_ems(context.unit), MASS_EMS]
    return min(max(needed), MAX_EMS)


def _column(context: Context, column: Column, cells: Sequence[Block]) -> Block:
    return {
        "width": _width(context, column, cells),
        "title": column.title,
        "unit": context.unit if column.kind == "mass" else "",
        "right": column.kind in NUMERIC,
        "weight": column.weight,
    }


def _cell(context: Context, column: Column, cell: Cell) -> Block:
    if isinstance(cell, Status):
        return {"status": cell.text, "tone": cell.tone}
    if isinstance(cell, Stack):
        return {"lines": [cell.main, *(line for line in cell.below if line)]}
    return {"lines": [_printed(context, column, cell)]}


def _printed(context: Context, column: Column, cell: str | float | Fraction | None) -> str:
    if cell is None:
        return "–"
    if isinstance(cell, str):
        return cell
    match column.kind:
        case "mass":
            return context.mass(int(cell))
        case "share":
            return percent(float(cell))
        case "percent":
            return percent(float(cell) / 100)
        case "number":
            return number(cell, 0) if cell >= YEARS_END else str(int(cell))
        case "year":
            return str(int(cell))
        case "score":
            return number(cell, 1)
        case _:
            return quantity(float(cell))
