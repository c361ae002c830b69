"""Ember's yearly grid intensities as npm's package @tgwf/co2 carries them."""

from __future__ import annotations

import json
import re
import tarfile
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from linyin.ledger.importers.decimals import divide, parse, plain
from linyin.ledger.importers.imported import (
    FactorImportError,
    Imported,
    Row,
    Skipped,
    factor_row,
    file_sha256,
)
from linyin.ledger.importers.iso3166 import ALPHA2

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PACKAGE = "package/package.json"
CHANGES = "package/CHANGELOG.md"
WITH_YEARS = re.compile(r"^package/data/output/average-intensities-\d{4}\.json$")
WITHOUT_YEARS = "package/dist/esm/data/average-intensities.min.js"
TABLE = re.compile(r"const data = (\{.*?\});", re.DOTALL)
MAX_MEMBER_BYTES = 20_000_000
GRAMS = Decimal(1000)
NO_COUNTRY = "left-out-region"
NO_NUMBER = "left-out-valueless"
NOT_CREDIBLE = "left-out-zero"


@dataclass(frozen=True, slots=True)
class Intensity:
    """One number of the table [g CO2e/kWh]; `year` is None where the table states none."""

    code: str
    name: str
    year: int | None
    value: Decimal | None


def read(path: Path, *, year: int | None = None, published: date | None = None) -> Imported:
    """Read all countries of one release's tarball.

    Parameters
    ----------
    path : Path
        What ``npm pack @tgwf/co2@VERSION`` writes.
    year : int, optional
        Year of the data. Releases after 0.13 do not state it: it must be given for them, and
        must not be for the others.
    published : date, optional
        Day of the release, where the package's list of changes does not have it.

    Returns
    -------
    Imported
        Life-cycle intensities [kg CO2e/kWh], boundary ``total``; the publisher's GWP set is not
        stated in the package, so it is ``unknown``.

    Raises
    ------
    FactorImportError
        If the file is no such tarball, or the year or day is missing, or the year is stated twice.

    References
    ----------
    .. [1] Ember, Yearly electricity data, through The Green Web Foundation, CO2.js (npm).

    """
    try:
        with tarfile.open(path, mode="r:gz") as archive:
            texts = _members(path, archive)
    except (tarfile.TarError, OSError, EOFError) as problem:
        told = {"problem": str(problem)}
        raise FactorImportError(path.name, "factors-file-tarball", fields=told) from problem
    version = _version(path, texts)
    day = published or _published(path, texts, version)
    file = next((name for name in texts if WITH_YEARS.match(name)), WITHOUT_YEARS)
    if file not in texts:
        raise FactorImportError(path.name, "factors-file-lacks", fields={"name": WITHOUT_YEARS})
    sha256 = file_sha256(path)
    rows: dict[str, Row] = {}
    skipped: list[Skipped] = []
    for intensity in _intensities(path, file, texts[file]):
        why = _leaves_out(intensity)
        if why:
            skipped.append(Skipped(f"{file}, {intensity.code}", intensity.name, why))
            continue
        if (intensity.year is None) == (year is None):
            raise _year_error(path.name, intensity)
        row = _row(intensity, intensity.year or year or 0, version, day, sha256, file)
        if row["factor_id"] in rows:
            twice = {"value": intensity.code}
            raise FactorImportError(path.name, "factors-file-twice", sheet=file, fields=twice)
        rows[row["factor_id"]] = row
    return Imported(list(rows.values()), skipped)


def _year_error(file: str, intensity: Intensity) -> FactorImportError:
    if intensity.year is None:
        return FactorImportError(file, "factors-file-undated")
    stated = {"year": intensity.year}
    return FactorImportError(file, "factors-file-dated", cell=intensity.code, fields=stated)


