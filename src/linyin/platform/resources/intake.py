"""A file of records taken in: every row checked by the form, all of them kept or none."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from linyin.lake import BadInput, Finding, Limits, errors_in, header_key, read_guarded
from linyin.platform.api.stated import record_values
from linyin.platform.audit import record_event
from linyin.platform.resources.forms import record_form
from linyin.platform.words import words

if TYPE_CHECKING:
    from linyin.lake import Sheet
    from linyin.platform.actor import Actor
    from linyin.platform.models.record import Record
    from linyin.platform.resources.resource import Resource

__all__ = ["LIMITS", "headers_of", "take_in"]

LIMITS: Final = Limits(
    file_bytes=20 << 20, archive_bytes=20 << 20, unpacked_bytes=200 << 20, rows=2_000,
    columns=200, cells=200_000, sheet_cells=200_000, memory_bytes=1 << 30, seconds=60,
)  # fmt: skip
"""Of one file: all its rows are kept in one transaction, at some 5 ms a row."""


def headers_of(resource: Resource) -> dict[str, str]:
    """Return header → field: a header is a field's name, or its label in either language."""
    found = {}
    for name in resource.fields:
        label = words()[f"{resource.name}.{name}"]
        for text in (label["zh"], label["en"], name):
            found[header_key(text)] = name
    return found


def take_in(actor: Actor, resource: Resource, path: Path) -> list[Record]:
    """Make a record of every row of a CSV or XLSX file.

    Returns
    -------
    list of Record
        In the order of the rows. Each has its own event in the audit trail, and the file has one
        with its sha256.

    Raises
    ------
    BadInput
        With everything that is wrong, by row and column; then nothing has been kept.
    django.core.exceptions.PermissionDenied
        If the actor may edit none of these records.

    """
    if not actor.may(resource.edit):
        raise PermissionDenied(resource.edit)
    headers = headers_of(resource)
    sheets = read_guarded(path, LIMITS, hint=headers)
    findings = [*errors_in([f for sheet in sheets for f in sheet.findings])]
    findings += [f for sheet in sheets for f in _of_headers(resource, actor, sheet, headers)]
    if findings:
        raise BadInput(findings)
    made: list[Record] = []
    with transaction.atomic():
        for sheet in sheets:
            for row, stated in _rows(sheet, headers):
                try:
                    values = record_values(resource, actor, stated)
                    made.append(resource.create(actor, values=values))
                except ValidationError as error:
                    findings += _of_cells(sheet, row, headers, error)
                except BadInput as bad:
                    findings += [_at(sheet, row, headers, f) for f in bad.findings]
                except PermissionDenied:
                    findings.append(Finding("row-out-of-reach", "error", sheet.where(row)))
        if findings:
            raise BadInput(findings)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        told = {"file": path.name, "sha256": digest, "records": len(made)}
        record_event(actor, f"{resource.create.name}.import", subject=resource.name, after=told)
    return made


def _of_headers(
    resource: Resource, actor: Actor, sheet: Sheet, headers: Mapping[str, str]
) -> Iterator[Finding]:
    """Yield what is wrong with a sheet's headers."""
    seen: set[str] = set()
    for header in sheet.header:
        name = headers.get(header_key(header))
        at = sheet.where(sheet.header_row, header)
        if name is None:
            fields = {"expected": ", ".join(resource.fields)}
            yield Finding("column-not-of-record", "error", at, fields)
        elif name in seen:
            yield Finding("column-twice-stated", "error", at, {"field": name})
        seen.add(name or "")
    for name, field in record_form(resource, actor)().fields.items():
        if field.required and field.initial in (None, "") and name not in seen:
            fields = {"headers": ", ".join(sheet.header)}
            yield Finding("column-missing", "error", sheet.where(column=name), fields)


def _rows(sheet: Sheet, headers: Mapping[str, str]) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the row's number and field → cell; an empty cell states nothing."""
    names = [headers[header_key(header)] for header in sheet.header]
    columns = [column.to_pylist() for column in sheet.columns]
    for number, row in enumerate(sheet.rows.to_pylist()):
        cells = {name: column[number] for name, column in zip(names, columns, strict=True)}
        yield row, {name: str(cell) for name, cell in cells.items() if cell not in (None, "")}


def _of_cells(
    sheet: Sheet, row: int, headers: Mapping[str, str], error: ValidationError
) -> Iterator[Finding]:
    problems: Mapping[str, list[str]] = error.message_dict
    for name, texts in problems.items():
        for text in texts:
            found = Finding("cell-wrong", "error", fields={"problem": text})
            yield _at(sheet, row, headers, found, name)


def _at(
    sheet: Sheet, row: int, headers: Mapping[str, str], finding: Finding, name: str = ""
) -> Finding:
    """Return a finding about a record at its cell in the file."""
    wanted = name or finding.at.column
    columns: dict[str, Any] = {headers[header_key(header)]: header for header in sheet.header}
    at = sheet.where(row, columns.get(wanted, wanted if wanted in headers.values() else ""))
    return Finding(finding.code, finding.severity, at, finding.fields)
