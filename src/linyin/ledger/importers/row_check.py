"""Whether a row fits the factors schema: columns, types, allowed values, what must go together."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from linyin.ledger.importers.decimals import parse
from linyin.ledger.importers.imported import SchemaColumn, schema_columns
from linyin.ledger.units import UnitError
from linyin.ledger.units import parse as parse_unit

MASSES = ("co2_kg", "co2_biogenic_kg", "co2_land_use_kg", "ch4_kg", "ch4_biogenic_kg", "n2o_kg")
CODE = re.compile(r"^\S+$")
RANGE = re.compile(r"^(>=)?(-?\d+)(?:\.\.(-?\d+))?$")


def problems(row: Mapping[str, str]) -> list[tuple[str, str]]:
    """Tell what is wrong with a row.

    Parameters
    ----------
    row : mapping
        Cells by column of ``schemas/factors.csv``; '' or absent = not stated.

    Returns
    -------
    list of (column, problem)
        Empty if the row is good. The problem says what was found and what is expected.

    """
    columns = {column.name: column for column in schema_columns()}
    found = [(name, "is no column of the factors table") for name in row if name not in columns]
    for name, column in columns.items():
        problem = _cell(column, row.get(name, ""))
        if problem:
            found.append((name, problem))
    return found or _together(row)


def _cell(column: SchemaColumn, text: str) -> str:
    if not text:
        return "is required" if column.required else ""
    checks = {"decimal": _decimal, "integer": _integer, "date": _date, "unit": _unit, "code": _code}
    check = checks.get(column.type)
    problem = check(text) if check else ""
    return problem or _allowed(column.allowed, text)


def _decimal(text: str) -> str:
    return "" if parse(text) is not None else f"{text!r} is no number"


def _integer(text: str) -> str:
    return "" if re.fullmatch(r"-?\d+", text) else f"{text!r} is no whole number"


def _date(text: str) -> str:
    try:
        date.fromisoformat(text)
    except ValueError:
        return f"{text!r} is no date; write it as 2024-12-31"
    return ""


def _unit(text: str) -> str:
    try:
        parse_unit(text)
    except UnitError as problem:
        return str(problem)
    return ""


def _code(text: str) -> str:
    return "" if CODE.match(text) else f"{text!r} has blanks; a code has none"


def _allowed(allowed: str, text: str) -> str:
    if not allowed:
        return ""
    bounds = RANGE.match(allowed)
    if bounds is None:
        return "" if text in allowed.split("|") else f"{text!r} is not one of {allowed}"
    number = parse(text)
    low, high = int(bounds[2]), int(bounds[3]) if bounds[3] else None
    if number is None or number < low or (high is not None and number > high):
        return f"{text} is not {allowed}"
    return ""


def _together(row: Mapping[str, str]) -> list[tuple[str, str]]:
    has_gases = any(row.get(name) for name in ("co2_kg", "ch4_kg", "n2o_kg", "species"))
    found = []
    if not row.get("co2e_kg") and not row.get("species") and not any(map(row.get, MASSES)):
        found.append(("co2e_kg", "neither gases nor CO2e are given"))
    if row.get("co2e_kg") and has_gases:
        found.append(("co2e_kg", "CO2e stands only where the publisher gives no gases"))
    if bool(row.get("co2e_kg")) != bool(row.get("gwp_set")):
        found.append(("gwp_set", "belongs to co2e_kg and only to it"))
    if row.get("evidence") == "remembered" and row.get("status") == "approved":
        found.append(("status", "a remembered value stays a draft"))
    if row.get("use") == "spend" and not (row.get("currency_year") and row.get("price_basis")):
        found.append(("currency_year", "a spend factor states price year and price basis"))
    for gas in ("co2", "ch4", "n2o"):
        low, high = (parse(row.get(f"{gas}_{end}_kg", "")) for end in ("low", "high"))
        if low is not None and high is not None and low > high:
            found.append((f"{gas}_low_kg", f"{low} is above {gas}_high_kg {high}"))
    return found
