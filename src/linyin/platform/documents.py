"""Evidence: kept once under its sha256, given to whoever may see its node."""

from __future__ import annotations

import hashlib
import mimetypes
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest

from linyin.platform.actions import action, require
from linyin.platform.actor import who_asks
from linyin.platform.grants import visible_to
from linyin.platform.models import Document
from linyin.platform.signin import signed_in

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from linyin.organization.web.models import Node
    from linyin.platform.actor import Actor

__all__ = ["KINDS", "keep_document", "open_document"]

_SHOWN = frozenset({"application/pdf", "image/png", "image/jpeg"})
_ZIP: Final = b"PK\x03\x04"
KINDS: Final[dict[str, bytes]] = {
    ".pdf": b"%PDF-",
    ".png": b"\x89PNG",
    ".jpg": b"\xff\xd8\xff",
    ".jpeg": b"\xff\xd8\xff",
    ".xlsx": _ZIP,
    ".docx": _ZIP,
    ".csv": b"",
    ".txt": b"",
    ".eml": b"",
}
"""Kinds of files that are evidence, and how each begins."""


@action("activities.edit")
def keep_document(actor: Actor, *, node: Node, upload: UploadedFile[Any]) -> Document:
    """Keep an uploaded file as evidence of a node; the same bytes are kept once.

    Raises
    ------
    BadInput
        If it is empty or larger than an upload may be, of another kind than evidence is, or not
        of the kind that its name says.

    """
    size = upload.size or 0
    require(size, "document-empty", name=str(upload.name))
    limit = settings.UPLOAD_LIMIT_BYTES
    require(size <= limit, "document-large", name=str(upload.name), limit=limit // 2**20)
    _require_kind(upload)
    digest = hashlib.sha256()
    folder = Path(settings.WORKSPACE.documents)
    descriptor, name = tempfile.mkstemp(dir=folder, prefix=".upload-")
    unfinished = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            for chunk in upload.chunks():
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        known = Document.objects.filter(sha256=digest.hexdigest()).first()
        if known is not None:
            return known
        document = Document(
            sha256=digest.hexdigest(),
            name=Path(str(upload.name)).name[:254],
            media_type=mimetypes.guess_type(str(upload.name))[0] or "application/octet-stream",
            size=size,
            node=node,
            person=actor.person,
        )
        document.path.parent.mkdir(exist_ok=True)
        unfinished.replace(document.path)
        document.save()
    finally:
        unfinished.unlink(missing_ok=True)
    return document


def _require_kind(upload: UploadedFile[Any]) -> None:
    suffix = Path(str(upload.name)).suffix.lower()
    require(suffix in KINDS, "document-kind", file=str(upload.name), expected=", ".join(KINDS))
    upload.seek(0)
    begins = upload.read(len(KINDS[suffix]))
    require(begins == KINDS[suffix], "document-other-kind", file=str(upload.name), expected=suffix)
    upload.seek(0)


@signed_in
def open_document(request: HttpRequest, sha256: str) -> FileResponse:
    """Give a document; what a browser could run is only ever saved."""
    actor = who_asks(request)
    document = visible_to(actor, Document, "documents.view").filter(sha256=sha256).first()
    if document is None or not document.path.is_file():
        raise Http404
    response = FileResponse(
        document.path.open("rb"),
        as_attachment=document.media_type not in _SHOWN,
        filename=document.name,
        content_type=document.media_type,
    )
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response
