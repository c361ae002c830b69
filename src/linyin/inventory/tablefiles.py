"""Which files of a folder are which tables, and which are none."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath
from typing import Final

from linyin.lake import Finding, Where

__all__ = ["find_tables", "is_inside", "is_of_table"]

SUFFIXES: Final = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".parquet", ".pq", ".arrows")
OLD_EXCEL: Final = ".xls"
SEPARATORS: Final = "-_ "
CONFIG: Final = "linyin.toml"


def find_tables(root: Path, tables: Sequence[str]) -> tuple[dict[str, list[Path]], list[Finding]]:
    """Find the files of every table, and say which files of the folder are not read.

    A file belongs to a table if it is called `table.*`, `table-*.*`, `table_*.*` or `table *.*`,
    or lies in the folder `table/`. Case does not matter. The configuration, README files, hidden
    files, Excel's lock files and other folders are passed over in silence.

    Parameters
    ----------
    root : Path
    tables : sequence of str
        Names of tables.

    Returns
    -------
    files : dict
        Table → its files by name.
    findings : list of Finding
        `file-unread` (a warning) for each file that is no table; `table-file-unread` (an error)
        where its name begins with a table's name; `table-file-old-excel` for `.xls`;
        `file-outside` (an error) for a symbolic link to a file outside the folder.

    """
    files: dict[str, list[Path]] = {table: [] for table in tables}
    findings: list[Finding] = []
    for entry in _visible(root):
        if entry.is_dir():
            table = entry.name.casefold()
            if table not in files:
                continue
            for file in _visible(entry):
                if _is_readable(file):
                    files[table].append(file)
                elif file.is_file() and not _is_silent(file):
                    findings.append(_unread(file, root, table, tables))
            continue
        owner = _table_of(entry, tables)
        if owner and _is_readable(entry):
            files[owner].append(entry)
        elif not _is_silent(entry):
            findings.append(_unread(entry, root, _begins_with(entry, tables), tables))
    for table, of_table in files.items():
        strange = [file for file in of_table if not is_inside(root, file)]
        files[table] = [file for file in of_table if file not in strange]
        places = (Where(file.relative_to(root).as_posix()) for file in strange)
        findings += (Finding("file-outside", "error", at) for at in places)
    return files, findings


def is_inside(root: Path, file: Path) -> bool:
    """Say whether a file lies below a folder also where a symbolic link leads to it."""
    return file.resolve().is_relative_to(root.resolve())


def is_of_table(file: str, table: str) -> bool:
    """Say whether a file, as a finding names it, is of a table."""
    return bool(file) and _table_of(Path(PurePosixPath(file).parts[0]), [table]) == table


def _visible(folder: Path) -> Iterable[Path]:
    if not folder.is_dir():
        return []
    return sorted(entry for entry in folder.iterdir() if not entry.name.startswith((".", "~")))


def _is_readable(file: Path) -> bool:
    return file.is_file() and file.suffix.lower() in SUFFIXES


def _is_silent(file: Path) -> bool:
    name = file.name.casefold()
    return name == CONFIG or name.startswith("readme")


def _table_of(file: Path, tables: Sequence[str]) -> str:
    stem = file.stem.casefold()
    for table in tables:
        if stem == table or (stem.startswith(table) and stem[len(table)] in SEPARATORS):
            return table
    return ""


def _begins_with(file: Path, tables: Sequence[str]) -> str:
    name = file.name.casefold()
    return next((table for table in tables if name.startswith(table)), "")


def _unread(file: Path, root: Path, table: str, tables: Sequence[str]) -> Finding:
    at = Where(file.relative_to(root).as_posix())
    suffix = file.suffix.lower()
    if suffix == OLD_EXCEL:
        return Finding("table-file-old-excel", "error" if table else "warning", at)
    kind = suffix if suffix in SUFFIXES else ".csv"
    if table:
        fields = {"table": table, "expected": f"{table}{kind}, {table}_2023{kind}"}
        return Finding("table-file-unread", "error", at, fields)
    near = difflib.get_close_matches(file.stem.casefold(), tables, n=1)
    names = ", ".join(f"{name}{kind}" for name in near or tables)
    return Finding("file-unread", "warning", at, {"expected": names})
