"""What is wrong with what people state in a verification, told at its column."""

from __future__ import annotations

from typing import TYPE_CHECKING

from linyin.lake import BadInput, Finding, Where

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["one_of", "stated", "wrong"]


def one_of(column: str, value: str, allowed: Sequence[str]) -> None:
    """Refuse what is none of the allowed values.

    Raises
    ------
    BadInput
        At the column.

    """
    if value not in allowed:
        expected = ", ".join(one for one in allowed if one)
        raise wrong(column, "verification-value", value=value, expected=expected)


def stated(column: str, text: str) -> None:
    """Refuse an empty text.

    Raises
    ------
    BadInput
        At the column.

    """
    if not text.strip():
        raise wrong(column, "verification-text-missing")


def wrong(column: str, code: str, **fields: str) -> BadInput:
    """Return what is wrong with a column of what was stated."""
    return BadInput([Finding(code, "error", Where(column=column), fields)])
