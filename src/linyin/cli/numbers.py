"""Numbers for people: one unit a table, as many digits as carry meaning."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

__all__ = ["MassUnit", "mass_unit", "percent", "plain", "signed_percent"]

MG_PER_T: Final = 10**9
_DIGITS: Final = 5


@dataclass(frozen=True, slots=True)
class MassUnit:
    """A unit of mass for a whole table.

    Attributes
    ----------
    name
        `t`, `kt` or `Mt`.
    mg
        Milligrams in it.
    places
        Decimal places, the same for every cell, so that the points stand below each other.

    """

    name: str
    mg: int
    places: int

    def show(self, mg: int) -> str:
        """Return a mass in this unit; what is there but rounds to nothing is `< 0.01`."""
        value = mg / self.mg
        smallest = 10**-self.places
        if mg and abs(value) < smallest / 2:
            return f"{'−' if mg < 0 else ''}< {smallest:.{self.places}f}"
        return _minus(f"{value:,.{self.places}f}")


def mass_unit(masses: Iterable[int]) -> MassUnit:
    """Choose t, kt or Mt once for a table by its largest mass [mg]."""
    largest = max((abs(mg) for mg in masses), default=0)
    if largest < 10_000 * MG_PER_T:
        name, mg = "t", MG_PER_T
    elif largest < 10_000_000 * MG_PER_T:
        name, mg = "kt", 1_000 * MG_PER_T
    else:
        name, mg = "Mt", 1_000_000 * MG_PER_T
    whole = len(str(largest // mg)) if largest >= mg else 1
    return MassUnit(name, mg, max(1, _DIGITS - whole))


def percent(share: float, places: int = 1) -> str:
    """Return a share as a percentage; what is there but rounds to nothing is `< 0.1 %`."""
    value, smallest = share * 100, 10**-places
    if share and abs(value) < smallest / 2:
        return f"< {smallest:.{places}f} %"
    return _minus(f"{value:.{places}f} %")


def signed_percent(change: float) -> str:
    """Return a relative change with its sign."""
    return _minus(f"{change * 100:+.1f} %")


def plain(value: float, digits: int = 6) -> str:
    """Return a number with so many significant digits and no exponent, grouped."""
    if value == 0:
        return "0"
    text = f"{value:,.{max(0, digits - _magnitude(value) - 1)}f}"
    return _minus(text.rstrip("0").rstrip(".") if "." in text else text)


def _magnitude(value: float) -> int:
    return int(f"{abs(value):e}".partition("e")[2])


def _minus(text: str) -> str:
    return text.replace("-", "−")
