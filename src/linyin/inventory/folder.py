"""A folder of plain files: read whole, checked whole, nothing guessed."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from linyin.inventory.config import FILE, Config, examine_config
from linyin.inventory.ids import with_ids
from linyin.inventory.instruments import read_instruments
from linyin.inventory.ownheaders import Headers, with_own_headers
from linyin.inventory.placenames import coded, with_nodes, with_places
from linyin.inventory.rates import read_rates
from linyin.inventory.tablefiles import find_tables, is_inside, is_of_table
from linyin.lake import (
    BadInput,
    Finding,
    Sheet,
    Where,
    errors_in,
    load_schema,
    ordered_findings,
    read_table,
)
from linyin.ledger import (
    SITE,
    Catalog,
    Factor,
    Instrument,
    PreparedActivities,
    Rates,
    ReferenceTables,
    input_header,
    item_aliases,
    load_packs,
    prepare_activities,
)
from linyin.organization import Allocations, Metrics, Organization, Profiles

__all__ = ["TABLES", "Folder", "Reading", "assemble", "read_folder"]

TABLES: Final[Mapping[str, str]] = {
    "organization": "organization",
    "metrics": "organization",
    "allocations": "organization",
    "profiles": "organization",
    "activities": "ledger",
    "factors": "ledger",
    "instruments": "ledger",
    "rates": "ledger",
}
OWN_FACTORS: Final = "factors.csv"


@dataclass
class Folder:
    """What a folder holds, read and checked.

    Attributes
    ----------
    sheets
        Table → validated rows.
    activities
        One table a source file, ready to be posted.
    findings
        Of everything, in a stable order.

    """

    path: Path
    config: Config
    sheets: dict[str, pa.Table]
    organization: Organization
    metrics: Metrics
    allocations: Allocations
    profiles: Profiles
    catalog: Catalog
    rates: Rates
    instruments: list[Instrument]
    activities: list[tuple[str, PreparedActivities]]
    findings: tuple[Finding, ...]
    reference: ReferenceTables = field(default_factory=ReferenceTables.shipped)
    headers: Headers = field(default_factory=dict)

    def require(self) -> None:
        """Stop if anything is wrong.

        Raises
        ------
        BadInput
            With every finding, if one of them is an error.

        """
        if errors_in(self.findings):
            raise BadInput(self.findings)


@dataclass
class Reading:
    """Tables as they are read, with everything that was wrong so far."""

    findings: list[Finding] = field(default_factory=list)
    ignored: Sequence[str] = ()
    headers: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)

    def table(self, name: str, sheets: Iterable[Sheet]) -> pa.Table:
        """Validate the sheets of a table and put their rows together."""
        schema = load_schema(TABLES[name], name)
        tables = []
        for sheet in sheets:
            table, found = schema.validate(
                sheet, input_header if name == "activities" else None, ignored=self.ignored
            )
            self.findings += found
            self.headers[sheet.file, sheet.sheet] = schema.written_as(sheet)
            tables.append(table)
        if not tables:
            return schema.arrow.empty_table()
        return pa.concat_tables(tables, promote_options="default")

    def identified(self, sheets: Iterable[Sheet], columns: Sequence[str]) -> list[Sheet]:
        """Derive external ids where a sheet has none."""
        named = []
        for sheet in sheets:
            with_id, found = with_ids(sheet, columns)
            self.findings += found
            named.append(with_id)
        return named

    def read(self, path: Path, table: str) -> list[Sheet]:
        """Read the sheets of a file; one that cannot be read has none."""
        schema = load_schema(TABLES[table], table)
        try:
            return read_table(path, schema)
        except BadInput as bad:
            self.findings += bad.findings
            return []


def read_folder(path: Path | str, *, id_from: Sequence[str] = ()) -> Folder:
    """Read and check a folder.

    Parameters
    ----------
    path : Path or str
    id_from : sequence of str
        Columns that, joined, are the external id in files of activities that have none.

    Returns
    -------
    Folder
        With everything that was found wrong; :meth:`Folder.require` stops on errors.

    Raises
    ------
    BadInput
        If `linyin.toml` or `organization.csv` is missing, or the former is a symbolic link to a
        file outside the folder.

    """
    root = Path(path)
    if not is_inside(root, root / FILE):
        raise BadInput([Finding("file-outside", "error", Where(FILE))])
    config, wrong = examine_config(root / FILE)
    reading = Reading(wrong)
    files, unread = find_tables(root, tuple(TABLES))
    reading.findings += unread
    sheets = {
        table: {file.relative_to(root).as_posix(): reading.read(file, table) for file in of_table}
        for table, of_table in files.items()
    }
    if not sheets["organization"]:
        missing = {"folder": str(root), "table": "organization"}
        none = Finding("table-missing", "error", Where("organization.csv"), missing)
        raise BadInput([*reading.findings, none])
    return assemble(root, config, sheets, reading, id_from=id_from)


def assemble(
    root: Path,
    config: Config,
    sheets: Mapping[str, Mapping[str, list[Sheet]]],
    reading: Reading | None = None,
    *,
    id_from: Sequence[str] = (),
) -> Folder:
    """Put the sheets of a folder (or of frames) together.

    Parameters
    ----------
    root : Path
        Folder of the evidence and of the lake.
    config : Config
    sheets : mapping
        Table → file → its sheets.
    reading
        What reading the files has found already.
    id_from : sequence of str
        As of :func:`read_folder`.

    """
    reading = reading or Reading()
    reading.ignored = config.ignored_columns
    tables = {
        name: reading.table(name, (s for of_file in sheets[name].values() for s in of_file))
        for name in TABLES
        if name != "activities"
    }
    reference = ReferenceTables.shipped()
    nodes = frozenset(tables["organization"]["code"].to_pylist())
    tables = {name: coded(name, rows, reference, nodes) for name, rows in tables.items()}
    folder = build(root, config, tables, reading.findings)
    found = list(folder.findings)
    patterns = {site: folder.allocations.meters(site) for site in folder.organization.nodes}
    for file, of_file in sheets["activities"].items():
        before = len(reading.findings)
        identified = reading.identified(of_file, id_from) if id_from else of_file
        rows = coded("activities", reading.table("activities", identified), reference, nodes)
        found += reading.findings[before:]
        prepared = prepare_activities(
            rows,
            source=Path(file).stem,
            sites=folder.organization.nodes,
            places=folder.reference.parents,
            calendar=config.calendar,
            aliases=item_aliases(),
            meters={site: known for site, known in patterns.items() if known},
            profiles=folder.profiles,
        )
        wrong = with_places(prepared.findings, folder.reference)
        found += with_nodes(wrong, folder.organization)
        found += _evidence(root, prepared.table)
        folder.activities.append((file, prepared))
    own = ordered_findings(with_own_headers(found, reading.headers))
    return replace(folder, findings=own, headers=reading.headers)


def build(
    root: Path,
    config: Config,
    tables: dict[str, pa.Table],
    findings: Iterable[Finding] = (),
    catalog: Catalog | None = None,
    reference: ReferenceTables | None = None,
) -> Folder:
    """Build what calculations need from validated tables, without activities.

    With a `catalog`, its factors are used instead of the packs and the table of factors; with
    `reference`, its tables instead of those that come with the program.
    """
    reference = reference or ReferenceTables.shipped()
    found = list(findings)
    organization, wrong = Organization.from_rows(tables["organization"].to_pylist())
    found += wrong
    if not organization.nodes and not errors_in(found):
        found.append(Finding("organization-empty", "error", Where("organization.csv")))
    metrics, wrong = Metrics.from_rows(tables["metrics"].to_pylist(), config.calendar)
    found += wrong
    allocations, wrong = Allocations.from_rows(
        tables["allocations"].to_pylist(), metrics, organization.nodes
    )
    found += wrong
    profiles, wrong = Profiles.from_rows(tables["profiles"].to_pylist())
    found += wrong
    parents = reference.parents
    found += _places(tables["organization"].to_pylist(), parents)
    if not [f for f in errors_in(found) if not is_of_table(f.at.file, "instruments")]:
        catalog = catalog or _catalog(tables["factors"], config, organization.nodes, parents, found)
    instruments = read_instruments(
        tables["instruments"].to_pylist(), organization, parents, config.calendar, found
    )
    rates = read_rates(tables["rates"].to_pylist(), catalog, found)
    return Folder(
        path=root,
        config=config,
        sheets=tables,
        organization=organization,
        metrics=metrics,
        allocations=allocations,
        profiles=profiles,
        catalog=catalog or Catalog(()),
        rates=rates,
        instruments=instruments,
        activities=[],
        findings=ordered_findings(with_places(found, reference)),
        reference=reference,
    )


def _places(rows: Iterable[Mapping[str, Any]], parents: Mapping[str, str]) -> Iterator[Finding]:
    for row in rows:
        for column in ("place", "country"):
            if row[column] and row[column] not in parents:
                at = Where(row["_file"], row["_sheet"], row["_row"], column)
                fields = {"node": row["code"], "value": row[column]}
                yield Finding("place-unknown", "error", at, fields)


def _catalog(
    rows: pa.Table,
    config: Config,
    sites: Collection[str],
    places: Collection[str],
    found: list[Finding],
) -> Catalog:
    own: list[Factor] = []
    for row in rows.to_pylist():
        cells = _as_text(row)
        cells["item"] = item_aliases().get(cells["item"], cells["item"])
        place = cells["place"].removeprefix(SITE)
        if cells["place"] not in places:
            cells["place"] = f"{SITE}{place}"
            if place not in sites:
                at = Where(row["_file"], row["_sheet"], row["_row"], "place")
                found.append(Finding("place-unknown", "error", at, {"value": place}))
        own.append(Factor.from_row(cells, OWN_FACTORS, 0))
    try:
        return Catalog([*own, *load_packs(config.packs, first_priority=1)])
    except KeyError as error:
        at = Where(FILE, "", None, "factors.packs")
        found.append(Finding("pack-unknown", "error", at, {"pack": str(error.args[0])}))
        return Catalog(own)


def _as_text(row: Mapping[str, Any]) -> dict[str, str]:
    return {name: "" if value is None else _shown(value) for name, value in row.items()}


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return format(Decimal(repr(value)), "f")
    return value.isoformat() if isinstance(value, date) else str(value)


def _evidence(root: Path, rows: pa.Table) -> Iterator[Finding]:
    """Check that stated evidence is there and is what was hashed."""
    named = {
        (file, digest)
        for file, digest in zip(
            rows["evidence_file"].to_pylist(), rows["evidence_sha256"].to_pylist(), strict=True
        )
        if file
    }
    evidence = (root / "evidence").resolve()
    for file, digest in sorted(named):
        path = (evidence / file).resolve()
        if not path.is_relative_to(evidence) or not path.is_file():
            yield Finding("evidence-missing", "warning", Where(file), {"file": file})
        elif digest and hashlib.sha256(path.read_bytes()).hexdigest() != digest.lower():
            yield Finding("evidence-changed", "error", Where(file), {"file": file})
