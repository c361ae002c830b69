"""The enterprise of the benchmark: sites, what they use and buy, and how it is consolidated."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

import pyarrow as pa

from linyin.ledger import (
    CONTEXT_COLUMNS,
    Catalog,
    GroupOperations,
    Instrument,
    Job,
    Rate,
    Rates,
    ReferenceTables,
    Run,
    load_packs,
    place_parents,
)
from linyin.organization import Allocations, Organization, Profiles

SITES = 400
SUPPLIERS_OF_A_SITE = 122
PROVINCES = ("CN-GD", "CN-JS", "CN-SN", "CN-HN", "CN-SH", "CN-HE", "CN-SC", "CN-HB")
YEAR = 2023
BEGIN, END = date(YEAR, 1, 1), date(YEAR + 1, 1, 1)


def catalog() -> Catalog:
    """Return every factor that comes with the program."""
    return Catalog(load_packs())


def spend_items() -> list[str]:
    """Return the goods and services that the enterprise buys."""
    return sorted({f.item for f in load_packs() if f.use == "spend"})[:120]


def contexts() -> pa.Table:
    """List the contexts: sites × energy and refrigerants, sites × goods × suppliers.

    Returns
    -------
    table
        The context columns, and `low`, `high`: the range of the rows' quantities.

    """
    rows = [
        dict.fromkeys(CONTEXT_COLUMNS, "") | {"flow": "emission", "relation": "owned"} | row
        for row in _contexts()
    ]
    return pa.Table.from_pylist(rows)


def _contexts() -> Iterator[dict[str, str | float]]:
    goods = spend_items()
    for n in range(SITES):
        site = f"site-{n:04}"
        yield _energy(site, "electricity", "electricity", "kWh", 50, 2e5)
        yield _energy(site, "stationary_combustion", "natural_gas", "Nm3", 5, 2e4)
        yield _energy(site, "mobile_combustion", "diesel", "L", 10, 5e3)
        yield _energy(site, "fugitive", "R410A", "kg", 0.1, 20)
        for k in range(SUPPLIERS_OF_A_SITE):
            item = goods[(7 * n + k) % len(goods)]
            yield {
                "site": site,
                "source_type": "services" if k % 4 == 0 else "goods",
                "item": item,
                "unit": "CNY",
                "counterparty": f"supplier-{(31 * n + 17 * k) % 3000:05}",
                "low": 100.0,
                "high": 5e5,
            }


def _energy(
    site: str, source_type: str, item: str, unit: str, low: float, high: float
) -> dict[str, str | float]:
    return {
        "site": site, "source_type": source_type, "item": item, "unit": unit,
        "low": float(low), "high": float(high),
    }  # fmt: skip


def organization() -> Organization:
    """Return a group of ten companies with their sites in eight provinces."""
    empty = dict.fromkeys(
        ("name_en", "name_zh", "parent", "owner", "control", "operator", "country", "place"), ""
    )
    empty |= dict.fromkeys(("ownership_pct", "opened", "closed", "from", "to", "note"))
    where = {"_file": "organization.csv", "_sheet": ""}
    nodes: list[dict[str, object]] = [{"code": "group", "kind": "group"}]
    nodes += [
        {"code": f"company-{n}", "kind": "entity", "parent": "group", "country": "CN"}
        | {"owner": "group", "ownership_pct": 100, "control": "sole"}
        for n in range(10)
    ]
    nodes += [
        {"code": f"site-{n:04}", "kind": "site", "parent": f"company-{n % 10}"}
        | {"country": "CN", "place": PROVINCES[n % len(PROVINCES)]}
        for n in range(SITES)
    ]
    rows = [empty | where | {"_row": n} | node for n, node in enumerate(nodes, 2)]
    made, findings = Organization.from_rows(rows)
    wrong = [f for f in findings if f.severity == "error"]
    if wrong:
        raise SystemExit(f"the benchmark's organization is wrong: {wrong[:3]}")
    return made


def job() -> Job:
    """Return one run of the whole group under operational control."""
    run = Run(
        run="bench",
        entity="group",
        approach="operational_control",
        gwp="AR6-100",
        standard="GHG Protocol",
        begin=BEGIN,
        end=END,
        pin=date(2026, 1, 1),
    )

    def unmetered(*_: object) -> Fraction:
        raise SystemExit("no supply of the benchmark is shared")

    return Job(run, GroupOperations(run, organization(), place_parents(), Allocations(), unmetered))


def rates() -> Rates:
    """Return illustrative exchange rates and price indices."""
    return Rates(
        [
            Rate("exchange", "CNY", "USD", YEAR, Fraction(14, 100), "illustrative"),
            Rate("price_index", "USD", "", YEAR, Fraction(304, 100), "illustrative"),
            Rate("price_index", "USD", "", YEAR - 1, Fraction(292, 100), "illustrative"),
        ]
    )


def instruments() -> list[Instrument]:
    """Return certificates that cover a third of two companies' power."""
    return [
        Instrument(
            instrument=f"certificate-{n}",
            kind="certificate",
            owner=f"company-{n}",
            market="CN",
            energy="electricity",
            quantity=Fraction(10_000_000),
            co2_kg=Fraction(0),
            begin=BEGIN,
            end=END,
        )
        for n in (1, 2)
    ]


def reference() -> ReferenceTables:
    """Return gases, losses, fuels and places as they come with the program."""
    return ReferenceTables.shipped()


def elapsed() -> Profiles:
    """Return profiles: every row is spread by days."""
    return Profiles()
