"""Rows as a file to take away: CSV, XLSX, Parquet."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse

from linyin.platform.resources.export import csv_lines, write_parquet, write_xlsx

if TYPE_CHECKING:
    from linyin.platform.resources.resource import Resource
    from linyin.platform.resources.source import Row

__all__ = ["FILE_KINDS", "rows_file", "write_rows"]

FILE_KINDS: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}


def rows_file(resource: Resource, rows: Iterable[Row], kind: str) -> HttpResponseBase:
    """Return rows of a resource as a file of one of :data:`FILE_KINDS`."""
    name = f"{resource.name}.{kind}"
    if kind == "csv":
        response = StreamingHttpResponse(
            csv_lines(resource.columns, rows), content_type=FILE_KINDS[kind]
        )
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        return response
    target = Path(tempfile.mkdtemp(prefix="linyin-export-")) / name
    try:
        write_rows(target, resource, rows, kind)
        handle = target.open("rb")
    finally:
        target.unlink(missing_ok=True)
        target.parent.rmdir()
    return FileResponse(handle, as_attachment=True, filename=name, content_type=FILE_KINDS[kind])


def write_rows(path: Path, resource: Resource, rows: Iterable[Row], kind: str) -> None:
    """Write rows of a resource to a file of one of :data:`FILE_KINDS`."""
    if kind == "csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            file.writelines(csv_lines(resource.columns, rows))
    elif kind == "xlsx":
        write_xlsx(path, resource.columns, rows)
    else:
        write_parquet(path, resource.columns, rows)
