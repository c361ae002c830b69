"""A calculation on trial: everything that is wrong with a folder at once, nothing kept."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from linyin.inventory.calculate import calculate
from linyin.inventory.checks import CHECKS, run_checks
from linyin.inventory.config import FILE
from linyin.inventory.coverage import covers, far_rows, fullest_year, row_spans, uncovered, years_of
from linyin.inventory.folder import Folder, read_folder
from linyin.inventory.jobs import Request
from linyin.inventory.ownheaders import with_own_headers
from linyin.inventory.tablefiles import is_of_table
from linyin.lake import (
    SEVERITIES,
    BadInput,
    Finding,
    Severity,
    Value,
    errors_in,
    ordered_findings,
)
from linyin.ledger import PreparedActivities
from linyin.organization import Period

__all__ = ["Checked", "check", "check_read"]

_BESIDE: Final = frozenset(
    {
        "config-key-unknown",
        "config-value-type",
        "config-value-unknown",
        "evidence-changed",
        "table-file-old-excel",
        "table-file-unread",
    }
)
_OF_COLUMNS: Final = frozenset(
    {
        "column-missing",
        "column-twice",
        "column-unknown-near",
        "header-empty",
        "input-twice",
    }
)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a trial found.

    Attributes
    ----------
    findings
        Of the files and of the calculation, in a stable order.
    years
        Years that were calculated on trial.
    files, rows
        Files and rows of activities that were read.
    fullest
        The latest of the years that the rows cover, or cover most of; None without years.

    """

    findings: tuple[Finding, ...]
    years: tuple[int, ...]
    files: int
    rows: int
    fullest: int | None


def check(
    path: Path | str,
    years: Sequence[int] = (),
    *,
    id_from: Sequence[str] = (),
    progress: Callable[[str], None] = lambda _: None,
) -> Checked:
    """Find everything that is wrong with a folder, without posting a row.

    Rows with an error are set aside so that the others can still be calculated on trial: what
    a missing factor or rate would stop is told together with the broken cells.

    Parameters
    ----------
    path : Path or str
    years : sequence of int
        Default: every year that the activities touch.
    id_from : sequence of str
        As of :func:`linyin.inventory.read_folder`.
    progress : callable
        Told the name of each step.

    Raises
    ------
    BadInput
        If `linyin.toml` or `organization.csv` is missing or cannot be read at all.

    """
    progress("read")
    return check_read(read_folder(path, id_from=id_from), years, progress=progress)


def check_read(
    folder: Folder,
    years: Sequence[int] = (),
    *,
    severities: Collection[Severity] = SEVERITIES,
    progress: Callable[[str], None] = lambda _: None,
) -> Checked:
    """Find everything that is wrong with a folder that has been read, as :func:`check`.

    Of the checks of an inventory only those of the `severities` asked for are made.
    """
    rows = sum(prepared.table.num_rows for _, prepared in folder.activities)
    calendar = folder.config.calendar
    dated = row_spans(folder)
    asked = tuple(years) or years_of(dated, calendar)
    spans = {year: calendar.year(year) for year in asked}
    found = list(folder.findings)
    if rows or not errors_in(found):
        found += uncovered(folder, spans.values())
    if not years:
        found += far_rows(folder, dated, asked)
    sound = _without_errors(folder)
    possible = tuple(y for y, span in spans.items() if sound and covers(sound, span))
    if sound is not None and possible:
        progress("calculate")
        found += _trial(sound, possible, severities)
    if sound is not None:
        found = _one_a_rate([*found, *_rates_of_nameless(folder, spans)])
    fullest = fullest_year(dated, asked, calendar)
    own = ordered_findings(with_own_headers(found, folder.headers))
    return Checked(own, asked, len(folder.activities), rows, fullest)


def _without_errors(folder: Folder) -> Folder | None:
    """Set the rows with errors aside; None where an error is not of a row of activities."""
    files = {file for file, _ in folder.activities}
    whole: set[str] = set()
    bad: set[tuple[str, str, int]] = set()
    for finding in errors_in(folder.findings):
        if finding.code in _BESIDE or is_of_table(finding.at.file, "instruments"):
            continue
        if finding.at.file not in files:
            return None
        if finding.at.row is None or finding.code in _OF_COLUMNS:
            whole.add(finding.at.file)
        else:
            bad.add((finding.at.file, finding.at.sheet, finding.at.row))
    kept = [
        (file, _kept(prepared, bad)) for file, prepared in folder.activities if file not in whole
    ]
    return replace(folder, activities=kept, findings=())


def _kept(prepared: PreparedActivities, bad: set[tuple[str, str, int]]) -> PreparedActivities:
    table = prepared.table
    of_file = [
        (sheet, row)
        for file, sheet, row in bad
        if table.num_rows and file == table["_file"][0].as_py()
    ]
    if not of_file:
        return prepared
    mask = pa.repeat(pa.scalar(value=True), table.num_rows)
    for sheet in {sheet for sheet, _ in of_file}:
        rows = pa.array([row for name, row in of_file if name == sheet], pa.int64())
        hit = pc.and_(pc.equal(table["_sheet"], sheet), pc.is_in(table["_row"], value_set=rows))
        mask = pc.and_not(mask, hit)
    return PreparedActivities(table.filter(mask), [])


def _rates_of_nameless(folder: Folder, spans: Mapping[int, Period]) -> Iterator[Finding]:
    """Find the rates that rows of money without an item will ask for, whatever it is."""
    nameless = [
        (file, PreparedActivities(_of_a_kind_without_item(prepared.table), []))
        for file, prepared in folder.activities
    ]
    alone = replace(folder, activities=nameless, findings=())
    years = tuple(year for year, span in spans.items() if covers(alone, span))
    if years:
        yield from (found for found in _trial(alone, years, ()) if found.code == "rate-missing")


def _of_a_kind_without_item(rows: pa.Table) -> pa.Table:
    has_kind = pc.not_equal(rows["source_type"], "")
    return rows.filter(pc.and_(pc.equal(rows["item"], ""), has_kind))


def _one_a_rate(found: Iterable[Finding]) -> list[Finding]:
    """Make one finding of those of one rate: of rows with an item, and of rows without."""
    told: list[Finding] = []
    of_rate: dict[tuple[Value, ...], list[Finding]] = {}
    for finding in found:
        if finding.code == "rate-missing" and finding.severity == "error":
            key = tuple(finding.fields[name] for name in ("kind", "pair", "year"))
            of_rate.setdefault(key, []).append(finding)
        else:
            told.append(finding)
    for same in of_rate.values():
        first = min(same)
        rows = sum(int(finding.fields["rows"]) for finding in same)
        items = ", ".join(sorted(str(finding.fields["item"]) for finding in same))
        told.append(replace(first, fields={**first.fields, "rows": rows, "item": items}))
    return told


def _trial(
    folder: Folder, years: tuple[int, ...], severities: Collection[Severity]
) -> list[Finding]:
    checks = [check.name for check in CHECKS.values() if check.severity in severities]
    with tempfile.TemporaryDirectory(prefix="linyin-check-") as name:
        place = Path(name)
        shutil.copy2(folder.path / FILE, place / FILE)
        try:
            runs = calculate(replace(folder, path=place), Request(years), out=place / "runs")
        except BadInput as bad:
            return list(bad.findings)
        found = [finding for run in runs for finding in run.findings]
        ordered_runs = sorted(runs, key=lambda run: int(run.run["year"])) if checks else []
        for before, run in zip((None, *ordered_runs), ordered_runs, strict=False):
            found += run_checks(run, before, only=checks)
        return found
