"""A file of records taken in: what each row would do, shown first; then all of it, or nothing."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, models, transaction

from linyin.lake import BadInput, Finding, Limits, Where, errors_in
from linyin.platform.audit import last_event, plain, record_event
from linyin.platform.receiving import Kept, parse_file
from linyin.platform.resources.intake_cells import headers_of
from linyin.platform.resources.intake_plan import Planner, RowPlan, named_as, rows_of
from linyin.platform.stale import Stale

if TYPE_CHECKING:
    from linyin.lake import Sheet
    from linyin.platform.actor import Actor
    from linyin.platform.models.record import Record
    from linyin.platform.resources.resource import Resource

__all__ = [
    "KINDS",
    "LIMITS",
    "ChangedSince",
    "Intake",
    "RecordsFile",
    "as_told",
    "commit",
    "read_records",
    "take_in",
    "weigh",
]

KINDS: Final = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm")
LIMITS: Final = Limits(
    file_bytes=20 << 20, archive_bytes=20 << 20, unpacked_bytes=200 << 20, rows=2_000,
    columns=200, cells=200_000, sheet_cells=200_000, memory_bytes=1 << 30, seconds=60,
)  # fmt: skip
"""Of one file: all its rows are kept in one transaction."""


@dataclass(frozen=True, slots=True)
class RecordsFile:
    """A file of records that was read."""

    name: str
    sha256: str
    sheets: Sequence[Sheet]


@dataclass(frozen=True)
class Intake:
    """What a file does, or did.

    Attributes
    ----------
    rows
        Those without errors, in the order of the file.
    findings
        What is wrong, or strange, by row and column.
    left_out
        Headers of columns that are shown elsewhere and can't be stated.

    """

    file: RecordsFile
    rows: tuple[RowPlan, ...]
    findings: tuple[Finding, ...]
    left_out: tuple[str, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What keeps it from being taken in."""
        return errors_in(self.findings)

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many rows do what."""
        acts = Counter(row.act for row in self.rows)
        rows = sum(len(sheet.rows) for sheet in self.file.sheets)
        return {"rows": rows, **{act: acts[act] for act in ("new", "changed", "unchanged")}}

    @cached_property
    def digest(self) -> str:
        """What tells that somebody has seen these changes and no others."""
        told = [
            [row.sheet, row.row, row.act,
             [[c.field, as_told(c.before), as_told(c.after)] for c in row.changes]]
            for row in self.rows
        ]  # fmt: skip
        text = json.dumps([self.file.sha256, told], ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


class ChangedSince(Exception):
    """The file would do something else than what was seen before.

    Attributes
    ----------
    intake
        What it would do now.

    """

    def __init__(self, intake: Intake) -> None:
        super().__init__(f"{intake.file.name} does something else by now")
        self.intake = intake


def as_told(value: Any) -> Any:
    """Return a value of a record as JSON knows it; records by their code or key."""
    if isinstance(value, models.Model):
        return getattr(value, "code", None) or str(value.pk)
    return plain(value)


def read_records(resource: Resource, kept: Kept) -> RecordsFile:
    """Read a CSV or XLSX file of a resource's records, in no transaction.

    Raises
    ------
    BadInput
        If it cannot be read.

    """
    sheets = parse_file(kept.path, LIMITS, headers_of(resource))
    return RecordsFile(kept.path.name, kept.sha256, sheets)


def weigh(actor: Actor, resource: Resource, file: RecordsFile) -> Intake:
    """Return what a file would do; nothing is written.

    A row names records that are there already, or by their code those of other rows.

    Raises
    ------
    django.core.exceptions.PermissionDenied
        If the actor may edit none of these records.

    """
    if not actor.may(resource.edit):
        raise PermissionDenied(resource.edit)
    planner = Planner(actor, resource)
    cells = planner.cells
    findings = [finding for sheet in file.sheets for finding in sheet.findings]
    findings += [f for sheet in file.sheets for f in cells.wrong_headers(sheet)]
    left_out = [h for sheet in file.sheets for h in sheet.header if not cells.field(h)]
    plans: list[RowPlan] = []
    if not errors_in(findings):
        rows = rows_of(cells, file.sheets)
        place = {(row.sheet.sheet, row.number): at for at, row in enumerate(rows)}
        planner.look_up(rows)
        rows, wrong = planner.in_order(rows)
        findings += wrong
        for turn, row in enumerate(rows):
            found = planner.plan(row)
            if isinstance(found, RowPlan):
                plans.append(replace(found, turn=turn))
            else:
                findings += found
        plans.sort(key=lambda plan: place[plan.sheet, plan.row])
    return Intake(file, tuple(plans), tuple(sorted(set(findings))), tuple(dict.fromkeys(left_out)))


def take_in(
    actor: Actor, resource: Resource, file: RecordsFile, *, seen: str = "", reason: str = ""
) -> Intake:
    """Make or change a record by every row: :func:`weigh`, then :func:`commit`."""
    return commit(actor, resource, weigh(actor, resource, file), seen=seen, reason=reason)


def commit(
    actor: Actor, resource: Resource, intake: Intake, *, seen: str = "", reason: str = ""
) -> Intake:
    """Do what a file would do, in one transaction.

    Each record has its own event in the audit trail, and the file has one after them, with its
    sha256 and the numbers of theirs.

    Parameters
    ----------
    intake
        What was found just now.
    seen
        Digest of what was shown before; '' = nobody looked.

    Returns
    -------
    Intake
        What was done, with the records as they are.

    Raises
    ------
    BadInput
        With everything that is wrong, by row and column; then nothing has been kept.
    ChangedSince
        If it does not do what was shown, or records have changed meanwhile; nothing is kept.

    """
    if intake.errors:
        raise BadInput(intake.findings)
    if seen and seen != intake.digest:
        raise ChangedSince(intake)
    try:
        with transaction.atomic():
            if not _is_as_found(actor, resource, intake):
                raise ChangedSince(intake)
            rows = _kept(actor, resource, intake.rows, reason)
            last, told = last_event().number, sum(row.act != "unchanged" for row in rows)
            after = {
                "file": intake.file.name, "sha256": intake.file.sha256, **intake.counts,
                "events": [last - told + 1, last] if told else [],
            }  # fmt: skip
            action = f"{resource.create.name}.import"
            record_event(actor, action, subject=resource.name, after=after, reason=reason)
    except Stale as stale:
        raise ChangedSince(intake) from stale
    except IntegrityError as error:
        raise BadInput(
            [Finding("record-rows-conflict", "error", Where(intake.file.name))]
        ) from error
    return replace(intake, rows=rows)


def _is_as_found(actor: Actor, resource: Resource, intake: Intake) -> bool:
    """Whether the records that new rows mean are still not there."""
    planner = Planner(actor, resource)
    planner.look_up(rows_of(planner.cells, intake.file.sheets))
    return not any(
        planner.records(tuple(getattr(row.record, name) for name in resource.identity))
        for row in intake.rows
        if row.act == "new"
    )


def _kept(
    actor: Actor, resource: Resource, rows: Sequence[RowPlan], reason: str
) -> tuple[RowPlan, ...]:
    """Make and change the records, each after those it names."""
    done: dict[int, RowPlan] = {}
    kept: dict[str, Record] = {}
    for row in sorted(rows, key=lambda row: row.turn):
        values = {
            name: kept.get(named_as(value), value) if isinstance(value, type(row.record)) else value
            for name, value in row.values.items()
        }
        match row.act:
            case "new":
                record = resource.create(actor, values=values)
            case "changed":
                record = resource.update(
                    actor, row.record, values=values, version=row.record.version, reason=reason
                )
            case _:
                record = row.record
        kept[named_as(record)] = record
        done[row.turn] = replace(row, record=record)
    return tuple(done[row.turn] for row in rows)
