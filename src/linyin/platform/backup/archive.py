"""The file of a backup: a tar whose last member, the manifest, has the sha256 of all others."""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import IO, Any, Final, Self

from linyin.lake import BadInput, Finding, Where, sync_file, sync_folder

__all__ = ["ArchiveWriter", "unpack"]

FORMAT: Final = 1
_MANIFEST: Final = "manifest.json"
_CHUNK: Final = 1 << 20


class _Hashed(io.RawIOBase):
    """Passes bytes through and hashes them."""

    def __init__(self, source: IO[bytes]) -> None:
        self.source, self.hash = source, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self.source.read(size)
        self.hash.update(data)
        return data


class ArchiveWriter:
    """Writes the file under another name and gives it its own when it is whole.

    Raises
    ------
    BadInput
        If the file is there already.

    """

    def __init__(self, path: Path) -> None:
        if path.exists():
            raise BadInput([Finding("path-exists", "error", Where(str(path)))])
        self.path, self.part = path, path.with_name(f"{path.name}.partial")
        self.files: dict[str, dict[str, Any]] = {}
        descriptor = os.open(self.part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        self._file = os.fdopen(descriptor, "wb")
        self._tar = tarfile.open(fileobj=self._file, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115

    def add(self, name: str, path: Path) -> None:
        """Add a file that does not change meanwhile."""
        with path.open("rb") as source:
            size = os.fstat(source.fileno()).st_size
            hashed = _Hashed(source)
            self._add(name, size, hashed)
        self.files[name] = {"sha256": hashed.hash.hexdigest(), "size": size}

    def _add(self, name: str, size: int, source: IO[bytes] | _Hashed) -> None:
        member = tarfile.TarInfo(name)
        member.size, member.mode = size, 0o600
        self._tar.addfile(member, source)

    def finish(self, facts: Mapping[str, Any]) -> None:
        """Add the manifest and give the file its name."""
        manifest = {"format": FORMAT, **facts, "files": self.files}
        text = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
        self._add(_MANIFEST, len(text), io.BytesIO(text))
        self._tar.close()
        self._file.close()
        sync_file(self.part)
        self.part.replace(self.path)
        sync_folder(self.path.parent)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()
        self.part.unlink(missing_ok=True)


def unpack(path: Path, folder: Path) -> dict[str, Any]:
    """Write the files of a backup into an empty folder and return its manifest.

    Raises
    ------
    BadInput
        If the file is no backup, is cut short, or a byte of it has changed.

    """
    found: dict[str, dict[str, Any]] = {}
    manifest: dict[str, Any] | None = None
    try:
        with tarfile.open(path, mode="r:") as tar:
            for member in tar:
                source = tar.extractfile(member) if member.isreg() else None
                if source is None or not _is_safe(member.name) or member.name in found:
                    raise _broken(path, f"an odd member, {member.name!r}")
                if member.name == _MANIFEST:
                    manifest = json.loads(source.read())
                else:
                    found[member.name] = _write(source, folder / member.name)
    except (tarfile.TarError, ValueError, EOFError) as error:
        raise _broken(path, str(error)) from error
    if manifest is None:
        raise _broken(path, "it has no end")
    if manifest.get("format") != FORMAT:
        raise _broken(path, f"its format is {manifest.get('format')}, not {FORMAT}")
    stated = manifest["files"]
    wrong = sorted(n for n in {*stated, *found} if stated.get(n) != found.get(n))
    if wrong:
        raise _broken(path, f"{wrong[0]} is not what was saved")
    return manifest


def _is_safe(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return bool(parts) and not name.startswith("/") and ".." not in parts and "\0" not in name


def _write(source: IO[bytes], target: Path) -> dict[str, Any]:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with target.open("xb") as file:
        while data := source.read(_CHUNK):
            digest.update(data)
            size += len(data)
            file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return {"sha256": digest.hexdigest(), "size": size}


def _broken(path: Path, problem: str) -> BadInput:
    at = Where(str(path))
    return BadInput([Finding("backup-broken", "error", at, {"problem": problem})])
