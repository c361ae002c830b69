"""The archive around a workbook: what is in it is known before any of it is unpacked."""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from xml.parsers import expat

from linyin.lake.findings import BadInput, Finding, Where
from linyin.lake.limits import Limits

__all__ = ["Part", "Style", "Workbook", "feed", "open_archive", "read_workbook", "xml_parser"]

type Style = Literal["percent", "month"]

_CHUNK = 1 << 16
_PERCENT_FORMATS = {9, 10}
_MONTH_FORMATS = {17, 55, 57}


@dataclass(frozen=True, slots=True)
class Part:
    """A worksheet: its name and the part of the archive that holds it."""

    name: str
    path: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class Workbook:
    """Worksheets in their order, and the number formats that change what a number means.

    `styles` maps the index of a cell format to `percent` (0.05 is shown as 5 %) or `month`
    (a date shown without its day). `recalculate`: the workbook asks to be calculated when it is
    opened, so the results stored in it may be placeholders.
    """

    parts: tuple[Part, ...]
    styles: Mapping[str, Style]
    recalculate: bool


@contextmanager
def open_archive(path: Path, limits: Limits) -> Iterator[zipfile.ZipFile]:
    """Open an XLSX file whose directory stays within the limits.

    Raises
    ------
    BadInput
        `file-broken`, `zip-too-large`, `zip-ratio`, `zip-entries`, `zip-twice`; also when a part
        read inside the block proves broken.

    """
    file = path.name
    try:
        with zipfile.ZipFile(path) as archive:
            found = list(_directory_findings(archive, path, limits))
            if found:
                raise BadInput(found)
            yield archive
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, KeyError) as error:
        raise _broken(file, str(error)) from error


