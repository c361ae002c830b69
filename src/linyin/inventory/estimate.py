"""`linyin estimate`: gaps of a folder's monthly sources as marked rows of a file of its own.

The file is in the users' schema, so that its rows can be read, edited and superseded. Each run
writes it anew: estimates whose days actual rows cover by now are dropped, edited rows (their
quantity is no longer the one that `reason` states) stay as they are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from linyin.inventory.estimate_file import (
    ESTIMATES,
    EstimateFile,
    id_of,
    is_covered,
    is_estimate,
    shown,
)
from linyin.inventory.folder import Folder, read_folder
from linyin.inventory.sources import DATED, lay_out_sources, units_table
from linyin.lake import Finding, Where, ordered_findings
from linyin.ledger import (
    ESTIMATE_METHODS,
    ComparableSite,
    Estimate,
    FilledSeries,
    OpenGap,
    Reading,
    Series,
    convert_unit,
    estimate_gaps,
    find_gaps,
    parse_unit,
)
from linyin.organization import Period

__all__ = [
    "DEFAULT_METHODS",
    "ESTIMATES",
    "EstimateReport",
    "Filled",
    "estimate",
    "without_superseded",
]

DEFAULT_METHODS: Final = ("last_year", "neighbours", "per_area")
SIZES: Final[Mapping[str, tuple[str, str]]] = {
    "per_area": ("floor_area", "m2"),
    "per_head": ("heads", "person"),
}

_ROWS: Final = """
CREATE TABLE rows AS
SELECT g.*, u.dimension, "end" - begin AS days,
    regexp_replace(external_id, '{dated}', '*') AS stem
