"""What a schema says, for people: a template to fill in and a reference to read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from linyin.lake.schemas import Column, Schema

__all__ = ["reference", "template"]


@dataclass(frozen=True, slots=True)
class _Words:
    intro: str
    required: str
    default: str
    one_of: str
    head: tuple[str, ...]
    yes: str
    stop: str
    types: dict[str, str] = field(default_factory=dict)


_WORDS = {
    "en": _Words(
        "Rows that begin with # are notes and are not read.",
        "required",
        "default",
        "one of",
        ("Column", "Type", "Unit", "Required", "Default", "Allowed", "Meaning", "Also written"),
        "yes",
        "; ",
    ),
    "zh": _Words(
        "以 # 开头的行是说明，不会被读取。",
        "必填",
        "默认",
        "可选",
        ("列", "类型", "单位", "必填", "默认", "允许值", "含义", "也可写作"),
        "是",
        "；",
        {
            "text": "文本",
            "code": "代码",
            "decimal": "数值",
            "integer": "整数",
            "date": "日期",
            "boolean": "是或否",
            "unit": "单位",
        },
    ),
}


def template(schema: Schema, lang: str) -> str:
    """Return a CSV template; see `Schema.template`.

    Raises
    ------
    ValueError
        The language is not `en` or `zh`.

    """
    words = _words(lang)
    notes = [words.intro, *(_note(column, lang, words) for column in schema.columns)]
    lines = [_comment(note) for note in notes]
    return "\n".join([*lines, ",".join(column.name for column in schema.columns), ""])


def reference(schema: Schema, lang: str) -> str:
    """Return the columns as a Markdown table; see `Schema.reference`.

    Raises
    ------
    ValueError
        The language is not `en` or `zh`.

    """
    words = _words(lang)
    rows = [
        words.head,
        ("---",) * len(words.head),
        *(_reference_row(column, lang, words) for column in schema.columns),
    ]
    return "".join(f"| {' | '.join(_cell(text) for text in row)} |\n" for row in rows)


def _reference_row(column: Column, lang: str, words: _Words) -> tuple[str, ...]:
    return (
        f"`{column.name}`",
        words.types.get(column.type, column.type),
        column.unit.replace("`", ""),
        words.yes if column.required else "",
        _code(column.default),
        " ".join(_named(column, lang, _code)) or _code(column.bounds),
        column.description[lang],
        words.stop.join(column.aliases),
    )


def _words(lang: str) -> _Words:
    if lang not in _WORDS:
        raise ValueError(f"language is {lang!r}, not one of {', '.join(_WORDS)}")
    return _WORDS[lang]


def _note(column: Column, lang: str, words: _Words) -> str:
    kind = words.types.get(column.type, column.type)
    facts = [f"{kind} [{column.unit.replace('`', '')}]" if column.unit else kind]
    if column.required:
        facts.append(words.required)
    if column.default:
        facts.append(f"{words.default} {column.default}")
    if column.allowed:
        facts.append(f"{words.one_of} {' '.join(_named(column, lang))}")
    if column.bounds:
        facts.append(column.bounds)
    return f"{column.name} ({words.stop.join(facts)}): {column.description[lang]}"


def _named(column: Column, lang: str, written: Callable[[str], str] = str) -> list[str]:
    """Return what a cell may hold: each code, and what it may be called in Chinese."""
    codes = zip(column.allowed, column.allowed_in(lang), strict=True)
    return [f"{written(code)}（{name}）" if name != code else written(code) for code, name in codes]


def _comment(note: str) -> str:
    """Write a note as one CSV cell that begins with `#`."""
    text = f"# {note}"
    if any(mark in text for mark in ',"\n'):
        return '"' + text.replace('"', '""') + '"'
    return text


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
