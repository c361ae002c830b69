"""The words of the pages in both languages, from the tables of the platform and the rooms."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any, Final, Literal

from django.utils.functional import lazy
from django.utils.translation import get_language

from linyin.lake import filled_text
from linyin.platform.rooms import added_rooms, folder_of

__all__ = ["Lang", "enumerated", "lang", "lazy_say", "say", "words"]

type Lang = Literal["en", "zh"]
_ROOMS: Final = Path(__file__).parent.parent


@cache
def words() -> Mapping[str, Mapping[str, str]]:
    """Read `words.csv` of the platform and of every room's `web/`: key → language → text.

    A package below `web/` may have a table of its own, a room of `LINYIN_ROOMS` has it beside its
    modules.

    Raises
    ------
    ValueError
        If two tables have the same key, or a text is empty.

    """
    found: dict[str, Mapping[str, str]] = {}
    own = [_ROOMS / "platform" / "words.csv", *sorted(_ROOMS.glob("*/web/**/words.csv"))]
    for file in [*own, *(folder_of(room) / "words.csv" for room in added_rooms())]:
        if not file.exists():
            continue
        for row in csv.DictReader(file.read_text(encoding="utf-8").splitlines()):
            key = row["key"]
            if key in found or not row["en"] or not row["zh"]:
                raise ValueError(f"{file.parent}: {key} comes twice or has an empty text")
            found[key] = row
    return found


def lang() -> Lang:
    """Return the language of the request (of the thread, in a job)."""
    return "zh" if (get_language() or "en").startswith("zh") else "en"


def say(key: str, language: Lang | None = None, **fields: object) -> str:
    """Return a text in the reader's language with its fields filled in.

    `{count:row|rows}` in it is the first if the field reads 1, else the second.

    Raises
    ------
    KeyError
        If no table has the key, or the text a field that was not given.

    """
    spoken = language or lang()
    text = words()[key][spoken]
    return (
        filled_text(_COUNTING, text, fields, is_chinese=spoken == "zh")
        if fields or "|" in text
        else text
    )


def enumerated(items: Iterable[object], language: Lang | None = None) -> str:
    """Return items one after another, with the comma of the reader's language between them."""
    return ("、" if (language or lang()) == "zh" else ", ").join(map(str, items))


class _Counting(Formatter):
    """Fills in fields, and words that depend on whether a field is one."""

    def format_field(self, value: Any, format_spec: str) -> str:
        one, bar, more = format_spec.partition("|")
        if not bar:
            return str(super().format_field(value, format_spec))
        return one if str(value) == "1" else more


_COUNTING: Final = _Counting()


def lazy_say(key: str) -> Any:
    """Return a text that is looked up each time it is shown."""
    return _lazy(key)


_lazy = lazy(say, str)
