"""Grid losses: the share of generation that does not arrive, by place and year."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from importlib.resources import files

__all__ = ["LossRate", "loss_rate"]


@dataclass(frozen=True, slots=True)
class LossRate:
    """Share of the power generated that is lost in transmission and distribution. [-]"""

    place: str
    year: int
    value: Fraction
    source: str


@cache
def _rates() -> Mapping[str, Sequence[LossRate]]:
    text = files(__package__).joinpath("packs/loss_rates.csv").read_text(encoding="utf-8")
    rates: dict[str, list[LossRate]] = {}
    for row in csv.DictReader(text.splitlines()):
        if row["status"] == "approved":
            value = Fraction(Decimal(row["loss_rate"]))
            rate = LossRate(row["place"], int(row["year"]), value, row["source"])
            rates.setdefault(rate.place, []).append(rate)
    return rates


@cache
def loss_rate(places: tuple[str, ...], year: int) -> LossRate | None:
    """Return the rate of the nearest place with any, of the nearest year (earlier wins a tie)."""
    for place in places:
        if place in _rates():
            return min(_rates()[place], key=lambda rate: (abs(rate.year - year), rate.year > year))
    return None
