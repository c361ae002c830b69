"""Units: read by the closed table of :mod:`.unit_table`, worked out exactly by pint.

A file's text meets the table only; pint sees nothing but the expressions in the table. It is
set to fractions, so a factor is exact (1 lb = 45359237/100000000 kg), and each factor is asked
for once a process: loading pint takes about 0.4 s, which is why it happens at the first factor
and not at import.

Dimensions are those of the trade, not of physics: energy, mass, area and volume are bases of
their own, so that L/km is no area, and a standard cubic metre of gas is no volume of a tank. A
calendar year is not 365.25 days: year and month are one dimension, hour and day another.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final, Literal

from linyin.ledger.faults import LedgerError
from linyin.ledger.unit_table import Atom, UnitTable, key_of, table

if TYPE_CHECKING:
    import pint

__all__ = [
    "Basis",
    "Mismatch",
    "Unit",
    "UnitError",
    "compatible",
    "convert",
    "explain_mismatch",
    "parse",
]

type Basis = Literal["", "net", "gross", "equivalent"]

_SI: Final[Mapping[str, str]] = {
    "mass": "kilogram",
    "energy": "joule",
    "length": "meter",
    "area": "meter**2",
    "volume": "meter**3",
    "time": "second",
    "data": "byte",
}
_OWN: Final[Mapping[str, str]] = {
    "co2e": "kilogram_co2e",
    "coal_equivalent": "kilogram_coal_equivalent",
    "gas_volume": "cubic_meter_at_20_c",
    "count": "piece",
    "person": "person",
    "vehicle": "vehicle",
    "room": "room",
    "night": "night",
    "year": "calendar_year",
}
_CURRENCY: Final = "currency:"
USUAL: Final = ("kWh", "MWh", "kg", "t", "L", "m3", "km", "CNY")
"""Units that are named where none is written like an unknown one."""
_WITH_BASIS: Final = frozenset({"energy", "coal_equivalent"})


class UnitError(LedgerError):
    """A unit cannot be read, or two units do not fit; `choices` says what to write instead."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of the table, or a product of such.

    Attributes
    ----------
    code
        How Linyin writes it; `parse(code)` gives the unit back.
    dimensions
        Bases with their exponents, sorted by base; no zeros. Each currency is a base.
    basis
        Calorific basis of the energy in it: '' (electricity, or not stated), `net`, `gross`;
        `equivalent` for coal that a power plant burnt for the electricity.
    factor
        How many of the base units (kg, J, m, m², m³, s, byte, piece …) one of it is; exact.

    """

    code: str
    dimensions: tuple[tuple[str, int], ...]
    basis: Basis
    factor: Fraction

    def __mul__(self, other: Unit) -> Unit:
        over, under = _terms(self.code)
        over_other, under_other = _terms(other.code)
        return _product(over + over_other, under + under_other)

    def __truediv__(self, other: Unit) -> Unit:
        over, under = _terms(self.code)
        over_other, under_other = _terms(other.code)
        return _product(over + under_other, under + over_other)

    @property
    def kind(self) -> str:
        """The dimension in words: `energy`, `mass·length`, `volume/length`, `currency`, `1`."""
        return _kind(self.dimensions)

    def __str__(self) -> str:
        return self.code


@lru_cache(maxsize=4096)
def _kind(dimensions: tuple[tuple[str, int], ...]) -> str:
    over = [_words(base) for base, power in dimensions for _ in range(power)]
    under = [f"/{_words(base)}" for base, power in dimensions for _ in range(-power)]
    return ("·".join(sorted(over, key=_rank)) or "1") + "".join(sorted(under))


@dataclass(frozen=True, slots=True)
class Mismatch:
    """Why two units do not fit.

    Attributes
    ----------
    code
        `unit-mismatch` (dimension), `currency-mismatch` or `basis-mismatch` (calorific basis).
    a, b
        Codes of the units.
    a_is, b_is
        What differs: dimensions, currencies or bases.

    """

    code: Literal["unit-mismatch", "currency-mismatch", "basis-mismatch"]
    a: str
    b: str
    a_is: str
    b_is: str

    def error(self) -> UnitError:
        """Return the mismatch as an error that names both sides."""
        return UnitError(self.code, a=self.a, b=self.b, a_is=self.a_is, b_is=self.b_is)


@lru_cache(maxsize=4096)
def parse(text: str) -> Unit:
    """Return the unit that `text` means in the closed table.

    Blanks, full-width forms and, where nothing else differs by case alone, case do not matter.
    Units of the table may be joined by `·` and `/`; each slash divides by all up to the next.

    Parameters
    ----------
    text : str
        As a file writes it: `kWh`, `万千瓦时`, `GJ(NCV)`, `t·km`, `L/100km`.

    Raises
    ------
    UnitError
        `unit-missing`, `unit-ambiguous` (with the choices), `unit-unknown` (with what looks
        alike) or `basis-misplaced` (a calorific basis on something without one).

    """
    return _parse(key_of(text), text.strip())


def compatible(a: Unit, b: Unit) -> bool:
    """Return whether :func:`convert` takes the one to the other."""
    return explain_mismatch(a, b) is None


def explain_mismatch(a: Unit, b: Unit) -> Mismatch | None:
    """Return why the units do not fit, naming both, or None if they do.

    Energies fit only on one calorific basis: net and gross differ by 5 to 11 %, by fuel. Coal
    equivalents are no energy: what they are worth is a fact of a year, not of the unit.
    """
    if a.dimensions != b.dimensions:
        if a.kind == b.kind:
            return Mismatch("currency-mismatch", a.code, b.code, _money(a), _money(b))
        return Mismatch("unit-mismatch", a.code, b.code, a.kind, b.kind)
    if a.basis != b.basis:
        return Mismatch("basis-mismatch", a.code, b.code, a.basis or "-", b.basis or "-")
    return None


def convert(value: Fraction, from_: Unit, to: Unit) -> Fraction:
    """Return a quantity in another unit, exactly.

    Parameters
    ----------
    value : Fraction
        Quantity in `from_`.
    from_, to : Unit
        Units of one dimension and calorific basis.

    Raises
    ------
    UnitError
        `unit-mismatch`, `currency-mismatch` or `basis-mismatch`.

    """
    if mismatch := explain_mismatch(from_, to):
        raise mismatch.error()
    return value * from_.factor / to.factor


@lru_cache(maxsize=4096)
def _parse(key: str, shown: str) -> Unit:
    if not key:
        raise UnitError("unit-missing")
    units = table()
    if (code := units.find(key)) is not None:
        return _product(*_terms(code))
    if choices := units.choices(key):
        raise UnitError("unit-ambiguous", choices=choices, unit=shown)
    over, *under = key.split("/")
    if not under and "·" not in key:
        return _with_basis(units, key, shown)
    if not all(part for product in (over, *under) for part in product.split("·")):
        raise UnitError("unit-unknown", choices=units.near(key) or USUAL, unit=shown)
    result = _factors(over)
    for divisor in under:
        result = result / _factors(divisor)
    return result


def _factors(key: str) -> Unit:
    """Return the unit of a key without slashes, be it one of the table or a product of such."""
    if "·" not in key or table().find(key) is not None:
        return _parse(key, key)
    first, *others = (_parse(part, part) for part in key.split("·"))
    for other in others:
        first = first * other
    return first


def _with_basis(units: UnitTable, key: str, shown: str) -> Unit:
    """Return the unit of a key such as `GJ(NCV)`: a unit of the table, then a calorific basis."""
    for split in range(len(key) - 1, 0, -1):
        basis = units.find_basis(key[split:].strip("()-"))
        if not basis:
            continue
        unit = _parse(key[:split].rstrip("-("), shown)
        if unit.basis == basis:
            return unit
        atom = units.atoms.get(unit.code)
        if atom is None or atom.dimension != "energy" or atom.basis:
            raise UnitError("basis-misplaced", unit=shown, basis=basis)
        return _product((f"{atom.code} {basis}",), ())
    raise UnitError("unit-unknown", choices=units.near(key) or USUAL, unit=shown)


def _terms(code: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the codes above and below the line of a unit's own code."""
    over, *under = code.split("/")
    return tuple(term for term in over.split("·") if term != "1"), tuple(under)


