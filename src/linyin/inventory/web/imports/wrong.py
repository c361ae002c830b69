"""The wrong rows of an import as a file to take away and mend, each with what is wrong in it."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from functools import partial
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.compute as pc
from django.http import HttpResponse
from django.utils.http import content_disposition_header

from linyin.lake import Finding, Sheet, errors_in
from linyin.platform.audit import plain
from linyin.platform.findings import finding_text
from linyin.platform.resources import Column
from linyin.platform.resources.export import csv_lines
from linyin.platform.resources.files import FILE_KINDS
from linyin.platform.words import say

if TYPE_CHECKING:
    from linyin.inventory.web.models import Import

__all__ = [
    "Place", "Told", "kept_wrong_rows", "told_of_rows", "wrong_rows", "wrong_rows_file",
    "wrong_rows_written",
]  # fmt: skip

_KEPT: Final = "wrong.json"  # no upload has this ending
_NEGATIVE: Final = re.compile(r"-(0|[1-9]\d*)(\.\d+)?")


type Place = tuple[str, int]
"""Sheet and row."""
type Told = tuple[str, int, str]
"""Sheet and row at which a finding stands, and its code."""


def wrong_rows(
    sheets: Iterable[Sheet], findings: Iterable[Finding], alike: Mapping[Place, Told]
) -> list[dict[str, Any]]:
    """Return the rows that are to be mended, as the file has them: [{sheet, row, like, cells}].

    Parameters
    ----------
    alike
        Of rows that no inventory could be calculated with, `like`: what tells of them.

    """
    wanted: dict[str, dict[int, Told | None]] = defaultdict(dict)
    for (sheet, row), like in alike.items():
        wanted[sheet][row] = like
    for finding in errors_in(findings):
        if finding.at.row is not None:
            wanted[finding.at.sheet].setdefault(finding.at.row, None)
    return [row for sheet in sheets for row in _rows_of(sheet, wanted[sheet.sheet])]


def _rows_of(sheet: Sheet, wanted: Mapping[int, Told | None]) -> list[dict[str, Any]]:
    is_wanted = pc.is_in(sheet.rows, value_set=pa.array(sorted(wanted), sheet.rows.type))
    columns = {
        name: column.filter(is_wanted).to_pylist()
        for name, column in reversed([*zip(sheet.header, sheet.columns, strict=True)])
        if name
    }  # of headers that come twice the first counts, as in the mapping
    return [
        {
            "sheet": sheet.sheet, "row": row, "like": wanted[row],
            "cells": {name: plain(cells[at]) for name, cells in columns.items()},
        }
        for at, row in enumerate(sheet.rows.filter(is_wanted).to_pylist())
    ]  # fmt: skip


@contextmanager
def wrong_rows_written(
    record: Import, rows: Sequence[dict[str, Any]]
) -> Iterator[Callable[[], object]]:
    """Write what a check has found, and give what puts it beside the import's file.

    Writing may take long and is done before a transaction; what is not put there is removed. Of
    an import that was forgotten meanwhile, with its folder, nothing is written.
    """
    kept = record.folder / _KEPT
    new = kept.with_suffix(".new")
    if new.parent.is_dir():
        new.write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
    try:
        yield partial(new.replace, kept)
    finally:
        new.unlink(missing_ok=True)


def kept_wrong_rows(record: Import) -> list[dict[str, Any]]:
    """Return the rows that the last check found wrong: [{sheet, row, like, cells}]."""
    kept = record.folder / _KEPT
    return json.loads(kept.read_text(encoding="utf-8")) if kept.exists() else []


def told_of_rows(
    record: Import, rows: Iterable[Mapping[str, Any]]
) -> Iterator[tuple[Mapping[str, Any], list[Finding]]]:
    """Yield kept rows, each with the errors in it and what tells that it cannot be calculated."""
    told: dict[tuple[str, int | None], list[Finding]] = defaultdict(list)
    for finding in map(Finding.from_dict, record.findings):
        told[finding.at.sheet, finding.at.row].append(finding)
    for row in rows:
        found = [f for f in told[row["sheet"], row["row"]] if f.severity == "error"]
        if row.get("like"):
            sheet, at, code = row["like"]
            found += [f for f in told[sheet, at] if f.code == code and f not in found]
        yield row, found


def wrong_rows_file(record: Import) -> HttpResponse:
    """Return the wrong rows under the file's own headers, with what is wrong in the last column.

    Mended, it can be uploaded as it is: its last column is passed over, and its columns are
    mapped as those of the first file.
    """
    last = say("imports.wrong")
    headers = [str(header["header"]) for header in record.headers]
    lines = csv_lines(
        [Column(name) for name in (*headers, last)],
        (
            {name: _number(cell) for name, cell in row["cells"].items()}
            | {last: "\n".join(map(finding_text, found))}
            for row, found in told_of_rows(record, kept_wrong_rows(record))
        ),
    )
    response = HttpResponse("".join(lines), content_type=FILE_KINDS["csv"])
    name = f"{PurePath(record.name).stem}-{say('imports.wrong.file')}.csv"
    disposition = content_disposition_header(as_attachment=True, filename=name)
    response.headers["Content-Disposition"] = str(disposition)
    return response


def _number(cell: Any) -> Any:
    """Return a negative number as one, since text that begins with a minus is quoted."""
    return Decimal(cell) if isinstance(cell, str) and _NEGATIVE.fullmatch(cell) else cell
