"""Arrow IPC streams: typed cells; counted batch by batch as they are read."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa

from linyin.lake.findings import BadInput, Finding, Where
from linyin.lake.limits import Limits
from linyin.lake.sheets import Sheet, sheet_from_arrow

__all__ = ["read_arrow"]


def read_arrow(path: Path, limits: Limits) -> list[Sheet]:
    """Read an Arrow IPC stream into one sheet; its columns keep their types, rows count from 1.

    Raises
    ------
    BadInput
        The stream is cut off, damaged, holds nested columns, or is larger than the limits.

    """
    file = path.name
    batches: list[pa.RecordBatch] = []
    rows = 0
    try:
        with pa.OSFile(str(path), "rb") as source, pa.ipc.open_stream(source) as reader:
            schema = reader.schema
            _require(_nested(schema, file))
            for batch in reader:
                rows += batch.num_rows
                _require(_too_many(rows, len(schema), file, limits))
                batch.validate(full=True)
                batches.append(batch)
    except MemoryError:
        raise
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        fields = {"kind": "Arrow", "detail": str(error)}
        raise BadInput([Finding("file-broken", "error", Where(file), fields)]) from error
    return [sheet_from_arrow(pa.Table.from_batches(batches, schema), file)]


def _require(found: list[Finding]) -> None:
    if found:
        raise BadInput(found)


def _nested(schema: pa.Schema, file: str) -> list[Finding]:
    nested = [field.name for field in schema if pa.types.is_nested(field.type)]
    return [Finding("column-nested", "error", Where(file, column=name)) for name in nested]


def _too_many(rows: int, width: int, file: str, limits: Limits) -> list[Finding]:
    bounds = (
        ("too-many-rows", rows, limits.rows),
        ("too-many-columns", width, limits.columns),
        ("too-many-cells", rows * width, limits.cells),
    )
    return [
        Finding(code, "error", Where(file), {"found": count, "limit": limit})
        for code, count, limit in bounds
        if count > limit
    ]
