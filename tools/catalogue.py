"""Compile `platform/locale/chinese.csv`: where Django's and allauth's Chinese is half English.

The file that gettext reads is written byte for byte the same from the same table.
"""

from __future__ import annotations

import csv
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Final

LOCALE: Final = Path(__file__).parent.parent / "src" / "linyin" / "platform" / "locale"
COMPILED: Final = LOCALE / "zh_Hans" / "LC_MESSAGES" / "django.mo"
_MAGIC: Final = 0x950412DE
_HEAD: Final = "Language: zh_Hans\nContent-Type: text/plain; charset=UTF-8\n"


def texts() -> dict[str, str]:
    """Return English → Chinese."""
    lines = (LOCALE / "chinese.csv").read_text(encoding="utf-8").splitlines()
    return {row["english"]: row["chinese"] for row in csv.DictReader(lines, strict=True)}


def compiled(pairs: Mapping[str, str]) -> bytes:
    """Return a catalogue in the format of GNU gettext's `.mo`, revision 0."""
    rows = sorted(
        (first.encode(), second.encode()) for first, second in {"": _HEAD, **pairs}.items()
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
    COMPILED.write_bytes(compiled(texts()))
