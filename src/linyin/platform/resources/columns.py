"""Columns: what a list, a record, a file and the API show of a row."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

if TYPE_CHECKING:
    from linyin.platform.actor import Actor
    from linyin.platform.parts import Part

__all__ = ["NUMERIC", "Column", "Kind", "readers_first"]

type Kind = Literal[
    "text", "code", "choice", "number", "integer", "mass", "date", "time", "flag", "node", "link"
]
NUMERIC: Final = frozenset({"number", "integer", "mass"})


@dataclass(frozen=True, slots=True)
class Column:
    """A column.

    Attributes
    ----------
    name
        Its name in files and in the API; its label is `<resource>.<name>`.
    path
        Lookup in the model, or column of the lake table; default: the name.
    kind
        How it reads: `choice` has words `<resource>.<name>.<value>`; `mass` is whole milligrams
        of CO2e; `node` the code of a node; `link` leads to the record of another resource.
    unit
        Column that holds the unit, for numbers.
    target
        Resource that a link leads to, or whose records a code names.
    badge
        Kind of badge that a choice is shown as: `state`, `status` …; empty = a plain word.
    says
        What a choice, a code or a stored value reads as in the reader's language, where its words
        stand in no `words.csv`.
    rows_say
        What the values of the rows of a page read as to a reader, found for all at once: key of
        a row → text.
    finds
        The codes that a word means where a list is searched: what is shown is found.
    unit_says
        What the unit reads as in the reader's language after a number.
    leads
        What a record's page shows a reader for a value that leads to another record.
    sortable
        Whether a list can be ordered by it.
    listed
        Whether lists show it.
    shown
        Whether a record's page shows it among its facts; files and the API have all.

    """

    name: str
    kind: Kind = "text"
    path: str = ""
    unit: str = ""
    target: str = ""
    badge: str = ""
    says: Callable[[Any], str] | None = None
    rows_say: Callable[[Actor, Sequence[Mapping[str, Any]]], Mapping[str, str]] | None = None
    finds: Callable[[str], Collection[str]] | None = None
    unit_says: Callable[[str, Any], str] | None = None
    leads: Callable[[Actor, str], Part | None] | None = None
    sortable: bool = True
    listed: bool = True
    shown: bool = True

    @property
    def lookup(self) -> str:
        """Where its value is."""
        return self.path or self.name

    @property
    def is_numeric(self) -> bool:
        """Whether it is aligned at the right."""
        return self.kind in NUMERIC


def readers_first(names: Sequence[str], language: str) -> list[str]:
    """Return names of columns or fields, of pairs in two languages the reader's own first."""
    own, other = ("_zh", "_en") if language == "zh" else ("_en", "_zh")
    ordered = list(names)
    for at, name in enumerate(names):
        pair = f"{name.removesuffix(other)}{own}"
        if name.endswith(other) and pair in names and names.index(pair) > at:
            here = names.index(pair)
            ordered[at], ordered[here] = pair, name
    return ordered
