"""Whether there are enough people for several duties, each of whom takes one alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["unmatched"]


def unmatched(able: Mapping[str, Sequence[int]]) -> list[str]:
    """Return the duties that stay undone however the others are shared out.

    Parameters
    ----------
    able
        Duty → who can take it. As many duties as can be are taken, by augmenting paths [1]_.

    References
    ----------
    .. [1] Kuhn, H. W. (1955), The Hungarian method for the assignment problem.

    """
    taken: dict[int, str] = {}

    def takes(duty: str, tried: set[int]) -> bool:
        for person in able[duty]:
            if person in tried:
                continue
            tried.add(person)
            if person not in taken or takes(taken[person], tried):
                taken[person] = duty
                return True
        return False

    return [duty for duty in able if not takes(duty, set())]
