"""The methods: which inputs they take, which factors they ask for. A table, versioned.

A version that has calculated a published inventory is never edited: a change is a new row.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib.resources import files

from linyin.ledger.contexts import amount_unit
from linyin.ledger.units import Unit

__all__ = [
    "CARBON_BALANCE",
    "Method",
    "amount_unit_of",
    "candidates",
    "fits_any",
    "fitting",
    "load",
    "pick",
]

CARBON_BALANCE = "carbon_balance"


@dataclass(frozen=True, slots=True)
class Method:
    """One version of one calculation method.

    Attributes
    ----------
    kinds
        Dimensions of the amount (`energy`, `mass·length`, `currency` …); `*` = any.
    required, optional
        Named inputs (`schemas/inputs.csv`) that a row must or may state.
    plain
        Those that count as plain numbers where the amount is of no kind that it takes otherwise.
    uses, boundaries, bases
        What to ask the factor catalogue for; boundaries and bases in order of preference.
        No use = the activity states CO2e or carbon itself.
    upstream
        Use of the factor of the fuel's, power's or vehicle's own supply chain; '' = none.
    technology
        Technology assumed where neither the row nor a general factor names one.
    default_of
        Standard whose runs derive this method before the others; '' = none.
    reference
        Where the method is written.
    formula_en, formula_zh
        How it reads.

    """

    name: str
    version: int
    source_types: tuple[str, ...]
    kinds: tuple[str, ...]
    required: frozenset[str]
    optional: frozenset[str]
    plain: frozenset[str]
    uses: tuple[str, ...]
    boundaries: tuple[str, ...]
    bases: tuple[str, ...]
    upstream: str
    technology: str
    default_of: str
    reference: str
    formula_en: str
    formula_zh: str
    name_en: str
    name_zh: str

    def takes(self, inputs: frozenset[str], kind: str) -> bool:
        """Whether a row with these named inputs and an amount of this kind fits the method."""
        return self.takes_inputs(inputs) and ("*" in self.kinds or kind in self.kinds)

    def takes_amount(self, inputs: frozenset[str], unit: str) -> bool:
        """Whether it takes a row with these inputs in this unit; emissions themselves always."""
        kind = self.amount_unit(unit, inputs)[0].kind
        return self.takes(inputs, kind) or kind == "co2e"

    def takes_inputs(self, inputs: frozenset[str]) -> bool:
        """Whether a row may state these named inputs together."""
        return self.required <= inputs <= self.required | self.optional

    def amount_unit(self, unit: str, stated: frozenset[str]) -> tuple[Unit, Fraction]:
        """Work out the unit of `quantity × Π inputs` as the method counts it, and its scale."""
        exact = amount_unit(unit, stated)
        if not self.plain & stated or self.takes(stated, exact[0].kind):
            return exact
        return amount_unit(unit, stated, self.plain)


@cache
def load() -> tuple[Method, ...]:
    """Read every method, oldest version first."""
    text = files(__package__).joinpath("methods.csv").read_text(encoding="utf-8")
    return tuple(_method(row) for row in csv.DictReader(text.splitlines()))


def _method(row: dict[str, str]) -> Method:
    return Method(
        name=row["method"],
        version=int(row["version"]),
        source_types=tuple(row["source_types"].split()),
        kinds=tuple(row["kinds"].split()),
        required=frozenset(row["required"].split()),
        optional=frozenset(row["optional"].split()),
        plain=frozenset(row["plain"].split()),
        uses=tuple(row["uses"].split()),
        boundaries=tuple(row["boundaries"].split()),
        bases=tuple(row["basis"].split()),
        upstream=row["upstream"],
        technology=row["technology"],
        default_of=row["default_of"],
        reference=row["reference"],
        formula_en=row["formula_en"],
        formula_zh=row["formula_zh"],
        name_en=row["name_en"],
        name_zh=row["name_zh"],
    )


@cache
def candidates(source_type: str) -> tuple[Method, ...]:
    """Newest version of every method that a source type can use, in the table's order."""
    newest: dict[str, Method] = {}
    for method in load():
        if source_type in method.source_types:
            known = newest.get(method.name)
            if known is None or method.version > known.version:
                newest[method.name] = method
    return tuple(newest.values())


def pick(
    source_type: str,
    name: str,
    inputs: frozenset[str],
    unit: str,
    *,
    supplier_factor: bool = False,
    standard: str = "",
    pinned: Iterable[tuple[str, str, int]] = (),
) -> Method | None:
    """Choose the method of a row: the named one, else the first of the table that fits.

    Parameters
    ----------
    source_type : str
    name : str
        Method that the row states; '' = derive.
    inputs : frozenset of str
        Named inputs that the row states.
    unit : str
        Unit of its quantity.
    supplier_factor : bool
        Whether the counterparty has a factor of its own; `supplier` is derived only then.
    standard : str
        Standard of the run: a method that is its default is derived before the others.
    pinned : iterable of (source type, method, version)
        Versions that a run pins; they win over the newest. Where a run pins methods of a source
        type, none but these is derived: it may be older than the others.

    Returns
    -------
    Method or None
        None where no method fits: the caller reports what the row states.

    """
    versions = _versions(source_type, pinned)
    if name:
        known = (_version(m, source_type, versions.get(m.name)) for m in candidates(source_type))
        return next((method for method in known if method.name == name), None)
    derived = fitting(source_type, inputs, unit, supplier_factor=supplier_factor, pinned=pinned)
    derived.sort(key=lambda m: not standard or m.default_of != standard)
    return derived[0] if derived else None


def fits_any(source_type: str, name: str, inputs: frozenset[str], unit: str) -> bool:
    """Whether some method takes a row, whatever factors there are.

    Parameters
    ----------
    source_type, name, inputs, unit
        As for :func:`pick`.

    """
    method = pick(source_type, name, inputs, unit, supplier_factor=True)
    if method is None:
        return False
    return method.takes_amount(inputs, unit)


def fitting(
    source_type: str,
    inputs: frozenset[str],
    unit: str,
    *,
    supplier_factor: bool = False,
    pinned: Iterable[tuple[str, str, int]] = (),
) -> list[Method]:
    """Return every method that fits a row which names none, in the table's order.

    Parameters
    ----------
    source_type, inputs, unit, supplier_factor, pinned
        As for :func:`pick`.

    """
    versions = _versions(source_type, pinned)
    known = (_version(m, source_type, versions.get(m.name)) for m in candidates(source_type))
    return [
        method
        for method in known
        if (supplier_factor or method.name not in ("supplier", "hybrid"))
        and (not versions or method.name in versions)
        and method.takes(inputs, method.amount_unit(unit, inputs)[0].kind)
    ]


def _versions(source_type: str, pinned: Iterable[tuple[str, str, int]]) -> dict[str, int]:
    return {method: version for source, method, version in pinned if source == source_type}


def amount_unit_of(source_type: str, unit: str, inputs: frozenset[str]) -> Unit:
    """Return the unit of a row's amount as the first method that takes the row counts it."""
    method = pick(source_type, "", inputs, unit, supplier_factor=True)
    return method.amount_unit(unit, inputs)[0] if method else amount_unit(unit, inputs)[0]


def _version(newest: Method, source_type: str, version: int | None) -> Method:
    if version in (None, newest.version):
        return newest
    return next(
        m
        for m in load()
        if (m.name, m.version) == (newest.name, version) and source_type in m.source_types
    )
