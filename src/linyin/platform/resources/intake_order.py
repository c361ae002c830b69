"""Which rows of a file come first: those that other rows of it name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

__all__ = ["in_order"]


def in_order(named: Mapping[str, Sequence[str]]) -> tuple[list[str], list[list[str]]]:
    """Return records so that each comes after those it names, and the circles among them.

    Parameters
    ----------
    named
        Code of a record → codes that it names; those that are no record here do not count.

    Returns
    -------
    order : list of str
        All codes: as they are given, but for what another names.
    circles : list of list of str
        Codes each of which names the next, and the last the first.

    """
    order: dict[str, None] = {}
    circles = []
    for start in named:
        path: dict[str, int] = {}
        waiting = [start]
        while waiting:
            here = waiting[-1]
            if here in order:
                waiting.pop()
                continue
            following = [code for code in named[here] if code in named and code not in order]
            if here not in path:
                path[here] = len(path)
                circles += [list(path)[path[code] :] for code in following if code in path]
            following = [code for code in following if code not in path]
            if following:
                waiting += reversed(following)
            else:
                order[waiting.pop()] = None
                del path[here]
    return list(order), circles
