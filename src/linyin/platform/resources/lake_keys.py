"""Keys of rows of the lake as one text that stands in an address: `source~external_id`.

Parts are written with `%25`, `%2F` and `%7E` for what would end a part or be taken as the
address's own: ids come from other systems and hold anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final
from urllib.parse import unquote

__all__ = ["joined", "joined_sql", "parted"]

_ESCAPED: Final = (("%", "%25"), ("/", "%2F"), ("~", "%7E"))


def joined(parts: Iterable[object]) -> str:
    """Return the key of a row."""
    return "~".join(_escaped(str(part)) for part in parts)


def parted(key: str) -> list[str]:
    """Return the parts of a key."""
    return [unquote(part) for part in key.split("~")]


def joined_sql(columns: Sequence[str]) -> str:
    """Return the SQL (DuckDB) of the key of a row with the given key columns."""
    return " || '~' || ".join(_escaped_sql(column) for column in columns)


def _escaped(text: str) -> str:
    for plain, escaped in _ESCAPED:
        text = text.replace(plain, escaped)
    return text


def _escaped_sql(column: str) -> str:
    text = f'CAST("{column}" AS VARCHAR)'
    for plain, escaped in _ESCAPED:
        text = f"replace({text}, '{plain}', '{escaped}')"
    return text
