"""Evidence by the API: kept, and given back."""

from __future__ import annotations

from typing import Annotated, Any, Final

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from ninja import Query

from linyin.organization.web.models import Node
from linyin.platform.administration import documents
from linyin.platform.api.answers import made_answer
from linyin.platform.api.idempotency import answered, writes
from linyin.platform.api.problems import ApiProblem
from linyin.platform.api.routes import actor_of, routes, routes_of
from linyin.platform.api.schemas import Key, row_schema
from linyin.platform.api.spooling import FILE_BODY, spooled, upload_of
from linyin.platform.api.stated import node_of
from linyin.platform.documents import Staged, keep_document, staged

__all__ = ["FileName"]

_SIGN: Final = r"[^\x00-\x1f/\\]"
_NO_DOT: Final = r"[^\x00-\x1f/\\.]"
FileName = Annotated[
    str, Query(min_length=1, max_length=254, pattern=f"^{_SIGN}*{_NO_DOT}{_SIGN}*$",
               description="Name of the file, with its ending.")
]  # fmt: skip
_BYTES: Final[dict[str, Any]] = {"responses": {200: {"content": {"*/*": {}}}}}


@routes_of("documents").post("", response={201: row_schema(documents)}, openapi_extra=FILE_BODY,
                             operation_id="documents-create",
                             summary="Keep a document")  # fmt: skip
def keep(request: HttpRequest, node: Key, name: FileName) -> HttpResponse:
    """Keep the body as evidence of a node; the same bytes are kept once."""
    actor = actor_of(request)
    if not actor.may("activities.edit"):
        raise ApiProblem(403, "not-permitted")
    of = node_of(actor, node, "activities.edit")
    with spooled(request):
        known = answered(request)
        if known is not None:
            return known
        with upload_of(request, name) as upload, staged(actor, of, [upload]) as (file,):
            kept: HttpResponse = _keep(request, of=of, file=file)
    return kept


@writes
def _keep(request: HttpRequest, of: Node, file: Staged) -> HttpResponse:
    actor = actor_of(request)
    made = keep_document(actor, node=of, file=file)
    return made_answer(documents, actor, made.pk)


@routes.get("/documents/{key}/content", tags=["documents"], operation_id="documents-content",
            summary="A document's bytes", openapi_extra=_BYTES)  # fmt: skip
def content(request: HttpRequest, key: Key) -> FileResponse:
    """Give a document as it was kept."""
    actor = actor_of(request)
    if not actor.may(documents.view):
        raise ApiProblem(403, "not-permitted")
    found = documents.record(actor, key)
    if found is None or not found.path.is_file():
        raise Http404
    return FileResponse(
        found.path.open("rb"), as_attachment=True, filename=found.name,
        content_type=found.media_type,
    )  # fmt: skip
