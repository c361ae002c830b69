"""How much of somebody's file we are ready to read."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["DEFAULT_LIMITS", "Limits"]

_MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one file; what goes beyond is a finding, never a slow machine.

    Attributes
    ----------
    file_bytes
        Size on disk of a CSV or Parquet file. [byte]
    archive_bytes, unpacked_bytes
        Size of an XLSX file and of everything packed in it. [byte]
    ratio
        Unpacked / packed, checked only where `ratio_from_bytes` or more are unpacked. [-]
    entries
        Parts in the archive of an XLSX file.
    rows, columns, cells, sheet_cells
        Of one table, between its first and last cell that holds something; `sheet_cells` for XLSX.
    findings
        Findings listed a sheet; the rest is counted.
    memory_bytes
        What the guarded reader may take above its own start. [byte]
    seconds
        What the guarded reader may take, on the clock and of the processor. [s]

    """

    file_bytes: int = 4096 * _MIB
    archive_bytes: int = 128 * _MIB
    unpacked_bytes: int = 1024 * _MIB
    ratio: int = 200
    ratio_from_bytes: int = 16 * _MIB
    entries: int = 10_000
    rows: int = 20_000_000
    columns: int = 1_000
    cells: int = 400_000_000
    sheet_cells: int = 20_000_000
    findings: int = 1_000
    memory_bytes: int = 4096 * _MIB
    seconds: int = 300


DEFAULT_LIMITS = Limits()
