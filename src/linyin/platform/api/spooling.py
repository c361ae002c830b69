"""Large bodies: written to a file as they come, counted and hashed on the way."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from linyin.platform.api.problems import ApiProblem

__all__ = ["FILE_BODY", "Spooled", "spool", "spooled", "upload_of"]

FILE_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
"""How the OpenAPI document tells that the body of a request is a file."""
_CHUNK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Spooled:
    """A body in a file.

    Attributes
    ----------
    path
        Under the workspace's uploads; whoever takes it removes it.
    sha256
        Of its bytes.
    size
        Its bytes.

    """

    path: Path
    sha256: str
    size: int


def spool(request: HttpRequest, suffix: str) -> Spooled:
    """Write the body of a request to a file.

    Raises
    ------
    ApiProblem
        413 if it is larger than uploads may be; nothing is kept then.

    """
    limit = settings.UPLOAD_LIMIT_BYTES
    stated = request.headers.get("Content-Length", "0")
    if stated.isdecimal() and int(stated) > limit:
        raise ApiProblem(413, "too-large")
    path = Path(settings.WORKSPACE.uploads) / f"{uuid.uuid4().hex}{suffix}"
    try:
        return _written(request, path, limit)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _written(request: HttpRequest, path: Path, limit: int) -> Spooled:
    digest, size = hashlib.sha256(), 0
    with path.open("xb") as file:
        while chunk := request.read(_CHUNK):
            size += len(chunk)
            if size > limit:
                raise ApiProblem(413, "too-large")
            digest.update(chunk)
            file.write(chunk)
    return Spooled(path, digest.hexdigest(), size)


@contextmanager
def spooled(request: HttpRequest) -> Iterator[None]:
    """Have the body of a request in a file, for :func:`upload_of`, and remove it afterwards.

    It is read before a view wrapped in `writes`, which tells requests apart by its hash.

    Raises
    ------
    ApiProblem
        413 if it is larger than uploads may be.

    """
    taken = spool(request, "")
    request.spooled = taken  # type: ignore[attr-defined]
    try:
        yield
    finally:
        taken.path.unlink(missing_ok=True)


def upload_of(request: HttpRequest, name: str) -> UploadedFile[Any]:
    """Return the spooled body of a request as a file that was uploaded under a name."""
    taken: Spooled = request.spooled  # type: ignore[attr-defined]
    return UploadedFile(taken.path.open("rb"), name=name, size=taken.size)
