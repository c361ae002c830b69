"""Read a file in a child process that cannot take more memory or time than it is given."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict
from pathlib import Path

import pyarrow as pa

from linyin.lake.findings import BadInput, Finding, Where
from linyin.lake.limits import DEFAULT_LIMITS, Limits
from linyin.lake.sheets import Sheet

__all__ = ["read_guarded"]

OUT_OF_MEMORY = 3
_SPARE_SECONDS = 5
_LOOK_SECONDS = 1


def read_guarded(
    path: Path | str,
    limits: Limits = DEFAULT_LIMITS,
    *,
    hint: Collection[str] = (),
    meanwhile: Callable[[], object] | None = None,
) -> list[Sheet]:
    """Read a file of any kind in a child process and hand its sheets over as Arrow files.

    A file that takes too much, or breaks the parser, costs the child, never this process.

    Parameters
    ----------
    path
        The file; see `linyin.lake.files.read_table`.
    limits
        Bounds on the file and, by `memory_bytes` and `seconds`, on the child. Memory is bounded
        where the system has `RLIMIT_AS` (Linux), time everywhere.
    hint
        Keys of columns by which the header is found.
    meanwhile
        Called about once a second while the child reads; what it raises ends the child.

    Raises
    ------
    BadInput
        What the reader found, or `reader-memory`, `reader-time`, `reader-crashed`.

    """
    path = Path(path)
    with tempfile.TemporaryDirectory(prefix="linyin-read-") as folder:
        job = {
            "path": str(path.resolve()),
            "hint": sorted(hint),
            "limits": asdict(limits),
            "out": folder,
        }
        try:
            code, told = _read(job, folder, limits.seconds + _SPARE_SECONDS, meanwhile)
        except subprocess.TimeoutExpired as error:
            raise _stopped("reader-time", path.name, limit=limits.seconds) from error
        if code:
            raise _failure(code, told, path.name, limits)
        return _collect(Path(folder))


def _read(
    job: Mapping[str, object], folder: str, seconds: float, meanwhile: Callable[[], object] | None
) -> tuple[int, str]:
    """Let a child read; return how it ended and what it said of it."""
    command = [sys.executable, "-m", "linyin.lake.guard_child"]
    end = time.monotonic() + seconds
    given: str | None = json.dumps(job)
    with subprocess.Popen(
        command, env={**os.environ, "PYTHONPATH": _import_path()}, cwd=folder,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, encoding="utf-8", errors="replace",
    ) as child:  # fmt: skip
        try:
            while True:
                try:
                    _, told = child.communicate(given, timeout=_LOOK_SECONDS)
                except subprocess.TimeoutExpired:
                    if time.monotonic() > end:
                        raise
                    given = None  # it has been sent
                    if meanwhile is not None:
                        meanwhile()
                else:
                    return child.returncode, told
        except BaseException:
            child.kill()
            raise


def _import_path() -> str:
    """Return where this process finds its modules, readable from any folder."""
    return os.pathsep.join(str(Path(entry).resolve()) for entry in sys.path)


def _failure(code: int, told: str, file: str, limits: Limits) -> BadInput:
    detail = told.strip().rpartition("\n")[2] or f"exit {code}"
    if code == OUT_OF_MEMORY or "memory allocation" in told:
        return _stopped("reader-memory", file, limit=limits.memory_bytes >> 20)
    if -code in _time_signals():
        return _stopped("reader-time", file, limit=limits.seconds)
    return _stopped("reader-crashed", file, detail=detail)


def _time_signals() -> set[int]:
    import signal

    return {int(getattr(signal, "SIGXCPU", 0))}


def _stopped(code: str, file: str, **fields: str | int) -> BadInput:
    return BadInput([Finding(code, "error", Where(file), fields)])


def write_sheets(sheets: list[Sheet], folder: Path) -> None:
    """Write sheets as Arrow files and one index into `folder` (the child's side)."""
    index = []
    for number, sheet in enumerate(sheets):
        arrays = [*sheet.columns, sheet.rows, *sheet.dates.values()]
        names = [str(i) for i in range(len(arrays))]
        with pa.OSFile(str(folder / f"{number}.arrow"), "wb") as sink:
            table = pa.table(arrays, names=names)
            with pa.ipc.new_file(sink, table.schema) as writer:
                writer.write_table(table)
        index.append(
            {
                "file": sheet.file,
                "sheet": sheet.sheet,
                "header": list(sheet.header),
                "header_row": sheet.header_row,
                "delimiter": sheet.delimiter,
                "dates": list(sheet.dates),
                "findings": [finding.to_dict() for finding in sheet.findings],
            }
        )
    (folder / "sheets.json").write_text(json.dumps({"sheets": index}), encoding="utf-8")


def write_findings(error: BadInput, folder: Path) -> None:
    """Write why nothing could be read into `folder` (the child's side)."""
    findings = [finding.to_dict() for finding in error.findings]
    (folder / "sheets.json").write_text(json.dumps({"findings": findings}), encoding="utf-8")


def _collect(folder: Path) -> list[Sheet]:
    index = json.loads((folder / "sheets.json").read_text(encoding="utf-8"))
    if "findings" in index:
        raise BadInput(Finding.from_dict(finding) for finding in index["findings"])
    sheets = []
    for number, entry in enumerate(index["sheets"]):
        with pa.OSFile(str(folder / f"{number}.arrow"), "rb") as source:
            table = pa.ipc.open_file(source).read_all()
        width = len(entry["header"])
        rows = table.column(width).combine_chunks()
        masks = [column.combine_chunks() for column in table.columns[width + 1 :]]
        sheets.append(
            Sheet(
                entry["file"],
                entry["sheet"],
                tuple(entry["header"]),
                tuple(table.columns[:width]),
                rows,
                entry["header_row"],
                entry["delimiter"],
                dict(zip(entry["dates"], masks, strict=True)),
                tuple(Finding.from_dict(finding) for finding in entry["findings"]),
            )
        )
    return sheets