FROM given AS g JOIN units AS u USING (unit) WHERE g.inputs = ''
"""
_POINTS: Final = """
SELECT p.*, s.meter FROM points AS p JOIN sources AS s USING (source_id)
WHERE s.monthly ORDER BY source_id, begin, external_id
"""


@dataclass(frozen=True, slots=True)
class Filled:
    """An estimate as it was written."""

    external_id: str
    source: str
    site: str
    item: str
    span: Period
    quantity: str
    unit: str
    method: str
    uncertainty_pct: float
    trials: int


@dataclass(frozen=True, slots=True)
class EstimateReport:
    """What a run of `estimate` did.

    Attributes
    ----------
    file
        The file of estimates; it is gone if there is none to hold.
    filled
        Estimates of this run.
    kept
        Ids of edited estimates, of estimates outside the window, and of other rows of the file.
    dropped
        Ids of estimates that are none any more: actual rows cover their days by now, the site is
        not there, or no method of this run has an answer.
    unfilled
        Findings: gaps that no method could fill, with each method's reason.

    """

    file: Path
    filled: tuple[Filled, ...]
    kept: tuple[str, ...]
    dropped: tuple[str, ...]
    unfilled: tuple[Finding, ...]


@dataclass(frozen=True)
class _Source:
    """A monthly source of the folder: its key, its unit, its series, its last rows."""

    key: Mapping[str, str]
    unit: str
    series: Series
    places: tuple[tuple[date, Where], ...]

    def before(self, day: date) -> Where:
        """Return where the last row before a day stands, else the first row."""
        earlier = [at for begin, at in self.places if begin <= day]
        return earlier[-1] if earlier else self.places[0][1]


def estimate(
    folder_path: Path | str,
    methods: Sequence[str] = DEFAULT_METHODS,
    *,
    year: int | None = None,
    write: bool = True,
) -> EstimateReport:
    """Fill the gaps of a folder's monthly sources.

    Parameters
    ----------
    folder_path : path
    methods : sequence of str
        Names of `ESTIMATE_METHODS`; of each gap the first that has an answer.
    year : int, optional
        Fiscal year whose gaps are filled; default: from the first actual row to the last.
    write : bool
        False = only report.

    Returns
    -------
    EstimateReport

    Raises
    ------
    BadInput
        With everything that is wrong with the folder; nothing is written.
    ValueError
        If a method is unknown.

    """
    if unknown := set(methods) - set(ESTIMATE_METHODS):
        raise ValueError(
            f"unknown methods {sorted(unknown)}: expected {', '.join(ESTIMATE_METHODS)}"
        )
    folder = read_folder(folder_path)
    folder.require()
    file = EstimateFile.read(folder.path)
    rows = _actual(folder)
    window = _window(folder, rows, year)
    sources = _sources(folder, rows, window) if window else []
    filled: list[Filled] = []
    unfilled: list[Finding] = []
    open_ids: set[str] = set()
    written: list[dict[str, str]] = []
    for source in sources:
        filling = estimate_gaps(source.series, methods, window) if window else FilledSeries((), ())
        for piece, external_id in _named(source, filling):
            open_ids.add(external_id)
            if file.is_edited(external_id):
                continue
            if isinstance(piece, Estimate):
                row = _row(source, piece, external_id)
                written.append(row)
                filled.append(_told(source, piece, row))
            else:
                unfilled.append(_finding(source, piece))
    new = {row["external_id"] for row in written}
    kept, dropped = file.sort_out(new, open_ids, _covered(sources), window)
    if write:
        file.write([*kept, *written])
    return EstimateReport(
        file=file.path,
        filled=tuple(filled),
        kept=tuple(row["external_id"] for row in kept),
        dropped=tuple(dropped),
        unfilled=ordered_findings(unfilled),
    )


def without_superseded(folder: Folder) -> Folder:
    """Return a folder without the estimates whose days actual rows cover by now.

    Each is told as a warning; the file of estimates stays as it is.
    """
    estimates = [
        (row["external_id"], Period(row["begin"], row["end"]), row)
        for _, prepared in folder.activities
        for row in _estimated(prepared.table)
    ]
    if not estimates:
        return folder
    rows = _actual(folder)
    window = _window(folder, rows, None)
    covered = _covered(_sources(folder, rows, window)) if window else {}
    gone = {id_ for id_, span, _ in estimates if is_covered(id_, span, covered)}
    told = [
        Finding(
            "estimate-superseded",
            "warning",
            Where(row["_file"], row["_sheet"], row["_row"], "external_id"),
            {"estimate": id_},
        )
        for id_, _, row in estimates
        if id_ in gone
    ]
    kept = [
        (file, replace(prepared, table=_rows_but(prepared.table, gone)))
        for file, prepared in folder.activities
    ]
    findings = ordered_findings([*folder.findings, *told])
    return replace(folder, activities=kept, findings=findings)


def _estimated(rows: pa.Table) -> Iterator[dict[str, Any]]:
    for row in rows.filter(pc.equal(rows["status"], "estimated")).to_pylist():
        if is_estimate(row["external_id"], row["status"]):
            yield row


def _rows_but(rows: pa.Table, gone: Collection[str]) -> pa.Table:
    is_gone = pc.is_in(rows["external_id"], value_set=pa.array(sorted(gone), pa.string()))
    return rows.filter(pc.invert(is_gone))


def _actual(folder: Folder) -> pa.Table:
    """Return the rows of all files without the estimates."""
    tables = [prepared.table for _, prepared in folder.activities if prepared.table.num_rows]
    if not tables:
        return pa.table({})
    rows = pa.concat_tables(tables, promote_options="default")
    ids, statuses = rows["external_id"].to_pylist(), rows["status"].to_pylist()
    actual = [not is_estimate(i, s) for i, s in zip(ids, statuses, strict=True)]
    return rows.filter(pa.array(actual, pa.bool_()))


def _window(folder: Folder, rows: pa.Table, year: int | None) -> Period | None:
    if year is not None:
        return folder.config.calendar.year(year)
    if not rows.num_rows:
        return None
    return Period(min(rows["begin"].to_pylist()), max(rows["end"].to_pylist()))


def _sources(folder: Folder, rows: pa.Table, window: Period) -> list[_Source]:
    if not rows.num_rows:
        return []
    with duckdb.connect() as connection:
        connection.register("given", rows)
        codes = sorted(set(rows["unit"].to_pylist()))
        connection.from_arrow(units_table(codes)).create("units")
        connection.execute(_ROWS.format(dated=DATED))
        lay_out_sources(connection)
        points = connection.sql(_POINTS).to_arrow_table().to_pylist()
    grouped: dict[int, list[dict[str, Any]]] = {}
    for point in points:
        grouped.setdefault(point["source_id"], []).append(point)
    sources = [_source(folder, rows_of) for rows_of in grouped.values()]
    if any(find_gaps(source.series, window) for source in sources):
        return _with_comparables(folder, sources, window)
    return sources


def _source(folder: Folder, rows: list[dict[str, Any]]) -> _Source:
    first = rows[0]
    units = [row["unit"] for row in rows]
    unit = max(sorted(set(units)), key=units.count)
    names = (
        "site", "source_type", "item", "technology", "product", "relation", "method",
        "counterparty", "place", "flow", "supply", "meter",
    )  # fmt: skip
    key = {name: first[name] for name in names}
    readings = tuple(
        Reading(
            Period(row["begin"], row["end"]),
            convert_unit(
                Fraction(repr(row["quantity"])), parse_unit(row["unit"]), parse_unit(unit)
            ),
        )
        for row in rows
    )
    name = " · ".join(key[n] for n in ("site", "source_type", "item", "meter") if key[n])
    presence = () if key["supply"] else tuple(folder.organization.presence(key["site"]))
    places = tuple((row["begin"], Where(row["_file"], row["_sheet"], row["_row"])) for row in rows)
    return _Source(key, unit, Series(name, readings, presence), places)


def _with_comparables(folder: Folder, sources: list[_Source], window: Period) -> list[_Source]:
    """Give each series the size of its site and what like sites use per m² and head."""
    alike: dict[tuple[str, ...], list[_Source]] = {}
    for source in sources:
        alike.setdefault(_kind(folder, source, window), []).append(source)
    result = []
    for group in alike.values():
        sites = [source.key["site"] for source in group]
        sizes = {site: _size(folder, site, window) for site in set(sites)}
        single = [source for source in group if sites.count(source.key["site"]) == 1]
        rates = [
            (source.key["site"], month, rate / sizes[source.key["site"]][per], per)
            for source in single
            for month, rate in source.series.rates.items()
            for per in sizes[source.key["site"]]
            if month < window.end
        ]
        for source in group:
            site = source.key["site"]
            others = (
                ComparableSite(per, s, month, rate) for s, month, rate, per in rates if s != site
            )
            series = Series(
                source.series.name,
                source.series.readings,
                source.series.presence,
                sizes[site] if source in single else {},
                tuple(others),
            )
            result.append(_Source(source.key, source.unit, series, source.places))
    return result


def _kind(folder: Folder, source: _Source, window: Period) -> tuple[str, ...]:
    """Return what makes sites comparable: the use, its unit and the country."""
    key = source.key
    day = max(window.begin, max((p.begin for p in source.series.presence), default=window.begin))
    country = folder.organization.country(key["site"], day)
    return (key["source_type"], key["item"], source.unit, country)


def _size(folder: Folder, site: str, window: Period) -> dict[str, Fraction]:
    sizes = {}
    for per, (metric, unit) in SIZES.items():
        amount = folder.metrics.amount(site, metric, window)
        if amount is not None and amount.value > 0:
            sizes[per] = convert_unit(amount.value, parse_unit(amount.unit), parse_unit(unit))
    return sizes


def _named(source: _Source, filling: FilledSeries) -> list[tuple[Estimate | OpenGap, str]]:
    """Give every piece its id; a second piece of one month is told by its first day."""
    pieces: list[Estimate | OpenGap] = [*filling.estimates, *filling.unfilled]
    pieces.sort(key=lambda piece: piece.span.begin)
    seen: set[str] = set()
    named = []
    for piece in pieces:
        external_id = id_of(source.key, f"{piece.span.begin:%Y-%m}")
        if external_id in seen:
            external_id = id_of(source.key, f"{piece.span.begin}")
        seen.add(external_id)
        named.append((piece, external_id))
    return named


def _row(source: _Source, piece: Estimate, external_id: str) -> dict[str, str]:
    key = source.key
    quantity = shown(piece.quantity)
    tried = f", tried on {piece.trials} known months" if piece.trials else ""
    return {
        "external_id": external_id,
        "site": key["site"],
        "source_type": key["source_type"],
        "item": key["item"],
        "technology": key["technology"],
        "product": key["product"],
        "relation": key["relation"],
        "method": key["method"],
        "begin": piece.span.begin.isoformat(),
        "end": piece.span.end.isoformat(),
        "quantity": quantity,
        "unit": source.unit,
        "counterparty": key["counterparty"],
        "place": key["place"],
        "flow": key["flow"],
        "status": "estimated",
        "uncertainty_pct": f"{piece.uncertainty_pct:g}",
        "description": f"estimated by {piece.method}{tried}",
        "reason": f"estimate {piece.method}: {quantity} {source.unit}",
    }


def _told(source: _Source, piece: Estimate, row: Mapping[str, str]) -> Filled:
    return Filled(
        external_id=row["external_id"],
        source=source.series.name,
        site=source.key["site"],
        item=source.key["item"],
        span=piece.span,
        quantity=row["quantity"],
        unit=source.unit,
        method=piece.method,
        uncertainty_pct=piece.uncertainty_pct,
        trials=piece.trials,
    )


def _finding(source: _Source, gap: OpenGap) -> Finding:
    told = "; ".join(f"{method}: {reason}" for method, reason in gap.reasons.items())
    span = gap.span
    fields = {
        "source": source.series.name,
        "begin": str(span.begin),
        "end": str(span.end),
        "reasons": told or "-",
    }
    return Finding("estimate-unfilled", "warning", source.before(span.begin), fields)


def _covered(sources: Iterable[_Source]) -> dict[str, list[Period]]:
    """Return the days with actual rows of each source, by the stem of its estimates' ids."""
    return {
        id_of(source.key, ""): [reading.span for reading in source.series.readings]
        for source in sources
    }
