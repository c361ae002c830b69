"""What technologies are called: `hgv_diesel_rigid_over_17t` is HGV, diesel, rigid, over 17 t."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from linyin.ledger.names import Lang

__all__ = ["technology_name"]

_MEASURES: Final = {
    "dwt": ("DWT", "载重吨"),
    "teu": ("TEU", "标准箱"),
    "m3": ("m³", "m³"),
    "lm": ("lane metres", "车道米"),
    "ceu": ("CEU", "标准车位"),
}
_SIZES: Final[tuple[tuple[re.Pattern[str], str, str], ...]] = tuple(
    (re.compile(pattern + r"(?:_|$)"), english, chinese)
    for pattern, english, chinese in (
        (r"(\d+)_(\d+)_(dwt|teu|m3|lm|ceu)", "{0}–{1} {2}", "{0}–{1} {2}"),
        (r"(\d+)_(dwt|teu|m3|lm|ceu)", "{0} {1} and more", "{0} {1}以上"),
        (r"([\d.]+)_([\d.]+)t", "{0}–{1} t", "{0}–{1} t"),
        (r"over_(\d+)t", "over {0} t", "{0} t 以上"),
        (r"laden_(\d+)", "{0} % laden", "装载率 {0}%"),
        (r"class_(i+)", "class {0}", "{0} 级"),
    )
)


def technology_name(technology: str, lang: Lang, item: str = "") -> str:
    """Return what a technology is called.

    Parameters
    ----------
    technology : str
        Codes of its parts and sizes, joined by `_`. One with a part that Linyin does not know, as
        an enterprise's own factors may have it, comes back as it is.
    lang : {'en', 'zh'}
        Language.
    item : str
        The item that it narrows: household coal and a domestic flight are both `domestic`.

    """
    parts = _parts(technology, lang, item)
    return technology if parts is None else ("，" if lang == "zh" else ", ").join(parts)


def _parts(technology: str, lang: Lang, item: str) -> list[str] | None:
    if not technology:
        return []
    for known in (_word, _size):
        if (found := known(technology, lang, item)) is not None:
            name, rest = found
            parts = _parts(rest, lang, item)
            return None if parts is None else [name, *parts]
    return None


def _word(technology: str, lang: Lang, item: str) -> tuple[str, str] | None:
    """Return the longest part that a technology begins with by its name, and the rest."""
    tokens = technology.split("_")
    for taken in range(len(tokens), 0, -1):
        part = "_".join(tokens[:taken])
        if named := _words().get((part, item)) or _words().get((part, "")):
            return named[lang], "_".join(tokens[taken:])
    return None


def _size(technology: str, lang: Lang, _item: str) -> tuple[str, str] | None:
    language = ("en", "zh").index(lang)
    for pattern, *texts in _SIZES:
        if match := pattern.match(technology):
            told = (_printed(text, language) for text in match.groups())
            return texts[language].format(*told), technology[match.end() :]
    return None


def _printed(text: str, language: int) -> str:
    if text in _MEASURES:
        return _MEASURES[text][language]
    return f"{int(text):,}" if text.isdigit() else text.upper()


@cache
def _words() -> Mapping[tuple[str, str], Mapping[str, str]]:
    text = files(__package__).joinpath("technology_words.csv").read_text(encoding="utf-8")
    return {(row["part"], row["item"]): row for row in csv.DictReader(text.splitlines())}
