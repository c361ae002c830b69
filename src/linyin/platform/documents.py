"""Evidence: its bytes kept once under their sha256, given to whoever may see its node."""

from __future__ import annotations

import hashlib
import mimetypes
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
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

__all__ = ["KINDS", "Staged", "keep_document", "open_document", "staged", "upload_document"]

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


@dataclass(frozen=True, slots=True)
class Staged:
    """An uploaded file whose bytes are on the disk, and which is nobody's evidence yet."""

    path: Path
    name: str
    size: int
    sha256: str


def upload_document(actor: Actor, *, node: Node, upload: UploadedFile[Any]) -> Document:
    """Keep an uploaded file as evidence of a node: :func:`staged`, then :func:`keep_document`."""
    with staged(actor, node, [upload]) as (file,):
        document: Document = keep_document(actor, node=node, file=file)
    return document


@contextmanager
def staged(
    actor: Actor, node: Node, uploads: Iterable[UploadedFile[Any]]
) -> Iterator[list[Staged]]:
    """Write uploads beside the documents; unless they are kept, they go again.

    Raises
    ------
    PermissionDenied
        If the actor may not keep evidence of the node; nothing was written.
    BadInput
        If one is empty or larger than an upload may be, of another kind than evidence is, or not
        of the kind that its name says.
    django.db.transaction.TransactionManagementError
        Inside a transaction: others would wait for the disk.

    """
    uploads = list(uploads)
    if uploads and not actor.may(keep_document.permission, node.code):
        raise PermissionDenied(keep_document.name)
    files: list[Staged] = []
    try:
        for upload in uploads:
            _require_evidence(upload)
            files.append(_written(upload))
        yield files
    finally:
        for file in files:
            file.path.unlink(missing_ok=True)


@action("activities.edit")
def keep_document(actor: Actor, *, node: Node, file: Staged) -> Document:
    """Keep a staged file as evidence of a node; the same bytes are kept once, a row a node."""
    document, _ = Document.objects.get_or_create(
        sha256=file.sha256,
        node=node,
        defaults={
            "name": file.name,
            "media_type": mimetypes.guess_type(file.name)[0] or "application/octet-stream",
            "size": file.size,
            "person": actor.person,
        },
    )
    document.path.parent.mkdir(exist_ok=True)
    file.path.replace(document.path)
    return document


def _require_evidence(upload: UploadedFile[Any]) -> None:
    size = upload.size or 0
    require(size, "document-empty", name=str(upload.name))
    limit = settings.UPLOAD_LIMIT_BYTES
    require(size <= limit, "document-large", name=str(upload.name), limit=limit // 2**20)
    _require_kind(upload)


def _written(upload: UploadedFile[Any]) -> Staged:
    if transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("no SQL transaction spans an upload")
    digest, size = hashlib.sha256(), 0
    folder = Path(settings.WORKSPACE.documents)
    descriptor, made = tempfile.mkstemp(dir=folder, prefix=".upload-")
    path = Path(made)
    try:
        with os.fdopen(descriptor, "wb") as file:
            for chunk in upload.chunks():
                digest.update(chunk)
                size += len(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Staged(path, Path(str(upload.name)).name[:254], size, digest.hexdigest())


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
