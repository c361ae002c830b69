"""Chinese text put together from pieces: spaces between them as print has them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from string import Formatter
from typing import Final

__all__ = ["filled", "join_chinese"]

_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_FULL_WIDTH: Final = re.compile(r"[\u3000-\u303f\uff00-\uffef“”‘’]")
_LATIN: Final = re.compile(r"[A-Za-z]")


def join_chinese(pieces: Iterable[tuple[str, bool]]) -> str:
    """Return pieces of a text joined: what stands between them depends on what meets there.

    No space between two Chinese characters nor beside a mark of full width, one between a Latin
    letter and a Chinese character.

    Parameters
    ----------
    pieces
        Each with whether it is of the text itself: values that are filled in stay as they are.

    """
    text, is_own = "", False
    for piece, is_next_own in pieces:
        left = text.rstrip(" ") if is_own else text
        right = piece.lstrip(" ") if is_next_own else piece
        before, after = left[-1:], right[:1]
        met = before + after
        if len(met) > 1 and (_FULL_WIDTH.search(met) or (_HAN.match(before) and _HAN.match(after))):
            text = left + right
        elif (
            len(met) > 1
            and _HAN.search(met)
            and _LATIN.search(met)
            and " " not in (text[-1], piece[0])
        ):
            text = f"{text} {piece}"
        else:
            text += piece
        is_own = is_next_own
    return text


def filled(
    formatter: Formatter, text: str, fields: Mapping[str, object], *, is_chinese: bool
) -> str:
    """Return a text with its fields filled in by a formatter, in Chinese joined as print does.

    Raises
    ------
    KeyError
        If the text has a field that is not given.

    """
    pieces = []
    for literal, name, spec, conversion in formatter.parse(text):
        pieces.append((literal, True))
        if name is not None:
            value = formatter.convert_field(formatter.get_field(name, (), fields)[0], conversion)
            pieces.append((formatter.format_field(value, spec or ""), False))
    return join_chinese(pieces) if is_chinese else "".join(piece for piece, _ in pieces)
