"""Numbers as they read: thousands apart, as many digits as they are worth, one scale a page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from math import floor, log10
from typing import Any, Final

__all__ = ["MassScale", "number", "percent"]

_SCALES: Final = ((10**18, "Gt CO₂e"), (10**15, "Mt CO₂e"), (10**12, "kt CO₂e"), (10**9, "t CO₂e"))
_SMALL: Final = (10**6, "kg CO₂e")


@dataclass(frozen=True, slots=True)
class MassScale:
    """The unit in which all masses of a page stand.

    Attributes
    ----------
    mg
        Milligrams of one unit.

    """

    mg: int
    unit: str

    @classmethod
    def of(cls, masses: Iterable[int]) -> MassScale:
        """Choose the unit in which the largest mass has one to three digits before the point."""
        largest = max((abs(int(mass)) for mass in masses), default=0)
        if 0 < largest < 10**9:
            return cls(*_SMALL)
        fitting = (scale for scale in _SCALES if largest >= scale[0])
        return cls(*next(fitting, _SCALES[-1]))

    def text(self, mass: int) -> str:
        """Return a mass without its unit."""
        value = Decimal(int(mass)) / self.mg
        if mass and abs(value) < Decimal("0.0005"):
            return "< 0.001" if mass > 0 else "> −0.001"
        return number(value, 3 if abs(value) < 100 else 1)

    def value(self, mass: int) -> float:
        """Return a mass in the unit, for a chart."""
        return int(mass) / self.mg


def number(value: Any, digits: int | None = None) -> str:
    """Return a number with thousands apart and a real minus; `digits` after the point."""
    exact = (
        value
        if isinstance(value, Decimal)
        else Decimal(repr(value) if isinstance(value, float) else str(value))
    )
    if digits is None:
        text = (
            format(exact.normalize(), ",f")
            if exact == exact.to_integral()
            else f"{exact.normalize():,f}"
        )
    else:
        text = f"{exact:,.{digits}f}"
    return text.replace("-", "−")


def percent(share: float, digits: int = 1, *, signed: bool = False) -> str:
    """Return a fraction as per cent; one that would read as nothing with its first digit."""
    if 0 < abs(share) * 100 < 0.5 * 10**-digits:
        digits = -floor(log10(abs(share) * 100))
    text = f"{share * 100:+.{digits}f} %" if signed else f"{share * 100:.{digits}f} %"
    return text.replace("-", "−")
