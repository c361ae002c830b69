"""The closed alias table of units: what a file may write, and which unit it means.

The table is `units.csv`, one row a unit, with these kinds of rows:

`unit`
    An atom: its code, its dimension (`energy/time`), the expression that pint works its factor
    out from, the calorific basis that it has by itself, and its aliases.
`compound`
    A common product such as `t·km`, spelled in codes of atoms, with its own aliases.
`basis`
    Words that state the calorific basis of an energy: `GJ net`, `GJ(NCV)`, `GJ LHV`.
`rejected`
    Words that mean several units (`ton`, `gal`), with the choices to write instead.
"""

from __future__ import annotations

import csv
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

__all__ = ["Atom", "UnitTable", "key_of", "read_table", "table"]

_SPELLINGS: Final = str.maketrans(
    {"⋅": "·", "・": "·", "•": "·", "×": "·", "*": "·", "∕": "/", "⁄": "/"},
)


@dataclass(frozen=True, slots=True)
class Atom:
    """A unit of the table that is not made of others.

    Attributes
    ----------
    code
        How Linyin writes it.
    dimension
        Bases joined by `·` and `/`, '1' for a bare number.
    pint
        Expression that pint evaluates; never taken from a file of a user.
    basis
        Calorific basis that it has by itself: '', `net` or `equivalent`.
    rank
        Row in the table; products are written in this order.

    """

    code: str
    dimension: str
    pint: str
    basis: str
    rank: int


@dataclass(frozen=True)
class UnitTable:
    """The table, ready to look up.

    Attributes
    ----------
    atoms
        Code to atom.
    names
        Exact key of each accepted spelling to the code that it means.
    bases
        Exact key of each word for a calorific basis to `net` or `gross`.
    rejected
        Exact key of each refused spelling to the choices to write instead.
    folded
        Case-folded key to every exact key of the table that folds to it.

    """

    atoms: dict[str, Atom]
    names: dict[str, str]
    bases: dict[str, str]
    rejected: dict[str, tuple[str, ...]]
    folded: dict[str, frozenset[str]]

    def find(self, key: str) -> str | None:
        """Return the code that `key` means, or None.

        A spelling of the table wins. Else case is ignored, but only if everything in the table
        that differs by case alone means the same: `KWH` is kWh, `mwh` nothing.
        """
        if key in self.names or key in self.rejected:
            return self.names.get(key)
        meant = {self.names.get(exact) for exact in self.folded.get(key.casefold(), ())}
        return meant.pop() if len(meant) == 1 else None

    def find_basis(self, key: str) -> str | None:
        """Return the calorific basis that `key` states, or None; case does not matter."""
        return self.bases.get(key.casefold())

    def choices(self, key: str) -> tuple[str, ...]:
        """Return what to write instead of an ambiguous `key`; empty if it is not ambiguous."""
        if key in self.rejected:
            return self.rejected[key]
        exact = sorted(self.folded.get(key.casefold(), ()))
        offers = [code for e in exact for code in self.rejected.get(e, ())]
        return tuple(dict.fromkeys(offers))

    def near(self, key: str, count: int = 4) -> tuple[str, ...]:
        """Return codes whose spellings look like `key`, the most similar first."""
        import difflib

        folded = key.casefold()
        alike = difflib.get_close_matches(folded, self.folded, n=4 * count, cutoff=0.7)
        codes = (self.names.get(exact) for fold in alike for exact in sorted(self.folded[fold]))
        return tuple(dict.fromkeys(code for code in codes if code))[:count]


def key_of(text: str) -> str:
    """Return `text` as the table compares it.

    Compatibility forms are unified (NFKC: `㎡` and `m²` are m2, full-width letters are letters),
    blanks and underscores dropped, signs of multiplication made `·`; case stays.
    """
    plain = unicodedata.normalize("NFKC", text).translate(_SPELLINGS)
    return "".join(char for char in plain if not char.isspace() and char != "_")


@cache
def table() -> UnitTable:
    """Return the table, read once a process."""
    text = resources.files("linyin.ledger").joinpath("units.csv").read_text("utf-8")
    return read_table(text)


def read_table(text: str) -> UnitTable:
    """Return the table that the text of a CSV file holds.

    Raises
    ------
    ValueError
        If a kind of row is unknown, or a spelling means two units, or a unit and something
        refused.

    """
    rows = list(csv.DictReader(text.splitlines()))
    if strange := {row["kind"] for row in rows} - {"unit", "compound", "basis", "rejected"}:
        raise ValueError(f"units.csv: unknown kinds of rows {sorted(strange)}")
    atoms = {
        row["code"]: Atom(row["code"], row["dimension"], row["pint"], row["basis"], rank)
        for rank, row in enumerate(rows)
        if row["kind"] == "unit"
    }
    names: dict[str, str] = {}
    bases: dict[str, str] = {}
    rejected: dict[str, tuple[str, ...]] = {}
    for row in rows:
        code, kind = row["code"], row["kind"]
        for word in filter(None, (code, *row["aliases"].split("|"))):
            if kind == "basis":
                _enter(bases, key_of(word).casefold(), row["basis"])
            elif kind == "rejected":
                _enter(rejected, key_of(word), tuple(row["choices"].split("|")))
            else:
                _enter(names, key_of(word), code)
    if both := names.keys() & rejected.keys():
        raise ValueError(f"units.csv: both accepted and rejected: {sorted(both)}")
    folded: dict[str, set[str]] = {}
    for exact in (*names, *rejected):
        folded.setdefault(exact.casefold(), set()).add(exact)
    frozen = {fold: frozenset(exact) for fold, exact in folded.items()}
    return UnitTable(atoms, names, bases, rejected, frozen)


def _enter[T](into: dict[str, T], key: str, value: T) -> None:
    if into.setdefault(key, value) != value:
        raise ValueError(f"units.csv: {key!r} means both {into[key]!r} and {value!r}")
