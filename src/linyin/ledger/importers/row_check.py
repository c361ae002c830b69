"""Whether a row fits the factors schema: columns, types, allowed values, what must go together."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from linyin.ledger.faults import LedgerError
from linyin.ledger.importers.decimals import parse
from linyin.ledger.importers.imported import SchemaColumn, schema_columns
from linyin.ledger.units import UnitError
from linyin.ledger.units import parse as parse_unit

MASSES = ("co2_kg", "co2_biogenic_kg", "co2_land_use_kg", "ch4_kg", "ch4_biogenic_kg", "n2o_kg")
CODE = re.compile(r"^\S+$")
RANGE = re.compile(r"^(>=)?(-?\d+)(?:\.\.(-?\d+))?$")


def problems(row: Mapping[str, str]) -> list[tuple[str, LedgerError]]:
    """Tell what is wrong with a row.

    Parameters
    ----------
    row : mapping
        Cells by column of ``schemas/factors.csv``; '' or absent = not stated.

    Returns
    -------
    list of (column, LedgerError)
        Empty if the row is good. The error says what was found and what is expected.

    """
    columns = {column.name: column for column in schema_columns()}
    strange = LedgerError("factor-cell-column")
    found = [(name, strange) for name in row if name not in columns]
    for name, column in columns.items():
        problem = _cell(column, row.get(name, ""))
        if problem:
            found.append((name, problem))
    return found or _together(row)


def _cell(column: SchemaColumn, text: str) -> LedgerError | None:
    if not text:
        return LedgerError("factor-cell-required") if column.required else None
    checks = {"decimal": _decimal, "integer": _integer, "date": _date, "unit": _unit, "code": _code}
    check = checks.get(column.type)
    problem = check(text) if check else None
    return problem or _allowed(column.allowed, text)


def _decimal(text: str) -> LedgerError | None:
    return None if parse(text) is not None else LedgerError("factor-cell-number", value=text)


def _integer(text: str) -> LedgerError | None:
    return None if re.fullmatch(r"-?\d+", text) else LedgerError("factor-cell-whole", value=text)


def _date(text: str) -> LedgerError | None:
    try:
        date.fromisoformat(text)
    except ValueError:
        return LedgerError("factor-cell-date", value=text)
    return None


def _unit(text: str) -> LedgerError | None:
    try:
        parse_unit(text)
    except UnitError as problem:
        return problem
    return None


def _code(text: str) -> LedgerError | None:
    return None if CODE.match(text) else LedgerError("factor-cell-blanks", value=text)


def _allowed(allowed: str, text: str) -> LedgerError | None:
    if not allowed:
        return None
    bounds = RANGE.match(allowed)
    if bounds is None:
        listed = allowed.split("|")
        if text in listed:
            return None
        return LedgerError("factor-cell-allowed", value=text, choices=listed)
    number = parse(text)
    low, high = int(bounds[2]), int(bounds[3]) if bounds[3] else None
    if number is None or number < low or (high is not None and number > high):
        return LedgerError("factor-cell-range", value=text, expected=allowed)
    return None


def _together(row: Mapping[str, str]) -> list[tuple[str, LedgerError]]:
    has_gases = any(row.get(name) for name in ("co2_kg", "ch4_kg", "n2o_kg", "species"))
    found: list[tuple[str, str]] = []
    if not row.get("co2e_kg") and not row.get("species") and not any(map(row.get, MASSES)):
        found.append(("co2e_kg", "factor-without-gases"))
    if row.get("co2e_kg") and has_gases:
        found.append(("co2e_kg", "factor-gases-and-total"))
    if bool(row.get("co2e_kg")) != bool(row.get("gwp_set")):
        found.append(("gwp_set", "factor-gwp-set-misplaced"))
    if row.get("evidence") == "remembered" and row.get("status") == "approved":
        found.append(("status", "factor-remembered-approved"))
    if row.get("use") == "spend" and not (row.get("currency_year") and row.get("price_basis")):
        found.append(("currency_year", "factor-spend-undated"))
    wrong = [(column, LedgerError(code)) for column, code in found]
    for gas in ("co2", "ch4", "n2o"):
        low, high = (parse(row.get(f"{gas}_{end}_kg", "")) for end in ("low", "high"))
        if low is not None and high is not None and low > high:
            crossed = LedgerError(
                "factor-range-crossed", low=low, high=high, column=f"{gas}_high_kg"
            )
            wrong.append((f"{gas}_low_kg", crossed))
    return wrong
