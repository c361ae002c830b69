"""What the texts of one answer name is looked up once, however often they name it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

__all__ = ["once", "remembering"]

_KEPT: ContextVar[dict[Callable[[], Any], Any] | None] = ContextVar("kept", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Keep what `once` looks up until the block ends."""
    token = _KEPT.set({})
    try:
        yield
    finally:
        _KEPT.reset(token)


def once[T](look_up: Callable[[], T]) -> T:
    """Return what a function returned before in the same request; elsewhere what it returns."""
    kept = _KEPT.get()
    if kept is None:
        return look_up()
    if look_up not in kept:
        kept[look_up] = look_up()
    found: T = kept[look_up]
    return found
