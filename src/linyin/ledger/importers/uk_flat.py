"""The flat file of the UK government conversion factors: one line a gas."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from linyin.ledger.importers.decimals import parse
from linyin.ledger.importers.imported import FactorImportError, Imported, Skipped, file_sha256
from linyin.ledger.importers.uk_factor import ENERGY_MEASURES, MEASURES, Edition, UkFactor
from linyin.ledger.importers.uk_rows import to_rows
from linyin.ledger.importers.workbook import Sheet, open_workbook

if TYPE_CHECKING:
    from pathlib import Path

FRONT, FACTORS = "Front page", "Factors by Category"
HEADER = (
    "ID",
    "Scope",
    "Level 1",
    "Level 2",
    "Level 3",
    "Level 4",
    "Column Text",
    "UOM",
    "GHG/Unit",
)
VALUE = len(HEADER)
NO_VALUE = "left-out-valueless"


def read(path: Path) -> Imported:
    """Read a whole flat file.

    Parameters
    ----------
    path : Path
        The publisher's XLSX file, any edition whose sheets are called as in 2023.

    Returns
    -------
    Imported
        One row a label and unit; masses in kg of gas per unit.

    Raises
    ------
    FactorImportError
        If the file is not of this format; it names the sheet and the cell.

    References
    ----------
    .. [1] DESNZ (2023), UK Government GHG Conversion Factors for Company Reporting, flat format.

    """
    sheets = open_workbook(path)
    for name in (FRONT, FACTORS):
        if name not in sheets:
            named = {"name": name, "found": ", ".join(sheets)}
            raise FactorImportError(path.name, "factors-file-sheet", fields=named)
    edition = _edition(sheets[FRONT], file_sha256(path))
    factors, skipped = _factors(sheets[FACTORS], edition.year)
    imported = to_rows(factors, edition)
    return Imported(imported.rows, skipped + imported.skipped)


def _edition(front: Sheet, sha256: str) -> Edition:
    facts: dict[str, Any] = {}
    for row in range(front.height):
        for column in range(front.width(row)):
            label = front.text(row, column)
            if label.endswith(":") and front.at(row, column + 1) != "":
                facts[label.rstrip(": ")] = front.at(row, column + 1)
    updated = facts.get("Updated")
    year = parse(facts.get("Year", ""))
    if year is None or "Version" not in facts or not isinstance(updated, date):
        raise front.error(0, 0, "factors-file-edition", facts="Year, Version, Updated")
    day = updated.date() if isinstance(updated, datetime) else updated
    return Edition(int(year), "flat file", str(facts["Version"]), day, sha256)


def _factors(sheet: Sheet, year: int) -> tuple[list[UkFactor], list[Skipped]]:
    header = _header_row(sheet, year)
    factors: dict[tuple[str, ...], UkFactor] = {}
    skipped: list[Skipped] = []
    seen: dict[str, int] = {}
    for row in range(header + 1, sheet.height):
        if sheet.text(row, 1) == "END":
            return list(factors.values()), skipped
        number, _, *levels, column, unit, measure = (
            sheet.text(row, index) for index in range(VALUE)
        )
        if not number:
            if any(sheet.text(row, index) for index in range(sheet.width(row))):
                raise sheet.error(row, 0, "factors-file-id-missing")
            continue
        if number in seen:
            raise sheet.error(row, 0, "factors-file-id-twice", value=number, other=seen[number] + 1)
        seen[number] = row
        if measure not in MEASURES and measure not in ENERGY_MEASURES:
            raise sheet.error(row, 8, "factors-file-measure", value=measure)
        if sheet.at(row, VALUE) == "":
            what = " / ".join(part for part in (*levels, column, unit, measure) if part)
            skipped.append(Skipped(f"{FACTORS}!J{row + 1}", what, NO_VALUE))
            continue
        value = parse(sheet.at(row, VALUE))
        if value is None:
            raise sheet.error(row, VALUE, "factor-cell-number", value=str(sheet.at(row, VALUE)))
        stem = number.rpartition("_")[0]
        factor = factors.setdefault(
            (*levels, column, unit, stem), _factor(sheet.file, levels, column, unit, stem, row)
        )
        factor.is_energy = measure in ENERGY_MEASURES
        factor.values[MEASURES.get(measure, measure)] = value
    raise sheet.error(sheet.height - 1, 1, "factors-file-cut")


def _factor(file: str, levels: list[str], column: str, unit: str, stem: str, row: int) -> UkFactor:
    sheet, activity, kind, size = levels
    return UkFactor(
        file=file,
        sheet=sheet,
        activity=activity,
        type=kind,
        size="" if size == unit else size,
        column=column,
        unit=unit,
        where=f"{FACTORS}!A{row + 1}",
        number=stem,
    )


def _header_row(sheet: Sheet, year: int) -> int:
    for row in range(sheet.height):
        if sheet.text(row, 0) == HEADER[0]:
            for index, name in enumerate((*HEADER, f"GHG Conversion Factor {year}")):
                if sheet.text(row, index) != name:
                    told = {"found": sheet.text(row, index), "expected": name}
                    raise sheet.error(row, index, "factors-file-header-cell", **told)
            return row
    raise sheet.error(0, 0, "factors-file-header-none", name=HEADER[0])
