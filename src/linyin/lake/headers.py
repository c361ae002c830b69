"""Which column of a sheet is which column of a schema."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Final

import pyarrow.compute as pc

from linyin.lake.findings import Finding
from linyin.lake.schemas import CHINESE, PLACE_COLUMNS, Column, Extra, Schema
from linyin.lake.sheets import Sheet, header_key
from linyin.lake.xlsx_scan import column_letters

__all__ = ["Match", "match_headers", "near"]

UNKNOWN: Final = ("column-unknown", "column-unknown-in-sheet")
_WITH_UNIT = re.compile(r"\s*(?P<name>.+?)\s*[\[(（［【]\s*(?P<unit>.+?)\s*[\])）］】]\s*")
_SEE = re.compile(r"see `(?P<column>\w+)`")


@dataclass(slots=True)
class Match:
    """Positions in the sheet of the schema's columns and of the extra ones, by name.

    Attributes
    ----------
    known, extra
        Name → position.
    units
        Column of a unit → the unit that the header of its quantity states, as in
        `quantity [kWh]`.
    findings
        What is wrong with the headers.

    """

    known: dict[str, int] = field(default_factory=dict)
    extra: dict[str, int] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def match_headers(
    schema: Schema, sheet: Sheet, extra: Extra | None, ignored: Collection[str] = ()
) -> Match:
    """Find every column but the ignored; say which are unknown, twice, nameless or missing."""
    match = Match()
    passed_over = {header_key(header) for header in ignored}
    row = sheet.header_row or None
    for index, header in enumerate(sheet.header):
        if header and header_key(header) in passed_over:
            continue
        if not header:
            if _holds_something(sheet, index):
                at = sheet.where(row, column_letters(index + 1))
                match.findings.append(Finding("header-empty", "error", at))
            continue
        column = schema.headers.get(header_key(header))
        kept = extra(header) if column is None and extra else None
        if column is None and kept is None:
            column = _with_unit(schema, header, match)
        if column is None and (kept is None or kept in PLACE_COLUMNS):
            listed = any(finding.code in UNKNOWN for finding in match.findings)
            match.findings.append(_unknown(schema, sheet, header, listed=listed))
            continue
        name, places = (column.name, match.known) if column else (str(kept), match.extra)
        if name in places:
            fields = {
                "name": name,
                "first": column_letters(places[name] + 1),
                "second": column_letters(index + 1),
            }
            at = sheet.where(row, header)
            match.findings.append(Finding("column-twice", "error", at, fields))
        else:
            places[name] = index
    match.findings += [
        Finding(
            "column-missing",
            "error",
            sheet.where(row, column.name),
            {"headers": ", ".join(sheet.header)},
        )
        for column in schema.columns
        if column.required
        and not column.default
        and column.name not in match.known
        and column.name not in match.units
    ]
    return match


def _with_unit(schema: Schema, header: str, match: Match) -> Column | None:
    """Return the column of a header such as `quantity [kWh]`, and note the unit it states."""
    parts = _WITH_UNIT.fullmatch(header)
    column = schema.headers.get(header_key(parts["name"])) if parts else None
    if parts is None or column is None or not column.unit:
        return None
    see = _SEE.fullmatch(column.unit)
    if see is None:
        return column if header_key(parts["unit"]) == header_key(column.unit) else None
    if column.name not in match.known:
        match.units[see["column"]] = parts["unit"]
    return column


def _unknown(schema: Schema, sheet: Sheet, header: str, *, listed: bool) -> Finding:
    at = sheet.where(sheet.header_row or None, header)
    names = {lang: schema.headers_in(lang) for lang in ("en", "zh")}
    close = near(header, names["zh" if CHINESE.search(header) else "en"])
    if close:
        return Finding("column-unknown-near", "error", at, {"near": ", ".join(close)})
    if listed:
        return Finding("column-unknown-too", "error", at)
    code = "column-unknown-in-sheet" if sheet.sheet else "column-unknown"
    expected = {"expected": ", ".join(names["en"]), "expected_zh": "、".join(names["zh"])}
    return Finding(code, "error", at, expected)


def _holds_something(sheet: Sheet, index: int) -> bool:
    column = sheet.columns[index]
    return bool(pc.any(pc.not_equal(column.cast("string"), "")).as_py())


def near(text: str, names: Iterable[str]) -> list[str]:
    """Return up to three of `names` that `text` may be a slip of, nearest first."""
    keys = {header_key(name): name for name in names}
    close = difflib.get_close_matches(header_key(text), keys, n=3, cutoff=0.5)
    return [keys[key] for key in close]
