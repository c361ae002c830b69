"""Exchange rates, price indices, VAT and margins of a folder."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from linyin.lake import Finding, Where
from linyin.ledger import Catalog, Rate, RateKey, Rates, item_aliases, near_items

__all__ = ["read_rates"]

type Row = Mapping[str, Any]

OWNERS: Final = {"to": "exchange", "item": "vat"}


def read_rates(rows: Iterable[Row], catalog: Catalog | None, found: list[Finding]) -> Rates:
    """Read the rows of `rates.csv`, of which no two may state the same rate.

    Parameters
    ----------
    rows
        As validated; those of older bundles have no `item`.
    catalog
        Whose items rates may name, where it could be read.
    found
        Gets what is wrong.

    """
    rates = []
    first: dict[RateKey, Row] = {}
    for row in rows:
        rate = _rate(row)
        rates.append(rate)
        if not rate.from_ and rate.kind != "margin":
            found.append(Finding("value-missing", "error", _at(row, "from")))
        for column, kind in OWNERS.items():
            if row.get(column) and rate.kind != kind:
                fields = {"kind": rate.kind, "column": column, "of": kind}
                found.append(Finding("rate-cell", "error", _at(row, column), fields))
        item = rate.item if rate.kind == "vat" else rate.from_ if rate.kind == "margin" else ""
        if item and catalog and item not in catalog.items:
            near = ", ".join(near_items(catalog.by_id.values(), item)) or "-"
            at = _at(row, "item" if rate.kind == "vat" else "from")
            found.append(Finding("rate-item-unknown", "warning", at, {"item": item, "near": near}))
        other = first.setdefault(rate.key, row)
        if other is not row:
            found.append(Finding("rate-twice", "error", _at(row, "value"), _both(row, other)))
    return Rates(rates)


def _rate(row: Row) -> Rate:
    item = row.get("item") or ""
    return Rate(
        kind=row["kind"],
        from_=row["from"],
        to=row["to"],
        year=row["year"] or 0,
        value=Fraction(0) if row["value"] is None else Fraction(Decimal(repr(row["value"]))),
        source=row["source"],
        item=item_aliases().get(item, item),
    )


def _both(row: Row, other: Row) -> dict[str, str | int]:
    pair = " ".join(filter(None, (row["from"], row["to"], row.get("item"))))
    place = " ".join(filter(None, (other["_file"], other["_sheet"])))
    return {
        "kind": row["kind"],
        "pair": pair,
        "year": row["year"] or 0,
        "value": f"{row['value']:.12g}" if row["value"] is not None else "",
        "other": f"{other['value']:.12g}" if other["value"] is not None else "",
        "other_place": place,
        "other_row": other["_row"],
    }


def _at(row: Row, column: str) -> Where:
    return Where(row["_file"], row["_sheet"], row["_row"], column)
