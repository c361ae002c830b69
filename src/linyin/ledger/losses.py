"""Grid losses: the share of generation that does not arrive, by place and year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

__all__ = ["LossRate", "LossRates"]


@dataclass(frozen=True, slots=True)
class LossRate:
    """Share of the power generated that is lost in transmission and distribution. [-]"""

    place: str
    year: int
    value: Fraction
    source: str


class LossRates:
    """Rates by place; rows that are drafts are left out."""

    def __init__(self, rows: Iterable[Mapping[str, str]]) -> None:
        self._rates: dict[str, list[LossRate]] = {}
        for row in rows:
            if row["status"] == "approved":
                value = Fraction(Decimal(row["loss_rate"]))
                rate = LossRate(row["place"], int(row["year"]), value, row["source"])
                self._rates.setdefault(rate.place, []).append(rate)

    def find(self, places: Sequence[str], year: int) -> LossRate | None:
        """Return the rate of the nearest place with any, of the nearest year.

        Of two years equally far the earlier one wins.
        """
        for place in places:
            if place in self._rates:
                return min(
                    self._rates[place], key=lambda rate: (abs(rate.year - year), rate.year > year)
                )
        return None
