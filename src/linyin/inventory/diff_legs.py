"""What a run booked, leg by leg, as the comparison of two runs needs it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from linyin.inventory.inventory import Inventory, Scope2Method
from linyin.ledger.units import parse

__all__ = ["GAS_COLUMNS", "QUANTUM_BITS", "Place", "Slice", "kind_of", "quanta", "read_slices"]

QUANTUM_BITS: Final = 50
"""Amounts are added up in whole multiples of 2⁻⁵⁰ of their unit, so that order never matters."""

GAS_COLUMNS: Final = (
    "co2_mg", "co2_land_use_mg", "ch4_mg", "ch4_biogenic_mg", "n2o_mg",
    "hfc_mg", "pfc_mg", "sf6_mg", "nf3_mg", "undivided_mg",
)  # fmt: skip
_TEXTS: Final = (
    "line", "role", "method", "unit", "factor_id", "boundary", "instrument", "source_type",
    "item", "technology", "counterparty", "place", "relation", "supply", "inputs",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """What makes a source the same one in two runs, whatever line or method it is booked by."""

    site: str
    source_type: str
    item: str
    technology: str
    counterparty: str
    place: str
    stage: str = "main"


@dataclass(frozen=True, slots=True)
class Slice:
    """What is booked on one leg.

    Attributes
    ----------
    quantity
        Sum of the amounts at 100 %, in multiples of 2⁻⁵⁰ of the unit.
    mass
        Sum of the entries. [mg CO2e]
    entries
        How many there are.
    share
        Reporter's share; 0 where a slice is outside the reported total. [-]
    factor
        CO2e per unit at 100 %. [mg/unit]
    gases
        The same gas by gas, in the order of `GAS_COLUMNS`; only read for two GWP sets.

    """

    leg: int
    at: Place
    line: str
    role: str
    method: str
    version: int
    unit: str
    factor_id: str
    boundary: str
    instrument: str
    when: tuple[int, int]
    part: tuple[float, float]
    context: tuple[str, ...]
    quantity: int
    mass: int
    entries: int
    share: float
    factor: float
    gases: tuple[float, ...] = ()

    @property
    def reported(self) -> bool:
        """Whether the slice is in the reported total."""
        return self.role == "reported"


def quanta(expression: str) -> str:
    """Return the SQL that adds an amount up in whole multiples of 2⁻⁵⁰, as text."""
    return f"sum(CAST(({expression}) * {2**QUANTUM_BITS}::DOUBLE AS HUGEINT))::VARCHAR"


@lru_cache(maxsize=4096)
def kind_of(unit: str) -> tuple[object, ...]:
    """Return what makes amounts comparable: the dimensions and calorific basis of their unit."""
    known = parse(unit)
    return (known.dimensions, known.basis)


def read_slices(
    inventory: Inventory, scope2_method: Scope2Method, *, gases: bool = False
) -> Iterator[Slice]:
    """Yield what is booked on every leg of emissions, for one scope-2 method.

    Parameters
    ----------
    inventory : Inventory
    scope2_method : str
        `location` or `market`; lines outside scope 2 have none and always count.
    gases : bool
        Whether the multipliers of each gas are needed.

    """
    texts = ", ".join(f"{'l' if name in _OF_LEG else 'c'}.{name} AS {name}" for name in _TEXTS)
    of_gas = "".join(f", l.k_{gas} AS {gas}" for gas in GAS_COLUMNS) if gases else ""
    table = inventory.query(
        f"""
        WITH booked AS (
            SELECT leg, any_value(context) AS context, {quanta("amount * fraction")} AS quantity,
                   sum(co2e_mg)::VARCHAR AS mass, count(*) AS entries
            FROM entries WHERE flow = 'emission' AND scope2_method IN ('', $1) GROUP BY leg
        )
        SELECT l.leg AS leg, {texts}, l.booked_site AS site, l.method_version AS version,
               l.leg_from - DATE '{inventory.run["begin"]}' AS first_day,
               l.leg_to - DATE '{inventory.run["begin"]}' AS last_day, l.lo AS lo, l.hi AS hi,
               l.share AS share, l.k_co2e_mg AS co2e, c.method AS asked, c.unit AS written,
               b.quantity, b.mass, b.entries {of_gas}
        FROM booked b JOIN legs l USING (leg) JOIN contexts c ON c.context = b.context
        ORDER BY leg
        """,
        [scope2_method],
    )
    columns = {name: table[name].to_pylist() for name in table.column_names}
    for row in zip(*columns.values(), strict=True):
        yield _slice(dict(zip(columns, row, strict=True)), gases)


_OF_LEG: Final = frozenset(
    {"line", "role", "method", "unit", "factor_id", "boundary", "instrument", "source_type"}
)


def _slice(row: dict[str, Any], gases: bool) -> Slice:
    share = row["share"]
    stage = "main"
    if row["boundary"] in ("upstream", "losses") and not row["line"].startswith("2."):
        stage = row["boundary"]
    place = Place(
        row["site"], row["source_type"], row["item"], row["technology"], row["counterparty"],
        row["place"], stage,
    )  # fmt: skip
    return Slice(
        leg=row["leg"],
        at=place,
        line=row["line"],
        role=row["role"],
        method=row["method"],
        version=row["version"],
        unit=row["unit"],
        factor_id=row["factor_id"],
        boundary=row["boundary"],
        instrument=row["instrument"],
        when=(row["first_day"], row["last_day"]),
        part=(row["lo"], row["hi"]),
        context=(row["relation"], row["supply"], row["inputs"], row["asked"], row["written"]),
        quantity=int(row["quantity"]),
        mass=int(row["mass"]),
        entries=row["entries"],
        share=share,
        factor=row["co2e"] / share,
        gases=tuple(row[gas] / share for gas in GAS_COLUMNS) if gases else (),
    )
