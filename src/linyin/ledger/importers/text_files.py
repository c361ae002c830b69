"""Text files of publishers and users: UTF-8 or GBK, of a sane size."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from linyin.ledger.importers.imported import FactorImportError

if TYPE_CHECKING:
    from pathlib import Path

MAX_BYTES = 100_000_000


def read_text(path: Path) -> str:
    """Text of a file in UTF-8 (with or without byte-order mark) or GBK.

    Raises
    ------
    FactorImportError
        If the file cannot be opened, is larger than ``MAX_BYTES`` or is in no known encoding.

    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise FactorImportError(path.name, "factors-file-large", fields={"most": MAX_BYTES})
        content = path.read_bytes()
    except OSError as problem:
        told = {"problem": str(problem)}
        raise FactorImportError(path.name, "factors-file-unreadable", fields=told) from problem
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FactorImportError(path.name, "factors-file-encoding")


def read_csv(path: Path) -> list[list[str]]:
    """Read the records of a CSV file in a known encoding.

    Raises
    ------
    FactorImportError
        As :func:`read_text`, and where a record is not CSV.
    """
    records = csv.reader(io.StringIO(read_text(path), newline=""))
    try:
        return list(records)
    except csv.Error as problem:
        raise FactorImportError(
            path.name,
            "factors-file-csv",
            cell=f"A{records.line_num}",
            fields={"problem": str(problem)},
        ) from problem
