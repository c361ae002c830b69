"""Schemas as data: what a table's columns are, read from `<room>/schemas/<table>.csv`."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import resources
from typing import Final, Literal, cast

import pyarrow as pa

from linyin.lake.findings import Finding
from linyin.lake.limits import DEFAULT_LIMITS
from linyin.lake.sheets import Sheet, header_key

__all__ = ["PLACE_COLUMNS", "Column", "ColumnType", "Extra", "Schema", "load"]

type ColumnType = Literal["text", "code", "decimal", "integer", "date", "boolean", "unit"]
type Extra = Callable[[str], str | None]

PLACE_COLUMNS: Final = ("_file", "_sheet", "_row")
_MARKS: Final = re.compile("[（(，,；;。：:]")
CHINESE: Final = re.compile("[㐀-鿿]")
_ARROW: Final[dict[str, pa.DataType]] = {
    "text": pa.string(),
    "code": pa.string(),
    "unit": pa.string(),
    "decimal": pa.float64(),
    "integer": pa.int64(),
    "date": pa.date32(),
    "boolean": pa.bool_(),
}
_NEEDED: Final = (
    "column",
    "type",
    "unit",
    "required",
    "default",
    "allowed",
    "status",
    "description_en",
    "description_zh",
)


@dataclass(frozen=True, slots=True)
class Column:
    """One row of a schema file.

    Attributes
    ----------
    name, type, unit
        As written in tables; `unit` documents, `%` also lets cells be written `12%`.
    required
        Every row must have a value, its own or the default.
    default
        What an empty cell means; '' = nothing.
    allowed
        The codes that a cell may hold; empty = any.
    low, high, low_open, high_open
        Bounds of a number, None = unbounded; `*_open`: the bound itself is outside.
    bounds
        The bounds as the schema file writes them.
    status
        `stable` or `draft`.
    description
        By language.
    aliases
        Other headers under which the column is found.
    spellings
        What else a cell may hold, as `header_key` writes it → the code that it means. A column
        that allows any code knows these by several names.

    """

    name: str
    type: ColumnType
    unit: str
    required: bool
    default: str
    allowed: tuple[str, ...]
    low: float | None
    high: float | None
    low_open: bool
    high_open: bool
    bounds: str
    status: str
    description: Mapping[str, str]
    aliases: tuple[str, ...]
    spellings: Mapping[str, str] = field(default_factory=dict)

    @property
    def arrow(self) -> pa.DataType:
        """Return the Arrow type of the validated column."""
        return _ARROW[self.type]

    @property
    def title_zh(self) -> str:
        """Return the Chinese description up to its first bracket, comma or colon."""
        return _MARKS.split(self.description.get("zh", ""), maxsplit=1)[0].strip()

    @property
    def header_zh(self) -> str:
        """Return the first Chinese header under which the column is found, else its title."""
        return next((name for name in self.aliases if CHINESE.search(name)), self.title_zh)

    def allowed_in(self, lang: str) -> list[str]:
        """Return what a cell may hold, in Chinese where it has a Chinese name."""
        if lang != "zh":
            return list(self.allowed)
        names: dict[str, str] = {}
        for name, code in self.spellings.items():
            names.setdefault(code, name)
        return [names.get(code, code) for code in self.allowed]

    @property
    def is_text(self) -> bool:
        """Say whether an empty cell is '' rather than null."""
        return bool(pa.types.is_string(self.arrow))


@dataclass(frozen=True)
class Schema:
    """The columns of one table of one room."""

    room: str
    table: str
    columns: tuple[Column, ...]

    @cached_property
    def arrow(self) -> pa.Schema:
        """Return the Arrow schema of validated tables, place columns included."""
        fields = [
            pa.field(column.name, column.arrow, nullable=not column.is_text)
            for column in self.columns
        ]
        places = [pa.field(name, pa.string(), nullable=False) for name in PLACE_COLUMNS[:2]]
        return pa.schema([*fields, *places, pa.field("_row", pa.int64(), nullable=False)])

    @cached_property
    def headers(self) -> dict[str, Column]:
        """Return every header, as `header_key` writes it, under which a column is found.

        These are its name, its aliases, and its Chinese title. A header that two columns could
        claim finds none.
        """
        claims: dict[str, list[Column]] = {}
        for column in self.columns:
            for name in {header_key(n) for n in (*column.aliases, column.title_zh) if n}:
                claims.setdefault(name, []).append(column)
        found = {name: columns[0] for name, columns in claims.items() if len(columns) == 1}
        return found | {header_key(column.name): column for column in self.columns}

    def headers_in(self, lang: str) -> list[str]:
        """Return a short header of each column."""
        if lang != "zh":
            return [column.name for column in self.columns]
        return [
            column.header_zh
            if self.headers.get(header_key(column.header_zh)) is column
            else column.name
            for column in self.columns
        ]

    def written_as(self, sheet: Sheet, extra: Extra | None = None) -> dict[str, str]:
        """Return the header under which each column of the schema stands in a sheet."""
        from linyin.lake.headers import match_headers

        known = match_headers(self, sheet, extra).known
        return {name: sheet.header[index] for name, index in known.items()}

    @property
    def header_keys(self) -> frozenset[str]:
        """Return the keys of `headers`: the hint by which a reader finds the header."""
        return frozenset(self.headers)

    def validate(
        self,
        sheet: Sheet,
        extra: Extra | None = None,
        *,
        ignored: Collection[str] = (),
        max_findings: int = DEFAULT_LIMITS.findings,
    ) -> tuple[pa.Table, list[Finding]]:
        """Check a sheet against this schema and give it types.

        Parameters
        ----------
        sheet
            n rows of unchecked cells.
        extra
            Asked for every header that the schema does not know: returns the name under which the
            column is kept as text (such as `distance [km]`), None = unknown, a finding.
        ignored
            Headers of columns that are not read.
        max_findings
            Findings listed; the rest is counted in one more (`more-findings`).

        Returns
        -------
        table : pyarrow.Table, n rows
            The columns of `arrow` in its order, then the extra ones as strings. Empty cells have
            their default; else text is '' and everything else null. Cells that could not be read
            are null too (text: as written).
        findings
            All that is wrong, the reader's findings included, in the order of the rows.

        """
        from linyin.lake.validation import validate

        return validate(self, sheet, extra, ignored, max_findings)

    def template(self, lang: str = "en") -> str:
        """Return a CSV template: the header, and above it a comment for every column."""
        from linyin.lake.templates import template

        return template(self, lang)

    def reference(self, lang: str = "en") -> str:
        """Return the columns as a Markdown table."""
        from linyin.lake.templates import reference

        return reference(self, lang)


@cache
def load(room: str, table: str) -> Schema:
    """Load `<room>/schemas/<table>.csv`, and the Chinese values of `<room>/values_zh.csv`.

    Raises
    ------
    FileNotFoundError
        The room has no such schema.
    ValueError
        The schema file itself is wrong: a column missing or twice, an unknown type, a default
        that is not allowed. Or a Chinese value means two codes, or one that is not allowed.

    """
    source = resources.files("linyin").joinpath(room, "schemas", f"{table}.csv")
    lines = source.read_text(encoding="utf-8").splitlines(keepends=True)
    reader = csv.DictReader(lines, strict=True)
    missing = set(_NEEDED) - set(reader.fieldnames or ())
    if missing:
        raise ValueError(f"{room}/{table}: the schema file lacks {', '.join(sorted(missing))}")
    spellings = _spellings(room, table)
    rows = list(reader)
    if long := [row["column"] for row in rows if None in row]:
        raise ValueError(f"{room}/{table}: more cells than the header has: {', '.join(long)}")
    columns = tuple(_column(row, f"{room}/{table}", spellings) for row in rows)
    names = [column.name for column in columns]
    if len(set(names)) < len(names):
        raise ValueError(f"{room}/{table}: a column is defined twice")
    return Schema(room, table, columns)


def _spellings(room: str, table: str) -> dict[str, dict[str, str]]:
    """Return column → spelling → code, of one table."""
    source = resources.files("linyin").joinpath(room, "values_zh.csv")
    found: dict[str, dict[str, str]] = {}
    if not source.is_file():
        return found
    for row in csv.DictReader(source.read_text(encoding="utf-8").splitlines(), strict=True):
        if row["table"] != table:
            continue
        of_column = found.setdefault(row["column"], {})
        for text in row["zh"].split("|"):
            if of_column.setdefault(header_key(text), row["code"]) != row["code"]:
                raise ValueError(f"{room}/{table}, column {row['column']}: {text} means two codes")
    return found


def _column(
    row: Mapping[str, str], schema: str, spellings: Mapping[str, Mapping[str, str]]
) -> Column:
    where = f"{schema}, column {row['column']}"
    if row["type"] not in _ARROW:
        raise ValueError(f"{where}: type {row['type']!r} is not one of {', '.join(_ARROW)}")
    allowed, bounds = row["allowed"], ""
    if ".." in allowed or allowed.startswith(("<", ">")):
        allowed, bounds = "", allowed
    codes = tuple(allowed.split("|")) if allowed else ()
    if codes and row["default"] and row["default"] not in codes:
        raise ValueError(f"{where}: default {row['default']!r} is not allowed")
    meant = spellings.get(row["column"], {})
    if codes and (strange := set(meant.values()) - set(codes)):
        raise ValueError(f"{where}: Chinese values for {', '.join(sorted(strange))}")
    low, high, low_open, high_open = _bounds(bounds, where)
    return Column(
        name=row["column"],
        type=cast(ColumnType, row["type"]),
        unit=row["unit"],
        required=row["required"] == "yes",
        default=row["default"],
        allowed=codes,
        low=low,
        high=high,
        low_open=low_open,
        high_open=high_open,
        bounds=bounds,
        status=row["status"],
        description={"en": row["description_en"], "zh": row["description_zh"]},
        aliases=tuple(filter(None, (row.get("aliases") or "").split("|"))),
        spellings=meant,
    )


def _bounds(text: str, where: str) -> tuple[float | None, float | None, bool, bool]:
    try:
        if not text:
            return None, None, False, False
        if ".." in text:
            low, _, high = text.partition("..")
            return float(low), float(high), False, False
        number = float(text.lstrip("<>="))
    except ValueError:
        raise ValueError(f"{where}: {text!r} is no bound such as >=0, <1 or 0..100") from None
    is_open = "=" not in text
    return (number, None, is_open, False) if text[0] == ">" else (None, number, False, is_open)
