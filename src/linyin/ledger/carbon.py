"""GB/T 32150: carbon of a fuel from measured values, defaults where none is measured."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Final

from linyin.ledger.faults import LedgerError
from linyin.ledger.spend import Step

__all__ = ["CarbonDefaults"]

PROPERTIES: Final = ("ncv", "carbon_content", "oxidation")


class CarbonDefaults:
    """Default fuel properties; the Chinese tables disagree, so the table is part of the key.

    Rows that are drafts are left out: a value that nobody read is measured or missing.
    """

    def __init__(self, rows: Iterable[Mapping[str, str]]) -> None:
        kept = [row for row in rows if row["status"] == "approved"]
        self._steps: dict[tuple[str, str, str], Step] = {
            (row["fuel"], row["table_id"], row["property"]): Step(
                f"default {row['property']}",
                Fraction(Decimal(row["value"])),
                row["unit"].replace("GJ", "GJ net"),
                f"{row['source']} (table {row['table_id']})",
            )
            for row in kept
        }

    def has_table(self, table: str) -> bool:
        """Whether there are defaults under this name of a table."""
        return any(known == table for _, known, _ in self._steps)

    def steps(
        self, fuel: str, table: str, measured: frozenset[str], *, is_heat: bool = False
    ) -> list[Step]:
        """Return the defaults for the properties that a row does not state.

        Fuel that is stated by its heat (`is_heat`) needs no heat value; that of a gas can be
        measured by volume (`ncv_gas`).

        Raises
        ------
        LedgerError
            `carbon-default-missing` if the table has no value for the fuel.

        """
        steps = []
        has_heat = is_heat or "ncv_gas" in measured
        for name in PROPERTIES:
            if name in measured or (has_heat and name == "ncv"):
                continue
            step = self._steps.get((fuel, table, name))
            if step is None:
                known = sorted({t for f, t, p in self._steps if f == fuel and p == name})
                raise LedgerError(
                    "carbon-default-missing", choices=known, fuel=fuel, table=table, property=name
                )
            steps.append(step)
        return steps
