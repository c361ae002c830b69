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
            raise FactorImportError(path.name, f"is larger than {MAX_BYTES} bytes")
        content = path.read_bytes()
    except OSError as problem:
        raise FactorImportError(path.name, f"cannot be read ({problem})") from problem
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FactorImportError(path.name, "is text in neither UTF-8 nor GBK")


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
            path.name, f"is no CSV ({problem})", cell=f"A{records.line_num}"
        ) from problem
