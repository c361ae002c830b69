"""Findings in words: where, what was found, what is expected, how to mend it.

Every room keeps its texts in `messages.csv`: `code,en,zh`, with `{field}` placeholders that the
finding's fields fill. A field whose value is made of technical names, such as dimensions, is
written `{field:term}`; the words of those names are the room's `terms.csv`: `term,en,zh`.

A field may say what its codes are of: `{item:item}`, `{meant:technology}`. Who writes files reads
the codes, for that is what stands in them; for the readers of pages and reports, who writes them
gives `render` what such codes are called. Where they mend it otherwise, the row `code@page` has
their text.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from string import Formatter
from typing import Final

from linyin.lake.characters import visible
from linyin.lake.findings import Finding, Value, Where
from linyin.lake.typesetting import filled

__all__ = [
    "KINDS",
    "LANGUAGES",
    "Message",
    "Named",
    "include",
    "messages",
    "placeholders",
    "render",
    "render_where",
    "terms",
]

LANGUAGES = ("en", "zh")
KINDS: Final = (
    "factor", "input", "item", "month", "node", "pack", "place", "run", "source",
    "source_type", "state", "technology",
)  # fmt: skip
"""What the codes of a field may be of. A source is its site, source type, item and meter."""

SOURCE_PARTS: Final = " · "

ON_PAGE: Final = "@page"
"""Ends the code of a text for readers of pages, where it is mended otherwise than in files."""

type Named = Callable[[str, str, str, Mapping[str, Value]], str]
"""Kind of a code, the code, language, the finding's fields → what it is called."""

_MISFIT: Final = re.compile(r"([a-z-]*[a-z]) (\d+)")
_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
_DAY: Final = r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])(?:-\d\d)?"
_TIMES: Final = re.compile(rf"{_DAY}(?:(?:\.\.|, | … ){_DAY})*(?:, …)?")
"""Days, months and half-open spans of them, alone or listed: the kind `time`."""
_CUT: Final = re.compile(r" … \(\d+\)\Z")
"""Ends a list of which not all are told."""


@dataclass(frozen=True, slots=True)
class Message:
    """The text of one code.

    Attributes
    ----------
    code, room
        The code, and the room whose `messages.csv` holds it.
    texts
        By language.

    """

    code: str
    room: str
    texts: Mapping[str, str]


class _Visible(dict[str, object]):
    """Fields of a text; one that the finding lacks stays readable as `{name}`."""

    def __missing__(self, name: str) -> str:
        return f"{{{name}}}"


class _Worded(Formatter):
    """Fills fields in; the technical names of `{field:term}` become words of a language.

    `{count:row is|rows are}` says the first of one, else the second; `{reasons:misfit}` words
    `place 3, use 1`, each of them a term that begins with `misfit_`.
    """

    def __init__(self, lang: str, named: Named | None, fields: Mapping[str, Value]) -> None:
        self._lang, self._named, self._fields = lang, named, fields

    def format_field(self, value: object, format_spec: str) -> str:
        if self._named is not None and format_spec in KINDS:
            return self._called(format_spec, str(value), self._named)
        if "|" in format_spec:
            one, several = format_spec.split("|")
            return one if str(value) == "1" else several
        if format_spec == "misfit":
            return _MISFIT.sub(self._misfit, str(value))
        if format_spec in ("term", "source"):
            return _NAME.sub(lambda name: self._word(name[0]), str(value))
        return str(super().format_field(value, "" if format_spec in KINDS else format_spec))

    def _more(self, cut: str) -> str:
        """Say how many there are in all, where a list is cut."""
        return f" 等 {cut[4:-1]} 项" if cut and self._lang == "zh" else cut

    def _misfit(self, found: re.Match[str]) -> str:
        reason, number = found.groups()
        return f"{self._word('misfit_' + reason.replace('-', '_'))} ({number})"

    def _word(self, name: str) -> str:
        return terms()[name][self._lang] if name in terms() else name

    def _called(self, kind: str, value: str, named: Named) -> str:
        if kind == "source" and SOURCE_PARTS not in value:
            return value
        if kind != "source":
            told = _CUT.sub("", value)
            names = [named(kind, code, self._lang, self._fields) for code in told.split(", ")]
            return ("、" if self._lang == "zh" else ", ").join(names) + self._more(
                value[len(told) :]
            )
        code, source_type, *item = value.split(SOURCE_PARTS)
        site = named("node", code, self._lang, self._fields)
        called = [named("source_type", source_type, self._lang, self._fields)]
        called += [named("item", part, self._lang, self._fields) for part in item]
        return SOURCE_PARTS.join(dict.fromkeys([site, *called]))


