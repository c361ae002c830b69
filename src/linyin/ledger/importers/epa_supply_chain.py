"""US EPA supply-chain factors by NAICS code: kg CO2e per US dollar, purchaser price."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from linyin.ledger.importers.decimals import parse, plain
from linyin.ledger.importers.imported import (
    FactorImportError,
    Imported,
    Row,
    Skipped,
    factor_row,
    file_sha256,
)
from linyin.ledger.importers.text_files import read_csv

if TYPE_CHECKING:
    from pathlib import Path

CODE, TITLE, GHG, UNIT = "2017 NAICS Code", "2017 NAICS Title", "GHG", "Unit"
BASIC = "Supply Chain Emission Factors without Margins"
MARGINS = "Margins of Supply Chain Emission Factors"
VALUE = "Supply Chain Emission Factors with Margins"
USEEIO = "Reference USEEIO Code"
HEADER = (CODE, TITLE, GHG, UNIT, BASIC, MARGINS, VALUE, USEEIO)
ALL_GASES = "All GHGs"
DOLLARS = re.compile(r"^kg CO2e/(20\d\d) USD, purchaser price$")
VERSION = re.compile(r"v(\d+(?:\.\d+)+)")
SUM_TOLERANCE = "0.0015"
"""The three columns are rounded to 0.001 each."""


@dataclass(frozen=True, slots=True)
class Release:
    """What the file itself does not say about a release."""

    published: date
    data_year: int
    gwp_set: str


RELEASES = {
    "1.2": Release(date(2023, 4, 20), 2019, "AR4-100"),
    "1.3.0": Release(date(2024, 7, 10), 2022, "AR5-100"),
}
"""1.3.0: release of the publisher's code; gas data and 'AR5-100' in its model specification
``USEEIOv2.2.22-GHG.yml``. 1.2: 'the 4th IPCC Assessment report' in its data description."""


def read(path: Path) -> Imported:
    """Read the publisher's CO2e file whole.

    Parameters
    ----------
    path : Path
        ``SupplyChainGHGEmissionFactors_v1.3.0_NAICS_CO2e_USD2022.csv`` or alike; the name must
        hold the version, which the file does not state.

    Returns
    -------
    Imported
        One row a NAICS code: kg CO2e per USD with margins, i.e. per purchaser price.

    Raises
    ------
    FactorImportError
        If the file is not of this format, is the file by gas, or is of an unknown release.

    References
    ----------
    .. [1] US EPA (2024), Supply Chain Greenhouse Gas Emission Factors v1.3 by NAICS-6.

    """
    version = VERSION.search(path.name)
    if version is None or version[1] not in RELEASES:
        known = ", ".join(f"v{name}" for name in RELEASES)
        raise FactorImportError(path.name, "factors-file-name", fields={"expected": known})
    lines = read_csv(path)
    if not lines or tuple(lines[0]) != HEADER:
        expected = {"expected": ",".join(HEADER)}
        raise FactorImportError(path.name, "factors-file-header", cell="A1", fields=expected)
    sha256 = file_sha256(path)
    rows: dict[str, Row] = {}
    skipped: list[Skipped] = []
    for number, cells in enumerate(lines[1:], start=2):
        if not any(cells):
            skipped.append(Skipped(f"row {number}", "", "left-out-empty"))
            continue
        row = _row(path.name, number, cells, version[1], sha256)
        if row["factor_id"] in rows:
            raise FactorImportError(
                path.name, "factors-file-twice", cell=f"A{number}", fields={"value": cells[0]}
            )
        rows[row["factor_id"]] = row
    return Imported(list(rows.values()), skipped)


def _row(file: str, number: int, cells: list[str], version: str, sha256: str) -> Row:
    if len(cells) != len(HEADER):
        raise FactorImportError(
            file,
            "factors-file-cells",
            cell=f"A{number}",
            fields={"found": len(cells), "expected": len(HEADER)},
        )
    line = dict(zip(HEADER, cells, strict=True))
    dollars = DOLLARS.match(line[UNIT])
    if line[GHG] != ALL_GASES or dollars is None:
        raise FactorImportError(
            file,
            "factors-file-by-gas",
            cell=f"C{number}",
            fields={"gas": line[GHG], "unit": line[UNIT], "expected": ALL_GASES},
        )
    if not re.fullmatch(r"\d{6}", line[CODE]):
        named = {"value": line[CODE]}
        raise FactorImportError(file, "factors-file-naics", cell=f"A{number}", fields=named)
    values = [parse(line[name]) for name in (BASIC, MARGINS, VALUE)]
    for column, name, value in zip("EFG", (BASIC, MARGINS, VALUE), values, strict=True):
        if value is None:
            text, place = {"value": line[name]}, f"{column}{number}"
            raise FactorImportError(file, "factor-cell-number", cell=place, fields=text)
    basic, margins, value = (value for value in values if value is not None)
    tolerance = parse(SUM_TOLERANCE)
    if tolerance is not None and abs(basic + margins - value) > tolerance:
        parts = {"basic": basic, "margins": margins, "total": value, "tolerance": tolerance}
        raise FactorImportError(file, "factors-file-sum", cell=f"G{number}", fields=parts)
    release = RELEASES[version]
    return factor_row(
        {
            "factor_id": f"epa-{version}-{line[CODE]}",
            "name_en": line[TITLE],
            "use": "spend",
            "item": f"naics_{line[CODE]}",
            "unit": "USD",
            "boundary": "total",
            "basis": "average",
            "place": "US",
            "co2e_kg": plain(value),
            "gwp_set": release.gwp_set,
            "correlation_group": f"useeio-{line[USEEIO].replace(', ', '+')}",
            "data_year": str(release.data_year),
            "published": release.published.isoformat(),
            "currency_year": dollars[1],
            "price_basis": "purchaser",
            "publisher": "US Environmental Protection Agency (EPA)",
            "release": f"Supply Chain GHG Emission Factors v{version}",
            "source": (
                f"Supply Chain GHG Emission Factors v{version} by NAICS-6, {line[UNIT]}, "
                f"row {number}, USEEIO {line[USEEIO]}"
            ),
            "licence": "US-public-domain",
            "evidence": "file",
            "copies_read": "1",
            "evidence_sha256": sha256,
            "status": "draft",
        }
    )
