"""The full (or condensed) set of the UK government conversion factors: tables on many sheets."""

from __future__ import annotations

import zipfile
from datetime import date
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from linyin.ledger.importers.decimals import parse
from linyin.ledger.importers.imported import FactorImportError, Imported, Skipped, file_sha256
from linyin.ledger.importers.uk_factor import ENERGY_MEASURES, MEASURES, Edition, UkFactor
from linyin.ledger.importers.uk_rows import to_rows
from linyin.ledger.importers.workbook import Sheet, cell_name, open_workbook

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NO_TABLE = "left-out-no-table"
NO_VALUE = "left-out-valueless"
ACTIVITY, UNIT, YEAR = "Activity", "Unit", "Year"
TYPE_HEADINGS = frozenset(
    {"Type", "Fuel", "Material", "Waste type", "Emission", "Country", "Haul", "Gas"}
)
SIZE_HEADINGS = frozenset({"Size", "Class"})
MODIFIED = "{http://purl.org/dc/terms/}modified"
MAX_PROPERTIES_BYTES = 1_000_000


def read(path: Path) -> Imported:
    """Read all tables of all sheets of a full or condensed set.

    Parameters
    ----------
    path : Path
        The publisher's XLSX file.

    Returns
    -------
    Imported
        One row a label, column heading and unit; masses in kg of gas per unit. Sheets without
        tables of factors are listed in `skipped`.

    Raises
    ------
    FactorImportError
        If the file is not of this format; it names the sheet and the cell.

    References
    ----------
    .. [1] DESNZ (2024), UK Government GHG Conversion Factors for Company Reporting, condensed set.

    """
    sheets = open_workbook(path)
    edition = _edition(path, sheets)
    factors: list[UkFactor] = []
    skipped: list[Skipped] = []
    for sheet in sheets.values():
        found, blank = _read_sheet(sheet)
        if not found and not blank:
            skipped.append(Skipped(sheet.name, sheet.text(1, 0) or sheet.name, NO_TABLE))
        factors += found
        skipped += blank
    if not factors:
        raise FactorImportError(path.name, "factors-file-no-table", fields={"name": ACTIVITY})
    imported = to_rows(factors, edition)
    return Imported(imported.rows, skipped + imported.skipped)


def _edition(path: Path, sheets: dict[str, Sheet]) -> Edition:
    for sheet in sheets.values():
        facts = {
            sheet.text(row, column).rstrip(": "): sheet.text(row, column + 1)
            for row in range(min(8, sheet.height))
            for column in range(sheet.width(row))
            if sheet.text(row, column).endswith(":")
        }
        year = parse(facts.get("Year", ""))
        if year is not None and facts.get("Factor set") and facts.get("Version"):
            name, version = facts["Factor set"], facts["Version"]
            return Edition(int(year), name, version, _modified(path), file_sha256(path))
    facts_wanted = {"facts": "Factor set, Version, Year"}
    raise FactorImportError(path.name, "factors-file-editionless", fields=facts_wanted)


def _modified(path: Path) -> date:
    """Day on which the publisher last saved the workbook (the sheets give no date of release)."""
    with zipfile.ZipFile(path) as archive:
        try:
            with archive.open("docProps/core.xml") as stream:
                text = stream.read(MAX_PROPERTIES_BYTES)
        except KeyError as problem:
            raise FactorImportError(path.name, "factors-file-properties") from problem
    if b"<!" in text:
        raise FactorImportError(path.name, "factors-file-entities")
    try:
        saved = ElementTree.fromstring(text).findtext(MODIFIED) or ""  # noqa: S314 - no entities
        return date.fromisoformat(saved[:10])
    except (ElementTree.ParseError, ValueError) as problem:
        raise FactorImportError(
            path.name, "factors-file-unsaved", fields={"problem": str(problem)}
        ) from problem


