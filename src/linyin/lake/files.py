"""Files into sheets: the kind is known by its name and checked by its first bytes."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from linyin.lake.findings import BadInput, Finding, Where
from linyin.lake.limits import DEFAULT_LIMITS, Limits

if TYPE_CHECKING:
    from linyin.lake.schemas import Schema
    from linyin.lake.sheets import Sheet

__all__ = ["SUFFIXES", "Kind", "read_here", "read_table"]

type Kind = Literal["csv", "xlsx", "parquet", "arrow"]

SUFFIXES: dict[str, Kind] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".arrows": "arrow",
}
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"PK\x03\x04", "xlsx"),
    (b"PK\x05\x06", "xlsx"),
    (b"PAR1", "parquet"),
    (b"\xff\xff\xff\xff", "arrow"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
)


def read_table(
    path: Path | str, schema_hint: Schema | None = None, *, limits: Limits = DEFAULT_LIMITS
) -> list[Sheet]:
    """Read a file into sheets of unchecked cells.

    XLSX is parsed in a guarded child process, CSV and Parquet in this one; for files of strangers
    use `linyin.lake.guard.read_guarded`, which guards every kind.

    Parameters
    ----------
    path
        A `.csv`, `.tsv`, `.txt`, `.xlsx`, `.xlsm`, `.parquet` or `.arrows` (Arrow stream) file.
    schema_hint
        With a schema, titles may stand above the header: it is the row of the first twenty that
        names the most columns. Without one it is the first row that is neither empty nor a
        comment.
    limits
        Bounds on the file.

    Returns
    -------
    list of Sheet
        One for CSV, Parquet and Arrow, one a visible worksheet with content for XLSX. What is wrong
        with single cells or rows is in `Sheet.findings`, and `Schema.validate` passes it on.

    Raises
    ------
    BadInput
        The file as a whole cannot be read.

    """
    path = Path(path)
    hint = schema_hint.header_keys if schema_hint else frozenset[str]()
    if kind_of(path, limits) == "xlsx":
        from linyin.lake.guard import read_guarded

        return read_guarded(path, limits, hint=hint)
    return read_here(path, hint, limits)


def read_here(path: Path, hint: Collection[str], limits: Limits) -> list[Sheet]:
    """Read a file in this process, without a bound on memory and time.

    Raises
    ------
    BadInput
        The file as a whole cannot be read.

    """
    match kind_of(path, limits):
        case "csv":
            from linyin.lake.csv_reader import read_csv

            return read_csv(path, hint, limits)
        case "xlsx":
            from linyin.lake.xlsx_reader import read_xlsx

            return read_xlsx(path, hint, limits)
        case "parquet":
            from linyin.lake.parquet_reader import read_parquet

            return read_parquet(path, limits)
        case "arrow":
            from linyin.lake.arrow_reader import read_arrow

            return read_arrow(path, limits)


def kind_of(path: Path, limits: Limits) -> Kind:
    """Return the kind of a file after a look at its name, size and first bytes.

    Raises
    ------
    BadInput
        `file-missing`, `file-kind-unknown`, `file-empty`, `file-too-large`, `file-locked` or
        `file-other-kind`.

    """
    at = Where(path.name)
    if not path.is_file():
        raise BadInput([Finding("file-missing", "error", at)])
    kind = SUFFIXES.get(path.suffix.lower())
    if kind is None:
        fields = {"found": path.suffix or path.name, "expected": ", ".join(SUFFIXES)}
        raise BadInput([Finding("file-kind-unknown", "error", at, fields)])
    size = path.stat().st_size
    limit = limits.archive_bytes if kind == "xlsx" else limits.file_bytes
    if size == 0:
        raise BadInput([Finding("file-empty", "error", at)])
    if size > limit:
        sizes = {"found": size >> 20, "limit": limit >> 20}
        raise BadInput([Finding("file-too-large", "error", at, sizes)])
    with path.open("rb") as stream:
        start = stream.read(8)
    inside = next((name for magic, name in _MAGIC if start.startswith(magic)), "csv")
    if inside == "ole":
        raise BadInput([Finding("file-locked", "error", at)])
    if inside != kind:
        names = {"csv": "text", "xlsx": "XLSX (zip)", "parquet": "Parquet", "arrow": "Arrow stream"}
        fields = {"found": names[inside], "expected": names[kind]}
        raise BadInput([Finding("file-other-kind", "error", at, fields)])
    return kind
