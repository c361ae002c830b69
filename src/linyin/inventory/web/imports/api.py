"""Routes of an import: uploaded, mapped, checked, committed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Query, Schema
from pydantic import ConfigDict, Field

from linyin.inventory.web.imports.actions import (
    READ_AT_ONCE,
    keep_import,
    map_import,
    mend_import,
    read_by_a_job,
    request_check,
    request_commit,
)
from linyin.inventory.web.imports.checking import Received, received
from linyin.inventory.web.imports.mapping import columns_to_choose
from linyin.inventory.web.imports.wrong import wrong_rows_file
from linyin.inventory.web.resources import imports
from linyin.lake import Finding
from linyin.organization.web.models import Node
from linyin.platform.actions import require
from linyin.platform.api import (
    FILE_BODY,
    ApiProblem,
    FileName,
    FindingOut,
    JobOut,
    Key,
    Text,
    Version,
    actor_of,
    answer,
    answered,
    findings_out,
    job_answer,
    made_answer,
    node_of,
    routes,
    routes_of,
    row_schema,
    spooled,
    upload_of,
    writes,
)

if TYPE_CHECKING:
    from linyin.inventory.web.models import Import

__all__: list[str] = []

_Cell = Annotated[str, Field(max_length=1000, pattern=r"^[^\x00]*$")]
_Name = Annotated[str, Field(max_length=300, pattern=r"^[^\x00]*$")]


class MappingOut(Schema):
    """Which header of a file is which column."""

    is_read: bool = Field(description="Whether the headers are read; a job reads a large file's.")
    headers: list[dict[str, Any]] = Field(description="The file's headers, with some cells.")
    columns: list[str] = Field(description="Columns that a header may be.")
    mapping: dict[str, str] = Field(description="Header → column, '' = left out.")
    constants: dict[str, str] = Field(description="Column → value of every row.")


class MappingIn(Schema):
    """How the headers of a file are to be read; those left out stay as they were guessed."""

    model_config = ConfigDict(extra="forbid")

    mapping: Annotated[dict[_Name, _Name], Field(max_length=500)] = {}
    constants: Annotated[dict[_Name, _Name], Field(max_length=50)] = {}
    version: Version | None = Field(
        default=None, description="The version that was seen; another is refused."
    )


class Checked(Schema):
    """What a check found, and what a commit would change."""

    state: str
    counts: dict[str, int] = Field(description="rows, new, revised, unchanged, removed, errors …")
    findings: list[FindingOut]
    changes: list[dict[str, Any]] = Field(description="The first 200 rows that change.")
    digest: str = Field(description="Of every change; `seen` of a commit.")


class MendedRow(Schema):
    """What a wrong row is to say instead, or that it is left out."""

    model_config = ConfigDict(extra="forbid")

    sheet: _Name = Field(default="", description="As the findings name it; '' where there is none.")
    row: Annotated[int, Field(ge=1, le=2**31 - 1)]
    cells: Annotated[dict[_Name, _Cell], Field(max_length=500)] = Field(
        default={}, description="Header of the file → text."
    )
    left_out: bool = False


class Mending(Schema):
    """Which rows of a file are mended."""

    model_config = ConfigDict(extra="forbid")

    rows: Annotated[list[MendedRow], Field(min_length=1, max_length=1000)]
    version: Version | None = Field(
        default=None, description="The version that was seen; another is refused."
    )


class Committing(Schema):
    """How an import is committed."""

    model_config = ConfigDict(extra="forbid")

    reason: Text = ""
    seen: Annotated[str, Field(max_length=80, description="Refuse other changes than these.")] = ""


@routes_of("imports").post("", response={201: row_schema(imports)}, openapi_extra=FILE_BODY,
                           operation_id="imports-create",
                           summary="Upload a file to import")  # fmt: skip
def upload(
    request: HttpRequest,
    node: Key,
    name: FileName,
    source: Annotated[str, Query(max_length=80, pattern=r"^[^\x00]*$")] = "",
    is_full: bool = False,
) -> HttpResponse:
    """Keep the body, a CSV, XLSX or Parquet file, read its headers and guess its columns.

    The headers of more than 1 MiB are read by a job; until then the mapping says `is_read: false`.
    """
    if not actor_of(request).may("activities.edit"):
        raise ApiProblem(403, "not-permitted")
    of = node_of(actor_of(request), node, "activities.edit")
    with spooled(request):
        kept = answered(request)
        if kept is not None:
            return kept
        with upload_of(request, name) as body, received(body, READ_AT_ONCE) as file:
            made: HttpResponse = _keep(request, of=of, file=file, source=source, is_full=is_full)
    return made


@writes
def _keep(
    request: HttpRequest, of: Node, file: Received, source: str, is_full: bool
) -> HttpResponse:
    actor = actor_of(request)
    record = keep_import(actor, node=of, file=file, source=source, is_full=is_full)
    read_by_a_job(actor, record)
    return made_answer(imports, actor, record.pk)


@routes.get("/imports/{key}/mapping", response=MappingOut, tags=["imports"],
            operation_id="imports-mapping", summary="How a file is read")  # fmt: skip
def mapping(request: HttpRequest, key: Key) -> HttpResponse:
    """Tell the headers of a file and which columns they are taken for."""
    record = _import(request, key)
    return answer(
        {
            "is_read": bool(record.headers),
            "headers": record.headers,
            "columns": columns_to_choose(),
            "mapping": record.mapping,
            "constants": record.constants,
        }
    )


@routes.post("/imports/{key}/check", response={202: JobOut}, tags=["imports"],
             operation_id="imports-check", summary="Map and check a file")  # fmt: skip
@writes
def check(request: HttpRequest, key: Key, stated: MappingIn | None = None) -> HttpResponse:
    """Say which header is which column, and have the file checked; nothing is written yet."""
    record, wanted = _import(request, key), stated or MappingIn()
    require(record.headers, "import-not-read", name=record.name)
    headers = [str(header["header"]) for header in record.headers]
    columns = {*columns_to_choose(), *headers, ""}
    for header, column in wanted.mapping.items():
        if header not in headers or column not in columns:
            wrong = header if header not in headers else column
            raise ApiProblem(422, "record-unknown", f"mapping.{header}", value=wrong)
    for column in wanted.constants:
        if column not in columns_to_choose():
            raise ApiProblem(422, "record-unknown", f"constants.{column}", value=column)
    map_import(
        actor_of(request), record, mapping={**record.mapping, **wanted.mapping},
        constants={**record.constants, **wanted.constants}, version=wanted.version,
    )  # fmt: skip
    return job_answer(request_check(actor_of(request), record))


@routes.get("/imports/{key}/check", response=Checked, tags=["imports"],
            operation_id="imports-checked", summary="What a check found")  # fmt: skip
def checked(request: HttpRequest, key: Key) -> HttpResponse:
    """Tell everything that is wrong with a file, row by row, and what it would change."""
    record = _import(request, key)
    return answer(
        {
            "state": record.state,
            "counts": {n: c for n, c in record.counts.items() if n not in ("changes", "digest")},
            "digest": record.counts.get("digest", ""),
            "findings": findings_out(Finding.from_dict(row) for row in record.findings),
            "changes": record.counts.get("changes", []),
        }
    )


@routes.get("/imports/{key}/wrong-rows", response={200: None}, tags=["imports"],
            operation_id="imports-wrong-rows", summary="The wrong rows of a file",
            openapi_extra={"responses": {200: {"content": {"text/csv": {}}}}})  # fmt: skip
def wrong(request: HttpRequest, key: Key) -> HttpResponse:
    """Give the rows that a check found wrong as CSV, with what is wrong in the last column.

    Mended, the file can be uploaded as it is: the last column is passed over.
    """
    return wrong_rows_file(_import(request, key))


@routes.post("/imports/{key}/mend", response={202: JobOut}, tags=["imports"],
             operation_id="imports-mend", summary="Mend wrong rows")  # fmt: skip
@writes
def mend(request: HttpRequest, key: Key, stated: Mending) -> HttpResponse:
    """Put other texts in the place of those of wrong rows, or leave such rows out; check again.

    The file stays as it was sent. Only rows that the last check found wrong can be mended.
    """
    record = _import(request, key)
    rows = [row.model_dump() for row in stated.rows]
    mend_import(actor_of(request), record, rows=rows, version=stated.version)
    return job_answer(request_check(actor_of(request), record))


@routes.post("/imports/{key}/commit", response={202: JobOut}, tags=["imports"],
             operation_id="imports-commit", summary="Commit an import")  # fmt: skip
@writes
def commit(request: HttpRequest, key: Key, stated: Committing | None = None) -> HttpResponse:
    """Have a checked file without errors written as one batch."""
    asked, record = stated or Committing(), _import(request, key)
    return job_answer(
        request_commit(actor_of(request), record, reason=asked.reason, seen=asked.seen)
    )


def _import(request: HttpRequest, key: str) -> Import:
    actor = actor_of(request)
    if not actor.may("activities.edit"):
        raise ApiProblem(403, "not-permitted")
    record: Import | None = imports.record(actor, key)
    if record is None:
        raise Http404
    return record
