"""Bundles: everything a run needs to be replayed elsewhere, under one manifest.

The manifest holds the sha256 of every file's bytes, which guards the bundle, and the hash of
the canonical entries, which compares engines and later code.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa

from linyin.lake import Finding, LakeError, scratch_connection

__all__ = [
    "MANIFEST",
    "BundleError",
    "canonical_hash",
    "manifest_of",
    "seal",
    "verify",
    "write_publication",
]

MANIFEST: Final = "manifest.json"
PUBLICATION: Final = "published.json"
STAGED_PUBLICATION: Final = f".{PUBLICATION}.new"
"""What somebody leaves who is killed while publishing; the next one writes over it."""
UNSEALED: Final = frozenset({MANIFEST, PUBLICATION, STAGED_PUBLICATION})
KEY: Final = ("source", "external_id", "part", "leg")
FORMAT: Final = 1


class BundleError(Exception):
    """A bundle is not what its manifest says."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("; ".join(f"{f.code} {f.at.file}" for f in findings))


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a sealed bundle holds."""

    files: dict[str, str]
    content: str
    rows: int


def canonical_hash(entries: Sequence[str | Path]) -> tuple[str, int]:
    """Hash the entries so that engines, file splits and row orders do not matter.

    Each row is written as the JSON array of its values in the order of the column names and
    hashed with sha256; the first 128 bits are added up modulo 2¹²⁸, with the number of rows.

    Parameters
    ----------
    entries : sequence of paths
        Parquet files of one run.

    Returns
    -------
    digest : str
        Hexadecimal.
    rows : int

    """
    if not entries:
        return _digest(0, 0), 0
    with scratch_connection() as connection:
        relation = connection.read_parquet([str(file) for file in entries])
        a, b, c, d, rows = connection.sql(
            f"""
            WITH hashed AS (
                SELECT sha256(to_json([{_texts(relation)}])) AS h FROM relation
            )
            SELECT sum(('0x' || substr(h, 1, 8))::UBIGINT) AS a,
                   sum(('0x' || substr(h, 9, 8))::UBIGINT) AS b,
                   sum(('0x' || substr(h, 17, 8))::UBIGINT) AS c,
                   sum(('0x' || substr(h, 25, 8))::UBIGINT) AS d,
                   count(*) AS n
            FROM hashed
            """
        ).fetchall()[0]
    total = (int(a or 0) << 96) + (int(b or 0) << 64) + (int(c or 0) << 32) + int(d or 0)
    return _digest(total, rows), rows


def _texts(relation: duckdb.DuckDBPyRelation) -> str:
    """Write every column as text that does not depend on the engine that wrote the file."""
    texts = []
    for name, kind in sorted(zip(relation.columns, map(str, relation.types), strict=True)):
        value = f'"{name}"'
        if kind == "DOUBLE":
            value = f"({value} + 0.0)"
        texts.append(f"coalesce(CAST({value} AS VARCHAR), '')")
    return ", ".join(texts)


def _digest(total: int, rows: int) -> str:
    return hashlib.sha256(f"{total % (1 << 128):032x}:{rows}".encode()).hexdigest()


def seal(folder: Path, entries: Sequence[Path]) -> Manifest:
    """Write the manifest of a bundle: from now on every byte of it is guarded."""
    content, rows = canonical_hash(entries)
    manifest = Manifest(dict(_hashes(folder)), content, rows)
    text = json.dumps(
        {"format": FORMAT, "content": content, "rows": rows, "files": manifest.files},
        indent=1,
        sort_keys=True,
    )
    write_durably(folder / MANIFEST, text)
    return manifest


_BELOW: Final = tuple(f"{'*/' * depth}{MANIFEST}" for depth in (1, 2, 3))
_NAMED: Final = 5


def manifest_of(folder: Path) -> Manifest:
    """Read the manifest of a bundle.

    Raises
    ------
    BundleError
        If there is none or it cannot be read.

    """
    if not (folder / MANIFEST).exists():
        below = sorted(str(found.parent) for depth in _BELOW for found in folder.glob(depth))
        code = "bundle-above" if below else "bundle-missing"
        fields = {"bundles": ", ".join(below[:_NAMED])} if below else {"file": MANIFEST}
        raise BundleError([_finding(code, str(folder), **fields)])
    try:
        raw: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return Manifest(dict(raw["files"]), str(raw["content"]), int(raw["rows"]))
    except (OSError, ValueError, KeyError) as error:
        broken = _finding("bundle-manifest-broken", MANIFEST, detail=str(error))
        raise BundleError([broken]) from error


def verify(folder: Path) -> Manifest:
    """Check every byte of a bundle against its manifest.

    Raises
    ------
    BundleError
        Naming each file that is missing, changed or not listed.

    """
    manifest = manifest_of(folder)
    found = dict(_hashes(folder))
    wrong = [
        _finding("bundle-file-changed" if name in found else "bundle-file-missing", name)
        for name, digest in manifest.files.items()
        if found.get(name) != digest
    ]
    wrong += [
        _finding("bundle-file-strange", name) for name in found.keys() - manifest.files.keys()
    ]
    if not _is_publication_whole(folder):
        wrong.append(_finding("bundle-file-changed", PUBLICATION))
    if wrong:
        raise BundleError(sorted(wrong))
    return manifest


def write_publication(folder: Path, record: Mapping[str, object]) -> None:
    """Record who stands for a bundle, sealed together with its manifest."""
    sealed = {**record, "seal": _seal_of(folder, record)}
    write_durably(folder / PUBLICATION, json.dumps(sealed, ensure_ascii=False, indent=1))


def _is_publication_whole(folder: Path) -> bool:
    path = folder / PUBLICATION
    if not path.exists():
        return True
    try:
        record: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        return False
    return record.pop("seal", "") == _seal_of(folder, record)


def _seal_of(folder: Path, record: Mapping[str, object]) -> str:
    text = json.dumps(record, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256((folder / MANIFEST).read_bytes() + text.encode()).hexdigest()


def _finding(code: str, name: str, **fields: str) -> Finding:
    from linyin.lake import Where

    return Finding(code, "error", Where(name), fields)


def _hashes(folder: Path) -> Iterator[tuple[str, str]]:
    for file in sorted(folder.rglob("*")):
        name = file.relative_to(folder).as_posix()
        if file.is_file() and name not in UNSEALED:
            with file.open("rb") as handle:
                yield name, hashlib.file_digest(handle, "sha256").hexdigest()


def write_durably(path: Path, text: str) -> None:
    """Write a text so that it is there whole, or not at all.

    Raises
    ------
    LakeError
        If the disk is full or the folder cannot be written.

    """
    staging = path.with_name(f".{path.name}.new")
    try:
        with staging.open("w", encoding="utf-8") as handle:
            handle.write(text)
            handle.flush()
            os.fsync(handle.fileno())
        staging.replace(path)
    except OSError as error:
        staging.unlink(missing_ok=True)
        raise LakeError(str(error), path) from error


def write_table(path: Path, table: pa.Table) -> None:
    """Write a small table of a bundle as Parquet."""
    import pyarrow.parquet as pq

    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(table, path, compression="zstd")
