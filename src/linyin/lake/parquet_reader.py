"""Parquet files: typed cells; the footer is checked before any column is read."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from linyin.lake.findings import BadInput, Finding, Where
from linyin.lake.limits import Limits
from linyin.lake.sheets import Sheet, sheet_from_arrow

__all__ = ["read_parquet"]

_MAGIC = b"PAR1"


def read_parquet(path: Path, limits: Limits) -> list[Sheet]:
    """Read a Parquet file into one sheet; its columns keep their types, its rows count from 1.

    Raises
    ------
    BadInput
        The file is cut off, damaged (also a page whose checksum does not fit), holds nested
        columns, or is larger than the limits.

    """
    file = path.name
    with path.open("rb") as stream:
        stream.seek(-len(_MAGIC), 2)
        if stream.read() != _MAGIC:
            raise BadInput([Finding("parquet-cut", "error", Where(file))])
    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as reader:
            found = _footer_findings(reader, file, limits)
            if found:
                raise BadInput(found)
            table = reader.read()
            table.validate(full=True)
    except MemoryError:
        raise
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        fields = {"kind": "Parquet", "detail": str(error)}
        raise BadInput([Finding("file-broken", "error", Where(file), fields)]) from error
    return [sheet_from_arrow(table, file)]


def _footer_findings(reader: pq.ParquetFile, file: str, limits: Limits) -> list[Finding]:
    footer, at = reader.metadata, Where(file)
    width = len(reader.schema_arrow)
    unpacked = sum(footer.row_group(i).total_byte_size for i in range(footer.num_row_groups))
    bounds = (
        ("too-many-rows", footer.num_rows, limits.rows),
        ("too-many-columns", width, limits.columns),
        ("too-many-cells", footer.num_rows * width, limits.cells),
        ("file-too-large", unpacked >> 20, limits.file_bytes >> 20),
    )
    nested = [field.name for field in reader.schema_arrow if pa.types.is_nested(field.type)]
    return [
        Finding(code, "error", at, {"found": count, "limit": limit})
        for code, count, limit in bounds
        if count > limit
    ] + [Finding("column-nested", "error", Where(file, column=name)) for name in nested]
