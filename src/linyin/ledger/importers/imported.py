"""What every importer hands back, and the one error that it raises."""

from __future__ import annotations

import csv
import hashlib
import re
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final

from linyin.lake import BadInput, Finding, Where, load_messages

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from linyin.lake import Value

Row = dict[str, str]
_CELL: Final = re.compile(r"([A-Z]+)([0-9]+)(?::[A-Z]+[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something of the publisher's file that did not become a factor.

    Attributes
    ----------
    where, what
        Place in the file, and what stands there.
    why
        Code of the message that says why.

    """

    where: str
    what: str
    why: str

    def reason(self, lang: str = "en") -> str:
        """Return why in words."""
        return load_messages()[self.why].texts[lang]


@dataclass(frozen=True, slots=True)
class Imported:
    """Rows of ``schemas/factors.csv`` (all columns, '' = not stated) and what was left out."""

    rows: list[Row]
    skipped: list[Skipped] = field(default_factory=list)


class FactorImportError(BadInput):
    """A file does not have the shape of the publisher's format.

    Parameters
    ----------
    file : str
        Name of the file.
    code : str
        Message that says what was found and what was expected.
    sheet, cell, column : str
        Place in the file; '' where it does not apply. A `column` is told by its header instead
        of the cell's letters.
    fields
        What the message is filled with.

    """

    def __init__(
        self,
        file: str,
        code: str,
        *,
        sheet: str = "",
        cell: str = "",
        column: str = "",
        fields: Mapping[str, Value] | None = None,
    ) -> None:
        self.file, self.sheet, self.cell = file, sheet, cell
        place = _CELL.fullmatch(cell)
        row = int(place[2]) if place else None
        at = Where(file, sheet, row, column or (place[1] if place else cell))
        super().__init__([Finding(code, "error", at, fields or {})])


@dataclass(frozen=True, slots=True)
class SchemaColumn:
    """One line of the factors schema, as far as an importer needs it."""

    name: str
    type: str
    required: bool
    allowed: str


@cache
def schema_columns() -> tuple[SchemaColumn, ...]:
    """Columns of the factors schema in their order."""
    text = (resources.files("linyin.ledger") / "schemas" / "factors.csv").read_text("utf-8")
    return tuple(
        SchemaColumn(line["column"], line["type"], line["required"] == "yes", line["allowed"])
        for line in csv.DictReader(text.splitlines())
    )


def factor_row(cells: Mapping[str, str]) -> Row:
    """Fill `cells` up to a whole row of the factors schema.

    Raises
    ------
    KeyError
        If `cells` has a column that the schema does not know.

    """
    names = [column.name for column in schema_columns()]
    unknown = set(cells) - set(names)
    if unknown:
        raise KeyError(f"not columns of factors.csv: {', '.join(sorted(unknown))}")
    return {name: cells.get(name, "") for name in names}


def file_sha256(path: Path) -> str:
    """sha256 of the bytes of `path`, in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
