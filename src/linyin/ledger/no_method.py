"""What would fit where no method takes a row, said so that it can be mended."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from linyin.ledger.methods import Method, candidates
from linyin.ledger.units import UnitError

__all__ = ["what_would_fit"]

TRIED: Final = (
    "kgCO2e", "kgCO2e/year", "kWh", "t", "L", "Nm3", "CNY", "t·km", "person·km", "vehicle·km",
    "km", "person", "person·h", "h", "room·night", "piece", "m2", "tce",
)  # fmt: skip
"""Units in which quantities are usually stated."""
NAMED: Final = 6


def what_would_fit(source_type: str, stated: frozenset[str]) -> str:
    """Name units of the quantity with which methods take the inputs of a row.

    Where no method takes these inputs together, the methods with the inputs that they take.

    Parameters
    ----------
    source_type : str
    stated : frozenset of str
        Named inputs of the row.

    Returns
    -------
    str
        Units in brackets, `lifetime [kgCO2e/year]`, or inputs, `distance (days distance …)`.

    """
    known = candidates(source_type)
    taking = {m.name: list(_units(m, stated)) for m in known if m.takes_inputs(stated)}
    told = [f"{name} [{', '.join(units[:NAMED])}]" for name, units in taking.items() if units]
    return ", ".join(told or [f"{m.name} ({' '.join(_inputs(m)) or '-'})" for m in known])


def _inputs(method: Method) -> list[str]:
    return sorted(method.required | method.optional)


def _units(method: Method, stated: frozenset[str]) -> Iterator[str]:
    for unit in TRIED:
        try:
            kind = method.amount_unit(unit, stated)[0].kind
        except UnitError:
            continue
        if method.takes(stated, kind):
            yield unit
