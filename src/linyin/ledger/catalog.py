"""Factors: read from packs and from users' tables, indexed by the item they are for."""

from __future__ import annotations

import csv
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache, cached_property
from importlib.resources import files

from linyin.ledger.gases import parse_species
from linyin.ledger.units import Unit, parse

__all__ = ["Catalog", "Factor", "load_packs", "pack_names", "released"]

MASS_COLUMNS = (
    "co2_kg",
    "co2_biogenic_kg",
    "co2_land_use_kg",
    "ch4_kg",
    "ch4_biogenic_kg",
    "n2o_kg",
    "co2e_kg",
)


@dataclass(frozen=True)
class Factor:
    """One emission factor with its provenance; masses are kg per one `unit`."""

    factor_id: str
    pack: str
    priority: int
    use: str
    item: str
    technology: str
    unit_text: str
    boundary: str
    basis: str
    place: str
    excludes: frozenset[str]
    supplier: str
    product: str
    data_year: int
    published: date
    valid_from: date | None
    valid_to: date | None
    status: str
    row: Mapping[str, str] = field(repr=False, hash=False, compare=False)

    @cached_property
    def unit(self) -> Unit:
        """Denominator of the factor."""
        return parse(self.unit_text)

    @cached_property
    def masses(self) -> dict[str, Fraction]:
        """Mass of each gas per unit [kg]; `co2e` where the publisher gives no gases."""
        masses = {
            column.removesuffix("_kg"): Fraction(Decimal(self.row[column]))
            for column in MASS_COLUMNS
            if self.row.get(column)
        }
        return masses

    @cached_property
    def species(self) -> dict[str, Fraction]:
        """Mass of each further gas per unit [kg]."""
        return parse_species(self.row.get("species") or "")

    @property
    def gwp_set(self) -> str:
        """GWP set behind a factor that is given only as CO2e."""
        return self.row.get("gwp_set") or "unknown"

    @cached_property
    def stands_in_from(self) -> str:
        """Country whose average is offered to the whole world; '' = none."""
        return _averages().get(self.pack, "") if self.place == "world" else ""

    @property
    def correlation_group(self) -> str:
        """Factors of one group err together."""
        return self.row.get("correlation_group") or self.factor_id

    @classmethod
    def from_row(cls, row: Mapping[str, str], pack: str, priority: int) -> Factor:
        """Read a row of the factor schema."""
        return cls(
            factor_id=row["factor_id"],
            pack=pack,
            priority=priority,
            use=row["use"],
            item=row["item"],
            technology=row.get("technology") or "",
            unit_text=row["unit"],
            boundary=row["boundary"],
            basis=row.get("basis") or "average",
            place=row.get("place") or "world",
            excludes=frozenset((row.get("excludes") or "").split()),
            supplier=row.get("supplier") or "",
            product=row.get("product") or "",
            data_year=int(row["data_year"]),
            published=date.fromisoformat(row["published"]),
            valid_from=_day(row.get("valid_from")),
            valid_to=_day(row.get("valid_to")),
            status=row.get("status") or "draft",
            row=row,
        )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


class Catalog:
    """Factors of several packs, the first pack preferred, indexed by item and use."""

    def __init__(self, factors: Iterable[Factor]) -> None:
        self.factors: tuple[Factor, ...] = tuple(factors)
        self._at: defaultdict[tuple[str, str, str], list[Factor]] = defaultdict(list)
        for factor in self.factors:
            self._at[factor.item, factor.use, factor.place].append(factor)

    @cached_property
    def by_id(self) -> dict[str, Factor]:
        """Factors by id; an id of an earlier pack hides the same id of a later one."""
        return {f.factor_id: f for f in reversed(self.factors)}

    @cached_property
    def items(self) -> frozenset[str]:
        """Every item that has a factor."""
        return frozenset(f.item for f in self.factors)

    @cached_property
    def suppliers(self) -> frozenset[tuple[str, str]]:
        """(supplier, item) pairs that have a factor of their own."""
        return frozenset((f.supplier, f.item) for f in self.factors if f.supplier)

    @cached_property
    def products(self) -> frozenset[tuple[str, str]]:
        """(product, item) pairs that have a factor of their own."""
        return frozenset((f.product, f.item) for f in self.factors if f.product)

    @cached_property
    def _specific(self) -> frozenset[tuple[str, str, str]]:
        """(supplier, product, item) of factors that a supplier or a product's maker states."""
        return frozenset(
            (f.supplier, f.product, f.item)
            for f in self.factors
            if f.supplier or (f.product and f.basis == "supplier")
        )

    def has_specific(self, supplier: str, product: str, item: str) -> bool:
        """Whether some factor is of this supplier, this product or both, and no average."""
        owners = {(supplier, product), (supplier, ""), ("", product)}
        return any((*owner, item) in self._specific for owner in owners)

    @cached_property
    def places(self) -> frozenset[str]:
        """Places that matter to some factor: where it holds, comes from, or what it leaves out."""
        places = (p for f in self.factors for p in (f.place, f.stands_in_from, *f.excludes))
        return frozenset(places) - {""}

    def at(self, item: str, use: str, place: str) -> Sequence[Factor]:
        """Return the factors for an item, a use and exactly one place."""
        return self._at.get((item, use, place), ())

    def of(self, item: str, uses: Sequence[str]) -> Iterator[Factor]:
        """Return the factors for an item and some uses, wherever they hold."""
        return (f for f in self.factors if f.item == item and f.use in uses)

    def without(self, factor_ids: Iterable[str]) -> Catalog:
        """Return the catalogue without some factors (to see who would have won)."""
        gone = frozenset(factor_ids)
        return Catalog(f for f in self.factors if f.factor_id not in gone)


@cache
def pack_names() -> tuple[str, ...]:
    """Names of the packs that are released with the program, in the order of preference."""
    return tuple(row["pack"] for row in _releases())


@cache
def _releases() -> tuple[dict[str, str], ...]:
    text = files(__package__).joinpath("packs/releases.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@cache
def _averages() -> Mapping[str, str]:
    """Return the country whose averages a pack offers."""
    return {row["pack"]: row["average_of"] for row in _releases() if row["average_of"]}


@cache
def pack_rows(name: str) -> tuple[dict[str, str], ...]:
    """Read the rows of a released pack.

    Raises
    ------
    KeyError
        If no such pack is released.
    ValueError
        If the pack's bytes are not those of its release: a release never changes.

    """
    release = next((row for row in _releases() if row["pack"] == name), None)
    if release is None:
        raise KeyError(name)
    raw = files(__package__).joinpath(f"packs/{name}.csv").read_bytes()
    if hashlib.sha256(raw).hexdigest() != release["sha256"]:
        raise ValueError(f"pack {name} is not the released one: its sha256 differs")
    return tuple(csv.DictReader(raw.decode("utf-8").splitlines()))


def load_packs(names: Sequence[str] | None = None, *, first_priority: int = 0) -> list[Factor]:
    """Read released packs; earlier names are preferred where all else is equal."""
    wanted = pack_names() if names is None else names
    return [
        Factor.from_row(row, name, first_priority + position)
        for position, name in enumerate(wanted)
        for row in pack_rows(name)
    ]


@cache
def released() -> Catalog:
    """Return the factors of all released packs, read once a process."""
    return Catalog(load_packs())
