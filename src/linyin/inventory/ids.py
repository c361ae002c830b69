"""External ids for tables that have none: other columns of the row, joined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from linyin.lake import Finding, Sheet, header_key, load_schema
from linyin.ledger import named_inputs

__all__ = ["ID", "with_ids"]

ID: Final = "external_id"
JOIN: Final = "/"


def with_ids(sheet: Sheet, columns: Sequence[str]) -> tuple[Sheet, list[Finding]]:
    """Derive `external_id` for a sheet of activities that has no such column.

    Parameters
    ----------
    sheet : Sheet, n rows
    columns : sequence of str
        Headers (or names of the schema) whose cells are joined by `/`.

    Returns
    -------
    sheet : Sheet
        With one column more, and without those that only the ids are made of; as it was if it
        has an `external_id` or a column is missing.
    findings : list of Finding
        `id-column-missing` for each column that the sheet does not have.

    """
    known = load_schema("ledger", "activities").headers
    places: dict[str, int] = {}
    for index, header in enumerate(sheet.header):
        key = header_key(header)
        places.setdefault(key, index)
        if key in known:
            places.setdefault(known[key].name, index)
    if ID in places:
        return sheet, []
    missing = [name for name in columns if header_key(name) not in places]
    if missing:
        have = ", ".join(header for header in sheet.header if header)
        at = sheet.where(sheet.header_row or None)
        fields = [{"value": name, "expected": have} for name in missing]
        return sheet, [Finding("id-column-missing", "error", at, stated) for stated in fields]
    named = [places[header_key(name)] for name in columns]
    filled = [pc.fill_null(sheet.columns[index].cast(pa.string()), "") for index in named]
    joined = pc.binary_join_element_wise(*filled, JOIN)
    return _with_column(sheet, joined, {n for n in named if not _is_read(sheet.header[n])}), []


def _is_read(header: str) -> bool:
    """Whether a column of activities means something beside the id."""
    key = header_key(header.partition("[")[0])
    return key in load_schema("ledger", "activities").headers or key in named_inputs()


def _with_column(sheet: Sheet, ids: pa.ChunkedArray, blank: set[int]) -> Sheet:
    """Add the ids; columns that nothing else reads are blanked, so that the others keep place."""
    header = ["" if n in blank else text for n, text in enumerate(sheet.header)]
    nothing = pa.repeat("", len(sheet.rows))
    cells = [nothing if n in blank else column for n, column in enumerate(sheet.columns)]
    return replace(sheet, header=(*header, ID), columns=(*cells, ids))
