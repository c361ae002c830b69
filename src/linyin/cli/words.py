"""The words of the command line in both languages, from one table."""

from __future__ import annotations

import csv
import itertools
import os
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Final, Literal

__all__ = ["LANGUAGES", "Lang", "language", "say", "words"]

type Lang = Literal["en", "zh"]
LANGUAGES: Final[tuple[Lang, ...]] = ("en", "zh")


@cache
def words() -> Mapping[str, Mapping[str, str]]:
    """Read `words.csv`: key → language → text."""
    text = Path(__file__).with_name("words.csv").read_text(encoding="utf-8")
    return {row["key"]: row for row in csv.DictReader(text.splitlines())}


def say(key: str, lang: Lang, **fields: object) -> str:
    """Return a text with its fields filled in.

    Raises
    ------
    KeyError
        If the table has no such key, or the text a field that was not given.

    """
    text = words()[key][lang]
    return text.format(**fields) if fields else text


def language(arguments: Sequence[str] = ()) -> Lang:
    """Return the language to speak: `--lang`, else `LINYIN_LANG`, else the locale's, else English.

    An unknown language falls through to the next; `--lang` itself is checked as an option.
    """
    stated = [b for a, b in itertools.pairwise(arguments) if a == "--lang"]
    stated += [a.removeprefix("--lang=") for a in arguments if a.startswith("--lang=")]
    locale = (os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    first_locale = next((name for name in locale if name), "")
    for text in (*stated, os.environ.get("LINYIN_LANG", ""), first_locale):
        code = text[:2].lower()
        if code in LANGUAGES:
            return code
    return "en"
