"""Files that people send in: kept under bounds, read in a guarded process, in no transaction."""

from __future__ import annotations

import hashlib
import shutil
import time
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from linyin.lake import BadInput, Finding, read_guarded

if TYPE_CHECKING:
    from linyin.lake import Limits, Sheet

__all__ = [
    "Kept",
    "forget_folders",
    "forget_kept",
    "keep_upload",
    "kept_as",
    "parse_file",
    "uploaded",
]

_PREFIX: Final = "kept-"
_LONGEST_NAME: Final = 200


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that somebody sent.

    Attributes
    ----------
    path
        In a folder of its own under the workspace's uploads, under the name that it had.
    size, sha256
        Of its bytes.

    """

    path: Path
    size: int
    sha256: str

    @property
    def token(self) -> str:
        """Name of its folder, by which :func:`kept_as` finds it again."""
        return self.path.parent.name

    def forget(self) -> None:
        """Remove it."""
        shutil.rmtree(self.path.parent, ignore_errors=True)


def parse_file(
    path: Path,
    limits: Limits,
    hint: Collection[str],
    meanwhile: Callable[[], object] | None = None,
    called: str = "",
) -> list[Sheet]:
    """Read a file that somebody sent: nothing else in the web app reads one.

    Meanwhile something is called about once a second; what it raises ends the reading. A file
    whose name on the disk is ours alone is `called` otherwise, in sheets and findings.

    Raises
    ------
    django.db.transaction.TransactionManagementError
        Inside a transaction: reading may take minutes, and nobody else could write meanwhile.
    BadInput
        If the file as a whole cannot be read.

    """
    if transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("no SQL transaction spans a parse")
    try:
        sheets = read_guarded(path, limits, hint=hint, meanwhile=meanwhile)
    except BadInput as bad:
        raise BadInput(_called(bad.findings, called)) from bad
    return [
        replace(sheet, file=called or sheet.file, findings=_called(sheet.findings, called))
        for sheet in sheets
    ]


def _called(findings: Iterable[Finding], name: str) -> tuple[Finding, ...]:
    """Return findings of a file under another name, if there is one."""
    return tuple(
        replace(finding, at=replace(finding.at, file=name)) if name else finding
        for finding in findings
    )


def keep_upload(upload: object, limits: Limits, kinds: Sequence[str] = ()) -> Kept:
    """Keep what a form's file field holds.

    Parameters
    ----------
    upload
        An uploaded file; anything else is none.
    limits
        Bounds on its size.
    kinds
        Endings that its name may have; none = all.

    Raises
    ------
    BadInput
        If there is none, if it is empty, too large or of another kind.

    """
    sent, name = _checked(upload, limits, kinds)
    folder = Path(settings.WORKSPACE.uploads) / f"{_PREFIX}{uuid.uuid4().hex}"
    folder.mkdir(parents=True)
    digest = hashlib.sha256()
    try:
        with (folder / name).open("xb") as file:
            for chunk in sent.chunks():
                digest.update(chunk)
                file.write(chunk)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    path = folder / name
    return Kept(path, path.stat().st_size, digest.hexdigest())


@contextmanager
def uploaded(upload: object, limits: Limits, kinds: Sequence[str] = ()) -> Iterator[Kept]:
    """Keep an upload for as long as it is looked at; see :func:`keep_upload`."""
    kept = keep_upload(upload, limits, kinds)
    try:
        yield kept
    finally:
        kept.forget()


def kept_as(token: str) -> Kept | None:
    """Return a file that was kept under a token; None if it is gone."""
    folder = Path(settings.WORKSPACE.uploads) / token
    is_ours = token.startswith(_PREFIX) and token.removeprefix(_PREFIX).isalnum()
    found = next(folder.iterdir(), None) if is_ours and folder.is_dir() else None
    if found is None:
        return None
    with found.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Kept(found, found.stat().st_size, digest)


def forget_kept(older: timedelta) -> int:
    """Remove files that nobody has taken further for a while; return how many."""
    return forget_folders(_PREFIX, older)


def forget_folders(prefix: str, older: timedelta, known: Collection[str] = ()) -> int:
    """Remove folders of the uploads that begin with a prefix and are old; return how many.

    Parameters
    ----------
    prefix
        Of their names.
    older
        Age below which they stay: who makes them may be at it.
    known
        Names of those that stay whatever their age.

    """
    before, gone = time.time() - older.total_seconds(), 0
    for folder in Path(settings.WORKSPACE.uploads).glob(f"{prefix}*"):
        if folder.name not in known and folder.stat().st_mtime < before:
            shutil.rmtree(folder, ignore_errors=True)
            gone += 1
    return gone


def _checked(upload: object, limits: Limits, kinds: Sequence[str]) -> tuple[UploadedFile[Any], str]:
    """Return an upload that may be kept, and its name."""
    name = Path(str(upload.name)).name[-_LONGEST_NAME:] if isinstance(upload, UploadedFile) else ""
    if not isinstance(upload, UploadedFile) or not upload.size:
        raise _refused("document-empty", name=name or "–")
    if kinds and not name.lower().endswith(tuple(kinds)):
        raise _refused("intake-kind", file=name, expected=", ".join(kinds))
    if upload.size > limits.file_bytes:
        raise _refused("document-large", name=name, limit=limits.file_bytes >> 20)
    return upload, name


def _refused(code: str, **fields: Any) -> BadInput:
    return BadInput([Finding(code, "error", fields=fields)])
