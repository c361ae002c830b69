"""Which header of a file is which column, and what stands in columns that the file lacks."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from linyin.inventory.web.models import ColumnMapping
from linyin.lake import Schema, Sheet, header_key, load_schema
from linyin.ledger import input_header
from linyin.platform.words import say, words

if TYPE_CHECKING:
    from linyin.organization.web.models import Node
    from linyin.platform.words import Lang

__all__ = [
    "apply_mapping",
    "columns_to_choose",
    "guessed",
    "headers_by_column",
    "headers_key",
    "headers_of",
    "missing",
    "schema",
    "tells_what_is_wrong",
]

SAMPLE: Final = 3


def schema() -> Schema:
    """Return the schema of activities."""
    return load_schema("ledger", "activities")


def headers_of(sheets: Iterable[Sheet]) -> list[dict[str, Any]]:
    """Return every header once, with some of the cells below it."""
    found: dict[str, dict[str, Any]] = {}
    for sheet in sheets:
        for header, column in zip(sheet.header, sheet.columns, strict=True):
            if not header or header in found or tells_what_is_wrong(header):
                continue
            cells = [str(cell) for cell in column[:50].to_pylist() if cell not in (None, "")]
            found[header] = {
                "header": header, "sheet": sheet.sheet,
                "cells": list(dict.fromkeys(cells))[:SAMPLE],
            }  # fmt: skip
    return list(found.values())


def tells_what_is_wrong(header: str) -> bool:
    """Whether a header is of the column that a file of wrong rows has beside its own."""
    return header in (say("imports.wrong", "en"), say("imports.wrong", "zh"))


def headers_key(headers: Iterable[str]) -> str:
    """Return what two files with the same headers share."""
    text = "\n".join(sorted(header_key(header) for header in headers))
    return hashlib.sha256(text.encode()).hexdigest()


def guessed(
    node: Node, headers: Sequence[Mapping[str, Any]]
) -> tuple[dict[str, str], dict[str, str]]:
    """Return header → column and column → constant.

    As the node's files with these headers were mapped before, else by the names known; a column
    that takes certain words only is not guessed where the cells are others.
    """
    cells: dict[str, list[str]] = {str(one["header"]): one["cells"] for one in headers}
    kept = ColumnMapping.objects.filter(node=node, headers_key=headers_key(cells)).first()
    if kept is not None:
        return {header: kept.mapping.get(header, "") for header in cells}, kept.constants
    named = {header: _named(header) for header in cells}
    found = {h: column if _may_hold(column, cells[h]) else "" for h, column in named.items()}
    for header in [header for header, column in found.items() if not column]:
        found[header] = _by_cells(cells[header], found.values())
    return found, {}


def missing(mapping: Mapping[str, str], constants: Mapping[str, str]) -> list[str]:
    """Return the columns that every row needs and that no header and no constant gives."""
    given = {*mapping.values(), *(name for name, value in constants.items() if value)}
    needed = [column.name for column in schema().columns if column.required and not column.default]
    if any(is_ == "quantity" and _header(h, is_) != is_ for h, is_ in mapping.items()):
        given.add("unit")  # the header states it
    if "period" not in given:
        needed += ["begin", "end"]
    return [name for name in needed if name not in given]


def _may_hold(column: str, cells: Iterable[str]) -> bool:
    """Whether cells can stand in a column: they are of its words, where it takes certain ones."""
    taken = _words_of().get(column)
    return taken is None or all(header_key(cell) in taken for cell in cells)


def _by_cells(cells: Sequence[str], taken: Collection[str]) -> str:
    """Return the one column whose words all cells are, '' if there is none or several."""
    free = [n for n in _words_of() if n not in taken and cells and _may_hold(n, cells)]
    return free[0] if len(free) == 1 else ""


@cache
def _words_of() -> Mapping[str, frozenset[str]]:
    """Return column → all that can be written in it, of those that take certain words only."""
    return {
        column.name: frozenset(
            header_key(word)
            for code in column.allowed
            for word in (code, *words().get(f"activities.{column.name}.{code}", {}).values())
        )
        for column in schema().columns
        if column.allowed
    }


def _named(header: str) -> str:
    bare = header.partition("[")[0].partition("（")[0].partition("(")[0].strip()
    for text in (header, bare):
        column = schema().headers.get(header_key(text))
        if column is not None:
            return column.name
        if header_key(text) in labels():
            return labels()[header_key(text)]
    return header if input_header(header) else ""


@cache
def labels() -> Mapping[str, str]:
    """Return what pages call a column, in both languages, → the column."""
    languages: tuple[Lang, ...] = ("en", "zh")
    return {
        header_key(say(f"activities.{column.name}", language)): column.name
        for column in schema().columns
        for language in languages
        if f"activities.{column.name}" in words()
    }


def headers_by_column(mapping: Mapping[str, str]) -> dict[str, str]:
    """Return column → the header that is mapped to it."""
    return {column: header for header, column in mapping.items() if column}


def columns_to_choose() -> list[str]:
    """Return the columns that a header may be mapped to."""
    return [column.name for column in schema().columns]


def apply_mapping(
    sheets: Iterable[Sheet], mapping: Mapping[str, str], constants: Mapping[str, str]
) -> list[Sheet]:
    """Return sheets with the schema's headers: what is left out is gone, constants are added."""
    return [_mapped(sheet, mapping, constants) for sheet in sheets]


def _mapped(sheet: Sheet, mapping: Mapping[str, str], constants: Mapping[str, str]) -> Sheet:
    kept = [i for i, header in enumerate(sheet.header) if mapping.get(header)]
    header = [_header(sheet.header[i], mapping[sheet.header[i]]) for i in kept]
    columns: list[Any] = [sheet.columns[i] for i in kept]
    if any(map(tells_what_is_wrong, sheet.header)):
        columns = [_unquoted(column) for column in columns]
    for name, value in constants.items():
        if value and name not in {h.partition(" [")[0] for h in header}:
            header.append(name)
            columns.append(pa.array([value] * len(sheet.rows), pa.string()))
    dates = {kept.index(i): mask for i, mask in sheet.dates.items() if i in kept}
    wanted = {sheet.header[i] for i in kept}
    findings = tuple(f for f in sheet.findings if not f.at.column or f.at.column in wanted)
    return replace(
        sheet, header=tuple(header), columns=tuple(columns), dates=dates, findings=findings
    )


def _unquoted(column: Any) -> Any:
    """Return cells as they were before our writer kept them from being formulas."""
    if not pa.types.is_string(column.type):
        return column
    return pc.replace_substring_regex(column, r"^'([=+\-@\t\r])", r"\1")


def _header(written: str, column: str) -> str:
    """Keep a unit that the file's header states: `用电量（kWh）` → `quantity [kWh]`."""
    for left, right in (("[", "]"), ("（", "）"), ("(", ")")):
        _, opened, rest = written.partition(left)
        if opened and column == "quantity":
            return f"{column} [{rest.partition(right)[0].strip()}]"
    return column
