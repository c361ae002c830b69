"""From a place up to the world."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["WORLD", "PlaceError", "place_path", "place_paths"]

WORLD: Final = "world"


class PlaceError(ValueError):
    """A place that is not in the hierarchy, or that contains itself.

    Attributes
    ----------
    place
        The place asked for.
    loop
        The places of the loop, first and last alike; empty when the place is unknown.

    """

    def __init__(self, place: str, loop: tuple[str, ...] = ()) -> None:
        self.place = place
        self.loop = loop
        what = f"contains itself: {' → '.join(loop)}" if loop else "is not a known place"
        super().__init__(f"{place!r} {what}")


def place_path(place: str, parents: Mapping[str, str]) -> list[str]:
    """Return the place and everything around it, nearest first, the world last.

    Parameters
    ----------
    place
        Code: subdivision `CN-GD`, grid region `CN.south`, country `CN`, `world`.
    parents
        Place to the place around it; '' = directly in the world.

    Raises
    ------
    PlaceError
        If a place on the way is unknown or the way is a loop.

    Examples
    --------
    >>> place_path("CN-GD", {"CN-GD": "CN.south", "CN.south": "CN", "CN": "world"})
    ['CN-GD', 'CN.south', 'CN', 'world']

    """
    path: list[str] = []
    here = place
    while here != WORLD:
        if here in path:
            raise PlaceError(place, (*path[path.index(here) :], here))
        if here not in parents:
            raise PlaceError(here)
        path.append(here)
        here = parents[here] or WORLD
    return [*path, WORLD]


def place_paths(parents: Mapping[str, str]) -> dict[str, list[str]]:
    """Return `place_path` of every place of the hierarchy.

    Raises
    ------
    PlaceError
        If a place is unknown or contains itself.

    """
    return {place: place_path(place, parents) for place in parents}
