"""How a report prints numbers: one unit of mass for all, exact rounding, separators."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

__all__ = [
    "MINUS",
    "MassFormat",
    "choose_mass_format",
    "number",
    "percent",
    "quantity",
    "rounded",
    "tonnes",
]

MINUS = "−"
DASH = "–"
MG_PER = {"t": 10**9, "kt": 10**12, "Mt": 10**15}
KT_FROM_MG = 10**4 * MG_PER["t"]
MT_FROM_MG = 10**7 * MG_PER["t"]


def _signed(text: str) -> str:
    bare = text.lstrip("-")
    return MINUS + bare if text.startswith("-") and bare.strip("0.,") else bare


def number(value: float | Fraction | Decimal, decimals: int) -> str:
    """Print a number with thousands separators, half away from zero. [any unit]"""
    exact = Fraction(value)
    scaled = abs(exact) * 10**decimals
    whole = int(scaled + Fraction(1, 2))
    units, rest = divmod(whole, 10**decimals)
    text = f"{units:,}.{rest:0{decimals}d}" if decimals else f"{units:,}"
    return _signed("-" + text if exact < 0 else text)


def percent(share: float | None, decimals: int = 1, *, signed: bool = False) -> str:
    """Print a fraction as percent; a non-zero that would print as zero prints as `<0.1`."""
    if not share:
        return DASH if share is None else "0%"
    floor = 10.0 ** (-decimals)
    if 0 < abs(share) * 100 < floor / 2:
        return f"{MINUS if share < 0 else ''}<{floor:.{decimals}f}%"
    text = number(Fraction(share) * 100, decimals)
    plus = "+" if signed and share > 0 else ""
    return f"{plus}{text}%"


def quantity(value: float, digits: int = 4) -> str:
    """Print a number to some significant digits, never in exponent form."""
    if value == 0:
        return "0"
    exact = Decimal(repr(float(value)))
    decimals = max(0, digits - 1 - exact.adjusted())
    text = number(exact, decimals)
    return text.rstrip("0").rstrip(".") if "." in text else text


def rounded(value: float) -> float:
    """Round to the 15 significant digits that every float64 holds. [any unit]"""
    return float(f"{value:.15g}")


def tonnes(mass_mg: int) -> str:
    """Return a mass in t as an exact decimal string, for machines."""
    return f"{Decimal(mass_mg).scaleb(-9):f}"


@dataclass(frozen=True, slots=True)
class MassFormat:
    """The unit of mass of one report and its decimals."""

    unit: str
    decimals: int

    def value(self, mass_mg: int) -> float:
        """Mass in the report's unit."""
        return float(Fraction(mass_mg, MG_PER[self.unit]))

    def __call__(self, mass_mg: int | None) -> str:
        """Print a mass; a non-zero below the last decimal prints as `<` that decimal."""
        if not mass_mg:
            return DASH if mass_mg is None else "0"
        smallest = Decimal(1).scaleb(-self.decimals)
        exact = Fraction(mass_mg, MG_PER[self.unit])
        if abs(exact) < Fraction(smallest) / 2:
            return f"{MINUS if mass_mg < 0 else ''}<{smallest}"
        return number(exact, self.decimals)

    def headline(self, mass_mg: int) -> str:
        """Print the report's main figure with at least four significant digits."""
        exact = Decimal(mass_mg) / MG_PER[self.unit]
        if not exact:
            return "0"
        return number(exact, max(0, min(self.decimals, 3 - max(0, exact.adjusted()))))


def choose_mass_format(total_mg: int) -> MassFormat:
    """Choose the unit once for a report: t below 10 kt, kt below 10 Mt, else Mt."""
    if abs(total_mg) >= MT_FROM_MG:
        return MassFormat("Mt", 3)
    if abs(total_mg) >= KT_FROM_MG:
        return MassFormat("kt", 3)
    return MassFormat("t", 2)