@lru_cache(maxsize=4096)
def _product(over: tuple[str, ...], under: tuple[str, ...]) -> Unit:
    """Return the product of the terms above the line over those below; equal ones cancel."""
    count = Counter(over)
    count.subtract(under)
    terms = sorted((term for term in count if count[term]), key=lambda term: _atom(term)[0].rank)
    powers: Counter[str] = Counter()
    factor = Fraction(1)
    for term in terms:
        atom = _atom(term)[0]
        for base, power in _powers(atom.dimension).items():
            powers[base] += power * count[term]
        factor *= _factor(atom) ** count[term]
    above = "·".join(term for term in terms for _ in range(count[term])) or "1"
    below = "".join(f"/{term}" for term in terms for _ in range(-count[term]))
    dimensions = tuple(sorted((base, power) for base, power in powers.items() if power))
    return Unit(above + below, dimensions, _basis(terms, dimensions), factor)


def _basis(terms: list[str], dimensions: tuple[tuple[str, int], ...]) -> Basis:
    found: dict[Basis, str] = {}
    for term in terms:
        atom, basis = _atom(term)
        if _WITH_BASIS & _powers(atom.dimension).keys():
            found.setdefault(basis, term)
    if len(found) > 1:
        (a_is, a), (b_is, b), *_ = found.items()
        raise Mismatch("basis-mismatch", a, b, a_is or "-", b_is or "-").error()
    has_energy = any(base in _WITH_BASIS for base, _ in dimensions)
    return next(iter(found)) if found and has_energy else ""


