"""Contracts and certificates: every row checked where it stands, the sound ones built."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from linyin.lake import Finding, Where
from linyin.ledger import Instrument, LedgerError, convert_unit, parse_unit
from linyin.organization import FiscalCalendar, Organization, Period

__all__ = ["read_instruments"]

type Row = Mapping[str, Any]


def read_instruments(
    rows: Iterable[Row],
    organization: Organization,
    places: Container[str],
    calendar: FiscalCalendar,
    found: list[Finding],
) -> list[Instrument]:
    """Check the rows of instruments and build those that are sound.

    Parameters
    ----------
    rows : iterable of mapping
        Validated rows, with `_file`, `_sheet` and `_row`.
    organization : Organization
        Whose nodes own instruments.
    places : container of str
        Codes of the place table.
    calendar : FiscalCalendar
        Of the reporting years that instruments are claimed for.
    found : list of Finding
        What is wrong is added: unknown owners, sites and markets, owners that are no entity, ends
        that are not after their begin, claims outside the window, units that measure no energy,
        instruments that stand twice.

    Returns
    -------
    list of Instrument
        Quantities in kWh.

    """
    sound: list[Instrument] = []
    first: dict[str, Row] = {}
    for row in rows:
        wrong = [*_references(row, organization, places), *_dates(row), *_claim(row, calendar)]
        number = row["instrument"]
        if number and first.setdefault(number, row) is not row:
            fields = {"instrument": number, "other_row": first[number]["_row"]}
            wrong.append(Finding("instrument-twice", "error", _at(row, "instrument"), fields))
        try:
            quantity = _kwh(row)
        except LedgerError as fault:
            wrong.append(fault.finding(_at(row, "unit")))
            quantity = None
        found += wrong
        if not wrong and _is_whole(row):
            sound.append(_instrument(row, quantity, calendar))
    return sound


def _at(row: Row, column: str) -> Where:
    return Where(row["_file"], row["_sheet"], row["_row"], column)


def _references(row: Row, organization: Organization, places: Container[str]) -> Iterator[Finding]:
    nodes = organization.nodes
    for column, known, code in (
        ("owner", nodes, "site-unknown"),
        ("site", nodes, "site-unknown"),
        ("market", places, "place-unknown"),
    ):
        if row[column] and row[column] not in known:
            yield Finding(code, "error", _at(row, column), {"value": row[column]})
    owner = nodes.get(row["owner"])
    if owner is not None and owner.kind not in ("group", "entity"):
        fields = {"value": owner.code, "kind": owner.kind}
        yield Finding("instrument-owner-kind", "error", _at(row, "owner"), fields)


def _dates(row: Row) -> Iterator[Finding]:
    if row["begin"] and row["end"] and row["begin"] >= row["end"]:
        yield Finding("period-empty", "error", _at(row, "end"))


def _claim(row: Row, calendar: FiscalCalendar) -> Iterator[Finding]:
    """Find a claim for a year in which the instrument may cover nothing."""
    claimed = _claimed(row, calendar)
    if claimed is None or not (row["begin"] and row["end"]) or row["begin"] >= row["end"]:
        return
    window = Period(row["begin"], row["end"])
    if window.overlap(claimed) is None:
        fields = {"year": row["claimed_for"], "year_span": str(claimed), "span": str(window)}
        yield Finding("claim-outside-window", "error", _at(row, "claimed_for"), fields)


def _claimed(row: Row, calendar: FiscalCalendar) -> Period | None:
    """Return the reporting year of a claim; bundles of 0.1 have no such column."""
    year = row.get("claimed_for")
    return calendar.year(year) if year else None


def _kwh(row: Row) -> Fraction | None:
    unit, kwh = parse_unit(row["unit"]), parse_unit("kWh")
    stated = Fraction(0) if row["quantity"] is None else Fraction(Decimal(repr(row["quantity"])))
    converted = convert_unit(stated, unit, kwh)
    return None if row["quantity"] is None else converted


def _is_whole(row: Row) -> bool:
    """Whether the cells that an instrument needs could be read; else they are reported already."""
    needed = ("instrument", "owner", "market", "begin", "end", "co2_kg_per_kwh")
    return all(row[name] not in (None, "") for name in needed)


def _instrument(row: Row, quantity: Fraction | None, calendar: FiscalCalendar) -> Instrument:
    return Instrument(
        instrument=row["instrument"],
        kind=row["kind"],
        owner=row["owner"],
        market=row["market"],
        energy=row["energy"],
        quantity=quantity,
        co2_kg=Fraction(Decimal(repr(row["co2_kg_per_kwh"]))),
        begin=row["begin"],
        end=row["end"],
        site=row["site"],
        claimed=_claimed(row, calendar),
        at=_at(row, "instrument"),
    )
