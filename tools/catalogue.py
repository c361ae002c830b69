"""Compile `platform/locale/texts.csv`: texts of Django and allauth in words of our own.

The files that gettext reads are written byte for byte the same from the same table.
"""

from __future__ import annotations

import csv
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Final

LOCALE: Final = Path(__file__).parent.parent / "src" / "linyin" / "platform" / "locale"
LANGUAGES: Final = {"english": "en", "chinese": "zh_Hans"}
_MAGIC: Final = 0x950412DE
_HEAD: Final = "Language: {}\nContent-Type: text/plain; charset=UTF-8\n"


def texts(column: str) -> dict[str, str]:
    """Return the texts as their authors wrote them → ours in a language, where we have one."""
    lines = (LOCALE / "texts.csv").read_text(encoding="utf-8").splitlines()
    rows = csv.DictReader(lines, strict=True)
    return {row["text"]: row[column] for row in rows if row[column]}


def compiled_file(column: str) -> Path:
    """Return where the catalogue of a language is."""
    return LOCALE / LANGUAGES[column] / "LC_MESSAGES" / "django.mo"


def compiled(column: str, pairs: Mapping[str, str]) -> bytes:
    """Return a catalogue in the format of GNU gettext's `.mo`, revision 0."""
    head_of = _HEAD.format(LANGUAGES[column])
    rows = sorted(
        (first.encode(), second.encode()) for first, second in {"": head_of, **pairs}.items()
    )
    at = 28 + 16 * len(rows)
    tables, texts_of = [b"", b""], b""
    for side in (0, 1):
        for row in rows:
            tables[side] += struct.pack("<II", len(row[side]), at + len(texts_of))
            texts_of += row[side] + b"\0"
    first, second = 28, 28 + 8 * len(rows)
    head = struct.pack("<7I", _MAGIC, 0, len(rows), first, second, 0, at)
    return head + tables[0] + tables[1] + texts_of


if __name__ == "__main__":
    for language in LANGUAGES:
        file = compiled_file(language)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(compiled(language, texts(language)))
