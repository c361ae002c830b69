"""Bridges: conversions that rest on a fact in a table, not on what a unit is defined as.

Power can be stated in standard coal and gas by its gross heat, while every factor is per kWh or
per net heat. A bridge leads from the one to the other: one step of the leg, with its source.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from linyin.ledger.faults import LedgerError
from linyin.ledger.spend import Step
from linyin.ledger.units import Unit, convert, explain_mismatch, parse

__all__ = ["Bridge", "Bridges", "cross", "recorded_steps"]

COAL: Final = "coal equivalent"
HEAT: Final = "net per gross heat"
_STANDARD_COAL: Final = frozenset({"kgce", "tce", "万tce"})

type Rows = Iterable[Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Bridge:
    """A way from one unit to another.

    Attributes
    ----------
    to
        Where it leads.
    step
        How many of `to` one of the unit is; its unit reads `to/from`.
    draft
        Name of the value if it is remembered, not read; '' = it is sourced.

    """

    to: Unit
    step: Step
    draft: str = ""


class Bridges:
    """The facts that bridges stand on.

    Parameters
    ----------
    standard_coal : rows of `standard_coal.csv`
        Coal equivalents by calorific value (当量); those of energies count. [kgce/kWh, kgce/MJ]
    equivalents : rows of `tce_equivalent.csv`
        Coal that power plants burnt for a kWh supplied (等价), by year. [kgce/kWh]
    fuels : rows of `fuels.csv`
        Net per gross heat, by fuel. [-]

    References
    ----------
    .. [1] GB/T 2589-2020, General rules for calculation of the comprehensive energy consumption.

    """

    def __init__(self, standard_coal: Rows, equivalents: Rows, fuels: Rows) -> None:
        self._coal = {
            row["item"]: row
            for row in standard_coal
            if row["status"] == "approved" and row["unit"] in ("kgce/kWh", "kgce/MJ")
        }
        self._years = {int(row["year"]): row for row in equivalents}
        self._fuels = {row["item"]: row for row in fuels if row["gross_to_net"]}

    def find(self, item: str, unit: Unit, year: int) -> Bridge | None:
        """Return the bridge that leads away from a unit of an item; None where there is none.

        Raises
        ------
        LedgerError
            `equivalent-missing` if the year has no coal equivalent of electricity.

        """
        if unit.basis == "equivalent" and item == "electricity":
            return self._by_equivalent(unit, year)
        if unit.code in _STANDARD_COAL and item in self._coal:
            row = self._coal[item]
            return self._from_coal(unit, row["unit"].partition("/")[2], row["low"], row["source"])
        if unit.basis == "gross" and unit.kind == "energy" and item in self._fuels:
            return self._to_net(unit, self._fuels[item])
        return None

    def steps(self, item: str, unit: Unit, to: Unit, year: int) -> tuple[Step, ...]:
        """Return the step that makes a unit fit another; none where they fit as they are."""
        if explain_mismatch(unit, to) is None:
            return ()
        bridge = self.find(item, unit, year)
        return () if bridge is None else (bridge.step,)

    def convert(self, item: str, unit: Unit, to: Unit, year: int) -> Fraction:
        """Return how many `to` one `unit` of an item is, over a bridge where it takes one.

        Raises
        ------
        LedgerError
            As :func:`linyin.ledger.units.convert` and :meth:`find`.

        """
        bridged, value = cross(unit, self.steps(item, unit, to, year))
        return convert(value, bridged, to)

    def _by_equivalent(self, unit: Unit, year: int) -> Bridge:
        row = self._years.get(year)
        if row is None:
            known = sorted(map(str, self._years))
            raise LedgerError("equivalent-missing", choices=known, a=unit.code, b="kWh", year=year)
        draft = "" if row["status"] == "approved" else f"tce_equivalent-{year}"
        source = f"{row['publisher']}, {row['source']}"
        return self._from_coal(unit, "kWh", row["kgce_per_kwh"], source, draft)

    @staticmethod
    def _from_coal(unit: Unit, energy: str, kgce: str, source: str, draft: str = "") -> Bridge:
        coal = parse("kgce equivalent" if unit.basis == "equivalent" else "kgce")
        value = convert(Fraction(1), unit, coal) / Fraction(Decimal(kgce))
        step = Step(COAL, value, f"{energy}/{unit.code}", f"{kgce} kgce/{energy}, {source}")
        return Bridge(parse(energy), step, draft)

    @staticmethod
    def _to_net(unit: Unit, row: Mapping[str, str]) -> Bridge:
        net = parse(unit.code.replace(" gross", " net"))
        ratio = Fraction(Decimal(row["gross_to_net"]))
        step = Step(HEAT, ratio, f"{net.code}/{unit.code}", row["gross_to_net_source"])
        return Bridge(net, step)


def cross(unit: Unit, steps: Sequence[Step]) -> tuple[Unit, Fraction]:
    """Return the unit that the bridges among a leg's steps lead to, and how many of it one is."""
    value = Fraction(1)
    for step in steps:
        if step.step in (COAL, HEAT):
            unit = parse(step.unit.partition("/")[0])
            value *= step.value
    return unit, value


def recorded_steps(steps: str) -> list[Step]:
    """Read the steps of a leg back from a bundle."""
    return [
        Step(s["step"], Fraction(s["value"]), s["unit"], s["source"]) for s in json.loads(steps)
    ]
