"""Quantities of main meters, for the sub-meters that share out their supply."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from linyin.lake import scratch_connection

if TYPE_CHECKING:
    from pathlib import Path

    from linyin.inventory.folder import Folder
    from linyin.organization import Period

__all__ = ["Metering"]


class Metering:
    """Quantities of main meters, read from the posted rows when a sub-meter asks for them."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self._activities: Path | None = None

    def reads(self, activities: Path) -> None:
        """Say where the rows are."""
        self._activities = activities

    def __call__(self, site: str, item: str, supply: str, span: Period) -> Fraction:
        """Return the quantity of a supply's rows within a span."""
        with scratch_connection() as connection:
            rows = connection.execute(
                'SELECT profile, begin, "end", quantity FROM read_parquet($file) '
                "WHERE site = $site AND item = $item AND supply = $supply "
                'AND begin < $last AND "end" > $first',
                {
                    "file": str(self._activities),
                    "site": site,
                    "item": item,
                    "supply": supply,
                    "first": span.begin,
                    "last": span.end,
                },
            ).fetchall()
        elapsed = self._folder.profiles.elapsed
        return sum(
            (
                Fraction(repr(quantity))
                * (
                    elapsed(profile, begin, end, min(end, span.end))
                    - elapsed(profile, begin, end, max(begin, span.begin))
                )
                for profile, begin, end, quantity in rows
            ),
            Fraction(0),
        )