def _members(path: Path, archive: tarfile.TarFile) -> dict[str, str]:
    texts: dict[str, str] = {}
    for member in archive:
        wanted = member.name in {PACKAGE, CHANGES, WITHOUT_YEARS} or WITH_YEARS.match(member.name)
        if not wanted or not member.isreg():
            continue
        if member.size > MAX_MEMBER_BYTES:
            sizes = {"bytes": member.size, "most": MAX_MEMBER_BYTES}
            at = member.name
            raise FactorImportError(path.name, "factors-file-unpacks", sheet=at, fields=sizes)
        stream = archive.extractfile(member)
        if stream is not None:
            texts[member.name] = stream.read().decode("utf-8", errors="replace")
    return texts


def _version(path: Path, texts: dict[str, str]) -> str:
    package = _json(path, PACKAGE, texts.get(PACKAGE, "null"))
    if (
        not isinstance(package, dict)
        or package.get("name") != "@tgwf/co2"
        or "version" not in package
    ):
        raise FactorImportError(path.name, "factors-file-package", sheet=PACKAGE)
    return str(package["version"])


def _published(path: Path, texts: dict[str, str], version: str) -> date:
    heading = re.search(
        rf"\[{re.escape(version)}\]\s*-\s*(\d{{4}}-\d\d-\d\d)", texts.get(CHANGES, "")
    )
    if heading is None:
        raise FactorImportError(
            path.name, "factors-file-undated-release", sheet=CHANGES, fields={"version": version}
        )
    return date.fromisoformat(heading[1])


def _intensities(path: Path, file: str, text: str) -> Iterator[Intensity]:
    if file != WITHOUT_YEARS:
        yield from (_stated(path, file, line) for line in _lines(path, file, text).values())
        return
    table = TABLE.search(text)
    if table is None:
        wanted = {"name": "const data = {…};"}
        raise FactorImportError(path.name, "factors-file-lacks", sheet=file, fields=wanted)
    for code, value in _lines(path, file, table[1]).items():
        yield Intensity(code, code, None, parse(value))


def _stated(path: Path, file: str, line: Any) -> Intensity:
    try:
        return Intensity(
            line["country_code"] or "",
            line["country_or_region"],
            int(line["year"]),
            parse(line["emissions_intensity_gco2_per_kwh"] or ""),
        )
    except (KeyError, TypeError, ValueError) as problem:
        raise FactorImportError(
            path.name, "factors-file-line", sheet=file, fields={"value": f"{line!r:.200}"}
        ) from problem


def _lines(path: Path, file: str, text: str) -> dict[str, Any]:
    table = _json(path, file, text)
    if not isinstance(table, dict):
        raise FactorImportError(path.name, "factors-file-countries", sheet=file)
    return table


def _json(path: Path, file: str, text: str) -> Any:
    try:
        return json.loads(text, parse_float=Decimal)
    except ValueError as problem:
        told = {"problem": str(problem)}
        raise FactorImportError(
            path.name, "factors-file-json", sheet=file, fields=told
        ) from problem


def _leaves_out(intensity: Intensity) -> str:
    if intensity.code not in ALPHA2:
        return NO_COUNTRY
    if intensity.value is None:
        return NO_NUMBER
    return "" if intensity.value else NOT_CREDIBLE


def _row(
    intensity: Intensity, year: int, version: str, published: date, sha256: str, file: str
) -> Row:
    place = ALPHA2[intensity.code]
    return factor_row(
        {
            "factor_id": f"ember-{version}-{year}-{place}",
            "name_en": f"Electricity, {intensity.name} {year}, life cycle",
            "use": "grid",
            "item": "electricity",
            "unit": "kWh",
            "boundary": "total",
            "basis": "average",
            "place": place,
            "co2e_kg": plain(divide(intensity.value or Decimal(0), GRAMS)),
            "gwp_set": "unknown",
            "data_year": str(year),
            "published": published.isoformat(),
            "publisher": "Ember",
            "release": f"@tgwf/co2 {version}",
            "source": f"npm @tgwf/co2 {version}, {file}, {intensity.code}",
            "licence": "CC-BY-SA-4.0",
            "evidence": "file",
            "copies_read": "1",
            "evidence_sha256": sha256,
            "status": "draft",
        }
    )