def _atom(term: str) -> tuple[Atom, Basis]:
    """Return the atom of a term such as `GJ net`, and its calorific basis."""
    atoms = table().atoms
    stated: Basis
    for stated in ("net", "gross"):
        code = term.removesuffix(f" {stated}")
        if code != term and term not in atoms:
            return atoms[code], stated
    atom = atoms[term]
    own: Basis
    for own in ("net", "gross", "equivalent"):
        if atom.basis == own:
            return atom, own
    return atom, ""


def _powers(dimension: str) -> dict[str, int]:
    over, *under = dimension.split("/")
    return {base: 1 for base in over.split("·") if base != "1"} | dict.fromkeys(under, -1)


def _words(base: str) -> str:
    return "currency" if base.startswith(_CURRENCY) else base


def _rank(word: str) -> int:
    order = ("currency", "mass", "person", "vehicle", "room", "area", "volume", "energy")
    return order.index(word) if word in order else len(order)


def _money(unit: Unit) -> str:
    names = [base.removeprefix(_CURRENCY) for base, _ in unit.dimensions if _CURRENCY in base]
    return "·".join(names)


@cache
def _factor(atom: Atom) -> Fraction:
    registry = _registry()
    base = "*".join(
        f"({_base_unit(name)})**{power}" for name, power in _powers(atom.dimension).items()
    )
    quantity = registry.Quantity(registry.parse_expression(atom.pint))
    magnitude = quantity.to(registry.parse_units(base)).magnitude
    if not isinstance(magnitude, int | Fraction):
        raise TypeError(f"pint gave {magnitude!r} for {atom.code}, not an exact number")
    return Fraction(magnitude)


def _base_unit(base: str) -> str:
    return _SI.get(base) or _OWN.get(base) or base.removeprefix(_CURRENCY)


@cache
def _registry() -> pint.UnitRegistry[Fraction]:
    import pint

    registry = pint.UnitRegistry(non_int_type=Fraction, cache_folder=None)
    bases = {base for atom in table().atoms.values() for base in _powers(atom.dimension)}
    for base in sorted(bases - _SI.keys()):
        name = _base_unit(base)
        registry.define(f"{name} = [{name}]")
    return registry