def _directory_findings(archive: zipfile.ZipFile, path: Path, limits: Limits) -> Iterator[Finding]:
    infos, at = archive.infolist(), Where(path.name)
    unpacked = sum(info.file_size for info in infos)
    packed = max(1, path.stat().st_size)
    if len(infos) > limits.entries:
        fields = {"found": len(infos), "limit": limits.entries}
        yield Finding("zip-entries", "error", at, fields)
    if unpacked > limits.unpacked_bytes:
        sizes = {"found": unpacked >> 20, "limit": limits.unpacked_bytes >> 20}
        yield Finding("zip-too-large", "error", at, sizes)
    elif unpacked > limits.ratio_from_bytes and unpacked > limits.ratio * packed:
        ratios = {"found": unpacked // packed, "limit": limits.ratio}
        yield Finding("zip-ratio", "error", at, ratios)
    names = [info.filename for info in infos]
    if len(set(names)) < len(names):
        twice = next(name for i, name in enumerate(names) if name in names[:i])
        yield Finding("zip-twice", "error", at, {"part": twice})
    if any(info.flag_bits & 1 for info in infos):
        yield Finding("file-locked", "error", at)


def xml_parser(file: str, part: str) -> expat.XMLParserType:
    """Return a parser that refuses a document type, so that no entity can be declared."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)

    def refuse(*_declaration: object) -> None:
        raise BadInput([Finding("xml-doctype", "error", Where(file), {"part": part})])

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    return parser


def feed(archive: zipfile.ZipFile, part: str, file: str, parser: expat.XMLParserType) -> None:
    """Run one part of the archive through `parser`, a chunk at a time.

    Raises
    ------
    BadInput
        The part is missing, not XML, or holds a document type.

    """
    try:
        with archive.open(part) as stream:
            while chunk := stream.read(_CHUNK):
                parser.Parse(chunk, False)
            parser.Parse(b"", True)
    except (expat.ExpatError, ValueError) as error:
        raise _broken(file, f"{part}: {error}") from error


def read_workbook(archive: zipfile.ZipFile, file: str) -> Workbook:
    """Read the list of worksheets and the number formats.

    Raises
    ------
    BadInput
        A part is missing or broken, or any part holds a document type.

    """
    names = set(archive.namelist())
    root = next(
        (
            target
            for kind, target in _relations(archive, file, "_rels/.rels", "").values()
            if kind == "officeDocument"
        ),
        "xl/workbook.xml",
    )
    folder = posixpath.dirname(root)
    relations_part = f"{folder}/_rels/{posixpath.basename(root)}.rels"
    relations = _relations(archive, file, relations_part, folder)
    parts = []
    recalculate = False
    for attributes in _elements(archive, file, root, "sheet", "calcPr"):
        if attributes[""] == "calcPr":
            recalculate = attributes.get("fullCalcOnLoad", "0") in ("1", "true")
            continue
        kind, target = relations.get(_relation_id(attributes), ("", ""))
        if kind == "worksheet":
            hidden = attributes.get("state", "visible") != "visible"
            parts.append(Part(attributes.get("name", ""), target, hidden))
    styles_part = next((t for kind, t in relations.values() if kind == "styles"), "")
    styles = _styles(archive, file, styles_part) if styles_part in names else {}
    for name in sorted(names - {part.path for part in parts}):
        if name.endswith((".xml", ".rels")):
            feed(archive, name, file, xml_parser(file, name))
    return Workbook(tuple(parts), styles, recalculate)


def _broken(file: str, detail: str) -> BadInput:
    fields = {"kind": "XLSX", "detail": detail}
    return BadInput([Finding("file-broken", "error", Where(file), fields)])


def _relation_id(attributes: Mapping[str, str]) -> str:
    return next((v for k, v in attributes.items() if k.rpartition(":")[2] == "id" != k), "")


def _elements(archive: zipfile.ZipFile, file: str, part: str, *names: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = []
    parser = xml_parser(file, part)

    def start(name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local in names:
            found.append({**attributes, "": local})

    parser.StartElementHandler = start
    feed(archive, part, file, parser)
    return found


def _relations(
    archive: zipfile.ZipFile, file: str, part: str, folder: str
) -> dict[str, tuple[str, str]]:
    """Return (kind, part of the archive) by relation id."""
    return {
        attributes.get("Id", ""): (
            attributes.get("Type", "").rpartition("/")[2],
            posixpath.normpath(posixpath.join("/", folder, attributes.get("Target", "")))[1:],
        )
        for attributes in _elements(archive, file, part, "Relationship")
    }


def _styles(archive: zipfile.ZipFile, file: str, part: str) -> dict[str, Style]:
    formats: dict[int, Style] = dict.fromkeys(_PERCENT_FORMATS, "percent")
    formats |= dict.fromkeys(_MONTH_FORMATS, "month")
    styles: dict[str, Style] = {}
    index = 0
    inside = False
    parser = xml_parser(file, part)

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal inside, index
        local = name.rpartition(":")[2]
        if local == "numFmt" and (style := _meaning(attributes.get("formatCode", ""))):
            formats[int(attributes.get("numFmtId", "-1"))] = style
        elif local == "cellXfs":
            inside = True
        elif local == "xf" and inside:
            if style := formats.get(int(attributes.get("numFmtId", "0"))):
                styles[str(index)] = style
            index += 1

    def end(name: str) -> None:
        nonlocal inside
        if name.rpartition(":")[2] == "cellXfs":
            inside = False

    parser.StartElementHandler, parser.EndElementHandler = start, end
    feed(archive, part, file, parser)
    return styles


def _meaning(code: str) -> Style | None:
    """Say what a custom number format makes of a number."""
    pattern = code.partition(";")[0]
    bare = "".join(pattern.split('"')[::2]).replace("\\", "").lower()
    while "[" in bare and "]" in bare:
        bare = bare[: bare.index("[")] + bare[bare.index("]") + 1 :]
    if bare.rstrip("_) ").endswith("%"):
        return "percent"
    if "y" in bare and "m" in bare and not set(bare) & set("dhse"):
        return "month"
    return None
