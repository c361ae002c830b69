"""How milestones stand: by what somebody said, or by what a room sees of the work itself.

@watches("calculation")
def calculated(milestone: Milestone) -> Seen | None: ...
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.timezone import localdate

from linyin.governance import State, state_on
from linyin.governance.web.models import Milestone

__all__ = ["Seen", "Standing", "standing_of", "watches"]


@dataclass(frozen=True, slots=True)
class Seen:
    """What a room sees of the work on a milestone.

    Attributes
    ----------
    done, of
        How much of how much; all of something = done.
    label
        What is counted, in the reader's language.
    href
        Where the work is; '' where there is nothing to open.
    permission
        Without it on the milestone's node the link is not shown.

    """

    done: int
    of: int
    label: str
    href: str = ""
    permission: str = ""

    @property
    def is_done(self) -> bool:
        """Whether nothing is left."""
        return self.of > 0 and self.done >= self.of


@dataclass(frozen=True, slots=True)
class Standing:
    """How a milestone stands on a day, and what was seen of its work."""

    state: State
    seen: Seen | None


type Watcher = Callable[[Milestone], Seen | None]
_WATCHERS: Final[dict[str, Watcher]] = {}


def watches(*kinds: str) -> Callable[[Watcher], Watcher]:
    """Let a room tell how the work on milestones of these kinds stands."""

    def decorate(watcher: Watcher) -> Watcher:
        _WATCHERS.update(dict.fromkeys(kinds, watcher))
        return watcher

    return decorate


def standing_of(milestone: Milestone, day: date | None = None) -> Standing:
    """Return how a milestone stands on a day, by default today."""
    watcher = _WATCHERS.get(milestone.kind)
    seen = watcher(milestone) if watcher is not None else None
    is_done = milestone.done_on is not None or (seen is not None and seen.is_done)
    return Standing(state_on(day or localdate(), milestone.due, is_done=is_done), seen)
