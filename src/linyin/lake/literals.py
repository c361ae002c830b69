"""SQL literals, for statements that cannot have parameters (views, COPY)."""

from __future__ import annotations

__all__ = ["quoted"]


def quoted(text: object) -> str:
    """Return `text` as a SQL string literal."""
    return "'" + str(text).replace("'", "''") + "'"