def _read_sheet(sheet: Sheet) -> tuple[list[UkFactor], list[Skipped]]:
    factors: list[UkFactor] = []
    skipped: list[Skipped] = []
    row = 0
    while row < sheet.height:
        if sheet.text(row, 0) == ACTIVITY and _value_columns(sheet, row):
            table = _Table(sheet, row)
            row += 1
            while table.holds(row):
                for factor in table.line(row):
                    if factor.values:
                        factors.append(factor)
                    else:
                        skipped.append(Skipped(factor.where, factor.title, NO_VALUE))
                row += 1
        else:
            row += 1
    return factors, skipped


def _value_columns(sheet: Sheet, row: int) -> list[int]:
    return [
        column
        for column in range(sheet.width(row))
        if sheet.text(row, column) in MEASURES or sheet.text(row, column) in ENERGY_MEASURES
    ]


class _Table:
    """One table of a sheet: label columns, then groups of value columns under a heading."""

    def __init__(self, sheet: Sheet, header: int) -> None:
        self.sheet, self.header = sheet, header
        self.values = _value_columns(sheet, header)
        labels = {sheet.text(header, column): column for column in range(self.values[0])}
        if UNIT not in labels:
            raise sheet.error(header, self.values[0] - 1, "factors-file-unit-column", name=UNIT)
        unknown = set(labels) - TYPE_HEADINGS - SIZE_HEADINGS - {ACTIVITY, UNIT, YEAR}
        if unknown:
            column = labels[min(unknown)]
            raise sheet.error(header, column, "factors-file-heading", value=min(unknown))
        self.unit = labels[UNIT]
        self.type = min((labels[name] for name in TYPE_HEADINGS & set(labels)), default=None)
        self.size = min((labels[name] for name in SIZE_HEADINGS & set(labels)), default=None)
        self.groups = list(self._groups())

    def _groups(self) -> Iterator[tuple[str, list[int]]]:
        """Column groups: each starts with the total, or repeats the measure of the first."""
        first = self.sheet.text(self.header, self.values[0])
        starts = [c for c in self.values if self.sheet.text(self.header, c) == first]
        for start, end in zip(starts, [*starts[1:], self.values[-1] + 1], strict=True):
            heading = self.sheet.text(self.header - 1, start)
            if len(starts) > 1 and not heading:
                raise self.sheet.error(self.header - 1, start, "factors-file-headless")
            columns = [column for column in self.values if start <= column < end]
            yield (heading if len(starts) > 1 else "", columns)

    def holds(self, row: int) -> bool:
        """Whether `row` is a line of this table: it states a unit, not a new header."""
        if row >= self.sheet.height or self.sheet.text(row, 0) == ACTIVITY:
            return False
        if self.sheet.text(row, self.unit):
            return True
        for column in self.values:
            if self.sheet.text(row, column):
                raise self.sheet.error(row, self.unit, "factors-file-unitless")
        return False

    def line(self, row: int) -> Iterator[UkFactor]:
        """Yield the factors of one line, one a group of columns."""
        activity = self._label(row, 0)
        kind = self._label(row, self.type)
        size = self._label(row, self.size)
        for heading, columns in self.groups:
            factor = UkFactor(
                file=self.sheet.file,
                sheet=self.sheet.name,
                activity=activity,
                type=kind,
                size=size,
                column=heading,
                unit=self.sheet.text(row, self.unit),
                where=f"{self.sheet.name}!{_range(row, columns)}",
            )
            for column in columns:
                self._read_value(factor, row, column)
            yield factor

    def _read_value(self, factor: UkFactor, row: int, column: int) -> None:
        cell = self.sheet.at(row, column)
        if self.sheet.text(row, column) == "":
            return
        value = parse(cell)
        if value is None:
            raise self.sheet.error(row, column, "factor-cell-number", value=str(cell))
        measure = self.sheet.text(self.header, column)
        factor.is_energy = measure in ENERGY_MEASURES
        factor.values[MEASURES.get(measure, measure)] = value

    def _label(self, row: int, column: int | None) -> str:
        if column is None:
            return ""
        text = self.sheet.inherited(row, column)
        if not text:
            raise self.sheet.error(row, column, "factors-file-label")
        return text


def _range(row: int, columns: list[int]) -> str:
    first, last = cell_name(row, columns[0]), cell_name(row, columns[-1])
    return first if first == last else f"{first}:{last}"
