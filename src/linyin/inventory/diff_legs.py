"""What a run booked, leg by leg, as the comparison of two runs needs it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from linyin.inventory.inventory import Inventory, Scope2Method
from linyin.ledger import parse_unit

__all__ = ["GAS_COLUMNS", "QUANTUM_BITS", "Place", "Slice", "kind_of", "quanta", "read_slices"]

QUANTUM_BITS: Final = 50
"""Amounts are added up in whole multiples of 2⁻⁵⁰ of their unit, so that order never matters."""

GAS_COLUMNS: Final = (
    "co2_mg", "co2_land_use_mg", "ch4_mg", "ch4_biogenic_mg", "n2o_mg",
    "hfc_mg", "pfc_mg", "sf6_mg", "nf3_mg", "undivided_mg",
)  # fmt: skip


class Place(NamedTuple):
    """What makes a source the same one in two runs, whatever line or method it is booked by."""

    site: str
    source_type: str
    item: str
    technology: str
    counterparty: str
    place: str
    stage: str = "main"


class Slice(NamedTuple):
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
    context: str
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
    known = parse_unit(unit)
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
    begin = f"DATE '{inventory.run['begin']}'"
    of_gas = ", ".join(f"l.k_{gas} / l.share" for gas in GAS_COLUMNS)
    table = inventory.query(
        f"""
        WITH booked AS (
            SELECT leg, any_value(context) AS context, {quanta("amount * fraction")} AS quantity,
                   sum(co2e_mg)::VARCHAR AS mass, count(*) AS entries
            FROM entries WHERE flow = 'emission' AND scope2_method IN ('', $1) GROUP BY leg
        )
        SELECT l.booked_site, l.source_type, c.item, c.technology, c.counterparty, c.place,
               CASE WHEN l.boundary IN ('upstream', 'losses') AND l.line NOT LIKE '2.%'
                    THEN l.boundary ELSE 'main' END AS stage,
               l.leg, l.line, l.role, l.method, l.method_version, l.unit, l.factor_id, l.boundary,
               l.instrument, l.leg_from - {begin}, l.leg_to - {begin}, l.lo, l.hi,
               concat_ws(chr(31), c.relation, c.supply, c.inputs, c.method, c.unit,
                         nullif(c.product, '')),
               b.quantity, b.mass, b.entries, l.share, l.k_co2e_mg / l.share,
               {f"[{of_gas}]" if gases else "[]::DOUBLE[]"}
        FROM booked b JOIN legs l USING (leg) JOIN contexts c ON c.context = b.context
        ORDER BY leg
        """,
        [scope2_method],
    )
    for (
        site, source_type, item, technology, counterparty, place, stage,
        leg, line, role, method, version, unit, factor_id, boundary,
        instrument, first, last, lo, hi, context, quantity, mass, entries, share, factor, of,
    ) in zip(*(column.to_pylist() for column in table.columns), strict=True):  # fmt: skip
        yield Slice(
            leg, Place(site, source_type, item, technology, counterparty, place, stage),
            line, role, method, version, unit, factor_id, boundary, instrument, (first, last),
            (lo, hi), context, int(quantity), int(mass), entries, share, factor, tuple(of),
        )  # fmt: skip
