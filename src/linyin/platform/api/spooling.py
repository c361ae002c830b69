"""Large bodies: written to a file as they come, counted and hashed on the way."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.conf import settings
from django.http import HttpRequest

from linyin.platform.api.problems import ApiProblem

__all__ = ["Spooled", "spool"]

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