_ADDED: Final[list[Path]] = []


def include(folder: Path) -> None:
    """Take in the `messages.csv` and `terms.csv` of a room that does not come with Linyin."""
    if folder not in _ADDED:
        _ADDED.append(folder)
        messages.cache_clear()
        terms.cache_clear()


def _rooms() -> list[Traversable]:
    return [*sorted(resources.files("linyin").iterdir(), key=lambda room: room.name), *_ADDED]


@cache
def terms() -> Mapping[str, Mapping[str, str]]:
    """Return the words of technical names by name and language."""
    found: dict[str, Mapping[str, str]] = {}
    for room in _rooms():
        source = room.joinpath("terms.csv")
        if source.is_file():
            rows = csv.DictReader(source.read_text(encoding="utf-8").splitlines(), strict=True)
            found |= {row["term"]: {lang: row[lang] for lang in LANGUAGES} for row in rows}
    return found


@cache
def messages() -> Mapping[str, Message]:
    """Return the messages of all rooms by code.

    Raises
    ------
    ValueError
        Two rows have the same code, or a text is empty.

    """
    found: dict[str, Message] = {}
    for room in _rooms():
        source = room.joinpath("messages.csv")
        if not source.is_file():
            continue
        for message in _read(source, room.name):
            if message.code in found:
                other = found[message.code].room
                raise ValueError(f"message {message.code} is in {other} and in {message.room}")
            found[message.code] = message
    return found


def _read(source: Traversable, room: str) -> list[Message]:
    lines = source.read_text(encoding="utf-8").splitlines(keepends=True)
    rows = list(csv.DictReader(lines, strict=True))
    for row in rows:
        if None in row or not all(row[lang] for lang in LANGUAGES):
            raise ValueError(f"message {row['code']} of {room} has not one text a language")
    return [Message(row["code"], room, {lang: row[lang] for lang in LANGUAGES}) for row in rows]


def placeholders(text: str) -> frozenset[str]:
    """Return the names of the fields that a text asks for."""
    return frozenset(name for _, name, _, _ in Formatter().parse(text) if name)


def render_where(at: Where, lang: str = "en") -> str:
    """Return a place in words: `activities.xlsx, sheet 用电, row 41, column unit`."""
    if lang == "zh":
        words = ("工作表 {}", "第 {} 行", "列 {}", "，")
    else:
        words = ("sheet {}", "row {}", "column {}", ", ")
    sheet, row, column, comma = words
    parts = [
        at.file,
        sheet.format(at.sheet) if at.sheet else "",
        row.format(at.row) if at.row is not None else "",
        column.format(at.column) if at.column else "",
    ]
    return visible(comma.join(part for part in parts if part))


def render(finding: Finding, lang: str = "en", named: Named | None = None) -> str:
    """Return a finding in words; characters that steer a terminal are written out.

    Where a finding has a field `name_zh` beside `name`, a Chinese text has that.

    Parameters
    ----------
    finding
        Its code names the text; a code without a text is shown itself, with its fields.
    lang
        `en` or `zh`.
    named
        What the codes of items, technologies and sources are called; without it they stand
        themselves.

    Raises
    ------
    ValueError
        The language is another one.

    """
    if lang not in LANGUAGES:
        raise ValueError(f"language is {lang!r}, not one of {', '.join(LANGUAGES)}")
    known = messages()
    on_page = known.get(f"{finding.code}{ON_PAGE}") if named else None
    message = on_page or known.get(finding.code)
    if message is None:
        listed = ", ".join(f"{name} {value}" for name, value in sorted(finding.fields.items()))
        text = f"{finding.code} ({listed})" if listed else finding.code
    else:
        told = _Visible(finding.fields)
        if lang == "zh":
            told |= {n.removesuffix("_zh"): v for n, v in told.items() if n.endswith("_zh")}
        if named is not None:
            told |= {
                name: named("time", str(value), lang, finding.fields)
                for name, value in told.items()
                if name != "value" and _TIMES.fullmatch(str(value))
            }
        worded = _Worded(lang, named, finding.fields)
        text = filled(worded, message.texts[lang], told, is_chinese=lang == "zh")
        if named is not None and message.texts[lang][:1].islower():
            text = f"{text[:1].upper()}{text[1:]}"
    where = render_where(finding.at, lang)
    colon = "：" if lang == "zh" else ": "
    return f"{where}{colon}{visible(text)}" if where else visible(text)
