"""What every importer hands back, and the one error that it raises."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something of the publisher's file that did not become a factor, and why."""

    where: str
    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Imported:
    """Rows of ``schemas/factors.csv`` (all columns, '' = not stated) and what was left out."""

    rows: list[Row]
    skipped: list[Skipped] = field(default_factory=list)


class FactorImportError(ValueError):
    """A file does not have the shape of the publisher's format.

    Parameters
    ----------
    file : str
        Name of the file.
    problem : str
        What was found and what was expected.
    sheet, cell : str
        Place in the file; '' where it does not apply.

    """

    def __init__(self, file: str, problem: str, *, sheet: str = "", cell: str = "") -> None:
        self.file, self.sheet, self.cell, self.problem = file, sheet, cell, problem
        place = ", ".join(
            part for part in (file, sheet and f"sheet {sheet}", cell and f"cell {cell}") if part
        )
        super().__init__(f"{place}: {problem}")


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
