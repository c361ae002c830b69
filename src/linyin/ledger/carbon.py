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

    def steps(self, fuel: str, table: str, measured: frozenset[str]) -> list[Step]:
        """Return the defaults for the properties that a row does not state.

        Raises
        ------
        LedgerError
            `carbon-default-missing` if the table has no value for the fuel.

        """
        steps = []
        for name in PROPERTIES:
            if name in measured:
                continue
            step = self._steps.get((fuel, table, name))
            if step is None:
                known = sorted({t for f, t, p in self._steps if f == fuel and p == name})
                raise LedgerError(
                    "carbon-default-missing", choices=known, fuel=fuel, table=table, property=name
                )
            steps.append(step)
        return steps
